"""What must hold for answers that go into the database together: each gets what it would get alone."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Literal

import pytest
from sqlalchemy import Connection, text

from revisit.records.responses import Response
from revisit.records.tags import Tag, Verdicts
from revisit.store import group
from revisit.store.postgres import LIMITS, PostgresStore, open_postgres
from revisit.store.postgres.gathering import _insert_tags as insert_tags
from revisit.store.protocol import StoreError
from tests.store.cast import NOW, answer, batch, entry, invite_all

PATIENCE = 120  # seconds


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


def test_nobody_waits_behind_a_link_that_is_being_withdrawn(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "lock_timeout", 1000 * PATIENCE)  # whoever waits, waits longer than the test
    monkeypatch.setattr(group, "LONGEST_WAIT", PATIENCE)
    with closing(open_postgres(database)) as store:
        _withdraw_and_answer(store)


def _withdraw_and_answer(store: PostgresStore) -> None:
    entries = [entry(f"RO-{number}") for number in range(3)]
    store.add_orders(batch(), entries)
    links = invite_all(store, [one.visit for one in entries])
    store.record(answer(links[0]))
    with ThreadPoolExecutor(2) as pool:
        with store.engine.begin() as held:
            held.execute(text("SELECT 1 FROM invitations WHERE id = :id FOR UPDATE"), {"id": links[1].id})
            waits = pool.submit(store.record, answer(links[1]))
            assert pool.submit(store.record, answer(links[2])).result(PATIENCE / 2) == "stored"
            assert not waits.done()
        assert waits.result() == "stored"


def test_links_that_are_asked_for_together_each_come_from_their_own_partition(store: PostgresStore) -> None:
    entries = [entry(f"RO-{number}") for number in range(12)]
    store.add_orders(batch(), entries)
    links = invite_all(store, [one.visit for one in entries])
    elsewhere = store.partition("complaint", NOW.date())
    asked = [(link.partition, link.id) for link in links] * 2
    asked += [(elsewhere, links[0].id), (links[0].partition, "0" * 64), ("iiii", links[0].id)]
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda one: store.invitation(*one), asked))
    assert found == [*links, *links, None, None, None]


def test_links_are_asked_for_one_by_one_where_the_server_refuses_them_together(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    link = invite_all(store, [one.visit])[0]
    monkeypatch.setattr("revisit.store.postgres.links._TOGETHER", "SELECT nothing FROM nowhere")
    assert store.invitation(link.partition, link.id) == link


def test_a_tag_that_is_being_written_does_not_outlive_the_end_of_its_month(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    link = invite_all(store, [one.visit])[0]
    response = answer(link)
    month = f"{NOW:%y%m}"
    store.tag_secret(month)
    store.tag(Tag(response.id, response.unit, NOW, "web", "0" * 16, "1" * 16))
    reached, go_on = threading.Event(), threading.Event()

    def slowly(connection: Connection, left: Sequence[Tag]) -> None:
        if left:
            reached.set()
            go_on.wait(60)
        insert_tags(connection, left)

    monkeypatch.setattr("revisit.store.postgres.gathering._insert_tags", slowly)
    with ThreadPoolExecutor(2) as pool:
        try:
            store._months[link.partition] = store.read(lambda held: store._month(held, link.partition)) or ""
            assert pool.submit(store.record, response).result(60) == "stored"  # its tag is still on its way
            assert reached.wait(60)
            settled = pool.submit(store.settle_tags, Verdicts(month, NOW, {}))
            with pytest.raises(TimeoutError):
                settled.result(0.5)
        finally:
            go_on.set()
        settled.result(60)
    assert store.read(lambda held: held.scalar(text("SELECT count(*) FROM tags"))) == 0
