"""Exports: records and figures as tables, in the formats that other programs read; one module a format."""

import importlib
from collections.abc import Callable
from pathlib import Path

from revisit.reports.exports.table import Table

# Which module writes a format. Each is imported when it is asked for: a CSV file needs no statistics library.
FORMATS: dict[str, str] = {
    "csv": "csv_file",
    "xlsx": "xlsx_file",
    "sav": "sav_file",
    "parquet": "parquet_file",
    "jsonl": "jsonl_file",
}


def write(table: Table, path: Path, kind: str, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Write a table to a file in one of FORMATS, whole or not at all; gives the number of rows.

    ``progress`` takes how many more rows are done. Raises CallError where the file cannot be written.
    """
    module = importlib.import_module(f"revisit.reports.exports.{FORMATS[kind]}")
    rows: int = module.write(table, path, progress)
    return rows
