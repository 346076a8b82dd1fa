"""The one thread that writes: it takes what waits, writes each file once, and only then answers (group commit)."""

import logging
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from revisit.records.problems import RevisitError
from revisit.store.folder.files import Book, Signature, Tables, WholeFile, copies_of, read_whole
from revisit.store.folder.sealer import Sealer
from revisit.store.protocol import StoreBusy, StoreDamaged, StoreError

T = TypeVar("T")
log = logging.getLogger(__name__)

AT_ONCE = 256
MOST_WAITING = 24  # of waitress's 32 threads: the others go on answering GET
LONGEST_WAIT = 10.0  # seconds
LONGEST_FOR_A_PLACE = 0.5  # seconds: a burst passes, a hung disk does not hold the other threads


@dataclass(slots=True)
class Job:
    """One change to one file, and where its outcome goes."""

    path: Path
    change: Callable[[Book], Any]
    outcome: Future[Any] = field(default_factory=Future)


class Shelf:
    """The data files of a folder: read without a lock (a replace is atomic), written by one thread under a lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Signature and tables are one value: as two, a reader could mark old tables as new.
        self._read: dict[Path, tuple[Signature, Tables]] = {}
        self._reading = threading.Lock()
        self._replacing: set[Path] = set()  # files that the writing thread is about to replace
        self._sealer = Sealer()
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._slots = threading.BoundedSemaphore(MOST_WAITING)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None
        self.lock = FileLock(folder / ".lock", mode=0o600)

    def tables(self, path: Path) -> Tables:
        """Give the tables of a file as last committed by any process; they are shared and must not be changed."""
        held = self._read.get(path)
        if held is not None and path in self._replacing:
            return held[1]  # what is being written is not acknowledged yet; reading it back would cost every reader
        try:
            found = path.stat()
        except FileNotFoundError:
            self._read.pop(path, None)
            if copies_of(self.folder, path).is_dir():
                cure = f'revisit store mend "{path}"'
                raise StoreDamaged(f'The data file "{path}" is missing. Run: {cure}') from None
            return {}
        if held is not None and held[0] == (found.st_ino, found.st_mtime_ns, found.st_size):
            return held[1]
        with self._reading:  # another process wrote: one thread reads what all wait for
            latest = self._read.get(path)
            if latest is not None and latest[0] == (found.st_ino, found.st_mtime_ns, found.st_size):
                return latest[1]
            fresh = read_whole(path)
            if fresh is None:
                return {}
            self._read[path] = fresh
            return fresh[1]

    def commit(self, path: Path, change: Callable[[Book], T]) -> T:
        """Apply a change to a file and return its outcome once that is on disk.

        When the change raises, nothing of it is kept. Raises what the change raises, and StoreBusy when too many wait
        or the wait is too long (the change may then still come to pass), StoreFull, StoreDamaged.
        """
        if not self._slots.acquire(timeout=LONGEST_FOR_A_PLACE):
            raise StoreBusy("Too many answers arrive at this moment. Send yours again in a few seconds.")
        try:
            job = Job(path, change)
            self._writer()
            self._jobs.put(job)
            try:
                outcome: T = job.outcome.result(timeout=LONGEST_WAIT)
            except TimeoutError:
                raise StoreBusy("The disk is slow at this moment. Send it again in a few seconds.") from None
            return outcome
        finally:
            self._slots.release()

    def close(self) -> None:
        """Finish what waits and end the thread."""
        with self._start:
            if self._thread is not None:
                self._jobs.put(None)
                self._thread.join()
                self._thread = None

    def _writer(self) -> None:
        """Start the thread with the first change: a thread does not survive a fork."""
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="revisit-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            jobs, last = self._waiting()
            try:
                self._write(jobs)
            except BaseException:
                # A writer that died would leave every later answer waiting for ever: end the process, the supervisor
                # starts a new one and nothing that was acknowledged is lost.
                log.exception("The writing thread failed; the process ends.")
                os._exit(70)
            if last:
                return

    def _waiting(self) -> tuple[list[Job], bool]:
        """Give the jobs that wait, at least one, and whether the thread shall end after them."""
        first = self._jobs.get()
        jobs: list[Job] = []
        while first is not None:
            jobs.append(first)
            if len(jobs) == AT_ONCE:
                return jobs, False
            try:
                first = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _write(self, jobs: list[Job]) -> None:
        groups: dict[Path, list[Job]] = {}
        for job in jobs:
            groups.setdefault(job.path, []).append(job)
        try:
            with self.lock.acquire(timeout=LONGEST_WAIT):
                for path, group in groups.items():
                    self._write_file(path, group)
        except Timeout:
            _fail(jobs, StoreBusy("Another program writes to the data folder. Try again in a few seconds."))
        except OSError as error:
            _fail(jobs, StoreError(f'The data folder "{self.folder}" cannot be locked: {error.strerror}.'))

    def _write_file(self, path: Path, jobs: list[Job]) -> None:
        done: list[tuple[Job, Any]] = []
        try:
            storage = WholeFile(path, self.tables(path))
            for job in jobs:
                restore = storage.mark()
                try:
                    done.append((job, job.change(Book(storage=lambda: storage))))
                except Exception as error:  # noqa: BLE001  whatever a change raises belongs to the one who asked for it
                    restore()
                    job.outcome.set_exception(error)
            self._flush(path, storage)
        except RevisitError as error:
            _fail(jobs, error)
            return
        for job, outcome in done:
            job.outcome.set_result(outcome)

    def _flush(self, path: Path, storage: WholeFile) -> None:
        self._replacing.add(path)
        try:
            tables = storage.flush(self._sealer.seal)
            if tables is not None:
                found = path.stat()
                self._read[path] = (Signature(found.st_ino, found.st_mtime_ns, found.st_size), tables)
        finally:
            self._replacing.discard(path)


def _fail(jobs: list[Job], error: RevisitError) -> None:
    for job in jobs:
        if not job.outcome.done():
            job.outcome.set_exception(error)
