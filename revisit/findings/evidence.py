"""Evidence: everything the findings of one unit and period are made from, as records and then as counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from revisit.findings.columns import Columns, Flags, Tally, completeness, gather, tally, tally_by
from revisit.findings.coverage import as_of
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.responses import Response
from revisit.records.survey import Survey
from revisit.records.visits import Visit

MONTHS = 12
# An answer that came second for its link is kept in the store and counts nowhere.
SECOND = "second"


def _today(unit: Unit, cutoff: datetime) -> date:
    return cutoff.astimezone(ZoneInfo(unit.timezone)).date()


def _months(period: Period, unit: Unit, cutoff: datetime) -> list[Period]:
    last = min(period.last, _today(unit, cutoff) - timedelta(days=1))
    return Period.between(last, last).months(MONTHS)


@dataclass(frozen=True)
class Evidence:
    """One unit's records.

    ``responses`` and ``visits`` may reach beyond the period and hold other units; what counts is chosen here: by unit,
    by the local day, and by what was known at the cut-off.
    """

    survey: Survey
    organisation: Organisation
    unit: Unit
    period: Period
    cutoff: datetime
    responses: Sequence[Response]
    visits: Sequence[Visit]

    @staticmethod
    def span(period: Period, unit: Unit, cutoff: datetime) -> tuple[date, date]:
        """Give the first and last day of which records are needed: the series and the period before included."""
        return min(period.previous().first, _months(period, unit, cutoff)[0].first), period.last

    @cached_property
    def known(self) -> list[Response]:
        """Give the unit's responses that were in by the cut-off, in order of id."""
        known = (
            response
            for response in self.responses
            if response.received_at <= self.cutoff and SECOND not in response.flags and self.unit.holds(response.unit)
        )
        return sorted(known, key=lambda response: response.id)

    @cached_property
    def columns(self) -> Columns:
        """Give the unit's responses that were in by the cut-off, as columns."""
        return gather(self.known, self.survey)

    def rows(self, period: Period) -> Flags:
        """Say for each response whether it counts in a period."""
        days = self.columns.day
        return np.asarray((days >= period.first.toordinal()) & (days <= period.last.toordinal()))

    @cached_property
    def now(self) -> Columns:
        """Give the responses of the period."""
        return self.columns.pick(self.rows(self.period))

    @cached_property
    def before(self) -> Columns:
        """Give the responses of the period before."""
        return self.columns.pick(self.rows(self.period.previous()))

    @cached_property
    def tally(self) -> Tally:
        """Give the counts of the period."""
        return tally(self.now)

    @cached_property
    def months(self) -> list[tuple[Period, Tally]]:
        """Give the last twelve months that were over at the end of the period, or at the cut-off, with their counts."""
        months = _months(self.period, self.unit, self.cutoff)
        starts = np.array([month.first.toordinal() for month in months] + [months[-1].last.toordinal() + 1])
        place = np.searchsorted(starts, self.columns.day, side="right") - 1
        place[place == MONTHS] = -1
        return list(zip(months, tally_by(self.columns, place.astype(np.int64), MONTHS), strict=True))

    def by_outlet(self, columns: Columns) -> dict[str, Tally]:
        """Count responses by the deepest unit of the organisation that earned them, engineers counting for theirs."""
        return self._by(columns, [self.organisation.of_path(path).path for path in columns.units])

    def by_child(self, columns: Columns) -> dict[str, Tally]:
        """Count responses by the direct children of the unit; what belongs to none of them is left out."""
        children = list(self.organisation.below(self.unit))
        found = self._by(
            columns, [next((one.path for one in children if one.holds(path)), "") for path in columns.units]
        )
        found.pop("", None)
        return {child.path: found.get(child.path, self.nothing) for child in children}

    @cached_property
    def nothing(self) -> Tally:
        """Give the counts of no response at all."""
        return tally(self.columns.pick(np.zeros(len(self.columns), np.bool_)))

    def by_mode(self, columns: Columns, modes: Sequence[str]) -> dict[str, Tally]:
        """Count responses by mode; modes without a response are left out."""
        found = tally_by(columns, columns.mode, len(modes))
        return {name: counts for name, counts in zip(modes, found, strict=True) if counts.n}

    @staticmethod
    def _by(columns: Columns, owners: Sequence[str]) -> dict[str, Tally]:
        names = sorted(set(owners))
        if not len(columns):
            return {}
        places = np.array([names.index(owner) for owner in owners], np.int64)
        found = tally_by(columns, places[columns.unit], len(names))
        return {name: counts for name, counts in zip(names, found, strict=True) if counts.n}

    def visits_of(self, period: Period) -> list[Visit]:
        """Give the unit's visits that count in a period."""
        return [
            visit
            for visit in self.visits
            if period.contains(visit.day) and self.unit.holds(visit.unit) and visit.survey == self.survey.name
        ]

    @cached_property
    def completed(self) -> dict[str, str]:
        """Give the answered visits' ids with I, P or R."""
        found = completeness(self.columns)
        pairs = zip(self.known, found, strict=True)
        return {response.visit_id: str(what) for response, what in pairs if response.visit_id is not None}

    @cached_property
    def provisional(self) -> bool:
        """Say whether the period was not over at the cut-off, or a visit of it was still waiting or open."""
        if _today(self.unit, self.cutoff) <= self.period.last:
            return True
        return any(
            as_of(visit, self.cutoff).state(self.cutoff, answered=visit.id in self.completed) in {"waiting", "open"}
            for visit in self.visits_of(self.period)
        )
