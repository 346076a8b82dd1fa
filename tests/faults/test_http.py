"""Bodies too big, clients too slow, strange addresses: the server stays up and says what is wrong."""

import gzip
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest

from collector import access
from tests.collector.world import World, make_world
from tests.faults.servers import FORM, make_shop, serving

pytestmark = pytest.mark.faults

MANY = 200_000
PATIENCE = 60  # seconds, on the slowest of machines
BOUNDARY = "revisit"
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def _big() -> dict[str, tuple[bytes, dict[str, str]]]:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="comment"\r\n\r\n'.encode()
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    ten = 10 * 2**20
    return {
        "10 MB": (b"comment=" + b"x" * ten, FORM),
        "10 MB in parts": (part + b"x" * ten + end, MULTIPART),
        "200,000 fields": (b"&".join(b"q%d=1" % number for number in range(MANY)), FORM),
        "200,000 fields of one name": (b"&".join([b"fixed_well=5"] * MANY), FORM),
        "a gzip bomb": (gzip.compress(b"comment=" + b"x" * ten) * 20, {**FORM, "Content-Encoding": "gzip"}),
    }


def test_it_refuses_what_is_too_big_and_keeps_its_size(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop")
    with serving(shop) as (server,):
        address = shop.address(shop.codes[0])
        server.post(address, {**shop.fields, "fixed_well": "x"})  # what is imported late is there now
        before = server.memory()
        for name, (body, headers) in _big().items():
            started = time.monotonic()
            try:
                status, _, page = server.ask("POST", address, body, headers)
            except (BrokenPipeError, ConnectionResetError):
                continue  # cut off while it was still sending
            assert status == 413, name
            assert "<html" in page or len(page) < 200
            assert time.monotonic() - started < PATIENCE
        assert server.memory() - before < 20
        assert server.post(address, {**shop.fields, "fixed_well": "5"})[0] == 303
        assert "Traceback" not in server.said()


def test_it_reads_a_body_without_a_length_no_further_than_any_other(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop")
    with serving(shop) as (server,), socket.create_connection(("127.0.0.1", server.port), PATIENCE) as wire:
        head = f"POST {shop.address(shop.codes[0])} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        wire.sendall(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        try:
            for _ in range(160):
                wire.sendall(chunk)
            wire.sendall(b"0\r\n\r\n")
            said = wire.recv(4096)
        except (BrokenPipeError, ConnectionResetError):
            said = b"HTTP/1.1 413"
        assert said.split()[1] == b"413"
        assert server.ask("GET", "/healthz")[0] == 200


def test_an_honest_customer_is_served_while_200_slow_ones_hang(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop")
    with serving(shop) as (server,), ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port), PATIENCE)) for _ in range(200)]
        long = f"POST {shop.address(shop.codes[1])} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\n".encode()
        for number, wire in enumerate(slow):
            wire.sendall(long if number % 2 else b"GET /heal")  # half dribble the head, half the body
        took = []
        for code in shop.codes[:10]:
            for wire in slow:
                wire.sendall(b"x")
            started = time.monotonic()
            assert server.ask("GET", f"/v/{code}")[0] == 303
            assert server.post(shop.address(code), {**shop.fields, "fixed_well": "5"})[0] == 303
            took.append(time.monotonic() - started)
        assert median(took) < PATIENCE
        print(f"200 slow clients: opened and sent in {median(took):.2f} s, the slowest in {max(took):.2f} s")  # noqa: T201  the figure


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("shop"))


@pytest.mark.parametrize(
    "path", ["/v/%00", "/v/%ff%fe", "/q/..%2f", "/s/%00/en/", "/s/repair/%ff/", "/s/repair/en/%e2/"]
)
def test_strange_addresses_lead_nowhere(world: World, path: str) -> None:
    access.limiter.reset()
    response = world.client().get(path)
    assert response.status_code in {303, 404}
    assert urlsplit(response.headers.get("Location", "")).netloc in {"", "visit.example.com"}
