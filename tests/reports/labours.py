"""Work for a child to do: what can go well and what can go wrong."""

import os
import time
from pathlib import Path

from revisit.records.problems import CallError
from revisit.reports.errors import ReportError

MARK = ""


def marked(_job: None) -> str:
    return MARK


def outlive(path: str) -> bytes:
    """Say which process this is, wait until the one that asked is gone, and give more than a pipe holds."""
    asked = os.getppid()
    Path(path).write_text(str(os.getpid()), encoding="ascii")
    while os.getppid() == asked:
        time.sleep(0.01)
    return bytes(1_000_000)


def double(number: int) -> int:
    return 2 * number


def halve(number: int) -> int:
    """Give the half of an even number; at an odd one the process dies."""
    if number % 2:
        os._exit(7)
    return number // 2


def sleep(_job: None) -> None:
    time.sleep(600)


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
