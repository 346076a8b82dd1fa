"""A poster is made for a unit and a survey."""

from datetime import datetime

from revisit.forms.versions import latest
from revisit.records.problems import CallError
from revisit.records.visits import Poster
from revisit.settings import Settings
from revisit.store.protocol import Store
from revisit.visits.links import new_poster_id


def add_poster(store: Store, settings: Settings, unit: str, survey: str, now: datetime) -> Poster:
    """File a new poster. CallError where the unit or the published survey is not known."""
    organisation = settings.organisation
    found = organisation.named(unit) if unit else organisation.root
    if found is None:
        known = ", ".join(one.id for one in organisation.units)
        raise CallError(f'There is no unit "{unit}". Known are: {known}.')
    if latest(settings.workspace.versions, survey, settings.default_language) is None:
        raise CallError(f'The survey "{survey}" is not published. Check its name, then run: revisit build')
    poster = Poster(new_poster_id(), found.path, survey, now)
    store.add_poster(poster)
    return poster
