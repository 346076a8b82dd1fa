"""What is asked about: a survey, a unit and a period, found by the words that people use. Imports no statistics."""

from datetime import date, datetime

from revisit.forms import versions
from revisit.forms.nearest import guess
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.survey import Survey
from revisit.settings import Settings
from revisit.store.protocol import Scope, Store

DEFAULT_SURVEY = "repair"


def find_survey(settings: Settings, name: str = "", language: str = "") -> Survey:
    """Give the published survey of a name: by default the only one, or ``repair``. CallError when there is none."""
    folder = settings.workspace.versions
    known = versions.published(folder)
    if not known:
        raise CallError("No survey is published yet. Run: revisit build")
    wanted = name or (known[0] if len(known) == 1 else DEFAULT_SURVEY)
    survey = versions.latest(folder, wanted, language or settings.default_language) if wanted in known else None
    if survey is None:
        raise CallError(f'There is no published survey "{wanted}". {guess(wanted, known)}')
    return survey


def name_answered(store: Store, survey: Survey) -> str:
    """Give a sentence that names the surveys with answers where this one has none; empty where it has some."""
    held = {name: number for (name,), number in store.count("responses", ("survey",)).items() if number}
    if not held or survey.name in held:
        return ""
    has = ", ".join(f"{name} ({number:,})" for name, number in sorted(held.items()))
    return f'No answer of the survey "{survey.name}" is known. Answers there are of: {has}. Name one with: --survey'


def named_unit(settings: Settings, text: str) -> Unit:
    """Give the unit of the settings that people call so. CallError with the nearest name when there is none."""
    unit = settings.organisation.named(text)
    if unit is None:
        raise _no_unit(settings, text)
    return unit


def _no_unit(settings: Settings, text: str) -> CallError:
    known = {called for one in settings.organisation.units for called in (one.id, one.name, *one.names.values())}
    return CallError(f'There is no unit "{text}". {guess(text, sorted(known))}')


def find_unit(settings: Settings, text: str = "", store: Store | None = None) -> Unit:
    """Give the unit that people call so, by default the root. CallError with the nearest name when there is none.

    With a store, the path of an engineer whom its records know (``network/lakeside/Li``) is a unit too.
    """
    organisation = settings.organisation
    if not text:
        return organisation.root
    unit = organisation.named(text)
    if unit is None and store is not None:
        unit = _engineer(settings, store, text.strip())
    if unit is None:
        raise _no_unit(settings, text)
    return unit


def _engineer(settings: Settings, store: Store, path: str) -> Unit | None:
    """Give an engineer as a unit below the one that employed them when the answers were earned."""
    above, _, name = path.rpartition("/")
    organisation = settings.organisation
    outlet = next((one for one in organisation.units if one.path == above), None)
    if outlet is None or not name or not store.count("visits", (), Scope(path)):
        return None
    employed = above in organisation.employers
    if not employed and (above, path) not in store.count("orders", ("unit", "earned_by"), Scope(above)):
        return None  # an outlet that the settings no longer hold
    return Unit(name, path, "engineer", name, timezone=outlet.timezone)


def find_period(
    settings: Settings, now: datetime, unit: Unit, word: str = "", days: tuple[str, str] = ("", "")
) -> Period:
    """Give the period of a word, of two days (2026-07-01), or else the last closed month at the unit. CallError."""
    first, last = days
    if word and (first or last):
        raise CallError("Give either --period or --from and --to, not both.")
    if word:
        return Period.parse(word)
    if first or last:
        if not (first and last):
            raise CallError("Give both --from and --to, or a whole period such as --period 2026-Q3.")
        return Period.between(_day("--from", first), _day("--to", last))
    return Period.last_closed("month", now.astimezone(settings.zone(unit.path)).date())


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallError(f'{option} is "{text}", which is no day. Write it as 2026-07-01.') from None
