"""How bytes reach the disk: a TinyDB storage that replaces its file whole, and never reads a damaged one as empty.

TinyDB's own JSONStorage truncates in place; this one writes aside, fsyncs the file, renames it and fsyncs the folder.
"""

import errno
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from revisit.settings.disk import NO_SPACE, told
from revisit.store.protocol import StoreDamaged, StoreError, StoreFull

FORMAT = 1
Tables = dict[str, dict[str, dict[str, Any]]]
COPIES = "copies"
SEAL = b'"crc32":"'
SEAL_WITHIN = 400  # bytes: before any row
TAIL = 1 << 16  # bytes: where the last line of an appended file is looked for first
NO_CHECKSUM = "00000000"


class Signature(NamedTuple):
    """What tells one version of a file from another: every replace gives a new inode."""

    inode: int
    changed: int
    size: int


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by new content that is on disk when this returns, or leave the old one. StoreFull, StoreError."""
    aside = path.with_name(path.name + ".new")
    try:
        make_folder(path.parent)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb", closefd=False) as file:
                file.write(content)
            os.fsync(handle)
        finally:
            os.close(handle)
        aside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise store_error(path, error) from error


def append_line(path: Path, line: bytes) -> None:
    """Add one line to a file under the caller's lock; it is on disk when this returns. StoreFull, StoreError.

    What a power cut or a full disk left of an earlier line was never acknowledged: it is cut off first.
    """
    try:
        make_folder(path.parent)
        new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _add_line(handle, line.rstrip(b"\n") + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            sync_folder(path.parent)
    except OSError as error:
        raise store_error(path, error) from error


def _add_line(handle: int, line: bytes) -> None:
    end = _end_of_lines(handle)
    os.ftruncate(handle, end)
    try:
        done = 0
        while done < len(line):  # a disk that is nearly full takes a part
            done += os.pwrite(handle, line[done:], end + done)
    except OSError:
        os.ftruncate(handle, end)
        raise


def _end_of_lines(handle: int) -> int:
    size = os.fstat(handle).st_size
    start = max(0, size - TAIL)
    tail = whole_lines(os.pread(handle, TAIL, start))
    return start + len(tail) if tail or not start else len(whole_lines(os.pread(handle, size, 0)))


def whole_lines(content: bytes) -> bytes:
    """Give the part of an appended file that was acknowledged: everything to its last line break."""
    return content[: content.rfind(b"\n") + 1]


def read_lines(path: Path, content: bytes) -> Iterator[dict[str, Any]]:
    """Give the rows of an appended file. StoreDamaged names file and byte."""
    place = 0
    for line in whole_lines(content).splitlines(keepends=True):
        try:
            row = orjson.loads(line) if line.strip() else None
        except orjson.JSONDecodeError as error:
            where = f"byte {place + error.pos} of {len(content)}"
            cure = f'Take it away with: mv "{path}" "{path}.damaged" (a backup holds the lines until it was made)'
            raise StoreDamaged(f'The file "{path}" is damaged at {where}. {cure}') from error
        if row is not None:
            yield row
        place += len(line)


def make_folder(folder: Path) -> None:
    """Make a folder, readable by its owner alone, with those above it; it is on disk when this returns. OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's names on disk: without it a rename may be undone by a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store_error(path: Path, error: OSError) -> StoreError:
    """Give what an error of the system means for who writes to a path."""
    return (StoreFull if error.errno in NO_SPACE else StoreError)(told(error, path))


def sealed(tables: Tables) -> bytes:
    """Give a data file's bytes, with a checksum near their beginning: a flipped bit is found wherever it is."""
    about = {**tables.get("file", {}).get("about", {"format": FORMAT}), "crc32": NO_CHECKSUM}
    content = bytearray(orjson.dumps({"file": {"about": about}, **_without_file(tables)}))
    place = content.index(SEAL) + len(SEAL)
    content[place : place + 8] = b"%08x" % zlib.crc32(content)
    return bytes(content)


def copies_of(folder: Path, path: Path) -> Path:
    """Give the folder that keeps the copies of a data file; where it is, the file was."""
    return folder / COPIES / path.relative_to(folder).with_suffix("")


def _without_file(tables: Tables) -> Tables:
    return {name: rows for name, rows in tables.items() if name != "file"}


def _fits(content: bytes) -> bool:
    """Say whether a data file's checksum fits; true where it has none, as one that another program wrote."""
    found = content.find(SEAL, 0, SEAL_WITHIN)
    if found < 0:
        return True
    place = found + len(SEAL)
    rest = zlib.crc32(memoryview(content)[place + 8 :], zlib.crc32(NO_CHECKSUM.encode(), zlib.crc32(content[:place])))
    return content[place : place + 8] == b"%08x" % rest


def read_whole(path: Path) -> tuple[Signature, Tables] | None:
    """Read a data file with the signature of the version that was read; None where there is none. StoreDamaged."""
    try:
        with path.open("rb") as file:
            content = file.read()
            found = os.fstat(file.fileno())
    except FileNotFoundError:
        return None
    except OSError as error:
        cure = f'chmod 600 "{path}"' if error.errno == errno.EACCES else f'revisit store mend "{path}"'
        raise StoreDamaged(f'The data file "{path}" cannot be read: {error.strerror}. Run: {cure}') from error
    return Signature(found.st_ino, found.st_mtime_ns, found.st_size), parse(path, content)


def parse(path: Path, content: bytes) -> Tables:
    """Give the tables in a data file's bytes. StoreDamaged names file and byte; an empty file is a damaged one."""
    cure = f'Run: revisit store mend "{path}"'
    try:
        tables = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        place = f"byte {error.pos} of {len(content)}"
        raise StoreDamaged(f'The data file "{path}" is damaged at {place}. {cure}') from error
    if not isinstance(tables, dict) or not all(
        isinstance(table, dict) and all(isinstance(row, dict) for row in table.values()) for table in tables.values()
    ):
        raise StoreDamaged(f'The data file "{path}" is JSON, but not of a data file\'s shape. {cure}')
    written = tables.get("file", {}).get("about", {}).get("format", FORMAT)
    if not isinstance(written, int) or written > FORMAT:
        raise StoreDamaged(f'The data file "{path}" was written by a newer version of Revisit. Update this one.')
    if not _fits(content):
        raise StoreDamaged(f'The data file "{path}" was changed by something else: its checksum does not fit. {cure}')
    return tables


class WholeFile(Storage):
    """A TinyDB storage that gathers the changes of one commit and writes the file once, when it is flushed."""

    def __init__(self, path: Path, tables: Tables | None) -> None:
        self._path = path
        self._tables: Tables = dict(tables) if tables else {"file": {"about": {"format": FORMAT}}}
        self._changed = False

    def read(self) -> Tables:
        """Give the tables as they are in this commit; a copy on top, because readers share what lies below."""
        return dict(self._tables)

    def write(self, data: Mapping[str, Mapping[Any, Any]]) -> None:
        """Note the new tables; nothing is on disk before ``flush``."""
        self._tables = dict(data)  # type: ignore[arg-type]
        self._changed = True

    def mark(self) -> Callable[[], None]:
        """Remember the tables as they are; calling what this gives takes later changes back."""
        tables, changed = self._tables, self._changed

        def restore() -> None:
            self._tables, self._changed = tables, changed

        return restore

    def flush(self, seal: Callable[[Path, Tables], bytes]) -> Tables | None:
        """Put the changes on disk; gives the tables now on disk, or None where nothing had changed."""
        if not self._changed:
            return None
        write_whole(self._path, seal(self._path, self._tables))
        return self._tables


class Rows(Table):
    """A TinyDB table under our own ids; its query cache is off, because another process may have written since."""

    document_id_class = str  # type: ignore[assignment]
    default_query_cache_capacity = 0

    def _update_table(self, updater: Callable[[dict[Any, Any]], None]) -> None:
        """Change the table as TinyDB's own does, but copy it once and as it is: our ids are texts already."""
        tables: Tables = self._storage.read() or {}
        rows = dict(tables.get(self.name, {}))
        updater(rows)
        self._storage.write({**tables, self.name: rows})


class Book(TinyDB):
    """The tables of one file, open for one commit."""

    table_class = Rows

    def get(self, table: str, row_id: str) -> dict[str, Any] | None:
        """Find a row by its id."""
        row = self.rows(table).get(row_id)
        return None if row is None else dict(row)

    def put(self, table: str, row_id: str, row: Mapping[str, Any]) -> None:
        """File a row under its id, in place of an older one."""
        self.put_all(table, {row_id: row})

    def put_all(self, table: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """File many rows. Taken out and put in anew: TinyDB's update would change rows that readers hold."""
        self.drop(table, rows)
        self.table(table).insert_multiple(Document(row, row_id) for row_id, row in rows.items())  # type: ignore[arg-type]

    def drop(self, table: str, row_ids: Iterable[str]) -> int:
        """Take rows out; gives how many there were."""
        held = self.table(table)
        present = [row_id for row_id in row_ids if held.contains(doc_id=row_id)]  # type: ignore[arg-type]
        if present:
            held.remove(doc_ids=present)  # type: ignore[arg-type]
        return len(present)

    def rows(self, table: str) -> dict[str, dict[str, Any]]:
        """Give all rows of a table by id; they are shared and must not be changed."""
        tables: Tables = self.storage.read() or {}
        return tables.get(table, {})
