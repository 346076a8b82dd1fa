"""A backup is one file: every record as of one moment, with settings, surveys and their published versions."""

import gzip
import io
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import orjson

from revisit import __version__
from revisit.flows.keeping.move_store import check_empty, compare, fill, take_census
from revisit.records.problems import CallError
from revisit.settings import FILE_NAME, KEYS_NAME, UNITS_NAME, Workspace, keys_path
from revisit.store.contents import TABLES, Census, Row, Tally
from revisit.store.protocol import Store

CHUNK = 1 << 20
FORMAT = 1
ABOUT = "backup.json"
RECORDS = "records"
FILES = "workspace"
# Letters that lie in the outbox count as written: without them nobody would ever send them.
FOLDERS = ("surveys", "site_templates", "data/versions", "data/outbox")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when it was made, by which version, how much of everything, and whether with keys."""

    made_at: datetime
    version: str
    tallies: dict[str, Tally]
    with_keys: bool

    @property
    def rows(self) -> int:
        """Give how many rows there are in all."""
        return sum(tally.count for tally in self.tallies.values())


def make_backup(store: Store, workspace: Workspace, path: Path, at: datetime, *, with_keys: bool = False) -> Backup:
    """Write a backup of everything as of one moment; answers go on arriving meanwhile.

    The file is there whole or not at all, readable by its owner alone. CallError where it exists, StoreDamaged where a
    record cannot be read: a backup that only looks whole would be worse than none.
    """
    if path.exists():
        raise CallError(f'There is a file "{path}" already. Choose another name.')
    with ExitStack() as stack:
        spools, census = _spool(store, path.parent, stack)
        backup = Backup(at, __version__, census.tallies(), with_keys)
        aside = path.with_name(path.name + ".new")
        stack.callback(aside.unlink, missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
                _write(tar, backup, spools, _files(workspace, with_keys=with_keys))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    return backup


def _spool(store: Store, folder: Path, stack: ExitStack) -> tuple[dict[str, IO[bytes]], Census]:
    """Write each table beside the backup first: an archive wants to know how long a file is before it begins."""
    spools: dict[str, IO[bytes]] = {}
    census = Census()
    for table, row in store.copy_out():
        if table not in spools:
            spools[table] = stack.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115  the stack closes it
        census.add(table, row)
        spools[table].write(orjson.dumps(row) + b"\n")
    return spools, census


def _files(workspace: Workspace, *, with_keys: bool) -> list[tuple[str, Path]]:
    found = [(name, workspace.root / name) for name in (FILE_NAME, UNITS_NAME)]
    for folder in FOLDERS:
        inside = sorted(path for path in (workspace.root / folder).rglob("*") if path.is_file())
        found += [(str(path.relative_to(workspace.root)), path) for path in inside]
    if with_keys:
        found.append((KEYS_NAME, keys_path(workspace.root)))
    return [(name, path) for name, path in found if path.is_file()]


def _write(tar: tarfile.TarFile, backup: Backup, spools: dict[str, IO[bytes]], files: list[tuple[str, Path]]) -> None:
    about = {"format": FORMAT, **asdict(backup)}
    _add(tar, ABOUT, io.BytesIO(orjson.dumps(about, option=orjson.OPT_INDENT_2)), backup.made_at)
    for name, path in files:
        with suppress(FileNotFoundError), path.open("rb") as file:  # a letter that was handed on meanwhile
            _add(tar, f"{FILES}/{name}", file, backup.made_at)
    for table, spool in spools.items():
        _add(tar, f"{RECORDS}/{table}.jsonl", spool, backup.made_at)


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], at: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size = file.seek(0, os.SEEK_END)
    info.mtime, info.mode = int(at.timestamp()), 0o600
    file.seek(0)
    tar.addfile(info, file)


def _read_through(path: Path) -> None:
    """Read a backup to its last byte: only there stands the checksum, and the archive itself ends before it."""
    with gzip.open(path) as file:
        while file.read(CHUNK):
            pass


def restore_backup(
    path: Path,
    workspace: Workspace,
    open_target: Callable[[Workspace], Store],
    progress: Callable[[int], None] = lambda _done: None,
) -> Backup:
    """Make a workspace and fill its store from a backup, then compare both.

    Raises CallError where the backup cannot be read whole, or the workspace or the store is not empty.
    """
    if not path.is_file():
        raise CallError(f'There is no file "{path}".')
    if (workspace.root / FILE_NAME).exists():
        raise CallError(f'"{workspace.root}" is a workspace already. Restore to an empty folder: --to DIR')
    try:
        _read_through(path)
        with tarfile.open(path, "r:gz") as tar:
            backup = _about(path, tar)
            store = open_target(workspace)
            try:
                check_empty(store)
                fill(store, _rows(tar), progress)
                compare(backup.tallies, take_census(store).tallies())
            finally:
                store.close()
            _put_files(tar, workspace.root)
    except (tarfile.TarError, EOFError, zlib.error, OSError, orjson.JSONDecodeError, KeyError) as error:
        raise CallError(f'The backup "{path}" cannot be read whole ({error}). Take another one.') from error
    return backup


def _about(path: Path, tar: tarfile.TarFile) -> Backup:
    about: dict[str, Any] = orjson.loads(_read(tar, ABOUT))
    if about["format"] > FORMAT:
        raise CallError(f'The backup "{path}" was made by a newer version ({about["version"]}). Update this one.')
    tallies = {table: Tally(**tally) for table, tally in about["tallies"].items()}
    return Backup(datetime.fromisoformat(about["made_at"]), about["version"], tallies, about["with_keys"])


def _rows(tar: tarfile.TarFile) -> Iterator[tuple[str, Row]]:
    present = set(tar.getnames())
    for table in TABLES:
        if f"{RECORDS}/{table}.jsonl" in present:
            file = tar.extractfile(f"{RECORDS}/{table}.jsonl")
            assert file is not None  # noqa: S101  it is among the names
            yield from ((table, orjson.loads(line)) for line in file)


def _put_files(tar: tarfile.TarFile, root: Path) -> None:
    """Put settings, surveys and keys in place; ``revisit.toml`` last: a folder without it is no workspace yet."""
    names = [info.name for info in tar.getmembers() if info.isfile() and info.name.startswith(f"{FILES}/")]
    for name in sorted(names, key=lambda name: name == f"{FILES}/{FILE_NAME}"):
        target = root / name.removeprefix(f"{FILES}/")
        if not target.resolve().is_relative_to(root.resolve()):
            raise CallError(f'The backup holds a file with the name "{name}", which leads out of the workspace.')
        private = name == f"{FILES}/{KEYS_NAME}" or name.startswith(f"{FILES}/data/")
        root.mkdir(parents=True, exist_ok=True)
        for folder in list(target.relative_to(root).parents)[-2::-1]:
            (root / folder).mkdir(0o700 if private else 0o755, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(_read(tar, name))


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    assert file is not None  # noqa: S101  extractfile raises KeyError for a name that is missing
    return file.read()
