"""The server is killed under load: nothing that was acknowledged is lost, and no link is accepted twice."""

import http.client
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from revisit.settings import write_keys
from revisit.store import open_store
from tests.collector.world import TOML, make_world

CLIENTS = 32
PATIENCE = 60.0  # seconds that a client goes on trying one link


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class Server:
    """The real command, in a process of its own, that can be killed and started again."""

    root: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", "from revisit.cli import main; main()", "-C", str(self.root), "serve"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)


@dataclass
class Crowd:
    """Two people for each link post at the same time, and go on until they know what became of it."""

    port: int
    fields: dict[str, str]
    path: str
    acknowledged: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: int = 0
    strange: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, code: str, mark: str) -> None:
        body = urlencode({**self.fields, "fixed_well": mark})
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            status = self._try(code, body)
            if status in {303, 409}:
                with self.lock:
                    if status == 303:
                        self.acknowledged[code].add(mark)
                    else:
                        self.refused += 1
                return
            if status not in {0, 503}:
                self.strange.append(f"{status}")
            time.sleep(0.05)
        self.strange.append("no answer in time")

    def _try(self, code: str, body: str) -> int:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)) as connection:
                headers = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", f"{self.path}?t={code}", body, headers)
                return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


@pytest.mark.faults
@pytest.mark.parametrize(
    ("links", "kills"), [(400, 5), pytest.param(6000, 100, marks=pytest.mark.full)], ids=["short", "long"]
)
def test_it_loses_nothing_and_stores_nothing_twice_when_killed(tmp_path: Path, links: int, kills: int) -> None:
    port = free_port()
    world = make_world(tmp_path / "shop", TOML.replace("https://visit.example.com", f"http://127.0.0.1:{port}"))
    write_keys(world.root / "keys.toml", world.keys)
    world.now = world.now.replace(year=2046)  # links that are open whenever this test runs
    codes = world.invite_many(links)
    client = world.client()
    path, fields = world.opened(client, codes[0])
    world.store.close()

    server = Server(world.root, port)
    server.start()
    crowd = Crowd(port, fields, path)
    # Half of the pairs send the same answer twice, the other half two different ones.
    queue = [(code, mark) for number, code in enumerate(codes) for mark in ("5", "5" if number % 2 else "1")]
    work = iter(queue)
    work_lock = threading.Lock()

    def run() -> None:
        while True:
            with work_lock:
                task = next(work, None)
            if task is None:
                return
            crowd.post(*task)

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    chance = random.Random(1)  # noqa: S311  when to kill, not a secret
    killed = 0
    while killed < kills and any(thread.is_alive() for thread in threads):
        time.sleep(chance.uniform(0.02, 0.3))
        server.kill()
        killed += 1
        server.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert server.stop() == 0

    assert crowd.strange == []
    assert killed == kills
    assert set(crowd.acknowledged) == set(codes)
    assert all(len(marks) == 1 for marks in crowd.acknowledged.values())
    assert crowd.refused == links // 2
    with closing(open_store(world.settings.workspace)) as store:
        stored = {response.id: response for response in store.responses("repair")}
        assert len(stored) == links
        for code, marks in crowd.acknowledged.items():
            response = stored[world.ids[code]]
            assert {str(response.answers["fixed_well"].value)} == marks
        assert store.healthy() == []
