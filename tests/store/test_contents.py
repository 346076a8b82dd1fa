"""Everything of a store comes out and goes into another, of either kind."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path

import pytest

from revisit.flows.keeping.move_store import move, take_census
from revisit.records.problems import CallError
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.contents import TABLES
from revisit.store.folder.orders import Orders
from revisit.store.protocol import Store, StoreError
from tests.store.cast import batch, entry, invite_all
from tests.store.everything import answering, fill

Opener = Callable[[str], Store]


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Give a function that opens an empty store of a kind."""
    with ExitStack() as stack:

        def open_one(kind: str) -> Store:
            server, template = request.getfixturevalue("server"), request.getfixturevalue("template")
            url = server.new_database(template) if kind == "postgres" else ""
            folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            store = open_store(Workspace(folder), url)
            stack.callback(store.close)
            return store

        yield open_one


@pytest.mark.parametrize("first", ["folder", "postgres"])
@pytest.mark.parametrize("second", ["folder", "postgres"])
def test_it_moves_everything_there_and_back(opened: Opener, first: str, second: str) -> None:
    source, target, back = opened(first), opened(second), opened(first)
    fill(source)
    before = take_census(source).tallies()
    assert sorted(before) == sorted(TABLES)
    done: list[int] = []
    assert move(source, target, done.append).tallies == before
    assert sum(done) == sum(tally.count for tally in before.values())
    assert move(target, back).tallies == before
    for read in (lambda store: list(store.responses("repair")), lambda store: list(store.audit_lines()), Store.batches):
        assert read(source) == read(target) == read(back)
    assert target.report("r1") == source.report("r1")
    assert target.partition("repair", entry("x").order.closed_on) is not None


def test_it_refuses_a_target_that_holds_anything(opened: Opener) -> None:
    source, target = opened("folder"), opened("postgres")
    target.add_batch(batch())
    with pytest.raises(CallError, match="there are batches in it"):
        move(source, target)


def test_it_notices_that_the_source_went_on(opened: Opener) -> None:
    source, target = opened("folder"), opened("postgres")
    fill(source)
    with pytest.raises(CallError, match="changed while it was copied"):
        move(source, target, lambda _done: source.audit(next(source.audit_lines())))


def test_it_notices_that_the_target_holds_something_else(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = opened("folder"), opened("postgres")
    fill(source)
    copy_in = target.copy_in
    monkeypatch.setattr(target, "copy_in", lambda table, rows: copy_in(table, rows[:1]))
    with pytest.raises(StoreError, match="do not hold the same audit: 3 against 1"):
        move(source, target)


@pytest.mark.parametrize("kind", ["folder", "postgres"])
def test_it_gives_one_moment_while_answers_arrive(opened: Opener, kind: str) -> None:
    store = opened(kind)
    ones = [entry(f"RO-{number}") for number in range(400)]
    store.add_orders(batch(), ones)
    links = invite_all(store, [one.visit for one in ones])
    with answering(store, links) as load:
        for _ in range(10):
            before = {response.id for response in list(load.acknowledged)}
            rows = list(store.copy_out())
            found = {
                table: {row["id"] for name, row in rows if name == table} for table in ("invitations", "responses")
            }
            assert before <= found["responses"] <= found["invitations"]


def test_it_waits_for_an_import_that_is_half_done(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened("folder")
    put, half, go_on = Orders.put_in_slices, threading.Event(), threading.Event()

    def pause(self: Orders, path: Path, table: str, *rest: object) -> None:
        if table == "visits":
            half.set()
            assert go_on.wait(60)
        put(self, path, table, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Orders, "put_in_slices", pause)
    with ThreadPoolExecutor(2) as pool:
        imported = pool.submit(store.add_orders, batch(), [entry("RO-1")])
        assert half.wait(60)
        copied = pool.submit(lambda: [table for table, _ in store.copy_out()])
        done, _ = wait([copied], timeout=0.5)
        go_on.set()
        assert imported.result() == 1
        assert not done
        assert sorted(copied.result()) == ["batches", "contacts", "orders", "visits"]
