"""JSON Lines: one object a row, with the names of the columns as its keys."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from revisit.reports.exports.table import Cell, Table, aside, counted, legible


def write(table: Table, path: Path, progress: Callable[[int], None]) -> int:
    """Write a table; gives the number of rows."""
    rows = 0
    names = [legible(column.name) for column in table.columns]
    with aside(path) as part, part.open("wb") as file:
        for row in counted(table, progress):
            cells = (_plain(cell, table.zone) for cell in row)
            file.write(orjson.dumps(dict(zip(names, cells, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
            rows += 1
    return rows


def _plain(cell: Cell, zone: ZoneInfo) -> Cell:
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(timespec="seconds")
    return legible(cell) if isinstance(cell, str) else cell
