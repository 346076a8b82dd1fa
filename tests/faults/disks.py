"""A small disk that can really be full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, mebibytes: int, uid: int = 0) -> Iterator[Path]:
    """Give an empty disk of a size at a place while the block runs; skips the test where nothing can be mounted."""
    place.mkdir(parents=True)
    options = f"size={mebibytes}m,mode=0700,uid={uid}"
    mount = ["mount", "-t", "tmpfs", "-o", options, "revisit-test", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk, and not everywhere")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte of a disk free; gives the file that holds the space."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 65536):
            pass
    return filler
