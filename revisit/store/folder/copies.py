"""Copies of changed data files, 24 hourly and 14 daily, and mending a damaged file from one."""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any

from cattrs import BaseValidationError

from revisit.records.letters import Letter
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.people import Session, User
from revisit.records.problems import CallError
from revisit.records.reports import IssuedReport
from revisit.records.responses import Response
from revisit.records.tags import Verdicts
from revisit.records.visits import Invitation, Poster, Visit
from revisit.store import codec
from revisit.store.folder.base import Part
from revisit.store.folder.files import FORMAT, Tables, copies_of, parse, sealed, write_whole
from revisit.store.protocol import StoreDamaged

log = logging.getLogger(__name__)

DAMAGED = "damaged"
STAMP = "%Y%m%dT%H%MZ"
# By count and not by age: a clock that jumps ahead prunes nothing that a day's work would not prune.
KEPT = ((11, 24), (8, 14))  # of a stamp's first characters (the hour, the day), how many different ones are kept
FOLDERS = ("orders", "contacts", "answers", "letters")
# Rows that never change once they are filed: where the file and its copy differ, the copy is right.
FINAL = {"orders", "contacts", "responses"}
KINDS: dict[str, type] = {
    "batches": Batch, "contacts": Contact, "orders": RepairOrder, "visits": Visit, "invitations": Invitation,
    "responses": Response, "posters": Poster, "letters": Letter, "users": User, "sessions": Session,
    "reports": IssuedReport, "verdicts": Verdicts,
}  # fmt: skip
ROW = re.compile(r'"([^"\\]{1,200})":(?=\{)')


@dataclass(frozen=True, slots=True)
class Mending:
    """What a damaged file would become: the copy it starts from, and the rows that can still be read in it."""

    path: Path
    copy: Path | None
    tables: Tables
    from_copy: int
    from_file: int

    @property
    def rows(self) -> int:
        """Give how many rows it will have."""
        return sum(len(rows) for name, rows in self.tables.items() if name in KINDS)


class Copies(Part):
    """The part of the store that keeps copies and mends."""

    _copied = ""

    def upkeep(self, at: datetime) -> None:
        """See Store.upkeep."""
        hour = at.astimezone(UTC).strftime(STAMP)[: KEPT[0][0]]
        if hour == self._copied:
            return
        for place in ("", *FOLDERS):
            for path in sorted((self.folder / place).glob("*.json")):
                self._copy(path, at.astimezone(UTC).strftime(STAMP))
        self._copied = hour

    def copies(self, path: Path) -> list[Path]:
        """Give the copies of a data file, newest first."""
        return sorted(copies_of(self.folder, path).glob("*.json"), reverse=True)

    def newest_good_copy(self, path: Path) -> tuple[Path, Tables] | None:
        """Give the newest copy that can be read, with what is in it."""
        for copy in self.copies(path):
            try:
                return copy, parse(copy, copy.read_bytes())
            except (StoreDamaged, OSError):
                continue
        return None

    def mending(self, path: Path) -> Mending:
        """Say what a damaged file would become. CallError where it is whole, or where nothing can be had."""
        path = self._inside(path)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = b""
        except OSError as error:
            raise CallError(f'"{path}" cannot be read: {error.strerror}. Run: chmod 600 "{path}"') from None
        if content and _is_whole(path, content):
            raise CallError(f'"{path}" is whole. There is nothing to mend.')
        copied = self.newest_good_copy(path)
        tables: Tables = {} if copied is None else {name: dict(rows) for name, rows in copied[1].items()}
        before = sum(len(rows) for name, rows in tables.items() if name in KINDS)
        found = list(salvage(content))
        if copied is None and not found:
            raise CallError(f'There is no good copy of "{path}", and nothing in it can be read. Restore a backup.')
        for table, row_id, row in found:
            rows = tables.setdefault(table, {})
            if table not in FINAL or row_id not in rows:
                rows[row_id] = row
        return Mending(path, None if copied is None else copied[0], tables, before, len(found))

    def mend(self, mending: Mending, at: datetime) -> Path:
        """Put a mended file in place; gives where the damaged one is kept."""
        inside = mending.path.relative_to(self.folder)
        kept = self.folder / DAMAGED / inside.with_name(f"{inside.stem}-{at.astimezone(UTC).strftime(STAMP)}.json")
        about = {"format": FORMAT, **mending.tables.get("file", {}).get("about", {})}
        if inside.parts[0] == "answers":
            about["survey"] = inside.stem[4:].rsplit("-", 2)[0]
        tables = {"file": {"about": about}, **{name: mending.tables[name] for name in mending.tables if name != "file"}}
        with self.shelf.lock:
            if mending.path.exists():
                kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.link(mending.path, kept)
            write_whole(mending.path, sealed(tables))
        return kept

    def _copy(self, path: Path, stamp: str) -> None:
        copies = self.copies(path)
        found = path.stat()
        if copies:
            newest = copies[0].stat()
            same = (newest.st_mtime_ns, newest.st_size) == (found.st_mtime_ns, found.st_size)
            if same or copies[0].stem[: KEPT[0][0]] == stamp[: KEPT[0][0]]:
                return
        content = path.read_bytes()
        try:
            parse(path, content)
        except StoreDamaged as error:
            log.error("%s", error)  # noqa: TRY400  the sentence says it all
            return
        copy = copies_of(self.folder, path) / f"{stamp}.json"
        write_whole(copy, content)
        os.utime(copy, ns=(found.st_mtime_ns, found.st_mtime_ns))
        for old in outdated([copy, *copies]):
            old.unlink(missing_ok=True)

    def _inside(self, path: Path) -> Path:
        path, folder = path.absolute(), self.folder.absolute()
        if path.suffix == ".json" and path.parent in {folder, *(folder / name for name in FOLDERS)}:
            return self.folder / path.relative_to(folder)
        raise CallError(f'"{path}" is no data file of "{self.folder}". revisit doctor names those that are damaged.')


def outdated(copies: list[Path]) -> list[Path]:
    """Give the copies that are no longer kept. The newest of an hour, and of a day, stands for it."""
    wanted: set[Path] = set()
    for length, number in KEPT:
        newest: dict[str, Path] = {}
        for copy in sorted(copies, reverse=True):
            newest.setdefault(copy.stem[:length], copy)
        wanted |= set(list(newest.values())[:number])
    return [copy for copy in copies if copy not in wanted]


def salvage(content: bytes) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give each row (table, id, row) of a damaged file that is still whole: it is an object that fits its record."""
    text = content.decode("utf-8", "replace")
    decoder = JSONDecoder()
    for match in ROW.finditer(text):
        try:
            row, _ = decoder.raw_decode(text, match.end())
        except JSONDecodeError:
            continue
        if isinstance(row, dict) and "\ufffd" not in str(row):
            table = _table_of(match[1], row)
            if table:
                yield table, match[1], row


def _table_of(row_id: str, row: dict[str, Any]) -> str:
    for table, cls in KINDS.items():
        if row_id == row.get("name" if cls is User else "id"):
            try:
                record: object = codec.load(cls, row)
            except (BaseValidationError, ValueError, TypeError):
                continue
            # Only the record it came from gives the very same row again: the others know other fields.
            if codec.dump(record) == row:
                return table
    return ""


def _is_whole(path: Path, content: bytes) -> bool:
    try:
        parse(path, content)
    except StoreDamaged:
        return False
    return True
