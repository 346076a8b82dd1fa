"""Ctrl-C in the middle of many reports: a sentence, an exit code, whole files, and no process left."""

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from revisit.settings import Settings
from revisit.store.protocol import Store
from tests.reports.workspaces import AT

CALL = """
from revisit.cli import main
from revisit.flows.reporting import issue_many
issue_many.DRAW = ("tests.reports.endless", "one_and_no_more")
main()
"""


def test_it_ends_at_once_with_one_sentence_and_whole_files(
    settings: Settings, store: Store, answered: int, tmp_path: Path
) -> None:
    """The second of three reports would never be done: only the signal ends the call."""
    assert answered
    out = tmp_path / "out"
    call = [sys.executable, "-c", CALL, "-C", str(settings.workspace.root), "report", "weekly", "--all"]
    call += ["--period", "2026-W31", "--unit", "lakeside", "--lang", "all", "-o", str(out)]
    environ = os.environ | {"REVISIT_NOW": AT.isoformat()}
    with subprocess.Popen(call, stderr=subprocess.PIPE, env=environ, text=True, start_new_session=True) as called:
        while not list(out.glob("*.html")) and called.poll() is None:
            time.sleep(0.01)
        os.killpg(called.pid, signal.SIGINT)
        _out, said = called.communicate()  # ends when no process holds the pipe any more
    assert called.returncode == 130
    assert said.strip() == f"Stopped: 1 of 3 reports made, in {out}. The same call makes the rest."
    (kept,) = store.reports()
    assert sorted(path.name for path in out.iterdir()) == [
        kept.file_name.replace(".pdf", ".html"),
        kept.file_name,
    ]
    assert sha256((out / kept.file_name).read_bytes()).hexdigest() == kept.sha256
