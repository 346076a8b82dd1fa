"""The built pages as they are served: before the application, with the very headers it would give."""

import socket
from collections.abc import Iterator
from contextlib import closing
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.pages import Pages
from revisit.cli.serve import LARGEST_READ, serving
from tests.collector.world import World

ADDRESS = "https://visit.example.com"


def form_of(world: World, client: FlaskClient) -> str:
    code, _ = world.invite()
    return urlsplit(client.get(f"/v/{code}", base_url=ADDRESS).headers["Location"]).path


def pages_of(app: Flask) -> Pages:
    assert isinstance(app.wsgi_app, Pages)
    return app.wsgi_app


def test_it_gives_a_page_as_the_application_would(world: World) -> None:
    app = world.app()
    client = app.test_client()
    path = form_of(world, client)
    ours = [client.open(path, method=method, base_url=ADDRESS) for method in ("GET", "HEAD")]
    app.wsgi_app = pages_of(app).application  # type: ignore[assignment,method-assign]
    theirs = [client.open(path, method=method, base_url=ADDRESS) for method in ("GET", "HEAD")]
    for our, their in zip(ours, theirs, strict=True):
        assert (our.status, our.data) == (their.status, their.data)
        assert set(our.headers) == {item for item in their.headers if item[0] != "Date"}
    assert ours[0].status_code == 200
    assert ours[0].data
    assert not ours[1].data


def test_it_asks_the_application_for_everything_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    app = world.app()
    layer, client = pages_of(app), app.test_client()
    path = form_of(world, client)
    asked = Mock(wraps=layer.application)
    monkeypatch.setattr(layer, "application", asked)
    assert client.get(path, base_url=ADDRESS).status_code == 200
    asked.assert_not_called()
    tag = client.get(path, base_url=ADDRESS).headers["ETag"]
    assert client.get(path, base_url=ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(path, base_url="https://evil.example").status_code == 400
    assert client.get("/s/repair/xx/", base_url=ADDRESS).status_code in {303, 404}
    assert client.get(f"{path}../../../keys.toml", base_url=ADDRESS).status_code == 404
    assert client.post(path, base_url=ADDRESS).status_code == 404
    assert asked.call_count == 5


@pytest.fixture
def port(world: World) -> Iterator[int]:
    with serving(world.app(), "127.0.0.1", 0) as address:
        yield int(address.rpartition(":")[2])


def said(port: int, *parts: bytes) -> str:
    with closing(socket.create_connection(("127.0.0.1", port), 60)) as wire:
        for part in parts:
            wire.sendall(part)
        found = b""
        while more := wire.recv(65536):
            found += more
    return found.decode()


@pytest.mark.parametrize("length", [70_000, 900_000, 10**10])
def test_it_refuses_a_big_body_by_its_length_in_the_visitors_language(
    world: World, client: FlaskClient, port: int, length: int
) -> None:
    code, _ = world.invite()
    address = urlsplit(client.get(f"/v/{code}").headers["Location"])
    head = f"POST {address.path}?{address.query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-CN\r\n"
    kind = "Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    body = b"x" * length if length < LARGEST_READ else b""
    answer = said(port, f"{head}{kind}Content-Length: {length}\r\n\r\n".encode(), body)
    assert answer.startswith("HTTP/1.1 413")
    assert "<html" in answer
    assert 'lang="zh-Hans"' in answer
    assert "Content-Security-Policy: default-src 'none'" in answer
    assert "Connection: close" in answer


def test_it_refuses_a_big_body_without_a_length_as_well(port: int) -> None:
    head = b"POST /s/repair/en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    # Not a byte more than it takes to see that it is too much: one left unread would reset the connection.
    answer = said(port, head + kind, b"2000000\r\n".ljust(LARGEST_READ, b"x"))
    assert answer.startswith("HTTP/1.1 413")
    assert "<html" in answer
