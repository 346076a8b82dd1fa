"""Handling a visit by hand and the worklist, on a real store."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from revisit.flows.visiting import handling, worklist
from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.people import User
from revisit.records.responses import Answer, Response
from revisit.records.visits import Attempt, Settlement, Visit
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.protocol import Conflict, OrderEntry, Store

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 10, 30)
MEI = User("mei", "staff", "demo/lakeside")
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(Workspace(tmp_path))) as opened:
        yield opened


def visit(store: Store, number: str = "WO-1", due: datetime = NOW, **contact: str) -> Visit:
    order = RepairOrder(new_id(DAY), number, "demo/lakeside", DAY, new_id(DAY), plate="沪A00012", engineer="Engineer 7")
    made = Visit(new_id(DAY), order.id, "repair", order.earned_by, DAY, due, due + timedelta(days=15))
    entry = OrderEntry(order, Contact(order.contact_id, **contact), made)
    store.add_orders(Batch(f"b-{number}", "orders.csv", NOW, 1), [entry])
    return made


def answer(store: Store, made: Visit) -> None:
    """File an answer as an import brings it: without a link."""
    response = Response(
        "r1", store.partition("repair", DAY), "repair", "en", "f", "t", made.unit, DAY, NOW, "phone",
        {"overall": Answer("answered", 5)}, "h", visit_id=made.id,
    )  # fmt: skip
    store.add_responses(Batch("b-r", "answers.csv", NOW, 1, kind="responses"), [response])


def test_taking_back_leaves_the_visit_as_it_was(store: Store) -> None:
    made = visit(store)
    tried = handling.note_attempt(store, made.id, Attempt(NOW, "phone", "no_answer", "mei"))
    for what in ("declined", "unreachable", "excluded"):
        reason = "duplicate" if what == "excluded" else ""
        closed = handling.settle(store, made.id, Settlement(what, NOW + HOUR, "mei", reason))
        assert closed.state(NOW + HOUR, answered=False) == what
        assert handling.take_back(store, made.id, "mei", NOW + 2 * HOUR) == tried


def test_declining_counts_as_a_try_and_leaving_out_does_not(store: Store) -> None:
    made = visit(store)
    declined = handling.settle(store, made.id, Settlement("declined", NOW, "mei"))
    assert [attempt.outcome for attempt in declined.attempts] == ["declined"]
    handling.take_back(store, made.id, "mei", NOW)
    excluded = handling.settle(store, made.id, Settlement("excluded", NOW, "mei", "asset_sold"))
    assert excluded.attempts == ()


def test_it_touches_nothing_that_is_answered_settled_or_expired(store: Store) -> None:
    answered, settled, expired = (visit(store, f"WO-{number}") for number in range(3))
    answer(store, answered)
    handling.settle(store, settled.id, Settlement("declined", NOW, "mei"))
    for made, at in ((answered, NOW), (settled, NOW), (expired, expired.expires_at)):
        before = store.visit(made.id)
        with pytest.raises(Conflict):
            handling.settle(store, made.id, Settlement("unreachable", at, "ming"))
        with pytest.raises(Conflict):
            handling.note_attempt(store, made.id, Attempt(at, "phone", "no_answer", "ming"))
        assert store.visit(made.id) == before
    with pytest.raises(Conflict):
        handling.take_back(store, expired.id, "ming", NOW)


def test_what_was_merged_into_another_visit_is_not_opened_again(store: Store) -> None:
    made = visit(store)
    handling.settle(store, made.id, Settlement("merged", NOW))
    with pytest.raises(Conflict):
        handling.take_back(store, made.id, "mei", NOW)


def test_an_exclusion_needs_a_reason_of_the_list(store: Store) -> None:
    made = visit(store)
    with pytest.raises(ValueError, match="needs a reason"):
        handling.settle(store, made.id, Settlement("excluded", NOW, "mei", "no time"))
    assert store.visit(made.id) == made


def test_the_trail_holds_no_personal_data(store: Store) -> None:
    made = visit(store, name="Test Customer", phone="+8613000000012")
    handling.note_attempt(store, made.id, Attempt(NOW, "phone", "no_answer", "mei"))
    handling.settle(store, made.id, Settlement("excluded", NOW, "mei", "asset_sold"))
    handling.take_back(store, made.id, "mei", NOW)
    lines = [(line.who, line.what, line.about, line.note) for line in store.audit_lines()]
    assert lines == [
        ("mei", "attempt-noted", made.id, "phone no_answer"),
        ("mei", "visit-settled", made.id, "asset_sold"),
        ("mei", "visit-taken-back", made.id, ""),
    ]


def test_what_expires_first_stands_on_top_and_what_is_over_newest_first(store: Store) -> None:
    dues = {"a": -14, "b": -1, "c": 1, "d": -20, "e": -40}
    made = {name: visit(store, name, NOW + timedelta(days=days)) for name, days in dues.items()}
    found = worklist.tasks(store, "demo", NOW)
    names = {one.id: name for name, one in made.items()}
    assert [names[task.visit.id] for task in found] == ["a", "b", "c", "d", "e"]
    held = worklist.counts(found)
    assert held == {"due": 2, "soon": 1, "untried": 2, "waiting": 1, "expired": 2}
    assert worklist.tasks(store, "demo/harbour", NOW) == []


def test_an_open_visit_expires_soon_when_three_days_are_left(store: Store) -> None:
    visit(store, due=NOW)
    (task,) = worklist.tasks(store, "demo", NOW + timedelta(days=12))
    assert task.expires_soon
    (task,) = worklist.tasks(store, "demo", NOW + timedelta(days=12) - HOUR)
    assert not task.expires_soon


def test_a_search_gives_the_newest_fifty(store: Store) -> None:
    for number in range(53):
        visit(store, f"WO-77{number:02}")
    assert len(worklist.search(store, MEI, "WO-77", NOW)) == worklist.MOST_FOUND
    assert worklist.search(store, User("harald", "staff", "demo/harbour"), "WO-77", NOW) == []
