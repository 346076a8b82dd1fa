"""Group commit: many threads ask, one writes what waits and only then answers."""

import logging
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from revisit.store.protocol import StoreBusy

J = TypeVar("J")
log = logging.getLogger(__name__)

AT_ONCE = 256
MOST_WAITING = 24  # of waitress's 32 threads: the others go on answering GET
LONGEST_WAIT = 10.0  # seconds
LONGEST_FOR_A_PLACE = 0.5  # seconds: a burst passes, a hung disk does not hold the other threads


@dataclass(slots=True)
class Waiting(Generic[J]):
    """What one thread asks for, and where its outcome goes."""

    job: J
    outcome: Future[Any] = field(default_factory=Future)


class Group(Generic[J]):
    """A thread that takes what waits and hands it over, as much as there is. ``write`` settles every outcome."""

    def __init__(self, write: Callable[[list[Waiting[J]]], None]) -> None:
        self._write = write
        self._jobs: queue.SimpleQueue[Waiting[J] | None] = queue.SimpleQueue()
        self._slots = threading.BoundedSemaphore(MOST_WAITING)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self, job: J) -> Any:
        """Hand a job over and return its outcome once that is written.

        Raises what the writing raises for it, and StoreBusy when too many wait or the wait is too long (it may then
        still come to pass).
        """
        if not self._slots.acquire(timeout=LONGEST_FOR_A_PLACE):
            raise StoreBusy("Too many answers arrive at this moment. Send yours again in a few seconds.")
        try:
            waiting = Waiting(job)
            self._begin()
            self._jobs.put(waiting)
            try:
                return waiting.outcome.result(timeout=LONGEST_WAIT)
            except TimeoutError:
                raise StoreBusy("The disk is slow at this moment. Send it again in a few seconds.") from None
        finally:
            self._slots.release()

    @property
    def running(self) -> bool:
        """Say whether the thread was started."""
        return self._thread is not None

    def waiting(self) -> int:
        """Count the jobs that nobody took yet."""
        return self._jobs.qsize()

    def close(self) -> None:
        """Finish what waits and end the thread."""
        with self._start:
            if self._thread is not None:
                self._jobs.put(None)
                self._thread.join()
                self._thread = None

    def _begin(self) -> None:
        """Start the thread with the first job: a thread does not survive a fork."""
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="revisit-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            jobs, last = self._next()
            try:
                if jobs:
                    self._write(jobs)
            except BaseException:
                # A writer that died would leave every later answer waiting for ever: end the process, the supervisor
                # starts a new one and nothing that was acknowledged is lost.
                log.exception("The writing thread failed; the process ends.")
                os._exit(70)
            if last:
                return

    def _next(self) -> tuple[list[Waiting[J]], bool]:
        """Give the jobs that wait, at least one, and whether the thread shall end after them."""
        first = self._jobs.get()
        jobs: list[Waiting[J]] = []
        while first is not None:
            jobs.append(first)
            if len(jobs) == AT_ONCE:
                return jobs, False
            try:
                first = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True
