"""Parquet: typed columns, written in pieces so that a million rows need no more memory than a few thousand."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from revisit.records.problems import RevisitError
from revisit.reports.exports.table import STEP, Cell, Kind, Table, aside, counted, disk_fault, legible

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
    faults: list[Exception] = []
    ended = Event()

    def pieces(*_hints: object) -> Iterator[pl.DataFrame]:
        nonlocal total
        try:
            while not ended.is_set() and (piece := list(islice(rows, STEP))):
                total += len(piece)
                yield pl.DataFrame([_row(row, texts) for row in piece], schema=schema, orient="row")
        except (RevisitError, OSError) as error:
            faults.append(error)
            raise

    source = register_io_source(pieces, schema=schema)
    labels = {legible(column.name): legible(column.label) for column in table.columns}
    # In a thread of its own: this one hears whoever asks it to end, which the library does not.
    with aside(path) as part, ThreadPoolExecutor(1) as pool:
        metadata = {"title": table.title, **table.notes, **labels}
        work = pool.submit(source.sink_parquet, part, metadata=metadata, engine="streaming")
        try:
            work.result()
        except pl.exceptions.PolarsError as error:
            # It wraps what the rows met, and hides what the disk said.
            raise faults[0] if faults else disk_fault(part, error) from None
        finally:
            ended.set()
    return total


def _row(row: Sequence[Cell], texts: Sequence[int]) -> list[Cell]:
    cells = list(row)
    for place in texts:
        cell = cells[place]
        if isinstance(cell, str):
            cells[place] = legible(cell)
    return cells
