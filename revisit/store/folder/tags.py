"""The tags of answers, a file of lines for each month with its secret beside it; neither is copied or backed up."""

import contextlib
import os
import queue
import secrets
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import orjson
from cattrs import BaseValidationError

from revisit.records.tags import Tag, Verdicts
from revisit.store import codec
from revisit.store.folder.base import Part
from revisit.store.folder.files import write_whole
from revisit.store.protocol import TAG_SECRET

AT_ONCE = 40  # tags; they are a few KiB


class Tags(Part):
    """The part of the store that forgets."""

    def __init__(self, folder: Path, *, lean: bool = False) -> None:
        super().__init__(folder, lean=lean)
        self._secret = "", b""
        self._left: queue.SimpleQueue[Tag] = queue.SimpleQueue()
        self._writing = threading.Lock()

    def tag_secret(self, month: str) -> bytes:
        """See Store.tag_secret."""
        held = self._secret  # of the month in which answers arrive: the lock is the writer's most of the time
        if held[0] != month:
            path = self.folder / "tags" / f"{month}.key"
            with self.shelf.lock:
                if not path.exists():
                    write_whole(path, secrets.token_bytes(TAG_SECRET))
                held = self._secret = month, path.read_bytes()
        return held[1]

    def tag(self, tag: Tag) -> None:
        """See Store.tag. Many go to the disk at once, and nobody waits for that: no answer takes longer for its tag."""
        self._left.put(tag)
        if self._left.qsize() >= AT_ONCE:
            self.write_tags()

    def write_tags(self) -> None:
        """Write the tags that were left; what the disk does not take is lost."""
        with self._writing:
            lines: dict[str, list[bytes]] = defaultdict(list)
            for _ in range(self._left.qsize()):
                tag = self._left.get()
                lines[tag.month].append(orjson.dumps(codec.dump(tag)) + b"\n")
            for month, group in lines.items():
                with contextlib.suppress(OSError):
                    self._append(self.folder / "tags" / f"{month}.jsonl", b"".join(group))

    @staticmethod
    def _append(path: Path, lines: bytes) -> None:
        """Add lines in one write, so that those of two processes do not mix."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, lines)
        finally:
            os.close(handle)

    def tags(self, month: str) -> list[Tag]:
        """See Store.tags."""
        self.write_tags()
        path = self.folder / "tags" / f"{month}.jsonl"
        lines = path.read_bytes().splitlines() if path.exists() else []
        held = {tag.id: tag for tag in (_read(line) for line in lines) if tag is not None}
        return sorted(held.values(), key=lambda tag: (tag.at, tag.id))

    def tag_months(self) -> list[str]:
        """See Store.tag_months."""
        return [path.stem for path in self.files("tags", "*.key")]

    def take_tags(self, month: str, secret: bytes, tags: Sequence[Tag]) -> None:
        """See Store.take_tags."""
        with self.shelf.lock:
            write_whole(self.folder / "tags" / f"{month}.key", secret)
            lines = b"".join(orjson.dumps(codec.dump(tag)) + b"\n" for tag in tags)
            write_whole(self.folder / "tags" / f"{month}.jsonl", lines)
        self._secret = "", b""

    def settle_tags(self, verdicts: Verdicts) -> None:
        """See Store.settle_tags."""
        self.shelf.commit(self._verdicts_file, lambda book: book.put("verdicts", verdicts.id, codec.dump(verdicts)))
        self.write_tags()
        for ending in ("jsonl", "key"):
            (self.folder / "tags" / f"{verdicts.id}.{ending}").unlink(missing_ok=True)
        self._secret = "", b""

    def verdicts(self) -> list[Verdicts]:
        """See Store.verdicts."""
        return sorted(self.records(self._verdicts_file, "verdicts", Verdicts), key=lambda one: one.id)

    @property
    def _verdicts_file(self) -> Path:
        return self.folder / "verdicts.json"


def _read(line: bytes) -> Tag | None:
    """Read a line; one that a crash cut off is no tag."""
    try:
        return codec.load(Tag, orjson.loads(line))
    except (orjson.JSONDecodeError, BaseValidationError):
        return None
