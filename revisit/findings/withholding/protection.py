"""Protection: which units may be shown in which periods, so that no subtraction gives away a few people's answers.

A cell is a unit in a calendar period. Whatever is hidden is hidden with everything below it. Within that, two rules:

- Tree: in each period the answers of a shown unit that belong to none of its shown children are none, or ten or more.
- Calendar: the months of a quarter (the quarters of a year, the parts of a month) show the same units, and none that
  their whole does not show. A quarter or year that still runs yields instead: it shows only units that all its parts
  show, so that a closed month stays where it is.

Weeks yield to months. A month's parts are its whole weeks and the rest of its days together; the parts of this rest are
the days before the first whole week, those after the last, and what else is in it. A week that a month's end cuts, or
that is in a rest, shows only units that all the parts it is made of show.

Then every set of answers that sums and differences of shown cells can single out is made of remainders with none or
ten and more answers each: docs/methods.md has the argument.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Literal

import numpy as np

from revisit.findings.counts.codes import Ints
from revisit.findings.withholding.suppression import FEWER_THAN_TEN, LEAST, NO_ANSWERS, PROTECTS_ANOTHER, hide_more
from revisit.records.periods import Period, PeriodKind

_WHOLE: dict[PeriodKind, PeriodKind] = {"month": "quarter", "quarter": "year"}
_PARTS: dict[PeriodKind, PeriodKind] = {"quarter": "month", "year": "quarter"}
WEEK = 7  # days
# Days that are counted together, and for what of a period it is asked which units are shown.
_Part = tuple[Period, ...]
_Level = Literal["whole", "weeks", "rest"]


def piece_starts(first: date, last: date) -> tuple[int, ...]:
    """Give the ordinals of the days on which a week or a month begins, and of the day after the last."""
    days = (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))
    starts = [day.toordinal() for day in days if day.weekday() == 0 or day.day == 1 or day == first]
    return (*starts, last.toordinal() + 1)


@dataclass(frozen=True)
class Guard:
    """Decides for one figure from ``counts``: answers by unit path (rows, ``units``) and piece (columns, ``starts``).

    ``today`` is the local day of the cut-off: a period that holds it still runs.
    """

    units: tuple[str, ...]
    counts: Ints
    starts: tuple[int, ...]
    today: date
    _known: dict[tuple[str, Period, _Level], frozenset[str]] = field(default_factory=dict, init=False)
    _counted: dict[Period, Ints] = field(default_factory=dict, init=False)

    def n(self, path: str, period: Period) -> int:
        """Give the answers of a unit and all below it in a period."""
        place = self._places.get(path)
        return 0 if place is None else int(self._in(period)[place])

    def reason(self, path: str, period: Period) -> str | None:
        """Say why a unit is withheld in a period, or None where it may be shown."""
        if path in self._members(_above(path), period):
            return None if self.n(path, period) else NO_ANSWERS
        n = self.n(path, period)
        return NO_ANSWERS if n == 0 else FEWER_THAN_TEN if n < LEAST else PROTECTS_ANOTHER

    def allows(self, path: str, period: Period) -> bool:
        """Say whether a unit is not withheld in a period; nobody's answers anywhere need no protection."""
        return path not in self._places or path in self._members(_above(path), period)

    @cached_property
    def _nodes(self) -> list[str]:
        """Give all units with answers in or below them, in alphabetical order."""
        found: set[str] = set()
        for path in self.units:
            node = path
            while node and node not in found:
                found.add(node)
                node = _above(node)
        return sorted(found)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {node: place for place, node in enumerate(self._nodes)}

    @cached_property
    def _running(self) -> Ints:
        """Give for each node the answers before each piece and, last, all; those of its descendants included."""
        sums = np.zeros((len(self._nodes), len(self.starts)), np.int64)
        at = np.array([self._places[path] for path in self.units], np.int64)
        rows, counts = at, self.counts
        above = np.array([self._places.get(_above(node), -1) for node in self._nodes], np.int64)
        while len(rows):
            np.add.at(sums[:, 1:], rows, counts)
            rows = above[rows]
            rows, counts = rows[rows >= 0], counts[rows >= 0]
        return np.cumsum(sums, axis=1)

    @cached_property
    def _children(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, node in enumerate(self._nodes):
            found.setdefault(_above(node), []).append(place)
        return found

    def _in(self, period: Period) -> Ints:
        """Give the answers of all nodes in a period; days of which nobody's are known have none."""
        if period not in self._counted:
            low, high = np.searchsorted(self.starts, (period.first.toordinal(), period.last.toordinal() + 1))
            self._counted[period] = self._running[:, high] - self._running[:, low]
        return self._counted[period]

    def _table(self, places: Sequence[int], parts: Sequence[_Part]) -> Ints:
        """Give the counts of nodes (rows) in parts (columns)."""
        columns = [np.sum([self._in(one)[places] for one in part], axis=0) for part in parts]
        return np.array(columns, np.int64).T.reshape(len(places), len(parts))

    def _runs(self, period: Period) -> bool:
        return period.last >= self.today

    def _members(self, parent: str, period: Period, level: _Level = "whole") -> frozenset[str]:
        """Give the children of a unit (``""``: the root) that are shown in a period.

        ``level`` asks it of a month's parts instead: who is shown in all its ``weeks`` and the rest of its days, or in
        all parts of this ``rest``.
        """
        key = parent, period, level
        if key not in self._known:
            above = not parent or parent in self._members(_above(parent), period, level)
            self._known[key] = self._decide(parent, period, level) if above else frozenset()
        return self._known[key]

    def _decide(self, parent: str, period: Period, level: _Level) -> frozenset[str]:
        if level != "whole":
            return self._of_month(parent, period, level)
        if period.kind == "week":
            return self._of_week(parent, period)
        candidates = frozenset(self._nodes[place] for place in self._children.get(parent, ()))
        if period.kind in _PARTS and self._runs(period):
            parts = _parts(period)
            for part in parts:
                candidates &= self._members(parent, part)
            return self._safe(parent, candidates, [(one,) for one in (*parts, period)])
        whole = Period.holding(_WHOLE[period.kind], period.first) if period.kind in _WHOLE else None
        if whole is None or self._runs(whole):
            return self._safe(parent, candidates, [(period,)])
        return self._safe(parent, candidates & self._members(parent, whole), [(one,) for one in _parts(whole)])

    def _of_month(self, parent: str, month: Period, level: _Level) -> frozenset[str]:
        """Give the children that are shown in all parts of a month, or of the rest of it."""
        weeks, rest = _cut(month, self.today)
        if level == "weeks":
            return self._safe(parent, self._members(parent, month), [*((one,) for one in weeks), rest])
        return self._safe(parent, self._members(parent, month, "weeks"), [(one,) for one in rest])

    def _of_week(self, parent: str, week: Period) -> frozenset[str]:
        """Give the children that are shown in a week: no part of a month that is not shown follows from it."""
        months = [Period.holding("month", day) for day in (week.first, week.last)]
        if months[0] == months[1] and week in _cut(months[0], self.today)[0]:
            return self._members(parent, months[0], "weeks")
        candidates = self._members(parent, months[0], "rest") & self._members(parent, months[1], "rest")
        return self._safe(parent, candidates, [(week,), *((piece,) for piece in _pieces(week))])

    def _safe(self, parent: str, candidates: frozenset[str], parts: Sequence[_Part]) -> frozenset[str]:
        """Give the candidates that can be shown in all these parts at once."""
        places = self._children.get(parent, [])
        if not places:
            return frozenset()
        names = [self._nodes[place] for place in places]
        table = self._table(places, parts)
        few = ((table > 0) & (table < LEAST)).any(axis=1)
        shown = np.array([name in candidates for name in names]) & ~few
        if not parent:
            return frozenset(name for name, seen in zip(names, shown, strict=True) if seen)
        unseen = self._table([self._places[parent]], parts)[0] - table.sum(axis=0)
        hidden = hide_more(table, ~shown, unseen)
        return frozenset(name for name, out in zip(names, hidden, strict=True) if not out)


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _parts(period: Period) -> list[Period]:
    """Give the quarters of a year, or the months of a quarter."""
    kind, found, day = _PARTS[period.kind], [], period.first
    while day <= period.last:
        found.append(Period.holding(kind, day))
        day = found[-1].last + timedelta(days=1)
    return found


@cache
def _cut(month: Period, today: date) -> tuple[tuple[Period, ...], _Part]:
    """Give the whole weeks of a month that are over, and the pieces of the rest of its days.

    Where the days before and after the whole weeks are fewer than seven, the last of these weeks is in the rest: a few
    days have few answers, and would hide all weeks of the month.
    """
    pieces = _pieces(month)
    weeks = [one for one in pieces if one.kind == "week" and one.last < today]
    days = sum((one.last - one.first).days + 1 for one in pieces if one not in weeks)
    if 0 < days < WEEK and weeks:
        weeks.pop()
    return tuple(weeks), tuple(one for one in pieces if one not in weeks)


def _pieces(period: Period) -> list[Period]:
    """Give the pieces that weeks and months cut a period into: whole weeks, and free days."""
    found, day = [], period.first
    while day <= period.last:
        week = Period.holding("week", day)
        last = min(week.last, Period.holding("month", day).last, period.last)
        found.append(week if (day, last) == (week.first, week.last) else Period(day, last, "free"))
        day = last + timedelta(days=1)
    return found
