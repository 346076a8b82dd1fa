"""A poster is made for a unit and a survey."""

from datetime import datetime

from revisit.flows.asked import find_survey, named_unit
from revisit.records.visits import Poster
from revisit.settings import Settings
from revisit.store.protocol import Store
from revisit.visits.links import new_poster_id


def add_poster(store: Store, settings: Settings, unit: str, survey: str, now: datetime) -> Poster:
    """File a new poster. CallError where the unit or the published survey is not known."""
    organisation = settings.organisation
    found = named_unit(settings, unit) if unit else organisation.root
    poster = Poster(new_poster_id(), found.path, find_survey(settings, survey).name, now)
    store.add_poster(poster)
    return poster
