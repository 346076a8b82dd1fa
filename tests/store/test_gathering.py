"""What must hold for answers that go into the database together: each gets what it would get alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Literal

import pytest
from sqlalchemy import Connection, text

from revisit.records.responses import Response
from revisit.store.postgres import PostgresStore, open_postgres
from revisit.store.protocol import StoreError
from tests.store.cast import NOW, answer, batch, entry, invite_all


@pytest.fixture
def store(database: str) -> Iterator[PostgresStore]:
    with closing(open_postgres(database)) as opened:
        yield opened


def test_each_of_many_gets_what_it_would_get_alone(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [entry(f"RO-{number}") for number in range(12)]
    store.add_orders(batch(), entries)
    links = invite_all(store, [one.visit for one in entries])
    store.record(answer(links[0]))  # from here on the partition's month is known, and answers are gathered
    alone: list[str] = []
    one_by_one = store._record

    def noted(to: Connection, one: Response) -> Literal["stored", "repeat"]:
        alone.append(one.id)
        return one_by_one(to, one)

    monkeypatch.setattr(store, "_record", noted)
    store.void(links[1], NOW)
    gone = replace(answer(links[2]), id="0" * 64)
    posts = [answer(links[0]), answer(links[0], "other"), answer(links[1]), gone]
    posts += [answer(link, body) for link in links[2:] for body in ("one", "one", "other")]

    def said(response: Response) -> str:
        try:
            return store.record(response)
        except StoreError as error:
            return type(error).__name__

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(said, posts))
    assert outcomes[:4] == ["repeat", "AlreadyAnswered", "LinkClosed", "NotFound"]
    for place in range(4, len(posts), 3):
        mine = outcomes[place : place + 3]
        assert mine.count("stored") == 1, mine
        assert sorted(mine) in (
            ["AlreadyAnswered", "repeat", "stored"],  # the first or second came first
            ["AlreadyAnswered", "AlreadyAnswered", "stored"],  # the third did
        )
    assert len(list(store.responses("repair"))) == 11
    assert len(alone) == len(posts) - 10


def test_nobody_waits_behind_a_link_that_is_being_withdrawn(store: PostgresStore) -> None:
    entries = [entry(f"RO-{number}") for number in range(3)]
    store.add_orders(batch(), entries)
    links = invite_all(store, [one.visit for one in entries])
    store.record(answer(links[0]))
    with ThreadPoolExecutor(2) as pool:
        with store.engine.begin() as held:
            held.execute(text("SELECT 1 FROM invitations WHERE id = :id FOR UPDATE"), {"id": links[1].id})
            waits = pool.submit(store.record, answer(links[1]))
            assert pool.submit(store.record, answer(links[2])).result(timeout=8) == "stored"
            assert not waits.done()
        assert waits.result() == "stored"
