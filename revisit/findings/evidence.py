"""Evidence: everything the findings of one unit and period are made from, as records and then as counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from revisit.findings.columns import Columns, Flags, Tally, completeness, gather, tally, tally_by
from revisit.findings.coverage import as_of
from revisit.findings.protection import Guard, piece_starts
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

    ``responses`` are those of the whole organisation in the calendar years of ``span``: what may be shown of a unit
    depends on what stands beside it. ``visits`` may hold other units and days. What counts is chosen here: by unit, by
    the local day, and by what was known at the cut-off. ``people``: engineers are listed among the children.
    """

    survey: Survey
    organisation: Organisation
    unit: Unit
    period: Period
    cutoff: datetime
    responses: Sequence[Response]
    visits: Sequence[Visit]
    people: bool = False

    @staticmethod
    def span(period: Period, unit: Unit, cutoff: datetime) -> tuple[date, date]:
        """Give the first and last day of which records are needed: the series, the period before, their whole years."""
        first = min(period.previous().first, _months(period, unit, cutoff)[0].first)
        return date(first.year, 1, 1), date(period.last.year, 12, 31)

    @cached_property
    def everybody(self) -> Columns:
        """Give the responses of the whole organisation that were in by the cut-off, in order of id, as columns."""
        known = (one for one in self.responses if one.received_at <= self.cutoff and SECOND not in one.flags)
        return gather(sorted(known, key=lambda response: response.id), self.survey)

    @cached_property
    def columns(self) -> Columns:
        """Give the unit's responses among them."""
        ours = np.array([self.unit.holds(path) for path in self.everybody.units], np.bool_)
        return self.everybody.pick(ours[self.everybody.unit]) if len(ours) else self.everybody

    # -- what may be shown --------------------------------------------------------------------------------------------

    @cached_property
    def guards(self) -> dict[str, Guard]:
        """Give what decides of each figure where it may be shown: see ``Columns.rests_on`` for the names."""
        everybody = self.everybody
        first, last = self.span(self.period, self.unit, self.cutoff)
        days = everybody.day
        if len(days):
            first, last = (
                date.fromordinal(min(first.toordinal(), int(days.min()))),
                max(last, date.fromordinal(int(days.max()))),
            )
        starts = piece_starts(first, last)
        pieces = len(starts) - 1
        units = everybody.units or (self.organisation.root.path,)
        cells = everybody.unit * pieces + np.searchsorted(starts, days, side="right") - 1
        today = _today(self.unit, self.cutoff)
        return {
            name: Guard(
                units,
                np.bincount(cells[rows], minlength=len(units) * pieces).reshape(len(units), pieces).astype(np.int64),
                starts,
                today,
            )
            for name, rows in everybody.rests_on.items()
        }

    def why_not(self, rests_on: Sequence[str] = (), path: str = "", period: Period | None = None) -> str | None:
        """Say why figures that rest on these answers are withheld for a unit and period (by default ours), or None."""
        for name in ("", *rests_on):
            why = self.guards[name].reason(path or self.unit.path, period or self.period)
            if why is not None:
                return why
        return None

    @cached_property
    def free_period(self) -> bool:
        """Say whether the guarantee leaves the period out: free days, or a week that months cut into few answers."""
        if self.period.kind != "week":
            return self.period.kind == "free"
        return not all(guard.fits_months(self.unit.path, self.period) for guard in self.guards.values())

    # -- counts -------------------------------------------------------------------------------------------------------

    def rows(self, period: Period) -> Flags:
        """Say for each response whether it counts in a period."""
        return self.rows_of(self.columns, period)

    @staticmethod
    def rows_of(columns: Columns, period: Period) -> Flags:
        """Say for each of these responses whether it counts in a period."""
        days = columns.day
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
        found = self._by(
            columns, [next((one.path for one in self.children if one.holds(path)), "") for path in columns.units]
        )
        found.pop("", None)
        return {child.path: found.get(child.path, self.nothing) for child in self.children}

    @cached_property
    def children(self) -> list[Unit]:
        """Give the unit's direct children in the order of the organisation, then, if wanted, its engineers by name."""
        known = list(self.organisation.below(self.unit))
        paths = {one.path for one in known}
        start = f"{self.unit.path}/"
        tails = {path.removeprefix(start).partition("/")[0] for path in self.columns.units if path.startswith(start)}
        people = sorted(tail for tail in tails if start + tail not in paths) if self.people else []
        return known + [Unit(tail, start + tail, "engineer", tail, timezone=self.unit.timezone) for tail in people]

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
        return {visit: str(what) for visit, what in zip(self.columns.visits, found, strict=True) if visit}

    @cached_property
    def provisional(self) -> bool:
        """Say whether the period was not over at the cut-off, or a visit of it was still waiting or open."""
        if _today(self.unit, self.cutoff) <= self.period.last:
            return True
        return any(
            as_of(visit, self.cutoff).state(self.cutoff, answered=visit.id in self.completed) in {"waiting", "open"}
            for visit in self.visits_of(self.period)
        )
