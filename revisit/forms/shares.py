"""Shares: much work of one kind, divided among the machine's processors."""

import concurrent.futures
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from revisit.records.problems import RevisitError

LEAST = 100  # pieces of a millisecond or two; dividing fewer takes longer than it saves
SHARE = 16  # pieces that a process takes at a time

T = TypeVar("T")
R = TypeVar("R")

# What the processes do, noted before they are forked off, so that nothing but places and results travels.
_work: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []


def each(work: Callable[[T], R], pieces: Sequence[T]) -> Iterator[R]:
    """Give what ``work`` makes of each piece, in their order. Results travel between processes and must be plain.

    It is done in this process where the work is small, where there is one processor, where another thread runs (a fork
    would copy its locks) and where processes cannot be forked safely.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if cores < 2 or len(pieces) < LEAST or threading.active_count() > 1:
        yield from map(work, pieces)
        return
    import multiprocessing  # noqa: PLC0415 -- small work does not wait for it

    _work.append((work, pieces))
    try:
        count, kind = min(cores, len(pieces) // SHARE), multiprocessing.get_context("fork")
        with concurrent.futures.ProcessPoolExecutor(count, kind, _calm) as processes:
            yield from processes.map(_at, range(len(pieces)), chunksize=SHARE)
    except concurrent.futures.BrokenExecutor:
        told = "A part of this work was stopped from outside, for want of memory perhaps. Run it again."
        raise RevisitError(told) from None
    finally:
        _work.pop()


def _calm() -> None:
    """Look for garbage seldom: such a process lives for seconds, and looking takes it a twelfth of them."""
    gc.freeze()
    gc.set_threshold(100_000)


def _at(place: int) -> Any:
    work, pieces = _work[-1]
    return work(pieces[place])
