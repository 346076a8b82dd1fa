"""A table read from a file: CSV in any of the encodings and delimiters in use, or a spreadsheet; every cell as text."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from revisit.records.problems import CallError
from revisit.visits.cells import plain_cell, printable
from revisit.visits.encoding import decode
from revisit.visits.sheet import MAGIC_OLE, MAGIC_ZIP, read_workbook

LARGEST = 64 * 1024 * 1024
MOST_COLUMNS = 1000
# Exports like to put a title and the shop's name above the headers.
HEADER_WITHIN = 10
DELIMITERS: tuple[str, ...] = (",", ";", "\t", "|")
SPREADSHEETS: tuple[str, ...] = (".xlsx", ".xlsm", ".xls")
TEXTS: tuple[str, ...] = (".csv", ".tsv", ".txt")


class Finder(Protocol):
    """Knows which columns it looks for; ``required`` are those it cannot do without."""

    @property
    def required(self) -> tuple[str, ...]:
        """Give the columns without which a row is no header."""

    def find(self, header: Sequence[str]) -> dict[str, int]:
        """Give the place of each column that a row of headers has."""

    def advise(self, missing: list[str]) -> str:
        """Say what to do when columns are missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts (from 1), its cells, and what is wrong with the row as a whole."""

    number: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header with the place of each column found in it, and the rows below it that are not empty."""

    header: list[str]
    columns: dict[str, int]
    rows: list[Row]
    encoding: str = ""

    def cell(self, row: Row, name: str) -> str:
        """Give a cell's text, trimmed; empty where the column or the cell is missing."""
        place = self.columns.get(name)
        return plain_cell(row.cells[place].strip()) if place is not None and place < len(row.cells) else ""

    def called(self, name: str) -> str:
        """Give what the file calls a column, or our own name for it where the file has none."""
        place = self.columns.get(name)
        return printable(self.header[place]) if place is not None else name

    @property
    def unread(self) -> list[str]:
        """Give the headers of the columns that nothing is read from."""
        used = set(self.columns.values())
        return [printable(cell) for place, cell in enumerate(self.header) if place not in used and cell.strip()]


def read_table(path: Path, finder: Finder, encoding: str = "") -> Table:
    """Read a CSV or spreadsheet file whose headers lie in one of its first rows.

    Raises CallError, with what to do, for a file that is missing, too big, of another kind than its name says,
    damaged, or without the required columns.
    """
    content = _content(path)
    suffix = path.suffix.casefold()
    if suffix in SPREADSHEETS:
        tables = [rows for rows in read_workbook(path, content) if rows]
        for rows in tables:
            found = _table(_numbered(rows), finder)
            if found is not None:
                return found
        raise CallError(_no_header(path, finder, tables[0] if tables else []))
    if suffix not in TEXTS:
        raise CallError(
            f'"{path.name}" is neither CSV nor a spreadsheet. Give a file that ends in .csv, .xlsx or .xls.'
        )
    if content.startswith((MAGIC_ZIP, MAGIC_OLE)):
        raise CallError(f'"{path.name}" is called {suffix} but is a spreadsheet. Rename it to .xlsx (or .xls).')
    return _read_text(path, content, finder, encoding)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise CallError(
                f'"{path.name}" has {size // 2**20} MiB; {LARGEST // 2**20} MiB can be read. Export a shorter time.'
            )
        content = path.read_bytes()
    except OSError as error:
        raise CallError(f'"{path}" cannot be read: {error.strerror}. Check the name and its rights.') from None
    if not content.strip():
        raise CallError(f'"{path.name}" is empty. Export it again.')
    return content


def _read_text(path: Path, content: bytes, finder: Finder, encoding: str) -> Table:
    decoded = decode(content, encoding, lambda text: _delimiter(text, finder) is not None)
    delimiter = _delimiter(decoded.text, finder)
    if delimiter is None:
        first = [row.cells for row in islice(_records(decoded.text, _likely_delimiter(decoded.text)), HEADER_WITHIN)]
        raise CallError(_no_header(path, finder, first))
    table = _table(_records(decoded.text, delimiter), finder)
    assert table is not None  # noqa: S101 -- _delimiter has found the header in these very rows
    return Table(table.header, table.columns, table.rows, decoded.encoding)


def _likely_delimiter(text: str) -> str:
    line = text.partition("\n")[0]
    return max(DELIMITERS, key=line.count)


def _delimiter(text: str, finder: Finder) -> str | None:
    """Give the delimiter under which the header has the most columns; None when none shows the required ones."""
    head = text[: 256 * 1024]
    counts: dict[str, int] = {}
    for delimiter in DELIMITERS:
        found = _header(list(islice(_records(head, delimiter), HEADER_WITHIN)), finder)
        if found is not None:
            counts[delimiter] = len(found[1])
    return max(counts, key=lambda delimiter: counts[delimiter], default=None)


def _records(text: str, delimiter: str) -> Iterator[Row]:
    """Give every record of a CSV text; one that cannot be read carries its fault and the reading goes on behind it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, [], _csv_fault(str(error), begins, reader.line_num))
            continue
        yield Row(number, cells, "" if len(cells) <= MOST_COLUMNS else f"The row has {len(cells)} columns")


def _csv_fault(error: str, begins: int, ends: int) -> str:
    if "unexpected end of data" in error:
        return f"A quotation mark opened on line {begins} is never closed, so lines {begins} to {ends} are one cell"
    if "field larger" in error:
        return f"A cell that begins on line {begins} has more than {csv.field_size_limit()} characters"
    return f"The quotation marks on line {begins} do not match"


def _numbered(rows: Iterable[list[str]]) -> Iterator[Row]:
    return (Row(number, cells) for number, cells in enumerate(rows, 1))


def _header(rows: list[Row], finder: Finder) -> tuple[Row, dict[str, int]] | None:
    for row in rows:
        columns = finder.find(row.cells) if len(row.cells) <= MOST_COLUMNS else {}
        if all(name in columns for name in finder.required):
            return row, columns
    return None


def _table(records: Iterator[Row], finder: Finder) -> Table | None:
    first = list(islice(records, HEADER_WITHIN))
    found = _header(first, finder)
    if found is None:
        return None
    header, columns = found
    below = [row for row in first if row.number > header.number]
    rows = [row for row in (*below, *records) if row.fault or any(cell.strip() for cell in row.cells)]
    return Table(header.cells, columns, rows)


def _no_header(path: Path, finder: Finder, rows: list[list[str]]) -> str:
    fullest = max(rows[:HEADER_WITHIN], key=lambda cells: len(finder.find(cells)), default=[])
    missing = [name for name in finder.required if name not in finder.find(fullest)]
    one = "Only one column was found: between cells stands a comma, semicolon, tab or |. " if len(fullest) == 1 else ""
    return (
        f'"{path.name}" has no column for {" and ".join(missing) or "the header"}. Its headers are: '
        f"{headers_shown(fullest)}. {one}{finder.advise(missing)}"
    )


def headers_shown(header: Sequence[str]) -> str:
    """Name headers for a message, the first twenty of them."""
    return ", ".join(f'"{printable(cell)[:40]}"' for cell in header[:20] if cell.strip()) or "nothing"
