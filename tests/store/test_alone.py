"""Work that only one does at a time: on each store, between threads, stores and programs."""

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.protocol import Store, StoreBusy

PATIENCE = 60  # seconds, on the slowest of machines
HOLD = """
import sys
from pathlib import Path
from revisit.settings import Workspace
from revisit.store import open_store
store = open_store(Workspace(Path(sys.argv[1])), sys.argv[2])
with store.alone("letters", 10):
    print("held", flush=True)
    sys.stdin.read()
"""


def address_of(store: Store) -> str:
    engine = getattr(store, "engine", None)
    return "" if engine is None else engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_it_lets_one_work_and_sends_the_others_away(tmp_path: Path, store: Store) -> None:
    with closing(open_store(Workspace(tmp_path), address_of(store))) as other:
        with store.alone("letters", 1):
            with pytest.raises(StoreBusy, match="at the same work"), other.alone("letters", 0.05):
                pass
            with other.alone("tick", 1):  # another kind of work
                pass
        with other.alone("letters", 1):
            pass


def test_the_next_waits_its_turn(store: Store) -> None:
    held, done = threading.Event(), threading.Event()

    def work() -> None:
        with store.alone("letters", PATIENCE):
            held.set()
            done.wait(PATIENCE)

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(PATIENCE)
    with pytest.raises(StoreBusy), store.alone("letters", 0.05):
        pass
    threading.Timer(0.2, done.set).start()
    with store.alone("letters", PATIENCE):
        assert done.is_set()
    thread.join()


def test_it_is_let_go_by_whoever_fails(store: Store) -> None:
    with pytest.raises(RuntimeError, match="a fault"), store.alone("letters", 1):
        raise RuntimeError("a fault")
    with store.alone("letters", 0):
        pass


def test_it_is_let_go_by_a_program_that_is_killed(tmp_path: Path, store: Store) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path), address_of(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusy), store.alone("letters", 0.05):
            pass
        holder.kill()
    with store.alone("letters", PATIENCE):
        pass
