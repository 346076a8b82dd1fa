"""Days as people and spreadsheets write them."""

import re
import unicodedata
from datetime import date, timedelta

from revisit.visits.cells import CellFault

# A spreadsheet's day 0. Excel counts a 29 February 1900 that never was; counting from 30 December 1899 is
# right for every day from 1 March 1900 on.
DAY_ZERO = date(1899, 12, 30)
EARLIEST = date(2000, 1, 1)

_TIME = r"(?:[ T,]*\d{1,2}(?::|时|時|h)\d{1,2}.*)?"
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?" + _TIME)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?" + _TIME)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})" + _TIME)
_SLASHED = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{1,2})\s*[/-]\s*(\d{4})" + _TIME)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


def read_day(text: str, order: str = "") -> date:
    """Read a day: ISO, 2026/8/3, 2026年8月3日, 20260803, 3.8.2026, an Excel serial number; a time may follow.

    ``order`` is "dmy" or "mdy" and decides what 03/04/2026 means; without it such a day is a fault unless only
    one reading is possible. Raises CellFault, also for a day before the year 2000.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    day = _read(plain, order)
    if day < EARLIEST:
        raise CellFault(f'"{text.strip()}" is the day {day}, long ago', "Correct the date in the file.")
    return day


def _read(text: str, order: str) -> date:
    if found := _YEAR_FIRST.fullmatch(text) or _PACKED.fullmatch(text):
        year, month, day = found.groups()[:3]
        return _day(text, year, month, day)
    if found := _DOTTED.fullmatch(text):
        day, month, year = found.groups()[:3]
        return _day(text, year, month, day)
    if found := _SERIAL.fullmatch(text):
        return DAY_ZERO + timedelta(days=int(found[1]))
    if found := _SLASHED.fullmatch(text):
        return _day_or_month_first(text, (found[1], found[2], found[3]), order)
    raise CellFault(f'"{text}" is no date', "Write it as 2026-08-03.")


def _day_or_month_first(text: str, parts: tuple[str, str, str], order: str) -> date:
    first, second, year = parts
    if order == "dmy":
        return _day(text, year, second, first)
    if order == "mdy":
        return _day(text, year, first, second)
    if int(first) > 12 or first == second:
        return _day(text, year, second, first)
    if int(second) > 12:
        return _day(text, year, first, second)
    raise CellFault(
        f'"{text}" may mean two different days',
        'Say which part comes first: write dates = "dmy" or dates = "mdy" under [orders] in revisit.toml.',
    )


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellFault(f'"{text}" is no day of the calendar', "Correct the date in the file.") from None
