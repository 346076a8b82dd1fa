"""Whether the folder can take answers, in plain sentences."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from revisit.store.folder.copies import FOLDERS, STAMP, Copies
from revisit.store.folder.files import COPIES
from revisit.store.protocol import StoreDamaged, StoreError

LEAST_BYTES = 100 * 1024 * 1024
LEAST_SHARE = 0.05
# File systems of another machine: a lock or an fsync there may be a promise that nobody keeps.
NETWORK = {
    "9p", "afs", "ceph", "cifs", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
    "fuse.sshfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs",
}  # fmt: skip
MOUNTS = Path("/proc/self/mountinfo")


class Health(Copies):
    """The part of the store that says how it is."""

    def clock(self) -> datetime:
        """See Store.clock."""
        try:
            with tempfile.TemporaryFile(dir=self.folder) as file:
                return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        except OSError as error:
            raise StoreError(f'"{self.folder}" cannot be written: {error.strerror}.') from error

    def healthy(self) -> list[str]:
        """See Store.healthy."""
        faults = []
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            faults.append(
                f'The data folder "{self.folder}" cannot be written. Run: sudo chown -R "$(id -un)" "{self.folder}"'
            )
        space = shutil.disk_usage(self.folder)
        if space.free < LEAST_BYTES or space.free < LEAST_SHARE * space.total:
            free = space.free // (1024 * 1024)
            look = f'du -xh --max-depth=2 "{self.folder.parent}" | sort -h | tail'
            faults.append(f'Only {free} MiB are free where "{self.folder}" lies. Run: {look}')
        for path in sorted(self._data_files()):
            try:
                self.shelf.tables(path)
            except StoreDamaged as error:
                faults.append(self._with_copy(path, str(error)))
        waiting = len(self.files("aside"))
        if waiting:
            faults.append(f"{waiting} answers wait beside a damaged data file. Put the file back; they are filed then.")
        return faults

    def _data_files(self) -> Iterator[Path]:
        """Give the data files that are there, and those that were."""
        for place in ("", *FOLDERS):
            present = {path.stem for path in (self.folder / place).glob("*.json")}
            copied = {path.name for path in (self.folder / COPIES / place).glob("*") if path.name not in FOLDERS}
            yield from (self.folder / place / f"{name}.json" for name in present | copied)

    def _with_copy(self, path: Path, fault: str) -> str:
        """Say as well what there is to mend with."""
        copied = self.newest_good_copy(path)
        what, mark, cure = fault.partition(". Run: revisit store mend")
        if not mark:
            return fault
        if copied is None:
            return f"{what}; there is no good copy of it{mark}{cure}"
        made = datetime.strptime(copied[0].stem, STAMP).replace(tzinfo=UTC)
        return f"{what}; its newest good copy is of {made:%Y-%m-%d %H:%M} UTC{mark}{cure}"


def network_file_system(folder: Path, mounts: Path = MOUNTS) -> str:
    """Name the network file system that a folder lies on; empty where it lies on this machine, or nobody can tell."""
    place, kind = Path(), ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        words, _, rest = line.partition(" - ")
        mounted = Path(words.split()[4].replace("\\040", " "))
        if folder.resolve().is_relative_to(mounted) and len(mounted.parts) >= len(place.parts):
            place, kind = mounted, rest.split()[0]
    return kind if kind in NETWORK else ""
