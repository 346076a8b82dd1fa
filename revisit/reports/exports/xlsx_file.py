"""XLSX: typed cells, a sheet of the data and a codebook; a text is a text, whatever it begins with."""

import errno
import io
import os
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from revisit.reports.exports.table import Cell, Column, Kind, Table, aside, counted, legible
from revisit.reports.exports.words import N_, Words
from revisit.visits.cells import is_formula

MOST_ROWS = 1_048_575  # of one sheet, below its header
LONGEST = 32_767  # characters of one cell, as UTF-16 counts them
_NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML has no place for these
_BEYOND = re.compile("[\U00010000-\U0010ffff]")  # two for a spreadsheet
KINDS: dict[Kind, str] = {
    "text": N_("text"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "flag": N_("yes or no"),
    "date": N_("day"),
    "moment": N_("day and time"),
    "code": N_("one of the codes"),
    "codes": N_("several of the codes"),
    "ranks": N_("the codes in order"),
}
_NARROW, _WIDE = 12, 28


def write(table: Table, path: Path, progress: Callable[[int], None]) -> int:
    """Write a table; gives the number of rows. Rows that one sheet cannot hold go on to the next."""
    with aside(path) as part, _Disk(str(part), "rb+") as disk:
        book = xlsxwriter.Workbook(disk, {"constant_memory": True, "tmpdir": str(part.parent)})
        book.use_zip64()  # where a sheet is larger than 4 GiB
        made = table.made_at.replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": table.title, "author": "Revisit", "created": made})
        try:
            rows = _fill(book, table, progress)
            book.close()
        except XlsxWriterException:
            raise disk.fault or OSError(errno.EIO, os.strerror(errno.EIO)) from None
        finally:
            _let_go(book)
    return rows


def _let_go(book: Any) -> None:
    """Close what a book that was not finished holds open; half a book is not put together."""
    book.fileclosed = True
    for sheet in book.worksheets():
        if sheet.row_data_fh is not None:
            sheet.row_data_fh.close()


def _fill(book: Any, table: Table, progress: Callable[[int], None]) -> int:
    rows = 0
    pen = _Pen(book, table.zone)
    sheet = pen.begin(table.name, table.columns)
    for row in counted(table, progress):
        if rows and rows % MOST_ROWS == 0:
            sheet = pen.begin(f"{table.name} {rows // MOST_ROWS + 1}", table.columns)
        for place, cell in enumerate(row):
            pen.put(sheet, rows % MOST_ROWS + 1, place, cell)
        rows += 1
    _codebook(pen, table)
    return rows


class _Disk(io.FileIO):
    """A file that says once why it takes no more: whoever puts a book together goes on writing while it gives up."""

    fault: OSError | None = None

    def write(self, content: Any) -> int:
        """Write all of it, or raise OSError the first time and drop it from then on."""
        left = memoryview(content)
        try:
            while left and self.fault is None:
                left = left[super().write(left) :]
        except OSError as error:
            self.fault = error
            raise
        return len(content)


class _Pen:
    """Writes cells in the formats of one workbook."""

    def __init__(self, book: Any, zone: ZoneInfo) -> None:
        self.book = book
        self.zone = zone
        self.head = book.add_format({"bold": True, "bottom": 1})
        # The same mark that a leading apostrophe leaves: editing the cell does not turn it into a formula.
        self.quoted = book.add_format({"quote_prefix": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def begin(self, name: str, columns: Sequence[Column]) -> Any:
        """Give a new sheet with its header."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})  # plates and order numbers are texts
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _NARROW if column.kind in ("integer", "flag", "date") else _WIDE)
            sheet.write_string(0, place, _text(column.name), self.head)
        return sheet

    def put(self, sheet: Any, row: int, place: int, cell: Cell) -> None:
        """Write one cell with its type; nothing for an empty one."""
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, place, cell)
        elif isinstance(cell, int | float):
            sheet.write_number(row, place, cell)
        elif isinstance(cell, datetime):
            local = cell.astimezone(self.zone).replace(tzinfo=None)  # a spreadsheet knows no timezones
            sheet.write_datetime(row, place, local, self.moment)
        elif isinstance(cell, date):
            sheet.write_datetime(row, place, cell, self.day)
        else:
            sheet.write_string(row, place, _text(cell), self.quoted if is_formula(cell) else None)


def _text(text: str) -> str:
    plain = _NO_CHARACTER.sub("\ufffd", legible(text))
    if len(plain) * 2 <= LONGEST or len(plain) + len(_BEYOND.findall(plain)) <= LONGEST:
        return plain
    return plain.encode("utf-16-le")[: (LONGEST - 1) * 2].decode("utf-16-le", errors="ignore") + "…"


def _codebook(pen: _Pen, table: Table) -> None:
    """Say what each column holds: a line for the column, and one for each of its codes."""
    say = Words(table.language).say
    heads = [Column(say(name), "") for name in (N_("column"), N_("holds"), N_("kind"), N_("code"), N_("means"))]
    sheet = pen.begin("codebook", heads)
    lines: list[Sequence[Cell]] = [(name, text) for name, text in table.notes.items()]
    for column in table.columns:
        lines.append((column.name, column.label, say(KINDS[column.kind])))
        lines += [(column.name, "", "", code, label) for code, label in column.codes]
    for row, line in enumerate(lines, 1):
        for place, cell in enumerate(line):
            pen.put(sheet, row, place, cell)
