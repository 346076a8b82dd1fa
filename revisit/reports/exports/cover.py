"""What an export says of people: all that is known, or nothing that names one."""

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from revisit.findings.withholding.masking import COVER, mask
from revisit.records.organisation import Organisation


class Place(NamedTuple):
    """What a stored path says: the unit's path and name, and the engineer it ends in."""

    unit: str
    name: str
    engineer: str


class Cover:
    """Covers what names a person, unless ``names`` are wanted. Units are called in ``language``."""

    def __init__(self, organisation: Organisation, language: str, *, names: bool = False) -> None:
        self.names = names
        self._organisation = organisation
        self._language = language
        # A million rows name the same few hundred places; looking one up goes through the whole tree.
        self.place = cache(self._place)

    def whole(self, text: str) -> str:
        """Give a name, a phone number or a plate; covered, it only tells that there is one."""
        return text if self.names or not text else COVER

    def free(self, text: str, people: Collection[str] = ()) -> str:
        """Give free words; covered, without what names a person. ``people`` are those who may stand in them."""
        return text if self.names or not text else mask(text, people)

    def _place(self, path: str) -> Place:
        """Give the place of a stored path; covered, the unit that employs the engineer in place of the engineer."""
        known = self._organisation.of_path(path)
        engineer = self.whole(path.removeprefix(f"{known.path}/")) if path != known.path else ""
        if known.kind == "engineer" and not self.names:
            known, engineer = self._organisation.of_path(known.path.rpartition("/")[0]), COVER
        return Place(path if self.names else known.path, known.called(self._language), engineer)
