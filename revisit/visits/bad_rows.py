"""The list of rows that could not be used, as a file that a spreadsheet opens safely."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from revisit.visits.orders_file import BadRow

# A spreadsheet takes a cell that begins so for a formula; full-width forms are turned into these by some.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def write_bad_rows(path: Path, bad: Sequence[BadRow]) -> None:
    """Write bad rows as CSV (UTF-8 with a mark, so that Excel shows Chinese), whole or not at all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("row", "column", "what is wrong", "what to do"))
    for one in bad:
        writer.writerow((one.row, safe_cell(one.column), safe_cell(one.what), safe_cell(one.cure)))
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
