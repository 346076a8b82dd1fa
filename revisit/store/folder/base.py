"""What the parts of the folder store share: where files lie, how rows become records, and how bulk work is cut."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

import orjson
from filelock import Timeout

from revisit.records.orders import Batch
from revisit.store import codec
from revisit.store.folder.files import Book, make_folder, store_error, write_whole
from revisit.store.folder.locks import Lock
from revisit.store.folder.writer import Shelf
from revisit.store.protocol import StoreBusy, Turn

R = TypeVar("R")

SLICE_ROWS = 500
SLICE_SECONDS = 0.1
LEAN_FILES = 3  # kept in memory of a lean store: one of orders, one of contacts, and the next month's of either


def quiet(_done: int) -> None:
    """Report progress to nobody."""


class Part:
    """Base of the store's parts: one folder, one shelf of files."""

    def __init__(self, folder: Path, *, lean: bool = False) -> None:
        self.folder = folder
        self.lean = lean
        try:
            make_folder(folder)
        except OSError as error:
            raise store_error(folder, error) from error
        self.shelf = Shelf(folder, LEAN_FILES if lean else 0)
        self.bulk = Lock(folder / ".bulk.lock", mode=0o600)

    def files(self, kind: str, pattern: str = "*.json") -> list[Path]:
        """Give the data files of one kind by name. StoreError where they cannot be seen: they may be there."""
        folder = self.folder / kind
        try:
            return sorted(path for path in folder.iterdir() if fnmatchcase(path.name, pattern))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise store_error(folder, error) from error

    def records(self, path: Path, table: str, cls: type[R]) -> Iterator[R]:
        """Give the records in a table of a file."""
        return (codec.load(cls, row) for row in self.shelf.tables(path).get(table, {}).values())

    def find(self, path: Path, table: str, row_id: str, cls: type[R]) -> R | None:
        """Find one record by its id."""
        row = self.shelf.tables(path).get(table, {}).get(row_id)
        return None if row is None else codec.load(cls, row)

    def put_in_slices(
        self, path: Path, table: str, rows: Mapping[str, dict[str, Any]], progress: Callable[[int], None] = quiet
    ) -> None:
        """File many rows that are not there yet, in commits short enough that an answer never waits long for one."""
        size = SLICE_ROWS
        waiting = iter(rows.items())
        while slice_ := dict(itertools.islice(waiting, size)):
            started = time.monotonic()
            self.shelf.commit(path, lambda book, new=slice_: _put_new(book, table, new))  # type: ignore[misc]
            progress(len(slice_))
            if time.monotonic() - started > SLICE_SECONDS:
                size = max(50, size // 2)

    def put_all_new(self, path: Path, table: str, rows: Mapping[str, dict[str, Any]]) -> None:
        """File many rows that are not there yet in one commit, where no answer waits."""
        self.shelf.commit(path, lambda book: _put_new(book, table, rows))

    @contextmanager
    def alone(self, turn: Turn, patience: float) -> Iterator[None]:
        """See Store.alone."""
        lock = Lock(self.folder / f".{turn}.lock", timeout=patience, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise StoreBusy("Another program is at the same work. Try again in a minute.") from None
        try:
            yield
        finally:
            lock.release()

    def add_batch(self, batch: Batch) -> None:
        """See Store.add_batch."""
        # All anew: one that is put in place of another goes behind all others, and their order tells which was last.
        noted = {batch.id: codec.dump(batch)}
        self.shelf.commit(self._batches_file, lambda book: book.put_all("batches", {**book.rows("batches"), **noted}))

    @property
    def _batches_file(self) -> Path:
        return self.folder / "batches.json"

    def note(self, intent: str, content: dict[str, Any]) -> Path:
        """Put on disk what is about to be done to several files, so that a start after a crash can finish it."""
        path = self.folder / "intents" / f"{intent}.json"
        write_whole(path, orjson.dumps(content))
        return path


def _put_new(book: Book, table: str, rows: Mapping[str, dict[str, Any]]) -> None:
    held = book.rows(table)
    book.put_all(table, {row_id: row for row_id, row in rows.items() if row_id not in held})
