"""A report is verified, in a child process: whether it is what was issued, and whether its records still say so."""

import os
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Literal

from revisit.records.problems import CallError, RevisitError
from revisit.reports.child import Limits, Stopped, each
from revisit.settings import Settings

Answer = Literal["same", "fewer", "changed", "forged", "unsure"]

# Reports that one child verifies before it ends and gives its memory back.
SLICE = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found.

    ``answer``: *same*; *fewer*, where ``gone`` answers were erased or expired since, or ``unplated`` orders their plate
    or symptom, and the rest are the same (answers that were taken back are not erased: visits are others then);
    *changed*, with the ``figures`` that are others today; *forged*, where what is printed or attached is not what the
    report's own figures give (``pages`` from 1) or what the file says ``about`` itself is not the report's; *unsure*,
    where the pages were made with other ``versions`` and their words differ, so that nobody can tell here. ``back``: an
    import of answers was taken back since.
    """

    answer: Answer
    gone: int = 0
    unplated: int = 0
    altered: int = 0
    added: int = 0
    figures: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    versions: tuple[str, ...] = ()
    issued: bool = False
    number: int = 1
    back: bool = False
    about: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What the child is asked for: a PDF and the workspace it came from."""

    settings: Settings
    content: bytes


def verify_many(
    settings: Settings, paths: Iterable[Path], workers: int = 0
) -> Generator[tuple[Path, Verdict | RevisitError], None, None]:
    """Verify files over all cores, a few in each child; gives each with its verdict or why it has none, in order.

    CallError stands for a file that is no report, or one whose survey or unit this workspace lacks.
    """
    waiting, cores, stopped = iter(paths), workers or os.cpu_count() or 1, Event()
    with ThreadPoolExecutor(cores) as pool:
        running: list[Future[list[tuple[Path, Verdict | RevisitError]]]] = []
        try:
            while True:
                while len(running) < cores and (some := list(islice(waiting, SLICE))):
                    running.append(pool.submit(_verify_slice, settings, some, stopped))
                if not running:
                    return
                yield from running.pop(0).result()
        finally:
            stopped.set()


def _verify_slice(settings: Settings, paths: list[Path], stopped: Event) -> list[tuple[Path, Verdict | RevisitError]]:
    done: dict[Path, Verdict | RevisitError] = {}
    checks: dict[Path, Check] = {}
    for path in paths:
        try:
            checks[path] = Check(settings, path.read_bytes())
        except OSError as error:
            done[path] = CallError(f"It cannot be read ({error.strerror}). Check its name.")
    compare = ("revisit.flows.reporting.compare_report", "compare_next")
    with suppress(Stopped), closing(each(*compare, tuple(checks.values()), Limits(), stopped.is_set)) as found:
        for path, verdict in zip(checks, found, strict=True):
            done[path] = CallError(verdict) if isinstance(verdict, str) else verdict
    return [(path, done[path]) for path in paths if path in done]


def say(verdict: Verdict, most: int = 12) -> str:
    """Say in English what verifying found, naming at most so many figures."""
    return _SAYS[verdict.answer](verdict, most) + _archive(verdict)


def _archive(verdict: Verdict) -> str:
    edition = f" It is edition {verdict.number}." if verdict.number > 1 else ""
    made = f" Made with other versions: {', '.join(verdict.versions)}." if verdict.versions else ""
    kept = "" if verdict.issued else " This very file is not in the archive of issued reports."
    return edition + made + kept


def _same(verdict: Verdict, _most: int) -> str:
    compared = "every printed number" if verdict.versions else "every page"
    return f"same. The figures are those of the records today, and {compared} is as these figures give it."


def _fewer(verdict: Verdict, most: int) -> str:
    figures = f" These figures would be others today: {_named(verdict, most)}." if verdict.figures else ""
    lost = [f"{verdict.gone} {'answer' if verdict.gone == 1 else 'answers'}"] if verdict.gone else []
    if verdict.unplated:
        lost.append(f"what tells {verdict.unplated} {'order' if verdict.unplated == 1 else 'orders'} apart")
    return f"{' and '.join(lost)} erased or expired since, the rest same.{figures}"


def _changed(verdict: Verdict, most: int) -> str:
    counted = ((verdict.altered, "altered"), (verdict.added, "added"), (verdict.gone, "gone"))
    answers = ", ".join(f"{count} {what}" for count, what in counted if count)
    back = " An import of answers was taken back since (orders undo)." if verdict.back else ""
    return f"changed. Answers: {answers or 'none'}. Figures: {_named(verdict, most) or 'none'}.{back}"


def _forged(verdict: Verdict, _most: int) -> str:
    if verdict.pages:
        pages = ("Page " if len(verdict.pages) == 1 else "Pages ") + ", ".join(map(str, verdict.pages))
        return f"forged. {pages}: what is printed is not what the report's own figures give."
    if verdict.about:
        return "forged. What the file says of itself (title, bookmarks, language, scripts) is not the report's own."
    return "forged. A file inside the PDF does not belong to its figures."


def _unsure(verdict: Verdict, _most: int) -> str:
    if verdict.about and not verdict.pages:
        return "unsure. What the file says of itself (title, subject) differs from what the report's figures give here."
    return "unsure. The printed numbers differ from those that the report's figures give here."


def _named(verdict: Verdict, most: int) -> str:
    more = len(verdict.figures) - most
    return ", ".join(verdict.figures[:most]) + (f" and {more} more" if more > 0 else "")


_SAYS: dict[Answer, Callable[[Verdict, int], str]] = {
    "same": _same,
    "fewer": _fewer,
    "changed": _changed,
    "forged": _forged,
    "unsure": _unsure,
}
