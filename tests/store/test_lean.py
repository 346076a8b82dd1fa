"""A lean store: the same records in the same order, few of them in memory at once."""

import errno
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from revisit.records.responses import Response
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.folder import FolderStore, runs
from revisit.store.postgres import PostgresStore
from revisit.store.protocol import EVERYTHING, Store, StoreFull
from tests.store.cast import DAY, NOW, answer, batch, entry, imported, invite


@pytest.fixture(params=["folder", "postgres"])
def lean(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = request.getfixturevalue("database") if request.param == "postgres" else ""
    with closing(open_store(Workspace(tmp_path), url, lean=True)) as opened:
        yield opened


def filled(store: Store, count: int = 25) -> list[Response]:
    """File imported responses, the newest first, in two partitions; gives them in order of day and id."""
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    pattern = answer(invite(store, one.visit))
    partitions = [pattern.partition, store.partition("repair", (NOW - timedelta(days=40)).date())]
    made = [
        replace(
            imported(pattern, "b2", f"{number % 7:02}-{number:04}"),
            partition=partitions[number % 2],
            day=DAY - timedelta(days=number % 5),
        )
        for number in reversed(range(count))
    ]
    store.add_responses(batch("b2", kind="responses"), made)
    return sorted(made, key=lambda response: (response.day, response.id))


@pytest.mark.parametrize("held", [1, 4, 25, 100])
def test_it_gives_responses_in_order_however_few_it_holds(
    lean: Store, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(runs, "HELD", held)
    monkeypatch.setattr(runs, "BLOCK", 100)  # bytes: less than a row
    expected = filled(lean)
    assert list(lean.responses("repair")) == expected
    assert list(lean.responses("repair", replace(EVERYTHING, first=DAY))) == [one for one in expected if one.day == DAY]


def test_it_gives_orders_and_visits_as_any_store_does(lean: Store) -> None:
    entries = [entry(f"RO-{number}", day=DAY + timedelta(days=30 * number)) for number in range(6)]
    lean.add_orders(batch(), entries)
    assert list(lean.orders()) == [one.order for one in entries]
    assert list(lean.visits()) == [one.visit for one in entries]


def test_it_looks_others_up_while_it_goes_through_some(lean: Store) -> None:
    entries = [entry(f"RO-{number}") for number in range(3)]
    lean.add_orders(batch(), entries)
    met = [lean.contacts([order.contact_id])[order.contact_id].name for order in lean.orders()]
    assert met == ["Test Customer"] * 3


def test_it_lets_go_of_what_is_not_gone_through_to_the_end(lean: Store) -> None:
    filled(lean)
    for _time in range(30):  # more often than there are connections
        given = lean.responses("repair")
        next(given)
        del given
    assert lean.healthy() == []


def test_files_are_let_go_of_again(tmp_path: Path) -> None:
    with closing(FolderStore(tmp_path, lean=True)) as store:
        store.add_orders(batch(), [entry(f"RO-{n}", day=DAY + timedelta(days=30 * n)) for n in range(8)])
    with closing(FolderStore(tmp_path, lean=True)) as store:
        assert len(list(store.orders())) == 8
        assert len(store.shelf._read) == 3
        assert len(list(store.orders())) == 8


def test_nothing_lies_on_the_disk_when_the_responses_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "HELD", 5)
    with closing(FolderStore(tmp_path, lean=True)) as store:
        filled(store)
        before = sorted(tmp_path.rglob("*"))
        given = store.responses("repair")
        next(given)
        assert sorted(tmp_path.rglob("*")) == before  # the file has no name
        assert len(list(given)) == 24


def test_it_says_that_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int, _rows: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    with closing(FolderStore(tmp_path, lean=True)) as store:
        filled(store)
        monkeypatch.setattr(runs, "HELD", 5)
        monkeypatch.setattr(runs, "_put_down", full)
        with pytest.raises(StoreFull, match="no space left"):
            list(store.responses("repair"))


def test_the_database_sends_rows_one_after_another(database: str) -> None:
    with closing(open_store(Workspace(Path()), database, lean=True)) as store:
        assert isinstance(store, PostgresStore)
        expected = filled(store)
        given = store.responses("repair")
        assert next(given) == expected[0]
        assert store.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
        assert list(given) == expected[1:]
        assert store.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
