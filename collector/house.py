"""What every request needs: the settings, the keys, the store, the clock and the built site."""

from dataclasses import dataclass

from flask import Flask, current_app

from revisit.flows.answering.answer import Desk
from revisit.forms.site import Site
from revisit.settings import Clock, Keys, Settings
from revisit.store.protocol import Store


@dataclass(frozen=True, slots=True)
class House:
    """The one place of an application that holds its world."""

    settings: Settings
    keys: Keys
    store: Store
    clock: Clock
    site: Site

    def desk(self) -> Desk:
        """Give what a flow needs for one request: the same moment from its beginning to its end."""
        return Desk(self.store, self.settings, self.keys, self.clock())


def furnish(app: Flask, house: House) -> None:
    """Put the house into an application."""
    app.extensions["revisit"] = house


def house() -> House:
    """Give the current application's house."""
    found = current_app.extensions["revisit"]
    assert isinstance(found, House)  # noqa: S101  furnish puts nothing else there
    return found
