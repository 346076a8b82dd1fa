"""Bodies too big, clients too slow, forms that no browser sends: the server stays up and says what is wrong."""

import gzip
import re
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector import access
from revisit.store.codec import dump
from tests.collector.world import World, make_world
from tests.faults.servers import FORM, make_shop, serving

pytestmark = pytest.mark.faults

MANY = 200_000
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
            assert time.monotonic() - started < 5
        assert server.memory() - before < 20
        assert server.post(address, {**shop.fields, "fixed_well": "5"})[0] == 303
        assert "Traceback" not in server.said()


def test_it_reads_a_body_without_a_length_no_further_than_any_other(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop")
    with serving(shop) as (server,), socket.create_connection(("127.0.0.1", server.port), 20) as wire:
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
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 20)) for _ in range(200)]
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
        assert median(took) < 1


NAMES = [
    "fixed_well",
    "price_fair",
    "comment",
    "form_hash",
    "text_hash",
    "website",
    "switch",
    "csrf_token",
    "__class__",
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["5", "na", "1" * 1000, "-1", "NaN", "1e400", "٣", "5 ", "[" * 500, "\x00", "\ud800", "{{7*7}}", "' OR 1=1--",
         "%ff", "../../etc/passwd", "zh-Hans", "<script>", "=cmd()", "𝟓"],
    ),
)  # fmt: skip
PAIRS = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=20)), TEXTS), max_size=12)


def _encoded(pairs: list[tuple[str, str]]) -> bytes:
    def escape(text: str) -> str:
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{escape(name)}={escape(value)}" for name, value in pairs).encode()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("shop"))


def _post_malformed(world: World, number: int) -> None:
    client = world.client()
    codes = world.invite_many(20)
    path, fields = world.opened(client, codes[0])
    turn = iter(range(10**9))

    @settings(
        max_examples=number, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(
        st.one_of(PAIRS.map(_encoded), st.binary(max_size=300)),
        st.booleans(),
        st.sampled_from([FORM, MULTIPART, {}, {"Content-Type": "application/json"}, {"Content-Type": "text/\xff"}]),
        st.one_of(st.just(""), st.text(max_size=20), st.binary(max_size=12).map(quote_from_bytes)),
    )
    def post(body: bytes, named: bool, headers: dict[str, str], query: str) -> None:  # noqa: FBT001  hypothesis gives it
        access.limiter.reset()
        hidden = _encoded(list(fields.items())) + b"&" if named else b""
        address = f"{path}?t={codes[next(turn) % 20]}" if len(query) < 3 else f"{path}?t={query}&n={query}&o={query}"
        response = client.post(address, data=hidden + body, headers=headers)
        assert response.status_code in {200, 303, 400, 404, 409, 413, 415, 422}
        assert "Traceback" not in response.text

    post()


def _check_stored(world: World) -> None:
    """Every stored answer is one that the survey allows."""
    stored = list(world.store.responses("repair"))
    assert stored
    for response in stored:
        assert set(response.answers) == {"fixed_well", "price_fair", "comment"}
        assert response.answers["fixed_well"].value in {1, 2, 3, 4, 5}
        assert response.answers["price_fair"].value in {None, 1, 2, 3, 4, 5}
        comment = str(response.answers["comment"].value or "")
        assert len(comment) <= 5000
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", comment)
        assert dump(response)


@pytest.mark.parametrize("number", [1000, pytest.param(10_000, marks=pytest.mark.full)])
def test_malformed_forms_are_answered_and_nothing_foreign_is_stored(world: World, number: int) -> None:
    _post_malformed(world, number)
    client, code = world.client(), world.invite()[0]
    path, fields = world.opened(client, code)
    assert client.post(f"{path}?t={code}", data={**fields, "fixed_well": "5"}).status_code == 303
    _check_stored(world)


@pytest.mark.parametrize(
    "path", ["/v/%00", "/v/%ff%fe", "/q/..%2f", "/s/%00/en/", "/s/repair/%ff/", "/s/repair/en/%e2/"]
)
def test_strange_addresses_lead_nowhere(world: World, path: str) -> None:
    access.limiter.reset()
    response = world.client().get(path)
    assert response.status_code in {303, 404}
    assert urlsplit(response.headers.get("Location", "")).netloc in {"", "visit.example.com"}
