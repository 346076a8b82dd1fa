"""A power cut at any moment: what was acknowledged is on the disk in every state the disk may be in.

The model is the one that crash testers of databases use: bytes of a file are safe once the file was fsynced, a new
name once its folder was; what is not safe may be there, torn or gone. A kill of the process cannot show this, because
the page cache survives it.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from revisit.store.folder import FolderStore
from tests.store.cast import answer, batch, entry, invite

TORN = None


@dataclass
class Disk:
    """Follows what the program asked of the disk, and gives the versions a file may have after a cut now."""

    safe: dict[Path, bytes] = field(default_factory=dict)  # bytes of files that were fsynced, by the name they had then
    names: dict[Path, list[bytes | None]] = field(default_factory=dict)  # versions that may stand under a name now

    def synced_file(self, path: Path) -> None:
        self.safe[path] = path.read_bytes()

    def renamed(self, source: Path, target: Path) -> None:
        version = self.safe.pop(source, TORN)
        self.names.setdefault(target, []).append(version)

    def synced_folder(self, folder: Path) -> None:
        for path, versions in self.names.items():
            if path.parent == folder:
                self.names[path] = versions[-1:]


def test_it_keeps_what_it_acknowledged_in_every_state_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    ones = [entry(f"RO-{number}") for number in range(6)]
    store.add_orders(batch(), ones)
    invitations = [invite(store, one.visit) for one in ones]
    (path,) = (tmp_path / "answers").glob("*.json")
    disk = Disk(names={path: [path.read_bytes()]})
    acknowledged: list[str] = []
    states = 0
    faults: list[str] = []  # gathered here: an error in the writing thread would end the process

    def cut_now() -> None:
        nonlocal states
        for version in disk.names[path]:
            states += 1
            if version is TORN:
                faults.append("a name was given to bytes that were not on the disk")
            elif not set(acknowledged) <= set(orjson.loads(version).get("responses", {})):
                faults.append("an acknowledged answer is missing")

    fsync, rename = os.fsync, Path.replace

    def watched_fsync(handle: int) -> None:
        fsync(handle)
        named = Path(f"/proc/self/fd/{handle}").readlink()
        if named.is_dir():
            disk.synced_folder(named)
        else:
            disk.synced_file(named)
        cut_now()

    def watched_rename(source: Path, target: Path) -> Path:
        renamed = rename(source, target)
        disk.renamed(source, target)
        cut_now()
        return renamed

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_rename)
    for invitation in invitations:
        assert store.record(answer(invitation)) == "stored"
        acknowledged.append(invitation.id)
        cut_now()
    monkeypatch.undo()
    store.close()
    assert faults == []
    assert states > 24
