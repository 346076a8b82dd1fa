"""What an answer leaves behind of where it came from: two tags for a while, never an address."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from revisit.flows.answering.tags import COMPARED, settle_tags, with_marks
from revisit.flows.keeping.tidy import tidy
from revisit.people.sessions import digest
from revisit.records.people import Session, User
from revisit.store.codec import dump
from revisit.store.protocol import StoreFull
from tests.collector.world import World

BROWSER = "Mozilla/5.0 (made-up phone)"
ADDRESS, OTHER = "203.0.113.7", "203.0.113.8"


def post(world: World, client: FlaskClient, address: str = ADDRESS, browser: str = BROWSER) -> str:
    """Answer a new customer's link from somewhere; gives the answer's id."""
    code, invitation = world.invite()
    path, fields = world.opened(client, code)
    sent = client.post(
        f"{path}?t={code}",
        data={**fields, "fixed_well": "5"},
        headers={"User-Agent": browser, "Accept-Language": "zh-CN,zh;q=0.9"},
        environ_base={"REMOTE_ADDR": address},
    )
    assert sent.status_code == 303, sent.text
    return invitation.id


def test_an_answer_leaves_two_tags_and_no_address(
    world: World, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        names = [post(world, client), post(world, client), post(world, client, OTHER), post(world, client, browser="x")]
    first, again, elsewhere, another = (next(tag for tag in world.store.tags("2611") if tag.id == one) for one in names)
    assert (first.device, first.network) == (again.device, again.network)
    assert (first.device == elsewhere.device, first.network == elsewhere.network) == (True, False)
    assert (first.device == another.device, first.network == another.network) == (False, True)
    assert first.unit == "demo/lakeside"
    kept = b"".join(path.read_bytes() for path in sorted((world.root / "data").rglob("*")) if path.is_file())
    for secret in (ADDRESS, OTHER, "made-up phone", "zh-CN,zh;q=0.9"):
        assert secret.encode() not in kept
        assert secret not in caplog.text


def test_the_network_is_the_customers_behind_a_trusted_proxy_and_nobody_elses_word(world: World) -> None:
    def network(address: str, said: str) -> str:
        client = world.client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = said
        name = post(world, client, address)
        return next(tag.network for tag in world.store.tags("2611") if tag.id == name)

    plain = {network("198.51.100.1", ADDRESS), network("198.51.100.1", OTHER)}
    assert len(plain) == 1
    world.settings = replace(world.settings, trusted_proxies=1)
    behind = {network("127.0.0.1", said) for said in (ADDRESS, f"192.0.2.9, {ADDRESS}", OTHER)}
    assert len(behind) == 2
    assert network("127.0.0.1", "2001:db8:1:2::5") == network("127.0.0.1", "2001:db8:1:2:ffff::9")
    assert network("127.0.0.1", "2001:db8:1:3::5") not in behind


def test_an_answer_from_a_browser_that_is_signed_in_to_the_desk_is_flagged(world: World, client: FlaskClient) -> None:
    post(world, client)
    world.store.add_user(User("wang", "staff", "demo", password="none"))
    world.store.add_session(Session(digest("c0de"), "wang", world.now, world.now))
    with client.session_transaction("/desk/") as cookie:
        cookie["code"], cookie["seen"] = "c0de", world.now.timestamp()
    desk = post(world, client)
    world.store.end_sessions(user="wang")
    post(world, client)
    flagged = [response.id for response in world.store.responses("repair") if "desk" in response.flags]
    assert flagged == [desk]


def test_an_answer_counts_though_its_tags_cannot_be_kept(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_month: str) -> bytes:
        raise StoreFull("no space")

    monkeypatch.setattr(world.store, "tag_secret", full)
    name = post(world, client)
    assert [response.id for response in world.store.responses("repair")] == [name]
    assert world.store.tags("2611") == []


def marks(world: World, cutoff: datetime) -> dict[str, list[str]]:
    rows = with_marks(world.store, map(dump, world.store.responses("repair")), cutoff)
    return {row["id"]: [mark for mark in row.get("flags", ()) if mark != COMPARED] for row in rows}


def test_the_marks_outlast_the_tags_and_these_go_after_sixty_days(world: World, client: FlaskClient) -> None:
    staff = []
    for _ in range(5):
        world.now += timedelta(minutes=3)
        staff.append(post(world, client))
    honest = [post(world, client, f"203.0.113.{place}", f"phone {place}") for place in range(20, 30)]
    found = marks(world, world.now)
    assert {name for name, mark in found.items() if mark} == set(staff)
    assert set(found) == {*staff, *honest}
    assert marks(world, world.now - timedelta(minutes=11)) == {name: [] for name in found}
    assert settle_tags(world.store, datetime(2027, 1, 29, 23, 59, tzinfo=UTC)) == 0
    tidy(world.store, datetime(2027, 1, 30, tzinfo=UTC))
    assert world.store.tag_months() == []
    assert not [path for path in (world.root / "data").rglob("2611.*") if path.parent.name == "tags"]
    assert marks(world, world.now) == found


def test_one_customer_with_many_machines_is_one_customer(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [post(world, client) for _ in range(5)]
    assert any(marks(world, world.now).values())
    visits = {response.visit_id for response in world.store.responses("repair")}
    orders = [world.store.order(world.store.visit(str(visit)).order_id) for visit in visits]
    known = world.store.contacts([order.contact_id for order in orders])
    phones = {one: replace(contact, phone="+861300000012") for one, contact in known.items()}
    monkeypatch.setattr(world.store, "contacts", lambda _ids: phones)
    assert marks(world, world.now) == {name: [] for name in names}
