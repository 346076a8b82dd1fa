"""The tests' own database server leaves nothing behind, however the tests end."""

import subprocess
import sys
import time
from pathlib import Path

HOLD = """
import sys
from tests.store.postgres import running
with running(fsync="off") as server:
    print(server.process.pid, server.folder, flush=True)
    sys.stdin.read()
"""


def test_it_ends_with_the_process_that_started_it() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as tests:
        assert tests.stdout is not None
        pid, folder = tests.stdout.readline().decode().split()
        assert Path("/proc", pid).exists()
        tests.kill()
    deadline = time.monotonic() + 60
    while Path("/proc", pid).exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert Path(folder).exists()  # nobody was left to remove it
    again = subprocess.run([sys.executable, "-c", HOLD], input=b"", capture_output=True, check=True)
    assert again.stdout
    assert not Path(folder).exists()
