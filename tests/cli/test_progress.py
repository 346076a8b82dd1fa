"""Progress: a bar on a terminal, nothing elsewhere."""

import io
import sys

import pytest

from revisit.cli.progress import progress


def shown(monkeypatch: pytest.MonkeyPatch, total: int | None) -> str:
    """Give what a terminal is sent."""
    for name, value in (("TERM", "xterm"), ("COLUMNS", "100")):
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    with monkeypatch.context() as patched:
        terminal = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        patched.setattr(terminal, "isatty", lambda: True)  # a real terminal would do, but not every machine has one
        patched.setattr(sys, "stderr", terminal)
        with progress("Reports", total) as step:
            step(1)
            step(2)
        terminal.seek(0)
        return terminal.read()


def test_a_terminal_shows_what_is_done_of_how_many_and_then_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = shown(monkeypatch, 3)
    assert "Reports" in told
    assert "3/3" in told
    assert told.rstrip("\x1b[?25h\r\n").endswith("\x1b[2K")  # the bar is taken away at the end


@pytest.mark.parametrize("total", [0, 1])
def test_one_piece_of_work_has_no_bar(total: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, total) == ""


def test_a_bar_without_a_known_end_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Reports" in shown(monkeypatch, None)


def test_elsewhere_nothing_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Reports", 3) as step:
        step(3)
    assert capfd.readouterr() == ("", "")
