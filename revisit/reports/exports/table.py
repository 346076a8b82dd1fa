"""A table to be exported: columns that know what they hold, and rows that come one after another."""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zoneinfo import ZoneInfo

from revisit.records.problems import CallError

Cell = str | int | float | bool | date | datetime | None
# "code" is one of a column's codes; "codes" are several of them with spaces between, "ranks" as many in order.
Kind = Literal["text", "integer", "number", "flag", "date", "moment", "code", "codes", "ranks"]

# A null ends a text in some programs, and a half of a pair of surrogates is no character in any.
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
_PART = ".part"
_FREE = 1 << 20  # bytes: with less than that a disk is full
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

    It lies in a hidden folder, where a library may put more; what a killed process left there goes with the next
    export to the same file. Raises CallError where that cannot be done; then the old file stands as it was.
    """
    if path.exists() and not path.is_file():
        raise CallError(f'"{path}" is no file that could be replaced. Choose another one with -o.')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with TemporaryDirectory(prefix=f".{path.name}.{os.getpid()}.", suffix=_PART, dir=path.parent) as folder:
            part = Path(folder) / path.name
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            yield part
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        cure = "Make room, or choose" if error.errno == errno.ENOSPC else "Choose"
        raise CallError(f'The export cannot be written to "{path}" ({why}). {cure} another file with -o.') from None


def _sweep(path: Path) -> None:
    """Remove what processes that are gone left of an export to the same file."""
    for left in path.parent.glob(f".{escape(path.name)}.*{_PART}"):
        pid = left.name.removeprefix(f".{path.name}.").partition(".")[0]
        if pid.isdecimal() and not Path("/proc", pid).exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)


def disk_fault(part: Path, said: object) -> OSError:
    """Give what a library that hides the system's error most likely met while it wrote a file."""
    full = shutil.disk_usage(part.parent).free < _FREE
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if full else OSError(errno.EIO, str(said))
