"""The pool: everybody's answers in the years that a report looks at, and what decides which of them may be shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, Self, TypeVar

import numpy as np

from revisit.findings.counts.codes import MODES, Flags
from revisit.findings.counts.columns import Columns, Plain, gather
from revisit.findings.withholding.protection import Guard, piece_starts
from revisit.findings.withholding.suppression import hide
from revisit.records.organisation import Organisation
from revisit.records.responses import Response
from revisit.records.survey import Survey
from revisit.store.codec import dump

# An answer that came second for its link is kept in the store and counts nowhere.
SECOND = "second"

# What answers can be narrowed to besides units and days.
Filter = Literal["mode", "language"]
FILTERS: tuple[Filter, ...] = ("mode", "language")
REST = ""

# What a figure rests on, the day of the cut-off, and the part of the answers it is of: by what, in which year, which.
_Key = tuple[str, date, str, int, str]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Pool:
    """The answers of the whole organisation in the years ``first`` to ``last``: one is shared by all its findings.

    What may be shown of a unit depends on what stands beside it, in the tree and in the calendar.
    """

    organisation: Organisation
    columns: Columns
    first: date
    last: date
    _guards: dict[_Key, Guard] = field(default_factory=dict, init=False)
    _found: dict[str, Any] = field(default_factory=dict, init=False)

    @classmethod
    def of(
        cls,
        survey: Survey,
        organisation: Organisation,
        answers: Iterable[Response | Plain],
        span: tuple[date, date],
        cutoff: datetime,
    ) -> Self:
        """Make it of the answers that were in by the cut-off, in order of id."""
        plain = (dump(one) if isinstance(one, Response) else one for one in answers)
        end = cutoff.isoformat()
        known = [one for one in plain if _in_by(one, cutoff, end) and SECOND not in one.get("flags", ())]
        known.sort(key=_id)
        columns = gather(known, survey)
        first, last = span
        if len(columns):
            first = min(first, date.fromordinal(int(columns.day.min())))
            last = max(last, date.fromordinal(int(columns.day.max())))
        return cls(organisation, columns, first, last)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Give the days on which weeks and months begin."""
        return piece_starts(self.first, self.last)

    @cached_property
    def _cells(self) -> np.ndarray:
        place = np.searchsorted(self.starts, self.columns.day, side="right") - 1
        return np.asarray(self.columns.unit * (len(self.starts) - 1) + place)

    def guard(self, rests_on: str, today: date) -> Guard:
        """Give what decides where the figures that rest on these answers may be shown; see ``Columns.rests_on``."""
        return self._guard((rests_on, today, "", 0, REST), self.columns.rests_on[rests_on])

    def split(self, rests_on: str, today: date, by: Filter, year: int) -> dict[str, Guard]:
        """Give the same for the answers of each mode or language of a year; the rare ones are taken together."""
        rows = self.columns.rests_on[rests_on]
        return {
            name: self._guard((rests_on, today, by, year, name), rows & self._in(by, codes))
            for name, codes in self.parts(by, year).items()
        }

    def apart(self, rests_on: str, today: date, what: str, rows: Flags) -> tuple[Guard, Guard]:
        """Give the same for the answers that are of some kind, and for those that are not.

        ``rows`` says which of all answers are, whatever unit and period is looked at; ``what`` is a name for it.
        """
        known = self.columns.rests_on[rests_on]
        yes, no = (rests_on, today, what, 0, "yes"), (rests_on, today, what, 0, "no")
        return self._guard(yes, known & rows), self._guard(no, known & ~rows)

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        """Give what was found of all answers, found once for all units and periods."""
        if name not in self._found:
            self._found[name] = make()
        found: _T = self._found[name]
        return found

    def _in(self, by: Filter, codes: frozenset[int]) -> Flags:
        return np.isin(getattr(self.columns, by), sorted(codes))

    def parts(self, by: Filter, year: int) -> dict[str, frozenset[int]]:
        """Give the modes or languages of a year that can be told apart, by name; ``""`` holds the rare ones.

        It is the same division for all units and all periods of a year, so that no two figures of one answer differ by
        the few of another. Those with fewer than ten answers in the whole organisation are taken together; a further
        one joins them until they are ten or more.
        """
        names = MODES if by == "mode" else self.columns.languages
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        codes = getattr(self.columns, by)[(self.columns.day >= first) & (self.columns.day <= last)]
        counts = np.bincount(codes, minlength=len(names))
        used = {name: int(counts[place]) for place, name in enumerate(names) if counts[place]}
        rare = hide(used)
        found = {name: frozenset([names.index(name)]) for name in used if name not in rare}
        return found | ({REST: frozenset(names.index(name) for name in rare)} if rare else {})

    def _guard(self, key: _Key, rows: Flags) -> Guard:
        if key not in self._guards:
            units = self.columns.units or (self.organisation.root.path,)
            pieces = len(self.starts) - 1
            counts = np.bincount(self._cells[rows], minlength=len(units) * pieces).reshape(len(units), pieces)
            self._guards[key] = Guard(units, counts, self.starts, key[1])
        return self._guards[key]


def _id(row: Plain) -> str:
    return str(row["id"])


def _in_by(row: Plain, cutoff: datetime, end: str) -> bool:
    """Say whether an answer was in by a moment; written alike, times compare as texts."""
    at = str(row["received_at"])
    if at.endswith("+00:00") and end.endswith("+00:00") and len(at) == len(end):
        return at <= end
    return datetime.fromisoformat(at) <= cutoff
