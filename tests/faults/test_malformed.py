"""Malformed bodies and requests by the thousand: none is a fault of ours, and nothing foreign is stored."""

import random
import socket
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest

from collector import access
from revisit.flows.publishing.publish import publish
from revisit.store import open_store
from revisit.store.codec import dump
from tests.collector.world import World, make_world
from tests.faults.malformed import SURVEY, URLENCODED, encoded, foreign, malformed
from tests.faults.servers import Shop, make_shop, serving

pytestmark = pytest.mark.faults

KIND = {200, 303, 400, 404, 409, 413, 415, 422}


def ask_everything(world: World) -> None:
    """Give the shop a survey with every kind of question."""
    (world.root / "surveys" / "repair.md").write_text(SURVEY, encoding="utf-8")
    (world.root / "surveys" / "repair.zh-Hans.md").unlink()
    publish(world.settings)


# A body that breaks off in the midst of a file: its memory goes with it, unnoticed by anybody but this warning.
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
@pytest.mark.parametrize("number", [1000, pytest.param(10_000, marks=pytest.mark.full)])
def test_malformed_bodies_are_answered_and_nothing_foreign_is_stored(tmp_path: Path, number: int) -> None:
    world = make_world(tmp_path)
    ask_everything(world)
    client = world.client()
    codes = world.invite_many(number // 5)
    path, hidden = world.opened(client, codes[0])
    assert len(hidden) == 2
    dice = random.Random(number)  # noqa: S311  the same bodies each time
    statuses: Counter[int] = Counter()
    took = []
    for _ in range(number):
        access.limiter.reset()
        body = malformed(dice, hidden)
        query = body.query if body.query.startswith("t=") else f"t={dice.choice(codes)}{body.query}"
        started = time.perf_counter()
        response = client.post(f"{path}?{query}", data=body.content, headers=body.headers)
        took.append(time.perf_counter() - started)
        statuses[response.status_code] += 1
        assert response.status_code in KIND, (response.status_code, body, query)
        assert "Traceback" not in response.text
    stored = list(world.store.responses("repair"))
    assert len(stored) > number // 20  # else nothing was tried
    assert {fault for response in stored for fault in foreign(response)} == set()
    assert all(dump(response) for response in stored)
    assert median(took) < 1
    said = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    time_taken = f"half within {median(took) * 1000:.0f} ms, the slowest {max(took) * 1000:.0f} ms"
    print(f"{number:,} bodies: {said}; {len(stored)} stored, none foreign; {time_taken}")  # noqa: T201  the figure


def _requests(shop: Shop, body: bytes) -> dict[str, bytes]:
    """Give whole requests that no browser sends."""
    address = shop.address(shop.codes[0]).encode()
    size, kind = str(len(body)).encode(), b"Content-Type: " + URLENCODED.encode() + b"\r\n"
    start = b"POST " + address + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + kind
    chunked = start + b"Transfer-Encoding: chunked\r\n\r\n"
    return {
        "shorter than it says": start + b"Content-Length: 9000\r\n\r\n" + body,
        "longer than it says": start + b"Content-Length: 3\r\n\r\n" + body,
        "a negative length": start + b"Content-Length: -1\r\n\r\n" + body,
        "a length in words": start + b"Content-Length: ten\r\n\r\n" + body,
        "a length of many digits": start + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + body,
        "two lengths": start + b"Content-Length: 1\r\nContent-Length: " + size + b"\r\n\r\n" + body,
        "length and chunks": start + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + body,
        "another transfer": start + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "a chunk of no size": chunked + b"zz\r\n" + body,
        "a chunk of negative size": chunked + b"-5\r\n" + body,
        "a chunk that ends early": chunked + b"fff\r\n" + body,
        "a chunk extension": chunked + b"3;" + b"x" * 5000 + b"\r\nabc\r\n0\r\n\r\n",
        "no length": start + b"\r\n" + body,
        "no host": b"POST " + address + b" HTTP/1.1\r\n" + kind + b"Content-Length: " + size + b"\r\n\r\n" + body,
        "two hosts": start + b"Host: example.org\r\nContent-Length: " + size + b"\r\n\r\n" + body,
        "another host": start.replace(b"127.0.0.1", b"example.org") + b"Content-Length: " + size + b"\r\n\r\n" + body,
        "a whole address": start.replace(b"POST /", b"POST http://example.org/") + b"Content-Length: 0\r\n\r\n",
        "an old version": start.replace(b"HTTP/1.1", b"HTTP/0.9") + b"\r\n" + body,
        "no version": b"POST " + address + b"\r\n\r\n",
        "another version": start.replace(b"HTTP/1.1", b"HTTP/9.9") + b"Content-Length: 0\r\n\r\n",
        "no words": b"\r\n\r\n\r\n",
        "zeros": b"\x00" * 400 + b"\r\n\r\n",
        "a method in small letters": start.replace(b"POST", b"post") + b"Content-Length: 0\r\n\r\n",
        "a method of its own": start.replace(b"POST", b"FROBNICATE") + b"Content-Length: 0\r\n\r\n",
        "a long head": start + b"X-A: " + b"a" * 300_000 + b"\r\n\r\n",
        "many lines in the head": start + b"X-A: a\r\n" * 20_000 + b"\r\n",
        "a folded line": start + b"X-A: a\r\n b\r\nContent-Length: " + size + b"\r\n\r\n" + body,
        "a line without a colon": start + b"nonsense\r\nContent-Length: 0\r\n\r\n",
        "a zero in the head": start + b"X-A: a\x00b\r\nContent-Length: 0\r\n\r\n",
        "a lone line feed": start.replace(b"\r\n", b"\n") + b"Content-Length: 0\n\n",
        "a blank before the colon": start + b"Content-Length : 3\r\n\r\nabc",
        "to be continued": start + b"Expect: 100-continue\r\nContent-Length: " + size + b"\r\n\r\n" + body,
        "packed": start + b"Content-Encoding: gzip\r\nContent-Length: " + size + b"\r\n\r\n" + body,
        "two at once": (start + b"Content-Length: " + size + b"\r\n\r\n" + body) * 2,
        "a cookie of zeros": start + b"Cookie: " + b"\x00" * 99 + b"\r\nContent-Length: 0\r\n\r\n",
        "a language of its own": start + b"Accept-Language: " + b"a," * 3000 + b"\r\nContent-Length: 0\r\n\r\n",
        "bytes in the address": start.replace(b"/repair/", b"/\xff\xfe/") + b"Content-Length: 0\r\n\r\n",
        "a bracket in the address": start.replace(b"/s/", b"//[/s/") + b"Content-Length: 0\r\n\r\n",
    }


def _say(port: int, request: bytes) -> bytes:
    """Send a request as it is and say that nothing follows; gives all that comes back."""
    with socket.create_connection(("127.0.0.1", port), 60) as wire:
        said = b""
        try:
            wire.sendall(request)
            wire.shutdown(socket.SHUT_WR)
            while part := wire.recv(65536):
                said += part
        except (BrokenPipeError, ConnectionResetError):
            pass  # hung up on, which is an answer too
        return said


def _changed(request: bytes, dice: random.Random) -> bytes:
    changed = bytearray(request[:4000])
    for _ in range(dice.choice((1, 3))):
        place = dice.randrange(len(changed))
        changed[place : place + dice.choice((0, 1, 5))] = dice.choice(
            (b"\r\n", b"\x00", b" ", b":", dice.randbytes(2), b"%")
        )
    return bytes(changed)


@pytest.mark.parametrize("turns", [2, pytest.param(40, marks=pytest.mark.full)])
def test_malformed_requests_leave_the_server_as_it_was(tmp_path: Path, turns: int) -> None:
    shop = make_shop(tmp_path / "shop")
    dice = random.Random(turns)  # noqa: S311  the same requests each time
    requests = _requests(shop, encoded([*shop.fields.items(), ("fixed_well", "7")]))
    sent = list(requests.items())
    sent += [
        (f"{name}, changed", _changed(request, dice)) for _ in range(turns - 1) for name, request in requests.items()
    ]
    statuses: Counter[bytes] = Counter()
    with serving(shop) as (server,):
        for name, request in sent:
            said = _say(server.port, request)
            status = said.split(b" ", 2)[1] if said.startswith(b"HTTP/1.") else said[:3]
            statuses[status] += 1
            # 501 is the server's word for a transfer that it does not know; a body cannot come with it.
            assert not status.startswith(b"5") or status == b"501", (name, said[:300])
            assert b"Traceback" not in said
        assert "Traceback" not in server.said()
        address = shop.address(shop.codes[1])
        assert server.post(address, {**shop.fields, "fixed_well": "5"})[0] == 303
    with closing(open_store(shop.world.settings.workspace)) as store:
        assert len(list(store.responses("repair"))) == 1
    said_all = ", ".join(f"{count} × {status.decode() or 'hung up'}" for status, count in sorted(statuses.items()))
    print(f"{len(sent):,} requests: {said_all}")  # noqa: T201  the figure
