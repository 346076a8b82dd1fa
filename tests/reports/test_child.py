import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from revisit.records.problems import CallError
from revisit.reports import child
from revisit.reports.child import MIB, Limits, Line, resident, run, watched_each
from revisit.reports.errors import ReportBusy, ReportError

LABOURS = "tests.reports.labours"


def test_it_gives_what_the_work_gives_also_from_threads() -> None:
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(lambda number: run(LABOURS, "double", number), (1, 2, 3))) == [2, 4, 6]


def test_it_gives_each_piece_of_work_that_was_done_before_the_child_died() -> None:
    work = watched_each(LABOURS, "halve", (2, 4, 5, 6), Limits())
    assert [next(work), next(work)] == [1, 2]
    with pytest.raises(ReportError, match="ended unexpectedly"):
        next(work)


def test_it_stops_work_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[int] = []

    def noted(pid: int) -> int:
        watched.append(pid)
        return resident(pid)

    monkeypatch.setattr(child, "resident", noted)
    with pytest.raises(ReportError, match=r"longer than 1 seconds.*shorter period"):
        run(LABOURS, "sleep", None, Limits(seconds=1))
    (pid,) = set(watched)
    assert resident(pid) == 0


def test_it_stops_work_that_needs_too_much_memory() -> None:
    with pytest.raises(ReportError, match="more than 150 MiB of memory"):
        run(LABOURS, "swell", None, Limits(memory=150 * MIB, seconds=50))


def test_it_says_in_a_sentence_that_the_child_died() -> None:
    with pytest.raises(ReportError, match=r"ended unexpectedly \(code 7\)"):
        run(LABOURS, "die", None)


def test_it_hands_on_what_the_work_itself_says() -> None:
    with pytest.raises(ReportError, match="No installed font has it"):
        run(LABOURS, "refuse", None)
    with pytest.raises(CallError, match="no such survey") as caught:
        run(LABOURS, "misunderstand", None)
    assert caught.value.exit_code == 2


def test_it_turns_away_whoever_finds_the_line_full(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(working=1, waiting=0, patience=1)
    monkeypatch.setattr(child, "LINE", line)
    with line.place(), pytest.raises(ReportBusy) as caught:
        run(LABOURS, "double", 1)
    assert caught.value.status == 503
    assert run(LABOURS, "double", 1) == 2


def test_it_lets_nobody_wait_for_ever() -> None:
    line = Line(working=1, waiting=1, patience=0.05)
    entered, done = threading.Event(), threading.Event()

    def hold() -> None:
        with line.place():
            entered.set()
            done.wait(60)

    holding = threading.Thread(target=hold)
    holding.start()
    entered.wait(60)
    with pytest.raises(ReportBusy, match="taken too long"), line.place():
        pass
    done.set()
    holding.join()


ALONE = """
import threading
from revisit.reports.child import run
from tests.reports import labours

if __name__ == "__main__":
    labours.MARK = "set after the start"
    waiting = threading.Event()
    beside = threading.Thread(target=waiting.wait)
    print(run("tests.reports.labours", "marked", None))
    beside.start()
    print(run("tests.reports.labours", "marked", None))
    waiting.set()
"""


def test_the_child_of_a_process_with_one_thread_is_a_copy_of_it_and_others_begin_anew(tmp_path: Path) -> None:
    """What a module was told after its start is known to a copy alone."""
    program = tmp_path / "alone.py"
    program.write_text(ALONE, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": "."}
    )
    assert told.stdout.splitlines() == ["set after the start", ""]


@pytest.mark.parametrize("threads", [1, 2])
def test_the_child_of_a_process_that_was_killed_ends(tmp_path: Path, threads: int) -> None:
    """A copy as well as one that began anew: neither waits for a reader that will never come."""
    told = tmp_path / "pid"
    program = tmp_path / "killed.py"
    program.write_text(
        "import threading\nfrom revisit.reports.child import run\n"
        "if __name__ == '__main__':\n"
        f"    beside = [threading.Thread(target=threading.Event().wait) for _ in range({threads - 1})]\n"
        "    [one.start() for one in beside]\n"
        f"    run('tests.reports.labours', 'outlive', {str(told)!r})\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, str(program)], stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "."}
    ) as asking:
        while not (told.exists() and told.read_text()):
            assert asking.poll() is None
            time.sleep(0.01)
        pid = int(told.read_text())
        asking.kill()
        assert asking.stderr is not None
        assert b"Traceback" not in asking.stderr.read()  # ends with the last process that holds it: the child
    assert resident(pid) == 0


def test_it_keeps_statistics_and_pdf_engine_out_of_the_caller() -> None:
    heavy = {"weasyprint", "polars", "scipy", "vl_convert", "altair"}
    program = "import sys, revisit.flows.reporting.issue_report; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "revisit.reports.child" in loaded
    assert not heavy & set(loaded)
