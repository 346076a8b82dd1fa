"""PostgreSQL restarted, away, read-only, full of others: nothing acknowledged is lost, answers stay in the form."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest

from revisit.records.responses import Response
from revisit.store.postgres import open_postgres, read_url
from revisit.store.protocol import StoreBusy
from tests.faults.servers import Shop, make_shop, serving
from tests.store.cast import answer, batch, entry, invite_all
from tests.store.postgres import Server as Database
from tests.store.postgres import running

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def own() -> Iterator[Database]:
    """Run a server that these tests may ill-treat, and that keeps every promise."""
    with running(max_connections="40", superuser_reserved_connections="3") as started:
        yield started


@pytest.fixture
def shop(own: Database, tmp_path: Path) -> Shop:
    return make_shop(tmp_path / "shop", own.new_database(), language="zh-Hans")


@pytest.mark.parametrize("restarts", [2, pytest.param(10, marks=pytest.mark.full)])
def test_nothing_acknowledged_is_lost_when_the_database_restarts_under_load(own: Database, restarts: int) -> None:
    with closing(open_postgres(own.new_database())) as store:
        ones = [entry(f"RO-{number}") for number in range(3000 * restarts)]
        store.add_orders(batch(), ones)
        links = iter(invite_all(store, [one.visit for one in ones]))
        acknowledged: list[Response] = []
        strange: list[BaseException] = []
        stop, lock = threading.Event(), threading.Lock()

        def run() -> None:
            while not stop.is_set():
                with lock:
                    response = answer(next(links))
                while True:
                    try:
                        store.record(response)
                    except StoreBusy:
                        time.sleep(0.05)
                        continue
                    except BaseException as error:
                        strange.append(error)
                        raise
                    acknowledged.append(response)
                    break

        crowd = [threading.Thread(target=run) for _ in range(16)]
        for thread in crowd:
            thread.start()
        longest = 0.0
        for _ in range(restarts):
            time.sleep(0.4)
            own.restart("immediate")
            back, before = time.monotonic(), len(acknowledged)
            while len(acknowledged) < before + 20:
                time.sleep(0.02)
                assert time.monotonic() - back < 10
            longest = max(longest, time.monotonic() - back)
        stop.set()
        for thread in crowd:
            thread.join()
        assert strange == []
        assert {response.id for response in acknowledged} == {response.id for response in store.responses("repair")}
        assert len(acknowledged) == len({response.id for response in acknowledged})
        assert longest < 5


def test_a_customer_keeps_the_answers_while_the_database_is_away(own: Database, shop: Shop) -> None:
    fields = {**shop.fields, "fixed_well": "2", "comment": "没丢"}
    with serving(shop) as (server,):
        own.stop("immediate")
        try:
            started = time.monotonic()
            status, headers, page = server.post(shop.address(shop.codes[0]), fields)
            assert time.monotonic() - started < 5
            assert (status, headers["Retry-After"]) == (503, "5")
            assert 'lang="zh-Hans"' in page
            assert "没丢" in page
            assert server.ask("GET", f"/v/{shop.codes[0]}")[0] == 503
            assert server.ask("GET", shop.path)[0] == 200  # the form itself needs no database
            assert server.ask("GET", "/healthz")[0] == 503
        finally:
            own.start()
        deadline = time.monotonic() + 5
        while server.post(shop.address(shop.codes[0]), fields)[0] != 303:
            assert time.monotonic() < deadline
        assert server.ask("GET", "/healthz")[0] == 200
        assert "Traceback" not in server.said()


def test_a_customer_keeps_the_answers_while_the_database_is_read_only(own: Database, shop: Shop) -> None:
    name = read_url(shop.servers[0].store_url).database or ""
    fields = {**shop.fields, "fixed_well": "2", "comment": "没丢"}
    with serving(shop) as (server,):
        own.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        _hang_up(own, name)
        status, headers, page = server.post(shop.address(shop.codes[0]), fields)
        assert (status, headers["Retry-After"]) == (503, "5")
        assert "没丢" in page
        status, _, said = server.ask("GET", "/healthz")
        assert status == 503
        assert "read-only" in said
        own.ask(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        _hang_up(own, name)
        assert server.post(shop.address(shop.codes[0]), fields)[0] == 303


def test_a_customer_keeps_the_answers_while_no_connection_is_free(own: Database, shop: Shop) -> None:
    name = read_url(shop.servers[0].store_url).database or ""
    fields = {**shop.fields, "fixed_well": "2", "comment": "没丢"}
    with serving(shop) as (server,), ExitStack() as stack:
        _hang_up(own, name)
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            _take_all(own, stack)
        status, headers, page = server.post(shop.address(shop.codes[0]), fields)
        assert (status, headers["Retry-After"]) == (503, "5")
        assert "没丢" in page
        stack.close()
        assert server.post(shop.address(shop.codes[0]), fields)[0] == 303


def _take_all(own: Database, stack: ExitStack) -> None:
    while True:
        stack.enter_context(psycopg.connect(own.url("postgres")))


def _hang_up(own: Database, name: str) -> None:
    with psycopg.connect(own.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


def test_an_answer_is_kept_once_when_transactions_lock_each_other_out(own: Database) -> None:
    url = own.new_database()
    with closing(open_postgres(url)) as store:
        one = entry("RO-1")
        store.add_orders(batch(), [one])
        (link,) = invite_all(store, [one.visit])
        with psycopg.connect(url) as other:
            other.execute("SELECT 1 FROM invitations FOR UPDATE")
            posted = threading.Thread(target=store.record, args=(answer(link),))
            posted.start()
            time.sleep(0.2)
            assert store.response(link.partition, link.id) is None
            other.rollback()
            posted.join(10)
        assert store.response(link.partition, link.id) == answer(link)
