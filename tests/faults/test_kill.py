"""The server is killed under load: nothing that was acknowledged is lost, and no link is accepted twice."""

import http.client
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlencode

import pytest

from revisit.store import open_store
from tests.faults.servers import make_shop, serving

CLIENTS = 32
PATIENCE = 120.0  # seconds that a client goes on trying one link


@dataclass
class Crowd:
    """Two people for each link post at the same time, and go on until they know what became of it."""

    ports: list[int]
    fields: dict[str, str]
    path: str
    acknowledged: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: int = 0
    strange: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)  # no further link is begun
    over: threading.Event = field(default_factory=threading.Event)  # nobody tries any more
    lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, code: str, mark: str) -> None:
        body = urlencode({**self.fields, "fixed_well": mark})
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.over.is_set():
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


@contextmanager
def posting(crowd: Crowd, codes: list[str]) -> Iterator[list[threading.Thread]]:
    """Send every link twice while the block runs: half of the pairs the same answer, the other half two different ones.

    A pair that was begun is sent to its end, unless the block fails.
    """
    pairs = ((code, ("5", "5" if number % 2 else "1")) for number, code in enumerate(codes))
    begun = takewhile(lambda _: not crowd.enough.is_set(), pairs)
    work = ((code, mark) for code, marks in begun for mark in marks)
    lock = threading.Lock()

    def run() -> None:
        while True:
            with lock:
                task = next(work, None)
            if task is None:
                return
            crowd.post(*task)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield threads
        crowd.enough.set()
        for thread in threads:
            thread.join()
    finally:
        crowd.enough.set()
        crowd.over.set()


@pytest.mark.faults
@pytest.mark.parametrize("store", ["folder", "postgres"])
@pytest.mark.parametrize(
    ("links", "kills", "turn"),
    [(5000, 3, 0), *(pytest.param(30_000, 40, turn, marks=pytest.mark.full) for turn in range(1, 6))],
    ids=["short", *(f"turn{turn}" for turn in range(1, 6))],
)
def test_it_loses_nothing_and_stores_nothing_twice_when_killed(
    request: pytest.FixtureRequest, tmp_path: Path, store: str, links: int, kills: int, turn: int
) -> None:
    url = request.getfixturevalue("database") if store == "postgres" else ""
    shop = make_shop(tmp_path / "shop", url, links=links, servers=2)
    codes, servers = shop.codes, shop.servers
    crowd = Crowd([server.port for server in servers], shop.fields, shop.path)
    chance = random.Random(turn)  # noqa: S311  when to kill and whom, not a secret
    with serving(shop), posting(crowd, codes) as threads:
        for _ in range(kills):
            time.sleep(chance.uniform(0.02, 0.3))
            assert any(thread.is_alive() for thread in threads)  # else there was no load
            server = chance.choice(servers)
            server.kill()
            server.start()

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
    print(f"{store}: {len(stored):,} answers of {CLIENTS} clients, {kills} kills: 0 lost, 0 twice")  # noqa: T201  the figure
