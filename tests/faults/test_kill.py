"""The server is killed under load: nothing that was acknowledged is lost, and no link is accepted twice."""

import http.client
import random
import threading
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlencode

import pytest

from revisit.store import open_store
from tests.faults.servers import make_shop

CLIENTS = 32
PATIENCE = 60.0  # seconds that a client goes on trying one link


@dataclass
class Crowd:
    """Two people for each link post at the same time, and go on until they know what became of it."""

    ports: list[int]
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
            port = random.choice(self.ports)  # noqa: S311  as a balancer in front would
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=15)) as connection:
                headers = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", f"{self.path}?t={code}", body, headers)
                return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


def post_all(crowd: Crowd, codes: list[str], enough: threading.Event) -> list[threading.Thread]:
    """Send every link twice: half of the pairs the same answer, the other half two different ones."""
    pairs = ((code, ("5", "5" if number % 2 else "1")) for number, code in enumerate(codes))
    work = ((code, mark) for code, marks in takewhile(lambda _: not enough.is_set(), pairs) for mark in marks)
    lock = threading.Lock()

    def run() -> None:
        while True:
            with lock:
                task = next(work, None)
            if task is None:
                return
            crowd.post(*task)

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.faults
@pytest.mark.parametrize("store", ["folder", "postgres"])
@pytest.mark.parametrize(
    ("links", "kills"), [(1500, 3), pytest.param(60_000, 200, marks=pytest.mark.full)], ids=["short", "long"]
)
def test_it_loses_nothing_and_stores_nothing_twice_when_killed(
    request: pytest.FixtureRequest, tmp_path: Path, store: str, links: int, kills: int
) -> None:
    url = request.getfixturevalue("database") if store == "postgres" else ""
    shop = make_shop(tmp_path / "shop", url, links=links, servers=2)
    codes, servers = shop.codes, shop.servers
    crowd = Crowd([server.port for server in servers], shop.fields, shop.path)
    for server in servers:
        server.start()
    enough = threading.Event()
    threads = post_all(crowd, codes, enough)
    chance = random.Random(1)  # noqa: S311  when to kill and whom, not a secret
    for _ in range(kills):
        time.sleep(chance.uniform(0.02, 0.3))
        assert any(thread.is_alive() for thread in threads)  # else there was no load
        server = chance.choice(servers)
        server.kill()
        server.start()
    enough.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert [server.stop() for server in servers] == [0, 0]

    assert crowd.strange == []
    assert set(crowd.acknowledged) == set(codes[: len(crowd.acknowledged)])
    assert all(len(marks) == 1 for marks in crowd.acknowledged.values())
    assert crowd.refused == (len(crowd.acknowledged) + 1) // 2
    with closing(open_store(shop.world.settings.workspace, url)) as opened:
        stored = {response.id: response for response in opened.responses("repair")}
        assert set(stored) == {shop.world.ids[code] for code in crowd.acknowledged}
        for code, marks in crowd.acknowledged.items():
            assert {str(stored[shop.world.ids[code]].answers["fixed_well"].value)} == marks
        assert opened.healthy() == []
    print(f"{len(stored)} answers of {CLIENTS} clients, {kills} kills: none lost, none twice")  # noqa: T201  the figure
