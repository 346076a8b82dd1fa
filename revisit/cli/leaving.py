"""Leaving in order: who asks a command to end lets it take away what it has half done."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def leaving_in_order() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exit that unwinds, with the code that a shell expects, while the block runs."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
