"""What the PostgreSQL store must hold beyond the protocol: versions, refusals, races, and what errors mean."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from revisit.records.problems import CallError
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.postgres import PostgresStore, answers, make_engine, open_postgres, read_url, schema, upgrade
from revisit.store.postgres.base import store_error
from revisit.store.postgres.tables import metadata
from revisit.store.protocol import LinkClosed, NotFound, StoreBusy, StoreDamaged, StoreError, StoreFull
from tests.store.cast import DAY, NOW, answer, batch, entry, invite
from tests.store.postgres import Server


def test_it_makes_the_tables_that_the_program_knows(database: str) -> None:
    engine = make_engine(read_url(database))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.VERSIONS})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_it_goes_back_a_version_and_forth_and_keeps_what_is_stored(database: str) -> None:
    with closing(open_postgres(database)) as store:
        store.add_orders(batch(), [entry("RO-1")])
    newest = schema.known()[-1]
    assert upgrade(database, "0001") == (newest, "0001")
    with pytest.raises(StoreError, match="revisit store upgrade"):
        open_postgres(database)
    assert upgrade(database) == ("0001", newest)
    with closing(open_postgres(database)) as store:
        assert [order.number for order in store.orders()] == ["RO-1"]


def test_it_keeps_a_version_whose_tables_hold_answers(database: str) -> None:
    with closing(open_postgres(database)) as store:
        one = entry("RO-1")
        store.add_orders(batch(), [one])
        store.set_aside(answer(invite(store, one.visit)))
    with pytest.raises(RuntimeError, match="holds answers"):
        upgrade(database, "0001")
    with closing(open_postgres(database)) as store:
        assert store.file_set_aside() == 1


def test_it_refuses_tables_of_a_newer_version(server: Server, database: str) -> None:
    name = read_url(database).database or ""
    server.ask("UPDATE schema_version SET version_num = '9999'", name)
    with pytest.raises(StoreError, match="newer version"):
        open_postgres(database)
    with pytest.raises(CallError, match="newer version"):
        upgrade(database)
    with pytest.raises(CallError, match="no version"):
        upgrade(database, "0042")


def test_it_refuses_a_database_that_acknowledges_too_early(server: Server, database: str) -> None:
    name = read_url(database).database or ""
    server.ask(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with pytest.raises(StoreError, match="synchronous_commit is off"):
        open_postgres(database)


def test_it_warns_of_a_server_that_a_power_cut_destroys(database: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), closing(open_postgres(database)) as store:
        assert store.healthy() == []
    assert "fsync of the database is off" in caplog.text


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://revisit:s3cret@db/x", "postgresql://revisit:s3cret@127.0.0.1:1/x?connect_timeout=1"]
)
def test_it_never_shows_the_password(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises((CallError, StoreBusy)) as refused:
        open_postgres(url)
    assert "s3cret" not in str(refused.value) + caplog.text + repr(refused.value.__context__)


def test_it_opens_the_database_that_the_environment_names(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVISIT_STORE", database)
    with closing(open_store(Workspace(tmp_path))) as store:
        assert isinstance(store, PostgresStore)
    assert not (tmp_path / "data").exists()


def _error(state: str | None) -> OperationalError:
    cause = psycopg.OperationalError("a server's words") if state is None else psycopg.errors.lookup(state)("words")
    return OperationalError("SELECT", {}, cause)


@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        (None, StoreBusy), ("08006", StoreBusy), ("53300", StoreBusy), ("25006", StoreBusy), ("57P01", StoreBusy),
        ("57P03", StoreBusy), ("57014", StoreBusy), ("55P03", StoreBusy), ("40001", StoreBusy), ("53100", StoreFull),
        ("XX001", StoreDamaged), ("XX002", StoreDamaged), ("42501", StoreError),
    ],
)  # fmt: skip
def test_it_says_what_an_error_means(state: str | None, meaning: type[StoreError]) -> None:
    assert type(store_error(_error(state))) is meaning


def test_it_repeats_what_the_server_asks_to_repeat(database: str) -> None:
    with closing(open_postgres(database)) as store:
        tries = iter(["40001", "40P01", ""])

        def task(_connection: object) -> str:
            state = next(tries)
            if state:
                raise _error(state)
            return "done"

        assert store.work(task) == "done"
        with pytest.raises(StoreBusy):
            store.work(lambda _connection: (_ for _ in ()).throw(_error("40001")))


def test_it_keeps_each_order_once_when_two_import_the_same(database: str) -> None:
    with closing(open_postgres(database)) as store:

        def bring(name: str) -> int:
            numbers = range(300) if name == "a" else range(299, -1, -1)
            return store.add_orders(batch(name), [entry(f"RO-{number}", batch_id=name) for number in numbers])

        with ThreadPoolExecutor(4) as pool:
            counts = list(pool.map(bring, ["a", "b", "a", "b"]))
        assert sum(counts) == 300
        assert len(list(store.orders())) == len(list(store.visits())) == 300


def test_it_never_takes_an_order_back_whose_answer_came(database: str) -> None:
    with closing(open_postgres(database)) as store:
        ones = [entry(f"RO-{number}") for number in range(60)]
        store.add_orders(batch(), ones)
        links = [invite(store, one.visit) for one in ones]

        def post(number: int) -> str:
            try:
                return store.record(answer(links[number]))
            except (NotFound, LinkClosed):
                return "gone"

        with ThreadPoolExecutor(8) as pool:
            posts = [pool.submit(post, number) for number in range(60)]
            undone = pool.submit(store.undo_batch, "b1", NOW)
        stored = sum(one.result() == "stored" for one in posts)
        assert undone.result() == (60 - stored, stored)
        assert len(list(store.orders())) == len(store.answered_visits()) == stored


def test_it_keeps_an_answer_or_a_closed_link_and_never_both(database: str) -> None:
    with closing(open_postgres(database)) as store:
        one = entry("RO-1")
        store.add_orders(batch(), [one])
        for issue in range(1, 21):
            link = invite(store, one.visit, issue)
            with ThreadPoolExecutor(2) as pool:
                voided = pool.submit(store.void, link, NOW)
                posted = pool.submit(store.record, answer(link))
            assert (voided.exception() is None) != (posted.exception() is None)


def test_it_starts_a_sequel_when_a_partition_is_full(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "FULL", 2)
    with closing(open_postgres(database)) as store:
        ones = [entry(f"RO-{number}") for number in range(3)]
        store.add_orders(batch(), ones)
        first, same, sequel = (invite(store, one.visit).partition for one in ones)
        assert first == same != sequel


def test_it_opens_one_partition_when_many_ask(database: str) -> None:
    with closing(open_postgres(database)) as store, ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: store.partition("repair", DAY), range(16)))) == 1


def test_it_files_what_was_set_aside_in_order_of_arrival(database: str) -> None:
    with closing(open_postgres(database)) as store:
        one = entry("RO-1")
        store.add_orders(batch(), [one])
        link = invite(store, one.visit)
        unread = replace(answer(link), unit="", visit_id=None)
        for response in (unread, replace(unread, body_hash="second"), replace(unread, id="0" * 64)):
            store.set_aside(response)
        assert any("3 answers wait" in line for line in store.healthy())
        assert store.file_set_aside() == 3
        assert store.response(link.partition, link.id) == answer(link)
        with store.engine.connect() as connection:
            kept = connection.execute(text("SELECT record->>'flags' FROM seconds")).scalars().all()
        assert kept == ['["second"]', '["second"]']


def test_it_keeps_each_month_of_answers_in_a_table_of_its_own(server: Server, database: str) -> None:
    with closing(open_postgres(database)) as store:
        one = entry("RO-1")
        store.add_orders(batch(), [one])
        store.record(answer(invite(store, one.visit)))
    rows = server.ask("SELECT count(*) FROM responses_2611", read_url(database).database or "")
    assert rows == [(1,)]
