"""What an error of the system about a file or folder means for a person: which one, why, and what to do."""

import errno
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from revisit.records.problems import RevisitError

NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DENIED = {errno.EACCES, errno.EPERM}
IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST}


class DiskError(RevisitError):
    """A file or folder cannot be used; says which one, why, and what to do."""


@contextmanager
def telling(path: Path | None = None) -> Iterator[None]:
    """Turn an error of the system about a file into a sentence; ``path`` where the system does not name it. DiskError.

    Errors that are about no file stay what they are.
    """
    try:
        yield
    except OSError as error:
        said = told(error, path)
        if not said:
            raise
        raise DiskError(said) from error


def read_text(path: Path) -> str:
    """Read a text file. FileNotFoundError where there is none, UnicodeDecodeError, and DiskError for all else."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DiskError(told(error, path)) from error


def told(error: OSError, path: Path | None = None) -> str:
    """Give the sentence for an error of the system about a file; empty where it is about none."""
    named = error.filename if isinstance(error.filename, str | bytes | os.PathLike) else None
    place = path if path is not None or named is None else Path(os.fsdecode(named))
    if error.errno in NO_SPACE:
        where = f'to write "{place}"' if place is not None else "on the disk"
        return f"There is no space left {where}. Free some; what was stored before is whole."
    return "" if place is None else _of_place(place, error)


def _of_place(place: Path, error: OSError) -> str:
    if error.errno in DENIED:
        return _denied(place, error)
    file = _file_in_the_way(place)
    if error.errno in IN_THE_WAY and file is not None:
        return f'"{file}" is a file, and a folder belongs there. Run: {_aside(file)}'
    if error.errno == errno.EISDIR:
        return f'"{place}" is a folder, and a file belongs there. Run: {_aside(place)}'
    if error.errno == errno.EROFS:
        return f'"{place}" cannot be written: its disk is mounted read-only. Mount it so that it can be written.'
    if error.errno == errno.ENOENT:
        return f'"{place}" is missing. Put it back; revisit doctor says what else is.'
    return f'"{place}" cannot be used: {error.strerror}. Look after the disk, then run: revisit doctor'


def _denied(place: Path, error: OSError) -> str:
    """Name what hinders: not always what was asked for, but a folder above it that may not be entered or written."""
    shut = _shut(place)
    kind = "folder" if shut.is_dir() else "file"
    verb = "written" if os.access(shut, os.R_OK | (os.X_OK if kind == "folder" else 0)) else "read"
    return f'The {kind} "{shut}" cannot be {verb}: {error.strerror}. Run: {opening(shut)}'


def opening(path: Path) -> str:
    """Give the line to type that lets the one who runs this use a file or a folder with all that lies in it."""
    if path.stat().st_uid != os.geteuid():
        return f'sudo chown -R "$(id -un)" {_quoted(path)}'
    return f"chmod -R u+rwX {_quoted(path)}" if path.is_dir() else f"chmod u+rw {_quoted(path)}"


def may_use(path: Path) -> bool:
    """Say whether a folder, or a file, can be read and written."""
    return os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0))


def _aside(path: Path) -> str:
    return f"mv {_quoted(path)} {_quoted(path.with_name(f'{path.name}.aside'))}"


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _shut(place: Path) -> Path:
    """Give the first folder on the way to a place that may not be entered; else the place itself, or what holds it."""
    last = Path(place.anchor)
    for step in (*reversed(place.parents), place):
        if step.is_dir() and step != place and not os.access(step, os.X_OK):
            return step
        if not os.path.lexists(step):
            return last
        last = step
    return place if not may_use(place) else place.parent


def _file_in_the_way(place: Path) -> Path | None:
    """Give the first part of the way to a place that is a file where a folder is needed."""
    return next((step for step in (*reversed(place.parents), place) if step.is_file()), None)
