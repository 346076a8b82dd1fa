"""The child: costly work in a process of its own, watched, so that it can neither fill the memory nor hang."""

import gc
import importlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from pathlib import Path
from typing import Any

from revisit.records.problems import CallError, RevisitError
from revisit.reports.errors import ReportBusy, ReportError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: resident memory in bytes and time in seconds."""

    memory: int = 768 * MIB
    seconds: float = 60.0


class Stopped(Exception):
    """The caller was told to stop, and the child was ended in the middle of its work."""


def _never() -> bool:
    return False


class Line:
    """Lets a few work at a time and a few more wait; everybody else is told to come back."""

    def __init__(self, working: int, waiting: int, patience: float) -> None:
        self._working = threading.BoundedSemaphore(working)
        self._present = threading.BoundedSemaphore(working + waiting)
        self._patience = patience

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place to work. Raises ReportBusy when the line is full or the wait too long."""
        if not self._present.acquire(blocking=False):
            raise ReportBusy("Too many reports are being made at this moment. Wait a minute and try again.")
        try:
            if not self._working.acquire(timeout=self._patience):
                raise ReportBusy("Other reports have taken too long. Wait a minute and try again.")
            try:
                yield
            finally:
                self._working.release()
        finally:
            self._present.release()


LINE = Line(working=2, waiting=8, patience=120)


def run(module: str, function: str, job: Any, limits: Limits | None = None) -> Any:
    """Call ``module.function(job)`` in a process of its own and give what it gives; both must pickle.

    The caller's process does not import the module. Works from any thread. Raises ReportError when the work ran out of
    memory or time or died, CallError and ReportError for what the work itself says, ReportBusy when too many wait.
    """
    with LINE.place():
        return watched(module, function, job, limits or Limits())


def watched(module: str, function: str, job: Any, limits: Limits) -> Any:
    """Do as ``run`` does without standing in line: for a caller that starts no more children than there are cores."""
    (given,) = watched_each(module, function, (job,), limits)
    return given


def watched_each(
    module: str, function: str, jobs: Sequence[Any], limits: Limits, stop: Callable[[], bool] = _never
) -> Generator[Any, None, None]:
    """Call ``module.function(job)`` for one job after another in one child, and give what each gives when it is there.

    The memory of ``limits`` is the child's, its time that of each job. Raises as ``run`` does, and Stopped soon after
    ``stop`` says so; what was given before stays good.
    """
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(sender, receiver, module, function, tuple(jobs)), name="revisit-report", daemon=True
    )
    with _undisturbed(context):
        process.start()
    sender.close()
    try:
        for _job in jobs:
            yield _outcome(_wait(receiver, process, limits, stop))
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        process.close()
        receiver.close()


def each(
    module: str, function: str, jobs: Sequence[Any], limits: Limits, stop: Callable[[], bool] = _never
) -> Generator[Any, None, None]:
    """Do as ``watched_each`` does; where a child dies, the job it was at is tried alone and the rest in another child.

    What a job gives may be anything but a RevisitError: that stands in the place of what a dead child did not give.
    """
    place, alone = 0, False
    while place < len(jobs):
        some = jobs[place : place + 1] if alone else jobs[place:]
        try:
            with closing(watched_each(module, function, some, limits, stop)) as given:
                for one in given:
                    place += 1
                    yield one
            alone = False
        except RevisitError as error:
            alone = len(some) > 1
            if not alone:
                place += 1
                yield error


def _context() -> ForkContext | SpawnContext:
    """Give how a child begins: as a copy of this process where that is safe, which starts and imports nothing twice.

    A copy has one thread only, and what the others held stays held in it. So a process that has others begins its
    child anew, and so does one of a system that does not tell.
    """
    threads = Path("/proc/self/task")
    alone = threads.is_dir() and len(list(threads.iterdir())) == 1
    return multiprocessing.get_context("fork") if alone else multiprocessing.get_context("spawn")


@contextmanager
def _undisturbed(context: ForkContext | SpawnContext) -> Iterator[None]:
    """Let a child begin that Ctrl-C does not reach: a terminal tells all processes, and the caller ends its own.

    A child takes over which signals the thread that starts it holds back. Before a child begins anew Python may start a
    helper and lets them through again; so that is done first.
    """
    if isinstance(context, SpawnContext):
        resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _wait(receiver: "Connection[Any, Any]", process: Any, limits: Limits, stop: Callable[[], bool]) -> tuple[str, Any]:
    """Give the child's message, or end the wait with a sentence."""
    until = time.monotonic() + limits.seconds
    while not receiver.poll(0.05):
        if stop():
            raise Stopped
        if resident(process.pid) > limits.memory:
            raise ReportError(
                f"The report needed more than {limits.memory // MIB} MiB of memory and was stopped. Choose a shorter "
                "period or a smaller unit."
            )
        if time.monotonic() > until:
            raise ReportError(
                f"The report took longer than {limits.seconds:g} seconds and was stopped. Choose a shorter period or a "
                "smaller unit, or try again when the machine is less busy."
            )
    try:
        message: tuple[str, Any] = receiver.recv()
    except EOFError:
        process.join()
        raise ReportError(
            f"The process that draws reports ended unexpectedly (code {process.exitcode}). Its last words stand on the "
            "terminal or in the service's log; try again, and report it if it happens twice."
        ) from None
    return message


def _outcome(message: tuple[str, Any]) -> Any:
    kind, content = message
    if kind == "done":
        return content
    raise CallError(content) if kind == "call" else ReportError(content)


def resident(pid: int) -> int:
    """Give the resident memory of a process in bytes; 0 when it has ended or the system has no /proc."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _work(
    sender: "Connection[Any, Any]",
    receiver: "Connection[Any, Any]",
    module: str,
    function: str,
    jobs: tuple[Any, ...],
) -> None:
    """Do the work and send what came of it. An error that is no person's fault ends the child with its traceback.

    The other end of the pipe is its caller's alone: while this process held it too, nobody would tell it that the
    caller was killed, and it would wait for a reader for ever.
    """
    receiver.close()
    for job in jobs:
        try:
            message = ("done", _imported(module, function)(job))
        except CallError as error:
            message = ("call", str(error))
        except RevisitError as error:
            message = ("error", str(error))
        try:
            sender.send(message)
        except BrokenPipeError:  # whoever asked is gone
            return
        if message[0] != "done":
            break
    sender.close()


@cache
def _imported(module: str, function: str) -> Callable[[Any], Any]:
    """Import the work. What modules hold stays to the end: looking through it for garbage would take time each time."""
    gc.disable()
    try:
        found: Callable[[Any], Any] = getattr(importlib.import_module(module), function)
    finally:
        gc.freeze()
        gc.enable()
    return found
