"""What every store must hold, whatever it is made of."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from revisit.records.letters import Letter
from revisit.records.people import AuditLine, Session, User
from revisit.records.reports import IssuedReport
from revisit.records.visits import Attempt, Poster, Settlement, Visit
from revisit.store import codec
from revisit.store.protocol import AlreadyAnswered, Conflict, LinkClosed, NotFound, Scope, Store
from tests.store.cast import DAY, NOW, answer, batch, entry, imported, invite, invite_all


def test_it_gives_back_what_came_in(store: Store) -> None:
    one = entry("RO-1")
    assert store.add_orders(batch(), [one]) == 1
    assert list(store.orders()) == [one.order]
    assert list(store.visits()) == [one.visit]
    assert store.order(one.order.id) == one.order
    assert store.contacts([one.contact.id, "2610-none"]) == {one.contact.id: one.contact}
    assert store.batches() == [replace(batch(), rows=1)]


def test_it_finds_the_orders_of_visits(store: Store) -> None:
    one, other = entry("RO-1"), entry("RO-2", day=DAY + timedelta(days=40))
    store.add_orders(batch(), [one, other, entry("RO-3")])
    assert store.orders_of([one.visit.id, other.visit.id, "2610-none"]) == {
        one.visit.id: one.order,
        other.visit.id: other.order,
    }
    assert store.orders_of([]) == {}


def test_it_gives_the_batch_that_was_filed_last_first_whatever_its_clock_said(store: Store) -> None:
    for name in ("b1", "b2"):
        store.add_batch(batch(name))
    store.add_batch(replace(batch("b4"), imported_at=NOW + timedelta(days=1)))
    store.add_batch(replace(batch("b3"), imported_at=NOW - timedelta(days=1)))
    store.add_batch(replace(batch("b2"), rows=2))  # noted anew, it keeps its place
    assert [made.id for made in store.batches()] == ["b3", "b4", "b2", "b1"]


def test_it_leaves_known_orders_as_they_are(store: Store) -> None:
    store.add_orders(batch(), [entry("RO-1")])
    assert store.add_orders(batch("b2"), [entry("RO-1"), entry("RO-2"), entry("RO-1", unit="demo/harbour")]) == 2
    assert sorted(order.number for order in store.orders()) == ["RO-1", "RO-1", "RO-2"]


def test_it_finds_by_unit_and_day(store: Store) -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)]
    store.add_orders(batch(), [entry(f"RO-{day}", day=day) for day in days])
    store.add_orders(batch("b2"), [entry("RO-x", unit="demo/lakeside2", day=days[1])])
    october = Scope("demo/lakeside", days[1], days[2])
    assert [order.closed_on for order in store.orders(october)] == days[1:3]
    assert [visit.day for visit in store.visits(october)] == days[1:3]
    assert len(list(store.visits(Scope("demo")))) == 5


def test_it_changes_a_visit_in_one_step(store: Store) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])

    def tried(visit: Visit) -> Visit:
        return replace(visit, attempts=(*visit.attempts, Attempt(NOW, "phone", "no_answer", "wang")))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store.change_visit(one.visit.id, tried), range(16)))
    assert len(store.visit(one.visit.id).attempts) == 16
    with pytest.raises(NotFound):
        store.change_visit("2610-none", tried)


def test_it_keeps_one_answer_for_a_link(store: Store) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    invitation = invite(store, one.visit)
    assert store.invitation(invitation.partition, invitation.id) == invitation
    assert store.record(answer(invitation)) == "stored"
    assert store.record(answer(invitation)) == "repeat"
    with pytest.raises(AlreadyAnswered) as other:
        store.record(answer(invitation, "other", value=1))
    assert other.value.stored == answer(invitation)
    assert store.response(invitation.partition, invitation.id) == answer(invitation)
    assert store.answered_visits() == {one.visit.id}


def test_it_gives_responses_by_unit_and_day_as_records_and_as_plain_rows(store: Store) -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)]
    entries = [entry(f"RO-{day}", day=day) for day in reversed(days)]
    entries.append(entry("RO-x", unit="demo/lakeside2", day=days[1]))
    store.add_orders(batch(), entries)
    for invitation in invite_all(store, [one.visit for one in entries]):
        store.record(answer(invitation))
    october = Scope("demo/lakeside", days[1], days[2])
    assert [response.day for response in store.responses("repair", october)] == days[1:3]
    for scope in (october, Scope("demo"), Scope(first=days[2]), Scope("demo/none")):
        found = list(store.responses("repair", scope))
        assert [codec.dump(response) for response in found] == list(store.response_rows("repair", scope))
    assert len(list(store.response_rows("repair", Scope("demo")))) == 5
    assert not list(store.response_rows("other"))


def test_it_takes_one_of_many_simultaneous_answers(store: Store) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    invitation = invite(store, one.visit)

    def post(number: int) -> str:
        try:
            return store.record(answer(invitation, f"body {number % 2}"))
        except AlreadyAnswered:
            return "conflict"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(post, range(16)))
    assert outcomes.count("stored") == 1
    assert outcomes.count("repeat") == 7
    assert outcomes.count("conflict") == 8
    assert len(list(store.responses("repair"))) == 1


def test_it_refuses_answers_to_unknown_and_voided_links(store: Store) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    invitation = invite(store, one.visit)
    with pytest.raises(NotFound):
        store.record(replace(answer(invitation), id="0" * 64))
    with pytest.raises(NotFound):
        store.record(replace(answer(invitation), partition="../"))
    voided = store.void(invitation, NOW)
    assert voided.voided_at == NOW
    assert store.void(invitation, NOW + timedelta(days=1)).voided_at == NOW
    with pytest.raises(LinkClosed):
        store.record(answer(invitation))
    again = invite(store, one.visit, issue=2)
    assert store.record(answer(again)) == "stored"
    assert [made.issue for made in store.invitations([one.visit.id])] == [1, 2]


def test_it_does_not_void_an_answered_link(store: Store) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    invitation = invite(store, one.visit)
    store.record(answer(invitation))
    with pytest.raises(AlreadyAnswered):
        store.void(invitation, NOW)


def test_it_takes_a_batch_back_but_keeps_what_was_answered(store: Store) -> None:
    kept, gone = entry("RO-1"), entry("RO-2")
    store.add_orders(batch(), [kept, gone])
    answered, unanswered = invite(store, kept.visit), invite(store, gone.visit)
    store.record(answer(answered))
    assert store.undo_batch("b1", NOW) == (1, 1)
    assert [order.number for order in store.orders()] == ["RO-1"]
    assert store.invitation(unanswered.partition, unanswered.id) is None
    assert store.contacts([gone.contact.id]) == {}
    assert store.batches()[0].undone_at == NOW
    with pytest.raises(Conflict):
        store.undo_batch("b1", NOW)
    with pytest.raises(NotFound):
        store.undo_batch("b9", NOW)
    assert store.add_orders(batch("b2"), [entry("RO-2")]) == 1


def test_it_imports_answers_once_and_takes_them_back(store: Store) -> None:
    one = entry("RO-1")
    store.add_orders(batch(), [one])
    template = answer(invite(store, one.visit))
    rows = [imported(template, "r1", f"row-{number}") for number in range(3)]
    assert store.add_responses(batch("r1", kind="responses"), rows) == 3
    assert store.add_responses(batch("r2", kind="responses"), rows) == 0
    by = "import:r1"
    settled = Settlement("declined", NOW, by)
    store.change_visit(
        one.visit.id, lambda visit: replace(visit, settled=settled, attempts=(Attempt(NOW, "phone", "declined", by),))
    )
    assert store.undo_batch("r1", NOW) == (3, 0)
    assert list(store.responses("repair")) == []
    assert store.visit(one.visit.id) == one.visit


def test_it_gives_answers_by_survey_unit_and_day(store: Store) -> None:
    ones = [entry(f"RO-{number}", day=DAY + timedelta(days=number)) for number in range(3)]
    store.add_orders(batch(), ones)
    for one in ones:
        store.record(answer(invite(store, one.visit)))
    found = store.responses("repair", Scope("demo/lakeside/Engineer 7", DAY, DAY + timedelta(days=1)))
    assert [response.day for response in found] == [DAY, DAY + timedelta(days=1)]
    assert list(store.responses("repair", Scope("demo/harbour"))) == []
    assert list(store.responses("repair-full")) == []


def test_it_claims_a_letter_once(store: Store) -> None:
    letter = Letter("2611-1", "2610-v", "email", "en", "queued", NOW, NOW)
    store.add_letters([letter])
    with ThreadPoolExecutor(8) as pool:
        claims = [claim for claim in pool.map(lambda _: store.claim_letter(letter.id, NOW), range(8)) if claim]
    assert claims == [replace(letter, state="sending", tries=1)]
    store.settle_letter(replace(claims[0], state="sent"))
    assert [sent.state for sent in store.letters()] == ["sent"]
    assert list(store.letters(["queued"])) == []


def test_it_knows_who_may_come_in(store: Store) -> None:
    user = User("wang", "staff", "demo/lakeside")
    store.add_user(user)
    with pytest.raises(Conflict):
        store.add_user(user)
    assert store.change_user("wang", lambda now: replace(now, failures=now.failures + 1)).failures == 1
    assert store.user("li") is None
    with pytest.raises(NotFound):
        store.change_user("li", lambda now: now)
    for number, seen in enumerate((NOW, NOW + timedelta(hours=1))):
        store.add_session(Session(f"s{number}", "wang", NOW, seen))
    store.touch_session("s0", NOW + timedelta(minutes=5))
    store.touch_session("s9", NOW)
    found = store.session("s0")
    assert found is not None
    assert found.seen_at == NOW + timedelta(minutes=5)
    assert store.end_sessions(before=NOW + timedelta(minutes=6)) == 1
    assert store.end_sessions(user="wang") == 1
    assert store.session("s1") is None


def test_it_appends_to_the_audit_trail(store: Store) -> None:
    lines = [AuditLine(NOW + timedelta(days=40 * number), "wang", "visit.declined", "2610-v") for number in range(3)]
    for line in lines:
        store.audit(line)
    assert list(store.audit_lines()) == lines


def test_it_keeps_issued_reports(store: Store) -> None:
    report = IssuedReport("r1", "branch", "repair", "demo/lakeside", DAY, DAY, "en", NOW, "wang", "a.pdf", "0", 4)
    store.keep_report(report, b"%PDF")
    assert store.report("r1") == (report, b"%PDF")
    assert store.reports("demo") == [report]
    assert store.reports("demo/harbour") == []
    with pytest.raises(NotFound):
        store.report("r2")


def test_it_clears_sample_data_and_nothing_else(store: Store) -> None:
    real, made_up = entry("RO-1"), entry("RO-2", sample=True)
    store.add_orders(batch(), [real])
    store.add_orders(replace(batch("b2"), sample=True), [made_up])
    for one in (real, made_up):
        store.record(answer(invite(store, one.visit)))
    store.add_poster(Poster("p1", "demo", "repair", NOW))
    store.add_poster(Poster("p2", "demo", "repair", NOW, sample=True))
    counts = store.clear_sample()
    assert (counts["orders"], counts["visits"], counts["responses"], counts["contacts"]) == (1, 1, 1, 1)
    assert list(store.orders()) == [real.order]
    assert [poster.id for poster in store.posters()] == ["p1"]
    assert [made.id for made in store.batches()] == ["b1"]
    assert len(list(store.responses("repair"))) == 1
    assert store.contacts([real.contact.id, made_up.contact.id]) == {real.contact.id: real.contact}


def test_it_is_healthy(store: Store) -> None:
    store.add_orders(batch(), [entry("RO-1")])
    assert store.healthy() == []
