"""Parquet: typed columns, written in pieces so that a million rows need no more memory than a few thousand."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from revisit.reports.exports.table import STEP, Cell, Kind, Table, aside, counted, legible

_TYPES: dict[Kind, Any] = {
    "text": pl.String,
    "code": pl.String,
    "codes": pl.String,
    "ranks": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "flag": pl.Boolean,
    "date": pl.Date,
    "moment": pl.Datetime("us", "UTC"),
}


def write(table: Table, path: Path, progress: Callable[[int], None]) -> int:
    """Write a table; gives the number of rows. Moments are UTC; labels and notes stand in the file's metadata."""
    schema = {legible(column.name): _TYPES[column.kind] for column in table.columns}
    texts = [place for place, column in enumerate(table.columns) if _TYPES[column.kind] == pl.String]
    rows = counted(table, progress)
    total = 0

    def pieces(*_hints: object) -> Iterator[pl.DataFrame]:
        nonlocal total
        while piece := list(islice(rows, STEP)):
            total += len(piece)
            yield pl.DataFrame([_row(row, texts) for row in piece], schema=schema, orient="row")

    source = register_io_source(pieces, schema=schema)
    labels = {legible(column.name): legible(column.label) for column in table.columns}
    with aside(path) as part:
        source.sink_parquet(part, metadata={"title": table.title, **table.notes, **labels}, engine="streaming")
    return total


def _row(row: Sequence[Cell], texts: Sequence[int]) -> list[Cell]:
    cells = list(row)
    for place in texts:
        cell = cells[place]
        if isinstance(cell, str):
            cells[place] = legible(cell)
    return cells
