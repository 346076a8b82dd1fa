"""CSV: UTF-8 with a mark, so that spreadsheets show Chinese, and no cell that one of them would take for a formula."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from revisit.reports.exports.table import Cell, Table, aside, counted, legible
from revisit.visits.cells import safe_cell


def write(table: Table, path: Path, progress: Callable[[int], None]) -> int:
    """Write a table; gives the number of rows.

    Every text is quoted: a spreadsheet that splits at semicolons must not find a formula behind one.
    """
    rows = 0
    with aside(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow([safe_cell(legible(column.name)) for column in table.columns])
        for row in counted(table, progress):
            writer.writerow([plain(cell, table.zone) for cell in row])
            rows += 1
    return rows


def plain(cell: Cell, zone: ZoneInfo) -> str | int | float:
    """Give a cell as CSV holds it: numbers as they are, flags as 1 and 0, days and local times in ISO form."""
    if isinstance(cell, str):
        return safe_cell(legible(cell))
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(timespec="seconds")
    return cell.isoformat()
