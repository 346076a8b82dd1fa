"""What the form for a new report offers a manager, and what of it was chosen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request, session

from collector import access
from collector.desk.visits import own_units
from collector.desk.words import gettext as _
from collector.desk.words import language
from collector.house import house
from revisit.flows.reporting.issue_many import engineers
from revisit.flows.reporting.issue_report import Job, reports_on
from revisit.forms import versions
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.survey import LANGUAGES

WEEKS = 8
MONTHS = 12
QUARTERS = 4
# Reports that one click makes at most: they are drawn while the browser waits.
MOST = 30
LEVELS: tuple[str, ...] = ("station", "region", "public")
# What was chosen is kept in the browser's session, so that the next report of the same unit is one click away.
_KEPT = "report"
_CHOICES = ("kind", "unit", "survey", "period", "first", "last", "level")
_LONGEST = 80  # letters of a choice; the form offers none that is longer


def periods() -> list[Period]:
    """Give the periods to choose from: months back a year, quarters, weeks, the last year, and the month so far."""
    now = house().clock().astimezone(house().settings.timezone).date()
    found: list[Period] = []
    for kind, count in (("month", MONTHS), ("quarter", QUARTERS), ("week", WEEKS)):
        period = Period.last_closed(kind, now)  # type: ignore[arg-type]  # a literal of the loop above
        for _place in range(count):
            found.append(period)
            period = period.previous()
    return [*found, Period.last_closed("year", now), Period.holding("month", now)]


def surveys() -> dict[str, str]:
    """Give the surveys a report can be about, by name with their titles; the one that orders ask comes first."""
    usual, folder = house().settings.orders.survey, house().settings.workspace.versions
    names = sorted(versions.published(folder), key=lambda name: (name != usual, name))
    found = {name: versions.latest(folder, name, language()) for name in names}
    return {name: survey.title for name, survey in found.items() if survey is not None}


def stations() -> list[Unit]:
    """Give the units of the user's part of the tree that a report can be about."""
    return [unit for unit in own_units() if unit.kind != "engineer"]


def kinds() -> list[str]:
    """Give the kinds of report the user may make: sheets of engineers are for the manager of that very station."""
    tree, own = house().settings.organisation, access.current_user().unit
    found = ["branch"]
    if any(any(tree.below(unit)) for unit in stations()):
        found.append("network")
    if reports_on(tree, own):
        found.append("engineer")
    return [*found, "weekly"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a manager asks for."""

    kind: str
    unit: Unit
    survey: str
    period: Period
    languages: tuple[str, ...]
    level: str

    def jobs(self) -> list[Job]:
        """Give what is to be drawn: the unit, or each of its engineers, in each language. CallError for nothing."""
        here = house()
        units = [self.unit]
        if self.kind == "engineer":
            days = (self.period.first, self.period.last)
            units = engineers(here.store, here.settings, self.unit, days, self.survey)
            if not units:
                raise CallError(_("No answer of these days names an engineer. Choose another period."))
        jobs = [
            Job(
                *(here.settings, self.survey, unit, self.period.first, self.period.last, language, here.clock()),
                kind=self.kind,
                level=self.level,
            )
            for unit in units
            for language in self.languages
        ]
        if len(jobs) > MOST:
            raise CallError(
                _("These are %(n)s reports, too many to make at once. Choose one language or a shorter period.")
                % {"n": len(jobs)}
            )
        return jobs


def keep() -> None:
    """Keep what the form was sent with; the page shows it chosen again."""
    form = request.form
    session[_KEPT] = {name: form[name][:_LONGEST] for name in _CHOICES if form.get(name)} | {
        "language": [one for one in LANGUAGES if one in form.getlist("language")]
    }


def chosen() -> dict[str, Any]:
    """Give what was chosen last in this browser, else the page's language and nothing else."""
    kept: dict[str, Any] = session.get(_KEPT, {"language": [language()]})
    return kept


def read() -> Wish:
    """Read the form; what it does not offer is refused. CallError for what a person can get wrong."""
    form = request.form
    unit = next((unit for unit in stations() if unit.id == form.get("unit")), None)
    if unit is None:
        access.refuse(403)
    kind, survey = form.get("kind", "branch"), form.get("survey") or house().settings.orders.survey
    wanted = tuple(one for one in LANGUAGES if one in form.getlist("language"))
    level = form.get("level", LEVELS[0])
    if survey not in surveys() or level not in LEVELS or kind not in ("branch", "network", "engineer", "weekly"):
        abort(400)
    if set(form.getlist("language")) - set(LANGUAGES):
        abort(400)
    if kind == "engineer" and (kind not in kinds() or unit.path != access.current_user().unit):
        access.refuse(403)
    if not wanted:
        raise CallError(_("Choose a language."))
    if kind == "network" and not any(house().settings.organisation.below(unit)):
        raise CallError(
            _("%(unit)s has no stations below it. Choose the branch report.") % {"unit": unit.called(language())}
        )
    # A sheet names a person: it goes to the line manager, whatever was chosen for other kinds.
    level, period = LEVELS[0] if kind == "engineer" else level, _period()
    if level != LEVELS[0] and period.kind == "free":
        raise CallError(
            _(
                "Figures of free days can give away single answers. "
                "Choose a calendar period, or the report for the station."
            )
        )
    return Wish(kind, unit, survey, period, wanted, level)


def _period() -> Period:
    """Read the period: one of those offered, or the two days that were given in its place."""
    form = request.form
    first, last = form.get("first", "").strip(), form.get("last", "").strip()
    if first or last:
        try:
            return Period.between(date.fromisoformat(first), date.fromisoformat(last))
        except (ValueError, CallError):
            raise CallError(_("Give both days, the first one not after the last.")) from None
    found = next((one for one in periods() if one.word == form.get("period")), None)
    if found is None:
        abort(400)
    return found
