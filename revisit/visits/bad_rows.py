"""Rows that cannot be used, the reader that gathers them, and their list as a file that a spreadsheet opens."""

import csv
import io
import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from revisit.records.problems import CallError
from revisit.visits.cells import CellFault, safe_cell
from revisit.visits.encoding import is_garbled
from revisit.visits.phones import is_scientific
from revisit.visits.table import Row, Table

T = TypeVar("T")

LONGEST: dict[str, int] = {"number": 64, "symptom": 500}
LONGEST_ELSE = 200
# Control characters, and those that turn the direction of writing: both make a line look like what it is not.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")
# So many rows or runs of rows are named on one line at most.
MOST_RUNS = 12
# Of each column so many different cells are remembered: most columns hold few, and one of comments or numbers must not
# fill the memory.
MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class BadRow:
    """One fault of one row: its number as a spreadsheet counts, the column's header, what is wrong and what to do."""

    row: int
    column: str
    what: str
    cure: str

    def __str__(self) -> str:
        """Give the line a person reads."""
        return self.told(f"row {self.row}")

    def told(self, rows: str) -> str:
        """Give the line a person reads for one row or several."""
        place = rows + (f", {self.column}" if self.column else "")
        return f"{place}: {self.what}. {self.cure}"


@dataclass(frozen=True, slots=True)
class BadSheet:
    """The bad rows of a file as they were read: the headers of its known columns, and by row number their cells."""

    header: list[str]
    rows: dict[int, list[str]]


def sheet_of(table: Table, numbers: Collection[int]) -> BadSheet:
    """Give the rows with these numbers as they were read: known columns alone, in the order of the file."""
    names = sorted(table.columns, key=lambda name: table.columns[name])
    rows = {row.number: [table.cell(row, name) for name in names] for row in table.rows if row.number in numbers}
    return BadSheet([table.called(name) for name in names], rows)


class Remembered(Generic[T]):
    """What the cells of one column say; those that say the same are read once, so ``read`` may see their text alone.

    ``lines``: a cell may have several lines.
    """

    def __init__(self, read: Callable[[str], T], longest: int = LONGEST_ELSE, *, lines: bool = False) -> None:
        self.read = read
        self.longest = longest
        self.lines = lines
        self.known: dict[str, T | CellFault] = {}

    def said(self, cell: str) -> T | CellFault:
        """Give what a cell says, or what is wrong with it."""
        if cell in self.known:
            return self.known[cell]
        try:
            found: T | CellFault = read_text(cell, self.read if self.lines else one_line(self.read), self.longest)
        except CellFault as fault:
            found = fault
        if len(self.known) < MOST_REMEMBERED:
            self.known[cell] = found
        return found


def read_text(cell: str, read: Callable[[str], T], longest: int) -> T:
    """Read a cell's text, with line ends of one kind. Raises CellFault."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    check_text(text, longest)
    return read(text)


def one_line(read: Callable[[str], T]) -> Callable[[str], T]:
    """Give a way of reading that sees a cell's text as one line."""
    return lambda text: read(_SPACES.sub(" ", text))


class RowReader:
    """Reads the cells of a table; gathers what is wrong in ``faults`` (the row at hand) and ``bad`` (all rows)."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.bad: list[BadRow] = []
        self.faults: list[BadRow] = []

    def read(self, row: Row, name: str, read: Callable[[str], T], *, longest: int = 0) -> T | None:
        """Read one cell as one line; a fault is noted with its place and gives None."""
        try:
            return read_text(self.table.cell(row, name), one_line(read), longest or LONGEST.get(name, LONGEST_ELSE))
        except CellFault as fault:
            self.fault(row, name, fault)
            return None

    def look_up(self, row: Row, name: str, column: Remembered[T]) -> T | None:
        """Read one cell of a column that is remembered; a fault is noted with its place and gives None."""
        found = column.said(self.table.cell(row, name))
        if isinstance(found, CellFault):
            self.fault(row, name, found)
            return None
        return found

    def fault(self, row: Row, name: str, fault: CellFault) -> None:
        """Note a fault of the row at hand."""
        self.faults.append(BadRow(row.number, self.table.called(name), str(fault), fault.cure))


def order_number(text: str) -> str:
    """Read an order number. Raises CellFault."""
    if not text:
        raise CellFault("The order number is missing", "Fill it in, or delete the row if it is a total.")
    if is_scientific(text):
        raise CellFault(
            f'"{text}" is a number that a spreadsheet has cut short',
            "Format the column as text in the spreadsheet, or export again from the source.",
        )
    return text


def check_text(text: str, longest: int) -> None:
    """Refuse a cell that is too long, holds control characters or is garbled. Raises CellFault."""
    if len(text) > longest:
        raise CellFault(
            f"The cell has {len(text)} characters", f"Shorten it to {longest}, or look for a lost quotation mark."
        )
    if _CONTROL.search(text):
        raise CellFault("The cell holds control characters", "Delete them, or export again from the source.")
    if is_garbled(text):
        raise CellFault(
            f'"{text[:40]}" is garbled: it was saved in a wrong encoding',
            "Export again from the source; if the whole file is garbled, try --encoding.",
        )


def listed(bad: Sequence[BadRow], most: int | None = None) -> list[str]:
    """Give the lines that list bad rows, in the order of the file; rows with one and the same fault share a line.

    ``most``: so many lines, of the faults that most rows have.
    """
    same: dict[tuple[str, str, str], list[BadRow]] = {}
    for one in bad:
        same.setdefault((one.column, one.what, one.cure), []).append(one)
    kept = set(sorted(same, key=lambda fault: -len(same[fault]))[:most])
    return [group[0].told(row_numbers([one.row for one in group])) for fault, group in same.items() if fault in kept]


def row_numbers(rows: Sequence[int]) -> str:
    """Name rows in rising order: row 7; rows 3–36, 38; of scattered ones the first, and how many more there are."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1][1:] = [row]
        elif not runs or row != runs[-1][-1]:
            runs.append([row])
    named = ", ".join("–".join(map(str, run)) for run in runs[:MOST_RUNS])
    rest = sum(run[-1] - run[0] + 1 for run in runs[MOST_RUNS:])
    more = f" and {rest:,} more" if rest else ""
    return f"row {named}" if len(runs) == 1 and len(runs[0]) == 1 else f"rows {named}{more}"


REASONS: tuple[str, ...] = ("row", "what is wrong", "what to do")


def write_bad_rows(path: Path, sheet: BadSheet, bad: Sequence[BadRow]) -> None:
    """Write the bad rows as CSV (UTF-8 with a mark, so that Excel shows Chinese), whole or not at all.

    Each row stands as it was read, with its number and reasons behind it; once corrected, the file can be imported as
    it is. Raises CallError.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(safe_cell, (*sheet.header, *REASONS)))
    faults: dict[int, list[BadRow]] = {}
    for one in bad:
        faults.setdefault(one.row, []).append(one)
    for number, ones in faults.items():
        what = "; ".join(f"{one.column}: {one.what}" if one.column else one.what for one in ones)
        cures = " ".join(dict.fromkeys(one.cure for one in ones))
        cells = sheet.rows.get(number) or [""] * len(sheet.header)
        writer.writerow(map(safe_cell, (*cells, str(number), what, cures)))
    _put(path, text.getvalue())


def _put(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("w", encoding="utf-8-sig", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise CallError(f'"{path}" cannot be written: {error.strerror}. Name another file for the bad rows.') from None
