"""Evidence: everything the findings of one unit and period are made from, as records and then as counts."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from revisit.findings.counts.codes import MODES, Flags, Ints
from revisit.findings.counts.columns import Columns, Plain, completeness
from revisit.findings.counts.composites import History
from revisit.findings.counts.tallies import Tally, tally, tally_by
from revisit.findings.scoring.coverage import as_of
from revisit.findings.withholding.pool import Filter, Pool
from revisit.findings.withholding.suppression import FEWER_THAN_TEN, PROTECTS_ANOTHER
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.responses import Response
from revisit.records.survey import Survey
from revisit.records.visits import Visit

MONTHS = 12


def _today(unit: Unit, cutoff: datetime) -> date:
    return cutoff.astimezone(ZoneInfo(unit.timezone)).date()


def _months(period: Period, unit: Unit, cutoff: datetime) -> list[Period]:
    last = min(period.last, _today(unit, cutoff) - timedelta(days=1))
    return Period.between(last, last).months(MONTHS)


@dataclass(frozen=True)
class Evidence:
    """One unit's records.

    ``responses`` are those of the whole organisation in the calendar years of ``span`` (or their plain rows), unless
    ``shared`` holds them: what may be shown of a unit depends on what stands beside it. ``visits`` may hold other units
    and days. What counts is chosen here: by unit, by the local day, and by what was known at the cut-off. ``people``:
    engineers are listed among the children. ``mode`` and ``language`` narrow the answers, never the visits.
    ``wordings``: what the scored questions' words are, by the hash of a whole text; ``weights``: from which days on the
    dimensions had which weights, oldest first, ``history`` the same for the parts of each composite; ``names``: what
    composites are called in each language, by their ids; ``jobs``: the kind of work by the id of the order;
    ``workplaces``: paths of units at which orders were closed, so that outlets no longer in the settings are known;
    ``sampled``: from which days on some outlets alone were asked, or all again, oldest first.
    """

    survey: Survey
    organisation: Organisation
    unit: Unit
    period: Period
    cutoff: datetime
    responses: Sequence[Response | Plain]
    visits: Sequence[Visit]
    people: bool = False
    shared: Pool | None = None
    mode: str = ""
    language: str = ""
    wordings: Mapping[str, str] = field(default_factory=dict)
    weights: Sequence[tuple[date, Mapping[str, float]]] = ()
    history: History = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    jobs: Mapping[str, str] = field(default_factory=dict)
    workplaces: frozenset[str] = frozenset()
    sampled: Sequence[tuple[date, bool]] = ()

    @staticmethod
    def span(period: Period, unit: Unit, cutoff: datetime) -> tuple[date, date]:
        """Give the first and last day of which records are needed: the series, the period before, their whole years."""
        first = min(period.previous().first, _months(period, unit, cutoff)[0].first)
        return date(first.year, 1, 1), date(period.last.year, 12, 31)

    @cached_property
    def pool(self) -> Pool:
        """Give everybody's answers."""
        span = self.span(self.period, self.unit, self.cutoff)
        return self.shared or Pool.of(self.survey, self.organisation, self.responses, span, self.cutoff)

    @property
    def everybody(self) -> Columns:
        """Give the responses of the whole organisation that were in by the cut-off, in order of id, as columns."""
        return self.pool.columns

    @cached_property
    def ours(self) -> Columns:
        """Give the unit's responses among them."""
        mine = np.array([self.unit.holds(path) for path in self.everybody.units], np.bool_)
        return self.everybody.pick(mine[self.everybody.unit]) if len(mine) else self.everybody

    @cached_property
    def chosen(self) -> Flags:
        """Say which of everybody's responses are looked at: the unit's, of the mode and language asked for."""
        everybody = self.everybody
        mine = np.array([self.unit.holds(path) for path in everybody.units], np.bool_)
        found = mine[everybody.unit] if len(mine) else np.zeros(0, np.bool_)
        if self.mode:
            found &= everybody.mode == _place(self.mode, MODES)
        if self.language:
            found &= everybody.language == _place(self.language, everybody.languages)
        return found

    @cached_property
    def columns(self) -> Columns:
        """Give the responses that are looked at."""
        return self.everybody.pick(self.chosen)

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Give what the answers are narrowed to besides units and days."""
        wanted: dict[Filter, str] = {"mode": self.mode, "language": self.language}
        return tuple(name for name, value in wanted.items() if value)

    # -- the definition in force --------------------------------------------------------------------------------------

    def series(self, period: Period, composite: str = "") -> int:
        """Give the number of the series that the CSI, or a composite, of a period belongs to.

        It is how often their weights, and which outlets are asked, had been changed by its end.
        """
        return self.weighing(period, composite) + self.asking(period)

    def weighing(self, period: Period, composite: str = "") -> int:
        """Give how often the weights of the dimensions, or of the parts of a composite, had been changed by then.

        Those hold that were in force on the last day of the period, or today where it still runs.
        """
        return self._changed(self.history.get(composite, ()) if composite else self.weights, period)

    def asking(self, period: Period) -> int:
        """Give how often it had been changed by then whether all outlets are asked or a sample of them."""
        return self._changed(self.sampled, period)

    def _changed(self, noted: Sequence[tuple[date, object]], period: Period) -> int:
        day = min(period.last, _today(self.unit, self.cutoff))
        return max(0, sum(since <= day for since, _ in noted) - 1)

    def asks_sample(self, period: Period) -> bool:
        """Say whether some outlets alone were asked in a period, and stand for all."""
        return self.sampled[self.asking(period)][1] if self.sampled else self.survey.sampled

    def asked(self, period: Period) -> Survey:
        """Give the survey with the weights that hold for a period."""
        weights = self.weights[self.weighing(period)][1] if self.weights else self.survey.weights
        composites = tuple(
            replace(one, weights=dict(self.history[one.id][self.weighing(period, one.id)][1]))
            if self.history.get(one.id)
            else one
            for one in self.survey.composites
        )
        return replace(self.survey, weights=dict(weights), composites=composites)

    def wording(self, columns: Columns) -> dict[str, frozenset[str]]:
        """Give for each language the words in which the scored questions were read."""
        pairs = np.unique(np.column_stack([columns.language, columns.wording]), axis=0).tolist()
        found: dict[str, set[str]] = {}
        for language, text in pairs:
            words = columns.wordings[text]
            found.setdefault(columns.languages[language], set()).add(self.wordings.get(words, words))
        return {language: frozenset(words) for language, words in found.items()}

    # -- what may be shown --------------------------------------------------------------------------------------------

    def why_not(self, rests_on: Sequence[str] = (), path: str = "", period: Period | None = None) -> str | None:
        """Say why figures that rest on these answers are withheld for a unit and period (by default ours), or None."""
        path, period = path or self.unit.path, period or self.period
        today = _today(self.unit, self.cutoff)
        for name in ("", *rests_on):
            why = self.pool.guard(name, today).reason(path, period)
            if why is not None:
                return why
        for by in self.filters:
            wanted = self.mode if by == "mode" else self.language
            if wanted not in self.pool.parts(by, period.last.year):
                return FEWER_THAN_TEN
            why = self.why_not_split(by, rests_on, path, period)
            if why is not None:
                return why
        return None

    def why_not_split(
        self, by: Filter, rests_on: Sequence[str] = (), path: str = "", period: Period | None = None
    ) -> str | None:
        """Say why figures are not told apart by mode or language: no part of them may have a few answers somewhere."""
        path, period = path or self.unit.path, period or self.period
        today = _today(self.unit, self.cutoff)
        for name in ("", *rests_on):
            guards = self.pool.split(name, today, by, period.last.year)
            if not all(guard.allows(path, period) for guard in guards.values()):
                return PROTECTS_ANOTHER
        return None

    def why_not_apart(self, what: str, rows: Flags, rests_on: Sequence[str] = ()) -> str | None:
        """Say why figures of the answers of some kind alone are withheld, or None; see ``Pool.apart``."""
        today = _today(self.unit, self.cutoff)
        for name in ("", *rests_on):
            guards = self.pool.apart(name, today, what, rows)
            if not all(guard.allows(self.unit.path, self.period) for guard in guards):
                return PROTECTS_ANOTHER
        return None

    @property
    def free_period(self) -> bool:
        """Say whether the guarantee leaves the figures out: free days, and the answers in one language."""
        return self.period.kind == "free" or bool(self.language)

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
        return self.within(self.period)

    @cached_property
    def before(self) -> Columns:
        """Give the responses of the period before."""
        return self.within(self.period.previous())

    def within(self, period: Period) -> Columns:
        """Give the responses of a period, with their outlets where only some of these were asked."""
        found = self.columns.pick(self.rows(period))
        return found.with_outlets(self.outlets(found)[1]) if self.asks_sample(period) else found

    @cached_property
    def tally(self) -> Tally:
        """Give the counts of the period."""
        return tally(self.now)

    @cached_property
    def earlier(self) -> Tally:
        """Give the counts of the period before."""
        return tally(self.before)

    @cached_property
    def months(self) -> list[tuple[Period, Tally]]:
        """Give the last twelve months that were over at the end of the period, or at the cut-off, with their counts."""
        months = _months(self.period, self.unit, self.cutoff)
        starts = np.array([month.first.toordinal() for month in months] + [months[-1].last.toordinal() + 1])
        place = np.searchsorted(starts, self.columns.day, side="right") - 1
        place[place == MONTHS] = -1
        columns, sampled = self.columns, np.array([self.asks_sample(month) for month in months])
        if sampled.any():
            columns = columns.with_outlets(np.where(sampled[place], self.outlets(columns)[1], -1))
        return list(zip(months, tally_by(columns, place.astype(np.int64), MONTHS), strict=True))

    def outlets(self, columns: Columns) -> tuple[tuple[str, ...], Ints]:
        """Give the outlets that earned answers, by path, and the number of each answer's outlet."""
        known = {one.path for one in self.organisation.units} | self.workplaces
        owners = [self._outlet(path, known) for path in columns.units]
        names = tuple(sorted(set(owners)))
        places = {name: place for place, name in enumerate(names)}
        return names, np.array([places[owner] for owner in owners], np.int64)[columns.unit]

    def above_outlets(self, children: Sequence[str]) -> tuple[str, ...]:
        """Give the children, by path, that earned answers of the period at outlets below them."""
        names, place = self.outlets(self.now)
        there = {names[at] for at in np.unique(place)}
        return tuple(child for child in children if any(name.startswith(f"{child}/") for name in there))

    def _outlet(self, path: str, known: Container[str]) -> str:
        """Give the outlet of a path: the deepest unit that is known to hold it, if engineers work directly below it.

        Else the outlet is no longer in the settings: it is what lies directly below that unit.
        """
        deepest = _deepest(path, known)
        if not deepest:
            return self.organisation.root.path
        if path == deepest or deepest in self._employers:
            return deepest
        return f"{deepest}/{path.removeprefix(deepest + '/').partition('/')[0]}"

    def by_outlet(self, columns: Columns) -> dict[str, Tally]:
        """Count responses by outlet; outlets without a response are left out."""
        names, place = self.outlets(columns)
        found = tally_by(columns, place, len(names)) if len(columns) else []
        return {name: counts for name, counts in zip(names, found, strict=False) if counts.n}

    def by_child(self, columns: Columns) -> dict[str, Tally]:
        """Count responses by the direct children of the unit; what belongs to none of them is left out."""
        children = [one.path for one in self.children]
        place = self.child_places(columns, children)
        found = tally_by(columns, place, len(children)) if len(columns) and children else []
        return dict(zip(children, found, strict=True)) if found else dict.fromkeys(children, self.nothing)

    def child_places(self, columns: Columns, children: Sequence[str]) -> Ints:
        """Give for each response the place of the child that earned it among paths, -1 where none did."""
        places = {path: place for place, path in enumerate(children)}
        known = set(places)
        found = np.array([places.get(_deepest(path, known), -1) for path in columns.units], np.int64)
        return found[columns.unit] if len(found) else np.zeros(0, np.int64)

    @cached_property
    def children(self) -> list[Unit]:
        """Give the unit's direct children in the order of the organisation, then, if wanted, its engineers by name."""
        known = list(self.organisation.below(self.unit))
        paths = {one.path for one in known} | self.workplaces
        start = f"{self.unit.path}/"
        tails = {path.removeprefix(start) for path in self.ours.units if path.startswith(start)}
        above = {tail.partition("/")[0] for tail in tails if "/" in tail}  # a closed outlet with engineers of its own
        wanted = self.people and self.unit.path in self._employers
        people = sorted(tail for tail in tails - above if "/" not in tail and start + tail not in paths and wanted)
        return known + [Unit(tail, start + tail, "engineer", tail, timezone=self.unit.timezone) for tail in people]

    @cached_property
    def _employers(self) -> frozenset[str]:
        """Give the paths of the units directly below which engineers are found."""
        return self.organisation.employers | self.workplaces

    @cached_property
    def nothing(self) -> Tally:
        """Give the counts of no response at all."""
        return tally(self.columns.pick(np.zeros(len(self.columns), np.bool_)))

    def by_mode(self, columns: Columns, modes: Sequence[str]) -> dict[str, Tally]:
        """Count responses by mode; modes without a response are left out."""
        found = tally_by(columns, columns.mode, len(modes))
        return {name: counts for name, counts in zip(modes, found, strict=True) if counts.n}

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
        found = completeness(self.ours)
        return {visit: str(what) for visit, what in zip(self.ours.visits, found, strict=True) if visit}

    @cached_property
    def provisional(self) -> bool:
        """Say whether the period was not over at the cut-off, or a visit of it was still waiting or open."""
        if _today(self.unit, self.cutoff) <= self.period.last:
            return True
        return any(
            as_of(visit, self.cutoff).state(self.cutoff, answered=visit.id in self.completed) in {"waiting", "open"}
            for visit in self.visits_of(self.period)
        )


def _place(name: str, names: Sequence[str]) -> int:
    """Give the number that stands for a name, -1 where nothing has it."""
    return names.index(name) if name in names else -1


def _deepest(path: str, known: Container[str]) -> str:
    """Give the deepest known path that holds a path, empty where none does."""
    while path and path not in known:
        path = path.rpartition("/")[0]
    return path
