"""The server's end: nobody is cut off, nothing is left open, and nobody writes where something else lies since."""

import os
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from waitress.task import ThreadedTaskDispatcher

from revisit.cli.serve import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ASK = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PATIENCE = 60


class Slow:
    """An application whose answer waits until it is let go."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()
        self.worker = threading.current_thread()

    def __call__(self, _environ: "WSGIEnvironment", start: "StartResponse") -> Iterator[bytes]:
        start("200 OK", [("Content-Length", "2")])
        self.worker = threading.current_thread()
        self.asked.set()
        assert self.go.wait(PATIENCE)
        yield b"ok"


def call(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), PATIENCE)


def said(wire: socket.socket) -> bytes:
    """Give all that comes until the server hangs up."""
    found = b""
    while more := wire.recv(4096):
        found += more
    return found


def open_files() -> set[str]:
    found = {}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  nothing but names
        try:
            found[name] = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115  it leads to no path
        except FileNotFoundError:  # that of the list itself
            continue
    return {f"{name} {target}" for name, target in found.items()}


def test_it_answers_who_is_there_and_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    before, app, shut = open_files(), Slow(), ThreadedTaskDispatcher.shutdown

    def go_and_shut(dispatcher: ThreadedTaskDispatcher) -> None:
        app.go.set()
        shut(dispatcher, timeout=PATIENCE)

    monkeypatch.setattr(ThreadedTaskDispatcher, "shutdown", go_and_shut)
    with ExitStack() as callers:
        with serving(app, "127.0.0.1", 0) as address:
            asked, silent = (callers.enter_context(call(address)) for _ in "12")
            asked.sendall(ASK)
            assert app.asked.wait(PATIENCE)
        assert said(asked).endswith(b"ok")
        assert said(silent) == b""
        assert "revisit-server" not in {thread.name for thread in threading.enumerate()}
    assert open_files() == before


def test_whoever_is_late_writes_into_no_file_that_was_opened_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It waits for nobody.
    monkeypatch.setattr(ThreadedTaskDispatcher, "shutdown", lambda dispatcher: dispatcher.set_thread_count(0))
    app = Slow()
    with ExitStack() as stack:
        with serving(app, "127.0.0.1", 0) as address:
            stack.enter_context(call(address)).sendall(ASK)
            assert app.asked.wait(PATIENCE)
        opened = [tmp_path / f"{number}" for number in range(30)]
        for path in opened:
            stack.enter_context(path.open("wb"))
        app.go.set()
        app.worker.join(PATIENCE)
        assert not app.worker.is_alive()
        assert [path.stat().st_size for path in opened] == [0] * 30


def test_it_serves_however_many_files_are_open() -> None:
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 1200:
        pytest.skip("this machine allows too few open files")
    app = Slow()
    app.go.set()
    with ExitStack() as stack:
        for _ in range(1100):
            stack.callback(os.close, os.dup(0))
        with serving(app, "127.0.0.1", 0) as address, closing(call(address)) as wire:
            wire.sendall(ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            assert said(wire).endswith(b"ok")
