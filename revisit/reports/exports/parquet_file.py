"""Parquet: typed columns, written in pieces so that a million rows need no more memory than a few thousand."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from revisit.reports.exports.table import STEP, Kind, Table, aside, counted

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
    schema = {column.name: _TYPES[column.kind] for column in table.columns}
    rows = counted(table, progress)
    total = 0

    def pieces(*_hints: object) -> Iterator[pl.DataFrame]:
        nonlocal total
        while piece := list(islice(rows, STEP)):
            total += len(piece)
            yield pl.DataFrame(piece, schema=schema, orient="row")

    source = register_io_source(pieces, schema=schema)
    labels = {column.name: column.label for column in table.columns}
    with aside(path) as part:
        source.sink_parquet(part, metadata={"title": table.title, **table.notes, **labels}, engine="streaming")
    return total
