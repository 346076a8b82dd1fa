"""A call for all reports that was killed in the middle: the next one makes the rest, each once and whole."""

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from revisit.reports.inside import TWIN, attachments
from revisit.settings import Settings
from revisit.store.protocol import Store
from tests.reports.workspaces import AT


@pytest.mark.full
def test_after_a_kill_the_same_call_makes_the_rest_and_nothing_twice(
    settings: Settings, store: Store, answered: int, tmp_path: Path
) -> None:
    """Six real reports, drawn by real children: that is what takes its time."""
    assert answered
    out = tmp_path / "out"
    call = [sys.executable, "-c", "from revisit.cli import main; main()", "-C", str(settings.workspace.root)]
    call += ["report", "all", "--period", "2026-Q3", "--lang", "all", "-o", str(out)]
    environ = os.environ | {"REVISIT_NOW": AT.isoformat()}
    with subprocess.Popen(call, stderr=subprocess.PIPE, env=environ) as first:
        while not store.reports() and first.poll() is None:
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
        first.communicate()
    before = {one.id: one for one in store.reports()}
    assert before
    done = subprocess.run(call, capture_output=True, text=True, check=True, env=environ)
    assert f"{6 - len(before)} reports in {out}, {len(before)} there already" in done.stderr
    after = {one.id: one for one in store.reports()}
    assert before.items() <= after.items()
    assert len({one.about for one in after.values()}) == len(after) == 6
    assert {one.edition for one in after.values()} == {1}
    assert sorted(path.name for path in out.glob("*.pdf")) == sorted(one.file_name for one in after.values())
    for one in after.values():
        content = (out / one.file_name).read_bytes()
        assert sha256(content).hexdigest() == one.sha256
        assert (out / one.file_name).with_suffix(".html").read_bytes() == attachments(content)[TWIN]
    assert {path.stem for path in (settings.workspace.data / "reports").glob("*.pdf")} >= after.keys()
