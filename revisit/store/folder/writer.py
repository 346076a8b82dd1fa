"""The shelf of data files: who reads them, and the one thread that writes each file once for all that waits."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from filelock import Timeout

from revisit.records.problems import RevisitError
from revisit.store.folder.files import Book, Signature, Tables, WholeFile, copies_of, read_whole, store_error
from revisit.store.folder.locks import Lock
from revisit.store.folder.sealer import Sealer
from revisit.store.group import LONGEST_WAIT, Group, Waiting
from revisit.store.protocol import StoreBusy, StoreDamaged

T = TypeVar("T")


@dataclass(slots=True)
class Job:
    """One change to one file."""

    path: Path
    change: Callable[[Book], Any]


Jobs = list[Waiting[Job]]


class Shelf:
    """The data files of a folder: read without a lock (a replace is atomic), written by one thread under a lock."""

    def __init__(self, folder: Path, most: int = 0) -> None:
        """Open a shelf that keeps what it read: all of it, or the ``most`` files that were asked for last."""
        self.folder = folder
        self._most = most
        # Signature and tables are one value: as two, a reader could mark old tables as new.
        self._read: dict[Path, tuple[Signature, Tables]] = {}
        self._reading = threading.Lock()
        self._replacing: set[Path] = set()  # files that the writing thread is about to replace
        self._sealer = Sealer()
        self.group = Group(self._write)
        self.lock = Lock(folder / ".lock", mode=0o600)

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
        except OSError as error:
            raise store_error(path, error) from error
        if held is not None and held[0] == (found.st_ino, found.st_mtime_ns, found.st_size):
            return self._keep(path, held)
        with self._reading:  # another process wrote: one thread reads what all wait for
            latest = self._read.get(path)
            if latest is not None and latest[0] == (found.st_ino, found.st_mtime_ns, found.st_size):
                return latest[1]
            fresh = read_whole(path)
            if fresh is None:
                return {}
            return self._keep(path, fresh)

    def _keep(self, path: Path, read: tuple[Signature, Tables]) -> Tables:
        """Keep a file as the one that was asked for last, and let go of what is beyond the most."""
        if self._most:
            self._read.pop(path, None)
            for oldest in list(self._read)[: max(0, len(self._read) - self._most + 1)]:
                self._read.pop(oldest, None)
        self._read[path] = read
        return read[1]

    def commit(self, path: Path, change: Callable[[Book], T]) -> T:
        """Apply a change to a file and return its outcome once that is on disk.

        When the change raises, nothing of it is kept. Raises what the change raises, and StoreBusy when too many wait
        or the wait is too long (the change may then still come to pass), StoreFull, StoreDamaged.
        """
        outcome: T = self.group.ask(Job(path, change))
        return outcome

    def close(self) -> None:
        """Finish what waits and end the thread."""
        self.group.close()

    def _write(self, jobs: Jobs) -> None:
        groups: dict[Path, Jobs] = {}
        for job in jobs:
            groups.setdefault(job.job.path, []).append(job)
        try:
            with self.lock.acquire(timeout=LONGEST_WAIT):
                for path, group in groups.items():
                    self._write_file(path, group)
        except Timeout:
            _fail(jobs, StoreBusy("Another program writes to the data folder. Try again in a few seconds."))
        except RevisitError as error:
            _fail(jobs, error)

    def _write_file(self, path: Path, jobs: Jobs) -> None:
        done: list[tuple[Waiting[Job], Any]] = []
        try:
            storage = WholeFile(path, self.tables(path))
            for job in jobs:
                restore = storage.mark()
                try:
                    done.append((job, job.job.change(Book(storage=lambda: storage))))
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


def _fail(jobs: Jobs, error: RevisitError) -> None:
    for job in jobs:
        if not job.outcome.done():
            job.outcome.set_exception(error)
