"""The sealer: makes the bytes of files that are written again and again, and none of them anew without need."""

import itertools
import operator
import zlib
from collections import OrderedDict
from pathlib import Path

import orjson

from revisit.store.folder.files import FORMAT, NO_CHECKSUM, SEAL, Tables

KEPT = 8  # files, of at most a few MiB each: answers arrive for the latest ones
Rows = dict[str, dict[str, object]]


class Sealer:
    """Gives the same bytes as ``sealed``. What a file's tables were made of last time is kept, for the latest files.

    A table that is the same object was not changed; one that begins with the very rows of last time has grown, and
    only its new rows are made. One thread uses it.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[Path, dict[str, tuple[Rows, bytes]]] = OrderedDict()

    def seal(self, path: Path, tables: Tables) -> bytes:
        """Give the bytes of a file with its checksum."""
        last = self._last.pop(path, {})
        about = {**tables.get("file", {}).get("about", {"format": FORMAT}), "crc32": NO_CHECKSUM}
        head = orjson.dumps({"file": {"about": about}})[:-1]
        kept: dict[str, tuple[Rows, bytes]] = {}
        pieces = [head]
        for name, rows in tables.items():
            if name != "file":
                kept[name] = rows, _bytes_of(rows, *last.get(name, ({}, b"{}")))
                pieces += [b",", orjson.dumps(name), b":", kept[name][1]]
        pieces.append(b"}")
        check = 0
        for piece in pieces:
            check = zlib.crc32(piece, check)
        place = head.index(SEAL) + len(SEAL)
        pieces[0] = b"%b%08x%b" % (head[:place], check, head[place + 8 :])
        self._last[path] = kept
        if len(self._last) > KEPT:
            self._last.popitem(last=False)
        return b"".join(pieces)


def _bytes_of(rows: Rows, before: Rows, made: bytes) -> bytes:
    """Give a table's bytes; ``made`` are those of the rows it had before."""
    if rows is before:
        return made
    if not before or not _has_grown(rows, before):
        return orjson.dumps(rows)
    more = orjson.dumps(dict(itertools.islice(rows.items(), len(before), None)))
    return made[:-1] + b"," + more[1:] if len(rows) > len(before) else made


def _has_grown(rows: Rows, before: Rows) -> bool:
    """Say whether a table begins with the very rows that it had: the same objects under the same keys."""
    return (
        len(rows) >= len(before)
        and all(map(operator.is_, rows.values(), before.values()))
        and all(map(operator.eq, rows, before))
    )
