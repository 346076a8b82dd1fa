"""Periods: whole local days from a first to a last one, both included, and the words that name them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal, Self

from revisit.records.problems import CallError

PeriodKind = Literal["week", "month", "quarter", "year", "free"]
CALENDAR_KINDS: tuple[PeriodKind, ...] = ("week", "month", "quarter", "year")

_WORD = re.compile(
    r"(?P<year>\d{4})(?:-?q(?P<quarter>\d{1,2})|-?w(?P<week>\d{1,2})|-(?P<month>\d{1,2}))?", re.IGNORECASE | re.ASCII
)
# Not calendar.month_name, which follows the process's locale.
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_HELP = 'Write a period as "2026-08", "2026-Q3", "2026-W31" or "2026", or give the days with --from and --to.'


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole local days, ``first`` to ``last``, both included.

    ``kind`` is the calendar's name for it: a week is an ISO week (Monday to Sunday), ``free`` is any other run of days.
    Make one with ``parse``, ``between`` or ``last_closed``.
    """

    first: date
    last: date
    kind: PeriodKind

    EXAMPLES: ClassVar[tuple[str, ...]] = ("2026-08", "2026-Q3", "2026-W31", "2026")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026-Q3``, ``2026-08``, ``2026`` or ``2026-W31``. Raises CallError saying what to write instead."""
        found = _WORD.fullmatch(text.strip())
        if found is None:
            raise CallError(f'The period "{text}" cannot be read. {_HELP}')
        year = int(found["year"])
        if not 1900 <= year <= 9000:
            raise CallError(f'The period "{text}" names the year {year}. Write a year between 1900 and 9000.')
        if found["quarter"]:
            quarter = _inside(text, int(found["quarter"]), 4, "quarter")
            return cls._months(year, 3 * quarter - 2, 3, "quarter")
        if found["week"]:
            weeks = date(year, 12, 28).isocalendar().week
            monday = date.fromisocalendar(year, _inside(text, int(found["week"]), weeks, "week"), 1)
            return cls(monday, monday + timedelta(days=6), "week")
        if found["month"]:
            return cls._months(year, _inside(text, int(found["month"]), 12, "month"), 1, "month")
        return cls._months(year, 1, 12, "year")

    @classmethod
    def between(cls, first: date, last: date) -> Self:
        """Give the period of these days, under its calendar name where it has one. Raises CallError when reversed."""
        if last < first:
            raise CallError(f"The period ends on {last} before it begins on {first}. Swap the two days.")
        for kind in CALENDAR_KINDS:
            named = cls.holding(kind, first)
            if (named.first, named.last) == (first, last):
                return named
        return cls(first, last, "free")

    @classmethod
    def holding(cls, kind: PeriodKind, day: date) -> Self:
        """Give the week, month, quarter or year that a day lies in."""
        if kind == "week":
            monday = day - timedelta(days=day.weekday())
            return cls(monday, monday + timedelta(days=6), "week")
        if kind == "month":
            return cls._months(day.year, day.month, 1, "month")
        if kind == "quarter":
            return cls._months(day.year, 3 * ((day.month - 1) // 3) + 1, 3, "quarter")
        if kind == "year":
            return cls._months(day.year, 1, 12, "year")
        raise ValueError(f"a day lies in no one {kind} period")

    @classmethod
    def last_closed(cls, kind: PeriodKind, today: date) -> Self:
        """Give the newest week, month, quarter or year whose last day is before ``today``."""
        return cls.holding(kind, today).previous()

    @classmethod
    def _months(cls, year: int, month: int, months: int, kind: PeriodKind) -> Self:
        end = month + months - 1
        return cls(date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1]), kind)

    @property
    def days(self) -> int:
        """Give the number of days, at least 1."""
        return (self.last - self.first).days + 1

    @property
    def word(self) -> str:
        """Give the word that ``parse`` reads back; a free period gives ``2026-08-03..2026-08-20``."""
        year = self.first.year
        if self.kind == "week":
            iso = self.first.isocalendar()
            return f"{iso.year:04}-W{iso.week:02}"
        if self.kind == "month":
            return f"{year:04}-{self.first.month:02}"
        if self.kind == "quarter":
            return f"{year:04}-Q{(self.first.month + 2) // 3}"
        return f"{year:04}" if self.kind == "year" else f"{self.first}..{self.last}"

    def previous(self) -> Self:
        """Give the period just before: the calendar's for a named one, the same number of days for a free one."""
        before = self.first - timedelta(days=1)
        if self.kind == "free":
            return type(self)(self.first - timedelta(days=self.days), before, "free")
        return self.holding(self.kind, before)

    def contains(self, day: date) -> bool:
        """Say whether a local day lies inside."""
        return self.first <= day <= self.last

    def months(self, count: int) -> list[Self]:
        """Give the last ``count`` whole months that end within the period or before it, oldest first."""
        month = self.holding("month", self.last)
        if month.last > self.last:
            month = month.previous()
        found = [month]
        while len(found) < count:
            found.append(found[-1].previous())
        return found[::-1]

    def label(self, language: str) -> str:
        """Give the period as people of a language (en, zh-Hans, zh-Hant) write it."""
        return self._english() if language == "en" else self._chinese(traditional=language == "zh-Hant")

    def _english(self) -> str:
        year = self.first.year
        if self.kind == "week":
            iso = self.first.isocalendar()
            return f"week {iso.week}, {iso.year}"
        if self.kind == "month":
            return f"{_MONTHS[self.first.month]} {year}"
        if self.kind == "quarter":
            return f"Q{(self.first.month + 2) // 3} {year}"
        if self.kind == "year":
            return str(year)
        last = f"{self.last.day} {_MONTHS[self.last.month]} {self.last.year}"
        if self.first == self.last:
            return last
        first = f"{self.first.day} {_MONTHS[self.first.month]}"
        return f"{first} – {last}" if year == self.last.year else f"{first} {year} – {last}"

    def _chinese(self, *, traditional: bool) -> str:
        year = self.first.year
        if self.kind == "week":
            iso = self.first.isocalendar()
            return f"{iso.year}年第{iso.week}{'週' if traditional else '周'}"
        if self.kind == "month":
            return f"{year}年{self.first.month}月"
        if self.kind == "quarter":
            return f"{year}年第{(self.first.month + 2) // 3}{'季' if traditional else '季度'}"
        if self.kind == "year":
            return f"{year}年"
        first = f"{year}年{self.first.month}月{self.first.day}日"
        if self.first == self.last:
            return first
        end = f"{self.last.month}月{self.last.day}日"
        return f"{first}至{end}" if year == self.last.year else f"{first}至{self.last.year}年{end}"


def _inside(text: str, number: int, most: int, what: str) -> int:
    """Give the number when it lies in 1..most, or say which numbers there are."""
    if 1 <= number <= most:
        return number
    raise CallError(f'The period "{text}" names {what} {number}. That year has {what}s 1 to {most}.')
