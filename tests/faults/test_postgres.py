"""PostgreSQL restarted, away, read-only, full of others: nothing acknowledged is lost, answers stay in the form."""

import pwd
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text

from revisit.records.responses import Response
from revisit.records.visits import Attempt
from revisit.store.postgres import PostgresStore, open_postgres, read_url
from revisit.store.protocol import StoreBusy
from tests.faults.disks import fill, small_disk
from tests.faults.servers import Shop, make_shop, serving
from tests.store.cast import NOW, answer, batch, entry, invite_all
from tests.store.postgres import Server as Database
from tests.store.postgres import account, running

pytestmark = pytest.mark.faults

# Seconds, on the slowest of machines. How long it takes on this one is printed.
PATIENCE = 120
TRIED = Attempt(NOW, "phone", "no_answer", "wang")
ADD_ONE = text("UPDATE visits SET day = day + 1 WHERE id = :id")


@pytest.fixture(scope="module")
def own() -> Iterator[Database]:
    """Run a server that these tests may ill-treat, and that keeps every promise."""
    settings = {"max_connections": "40", "superuser_reserved_connections": "3", "deadlock_timeout": "20ms"}
    with running(**settings) as started:
        yield started


@pytest.fixture
def shop(own: Database, tmp_path: Path) -> Shop:
    return make_shop(tmp_path / "shop", own.new_database(), language="zh-Hans")


def _insist(store: PostgresStore, response: Response) -> None:
    """Send an answer again until it is taken, as a browser does."""
    while True:
        try:
            store.record(response)
        except StoreBusy:
            time.sleep(0.05)
        else:
            return


@pytest.mark.parametrize("restarts", [2, pytest.param(10, marks=pytest.mark.full)])
def test_nothing_acknowledged_is_lost_when_the_database_restarts_under_load(own: Database, restarts: int) -> None:
    with closing(open_postgres(own.new_database())) as store:
        ones = [entry(f"RO-{number}") for number in range(3000 * restarts)]
        store.add_orders(batch(), ones)
        links = iter(invite_all(store, [one.visit for one in ones]))
        acknowledged: list[Response] = []
        stop, lock = threading.Event(), threading.Lock()

        def run() -> None:
            while not stop.is_set():
                with lock:
                    link = next(links, None)
                if link is None:
                    return
                response = answer(link)
                _insist(store, response)
                acknowledged.append(response)
                time.sleep(0.01)  # the fastest of machines shall not come to the last link

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
                assert time.monotonic() - back < PATIENCE
            longest = max(longest, time.monotonic() - back)
        stop.set()
        for thread in crowd:
            thread.join()
        assert {response.id for response in acknowledged} == {response.id for response in store.responses("repair")}
        assert len(acknowledged) == len({response.id for response in acknowledged})
    print(f"{restarts} restarts: {len(acknowledged):,} answers, none lost; again after {longest:.1f} s at most")  # noqa: T201  the figure


def test_a_customer_keeps_the_answers_while_the_database_is_away(own: Database, shop: Shop) -> None:
    fields = {**shop.fields, "fixed_well": "2", "comment": "没丢"}
    with serving(shop) as (server,):
        own.stop("immediate")
        try:
            started = time.monotonic()
            status, headers, page = server.post(shop.address(shop.codes[0]), fields)
            assert time.monotonic() - started < PATIENCE
            assert (status, headers.get("Retry-After")) == (503, "5"), server.said()
            assert 'lang="zh-Hans"' in page
            assert "没丢" in page
            assert server.ask("GET", f"/v/{shop.codes[0]}")[0] == 503
            assert server.ask("GET", shop.path)[0] == 200  # the form itself needs no database
            assert server.ask("GET", "/healthz")[0] == 503
        finally:
            own.start()
        deadline = time.monotonic() + PATIENCE
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
        assert (status, headers.get("Retry-After")) == (503, "5"), server.said()
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
        _take_all(own, stack, name)
        status, headers, page = server.post(shop.address(shop.codes[0]), fields)
        assert (status, headers.get("Retry-After")) == (503, "5"), server.said()
        assert "没丢" in page
        stack.close()
        assert server.post(shop.address(shop.codes[0]), fields)[0] == 303


def _take_all(own: Database, stack: ExitStack, name: str) -> None:
    """Take every connection there is: the shop's too, and those that an earlier test has only just let go."""
    mine = [stack.enter_context(psycopg.connect(own.url("postgres"), autocommit=True))]
    count = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    while True:
        mine[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            while True:
                mine.append(stack.enter_context(psycopg.connect(own.url("postgres"))))
        except psycopg.OperationalError as error:
            assert "too many clients" in str(error)  # noqa: PT017  what is asked for, and how often
        if mine[0].execute(count).fetchone() == (len(mine),):
            return


def _hang_up(own: Database, name: str) -> None:
    with psycopg.connect(own.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


def test_the_form_is_served_while_the_database_hangs_and_nothing_is_lost(own: Database, shop: Shop) -> None:
    with serving(shop) as (server,):
        fields = {**shop.fields, "fixed_well": "2"}
        assert server.post(shop.address(shop.codes[0]), fields)[0] == 303

        def post(code: str) -> int:
            while True:
                status = server.post(shop.address(code), fields)[0]
                if status != 503:  # after ten seconds: on a machine that has much to do
                    return status

        with own.frozen(), ThreadPoolExecutor(8) as pool:
            posts = [pool.submit(post, code) for code in shop.codes[1:9]]
            time.sleep(1)
            started = time.monotonic()
            assert server.ask("GET", shop.path)[0] == 200
            assert time.monotonic() - started < PATIENCE
            assert not any(post.done() for post in posts)  # nothing is acknowledged that is not committed
            own.thaw()
            assert [post.result() for post in posts] == [303] * 8
    with closing(open_postgres(shop.servers[0].store_url)) as store:
        assert len(list(store.responses("repair"))) == 9


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=pytest.mark.full)])
def test_everybody_gets_through_who_tries_again_while_the_database_is_down(
    own: Database, shop: Shop, seconds: int
) -> None:
    fields = {**shop.fields, "fixed_well": "5"}
    statuses: Counter[int] = Counter()
    slowest = 0.0

    def post(code: str) -> None:
        nonlocal slowest
        status = 0
        while status != 303:
            started = time.monotonic()
            status = server.post(shop.address(code), fields)[0]
            slowest = max(slowest, time.monotonic() - started)
            statuses[status] += 1
            time.sleep(0.2)

    with serving(shop) as (server,), ThreadPoolExecutor(16) as pool:
        own.stop("immediate")
        try:
            posts = [pool.submit(post, code) for code in shop.codes[:16]]
            time.sleep(seconds)
            deadline = time.monotonic() + PATIENCE
            while not statuses:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert set(statuses) == {503}
        finally:
            own.start()
        back = time.monotonic()
        for one in posts:
            one.result(PATIENCE)
        took = time.monotonic() - back
        assert "Traceback" not in server.said()
    with closing(open_postgres(shop.servers[0].store_url)) as store:
        assert len(list(store.responses("repair"))) == 16
    assert statuses[303] == 16
    assert set(statuses) == {303, 503}
    said = f"{statuses[503]} times 503, the slowest after {slowest:.1f} s; all stored {took:.1f} s after it came back"
    print(f"down for {seconds} s: {said}")  # noqa: T201  the figure


def test_a_customer_keeps_the_answers_while_the_disk_of_the_database_is_full(own: Database, tmp_path: Path) -> None:
    with small_disk(own.folder / "small", 24, pwd.getpwnam(account()).pw_uid) as disk:
        own.ask(f"CREATE TABLESPACE small LOCATION '{disk}'")
        url = own.new_database()
        own.ask(f"ALTER DATABASE {read_url(url).database} SET TABLESPACE small")
        shop = make_shop(tmp_path / "shop", url, links=200, language="zh-Hans")
        filled = {**shop.fields, "fixed_well": "2", "comment": "没丢" * 600}
        with serving(shop) as (server,):
            filler = fill(disk)
            stored = 0
            for code in shop.codes:
                status, headers, page = server.post(shop.address(code), filled)
                if status != 303:
                    break
                stored += 1
            assert (status, headers["Retry-After"]) == (507, "60")
            assert 'lang="zh-Hans"' in page
            assert "您的回答还没有保存" in page
            assert "没丢" in page
            assert server.ask("GET", f"/v/{code}")[0] == 303
            filler.unlink()
            assert server.post(shop.address(code), filled)[0] == 303
            assert "Traceback" not in server.said()
        with closing(open_postgres(url)) as store:
            assert len(list(store.responses("repair"))) == stored + 1
        own.ask(f"DROP DATABASE {read_url(url).database} WITH (FORCE)")
        own.ask("DROP TABLESPACE small")


def test_answers_and_changes_hold_when_the_database_is_serialisable(own: Database) -> None:
    """At that level the server really asks to repeat transactions, which it never does at its own default."""
    url = own.new_database()
    own.ask(f"ALTER DATABASE {read_url(url).database} SET default_transaction_isolation = 'serializable'")
    before = own.log().count("could not serialize access")
    with closing(open_postgres(url)) as store:
        ones = [entry(f"RO-{number}") for number in range(40)]
        store.add_orders(batch(), ones)
        links = invite_all(store, [one.visit for one in ones])
        busy = []

        def work(number: int) -> None:
            link, visit = links[number % 40], ones[number % 3].visit
            try:
                store.record(answer(link))
                store.change_visit(visit.id, lambda held: replace(held, attempts=(*held.attempts, TRIED)))
            except StoreBusy as error:
                busy.append(error)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(work, range(160)))
        attempts = sum(len(visit.attempts) for visit in store.visits())
        assert len(list(store.responses("repair"))) == 40
    assert own.log().count("could not serialize access") > before
    assert attempts + len(busy) == 160  # each change is there once, or its maker was told to come again
    assert len(busy) < 80


def test_a_deadlock_is_resolved_and_the_work_is_done_once(own: Database) -> None:
    url = own.new_database()
    before = own.log().count("deadlock detected")
    with closing(open_postgres(url)) as store:
        ones = [entry(f"RO-{number}") for number in range(2)]
        store.add_orders(batch(), ones)
        ids = [one.visit.id for one in ones]
        both = threading.Barrier(2)
        tries: Counter[str] = Counter()

        def work(first: str, second: str) -> None:
            def apply(connection: Connection) -> None:
                tries[first] += 1
                connection.execute(ADD_ONE, {"id": first})
                if tries[first] == 1:  # each waits until the other holds its row
                    both.wait(PATIENCE)
                connection.execute(ADD_ONE, {"id": second})

            store.work(apply)

        with ThreadPoolExecutor(2) as pool:
            done = [pool.submit(work, *ids), pool.submit(work, *ids[::-1])]
            for one in done:
                one.result(PATIENCE)
        days = own.ask("SELECT day - DATE '2026-10-30' FROM visits", read_url(url).database or "")
    assert own.log().count("deadlock detected") > before
    assert sum(tries.values()) > 2
    assert days == [(2,), (2,)]


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
            posted.join(PATIENCE)
        assert store.response(link.partition, link.id) == answer(link)
