"""The tests' own database server leaves nothing behind, however the tests end."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HOLD = """
import sys
from tests.store.postgres import running
with running(fsync="off") as server:
    print(server.process.pid, server.folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder for servers where no other test looks for what is left: one may start at this very moment."""
    folder = Path(tempfile.mkdtemp(prefix="revisit-left-"))
    folder.chmod(0o755)  # an ordinary user goes through it
    yield folder
    shutil.rmtree(folder)


def runs(pid: str) -> bool:
    """Say whether a process runs; one that ended and that nobody asked how does not."""
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_it_ends_with_the_process_that_started_it(place: Path) -> None:
    command, environment = [sys.executable, "-c", HOLD], {**os.environ, "TMPDIR": str(place)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as tests:
        assert tests.stdout is not None
        pid, folder = tests.stdout.readline().decode().split()
        assert runs(pid)
        tests.kill()
    deadline = time.monotonic() + 60
    while runs(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert [str(path) for path in place.iterdir()] == [folder]  # nobody was left to remove it
    again = subprocess.run(command, input=b"", capture_output=True, check=True, env=environment)
    assert again.stdout
    assert list(place.iterdir()) == []
