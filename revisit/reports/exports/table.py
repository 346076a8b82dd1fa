"""A table to be exported: columns that know what they hold, and rows that come one after another."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from revisit.records.problems import CallError

Cell = str | int | float | bool | date | datetime | None
# "code" is one of a column's codes; "codes" are several of them with spaces between, "ranks" as many in order.
Kind = Literal["text", "integer", "number", "flag", "date", "moment", "code", "codes", "ranks"]

# A null ends a text in some programs, and a half of a pair of surrogates is no character in any.
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
STEP = 2_000  # rows between two words about progress, and in one piece of a Parquet file


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its stable name, what it holds in words, its kind, and what its codes mean.

    ``state`` names the column that says why a cell of this one is empty. ``bounds`` are the least and the greatest
    number, both 0 where nobody knows. ``few``: the same few texts stand in it again and again.
    """

    name: str
    label: str
    kind: Kind = "text"
    codes: tuple[tuple[str | int, str], ...] = ()
    state: str = ""
    bounds: tuple[int, int] = (0, 0)
    few: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A name, a title, the columns, and the rows with one cell for each column; rows may be gone through once.

    Moments are aware; ``zone`` is where people read them. ``made_at`` (aware) stands in the file as its making.
    ``language`` is that of the words around them.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterator[Sequence[Cell]]
    zone: ZoneInfo
    made_at: datetime
    notes: dict[str, str] = field(default_factory=dict)
    language: str = "en"


def legible(text: str) -> str:
    """Give a text without what no file can hold; U+FFFD stands in its place."""
    return _NO_CHARACTER.sub("\ufffd", text)


def counted(table: Table, progress: Callable[[int], None]) -> Iterator[Sequence[Cell]]:
    """Give the rows and tell of every STEP of them, and of the rest."""
    waiting = 0
    for row in table.rows:
        yield row
        waiting += 1
        if waiting == STEP:
            progress(waiting)
            waiting = 0
    if waiting:
        progress(waiting)


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Give a file to write to beside ``path``, for its owner's eyes alone; when all went well it takes the place.

    Raises CallError where that cannot be done; then the old file stands as it was.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise CallError(f'The export cannot be written to "{path}" ({why}). Choose another file with -o.') from None
