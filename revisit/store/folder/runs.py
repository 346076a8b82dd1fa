"""Rows in order, however many: sorted in pieces that lie on disk meanwhile, and merged while they are given."""

import heapq
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import orjson

from revisit.store.contents import Row
from revisit.store.folder.files import store_error

HELD = 20_000  # rows in memory at once
BLOCK = 1 << 16  # bytes read of a piece at a time


def by_day(row: Row) -> tuple[str, str]:
    """Give what responses are sorted by."""
    return row["day"], row["id"]


def in_order(rows: Iterable[Row], folder: Path) -> Iterator[Row]:
    """Give rows by day and id; those beyond HELD lie in a nameless file in ``folder``, which ends with the process.

    Raises StoreFull and StoreError where that file cannot be written.
    """
    pieces: list[Iterable[Row]] = []
    held: list[Row] = []
    with ExitStack() as stack:
        handle = -1
        for row in rows:
            held.append(row)
            if len(held) == HELD:
                try:
                    if handle < 0:
                        handle = stack.enter_context(tempfile.TemporaryFile(dir=folder)).fileno()
                    pieces.append(_put_down(handle, sorted(held, key=by_day)))
                except OSError as error:
                    raise store_error(folder, error) from error
                held = []
        yield from heapq.merge(*pieces, sorted(held, key=by_day), key=by_day)


def _put_down(handle: int, rows: Sequence[Row]) -> Iterator[Row]:
    """Write rows to the end of a file; gives what reads them back."""
    begin = os.lseek(handle, 0, os.SEEK_END)
    left = memoryview(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
    end = begin + len(left)
    while left:  # a disk that is nearly full takes a part, and says so at the next
        left = left[os.write(handle, left) :]
    return _read_back(handle, begin, end)


def _read_back(handle: int, begin: int, end: int) -> Iterator[Row]:
    rest = b""
    while begin < end:
        block = os.pread(handle, min(BLOCK, end - begin), begin)
        begin += len(block)
        *lines, rest = (rest + block).split(b"\n")
        yield from map(orjson.loads, lines)
