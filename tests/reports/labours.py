"""Work for a child to do: what can go well and what can go wrong."""

import os
import time
from pathlib import Path

from revisit.records.problems import CallError
from revisit.reports.errors import ReportError


def double(number: int) -> int:
    return 2 * number


def sleep(path: Path) -> None:
    path.write_text(str(os.getpid()))
    time.sleep(60)


def swell(_job: None) -> None:
    held = []
    while True:
        held.append(bytearray(b"x" * 20_000_000))
        time.sleep(0.01)


def die(_job: None) -> None:
    os._exit(7)


def refuse(_job: None) -> None:
    raise ReportError("No installed font has it.")


def misunderstand(_job: None) -> None:
    raise CallError("There is no such survey.")
