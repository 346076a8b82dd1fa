"""Progress: a bar on a terminal, nothing elsewhere."""

import os
import pty
import subprocess
import sys

import pytest

from revisit.cli.progress import progress

CALL = "from revisit.cli.progress import progress\nwith progress('Reports', {}) as step:\n    step(1)\n    step(2)"


def shown(total: str, *, term: str = "xterm") -> str:
    """Give what a terminal is sent."""
    ours, theirs = pty.openpty()
    environ = os.environ | {"TERM": term, "COLUMNS": "100"}
    with subprocess.Popen([sys.executable, "-c", CALL.format(total)], stderr=theirs, env=environ) as called:
        os.close(theirs)
        told = b""
        try:
            while more := os.read(ours, 4096):
                told += more
        except OSError:  # a terminal that nobody writes to any more is an error, not an end
            pass
    os.close(ours)
    assert called.returncode == 0
    return told.decode()


def test_a_terminal_shows_what_is_done_of_how_many_and_then_nothing() -> None:
    told = shown("3")
    assert "Reports" in told
    assert "3/3" in told
    assert told.rstrip("\x1b[?25h\r\n").endswith("\x1b[2K")  # the bar is taken away at the end


@pytest.mark.parametrize("total", ["0", "1"])
def test_one_piece_of_work_has_no_bar(total: str) -> None:
    assert shown(total) == ""


def test_a_bar_without_a_known_end_counts() -> None:
    assert "Reports" in shown("None")


def test_elsewhere_nothing_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Reports", 3) as step:
        step(3)
    assert capfd.readouterr() == ("", "")
