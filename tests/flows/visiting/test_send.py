import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from revisit.flows.visiting import send
from revisit.records.letters import Letter
from revisit.records.visits import Attempt, Settlement, Visit
from revisit.settings import Mail
from revisit.store.protocol import AlreadyAnswered, Conflict
from revisit.visits.letters import Unwritable
from revisit.visits.links import invitation_id, read_code
from tests.flows.house import House, house
from tests.store.cast import answer
from tests.visits.post_office import Manner, PostOffice, post_office


@pytest.fixture
def place(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.bring_in()
        yield made


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


@pytest.fixture
def mailed(tmp_path: Path, office: PostOffice) -> Iterator[House]:
    mail = Mail("127.0.0.1", office.port, "service@example.com", security="none")
    with house(tmp_path, mail=mail) as made:
        made.bring_in()
        yield made


def due(place: House) -> list[send.DueVisit]:
    return send.due_visits(place.office.store, place.office.settings, place.office.keys, place.now)


def visit_of(place: House, number: str) -> Visit:
    store = place.office.store
    return next(visit for visit in store.visits() if store.order(visit.order_id).number == number)


def queue(place: House) -> list[Letter]:
    return send.queue_letters(place.office.store, due(place), place.now)


def states(place: House) -> list[str]:
    return sorted(f"{letter.channel} {letter.state}" for letter in place.office.store.letters())


def test_it_lists_what_is_open_with_its_link_and_what_expires_first_on_top(place: House) -> None:
    listed = due(place)
    numbers = [one.order.number for one in listed]
    assert (numbers[0], sorted(numbers)) == ("A3", ["A1", "A2", "A3"])
    for one in listed:
        base, _, code = one.link.partition("/v/")
        assert base == "https://visit.example.com"
        assert read_code(code) == code
        assert one.invitation is not None
        assert invitation_id(code) == one.invitation.id
        assert one.state == "open"


def test_it_leaves_answered_and_settled_visits_out(place: House) -> None:
    store = place.office.store
    answered, declined, left = due(place)
    assert answered.invitation is not None
    store.record(answer(answered.invitation))
    settlement = Settlement("declined", place.now, "staff")
    store.change_visit(declined.visit.id, lambda visit: replace(visit, settled=settlement))
    assert [one.visit.id for one in due(place)] == [left.visit.id]


def test_it_closes_the_old_link_with_a_new_one(place: House) -> None:
    office, before = place.office, due(place)[0]
    made = send.reissue(office.store, office.keys, before.visit, place.now)
    after = next(one for one in due(place) if one.visit.id == before.visit.id)
    assert (made.issue, made.language) == (2, "zh-Hant")
    assert after.link not in ("", before.link)
    assert before.invitation is not None
    old = office.store.invitation(before.invitation.partition, before.invitation.id)
    assert old is not None
    assert old.voided_at == place.now


def test_it_does_not_plan_a_withdrawn_link_again(place: House) -> None:
    office, before = place.office, due(place)[0]
    assert send.void(office.store, before.visit, place.now) == 1
    assert send.plan_visits(office.store, office.settings, office.keys, place.now) == 0
    assert next(one for one in due(place) if one.visit.id == before.visit.id).link == ""
    assert send.reissue(office.store, office.keys, before.visit, place.now).issue == 2


@pytest.mark.parametrize(("number", "state"), [("A4", "excluded"), ("A5", "expired")])
def test_it_gives_a_closed_visit_no_new_link(place: House, number: str, state: str) -> None:
    with pytest.raises(Conflict, match=f"This visit is {state}"):
        send.reissue(place.office.store, place.office.keys, visit_of(place, number), place.now)


def test_it_keeps_the_link_of_an_answered_visit(place: House) -> None:
    store, one = place.office.store, due(place)[0]
    assert one.invitation is not None
    store.record(answer(one.invitation))
    with pytest.raises(Conflict, match="answered already"):
        send.reissue(store, place.office.keys, one.visit, place.now)
    with pytest.raises(AlreadyAnswered):
        send.void(store, one.visit, place.now)


def test_it_queues_letters_once_by_the_best_channel(place: House) -> None:
    assert sorted(letter.channel for letter in queue(place)) == ["email", "email", "sms"]
    assert queue(place) == []


def test_it_does_not_write_to_whom_staff_wrote_by_hand(place: House) -> None:
    attempt = Attempt(place.now, "message", "sent", "staff")
    for one in due(place):
        place.office.store.change_visit(one.visit.id, lambda visit: replace(visit, attempts=(attempt,)))
    assert queue(place) == []


def test_it_puts_letters_into_the_outbox_without_a_mail_server(place: House) -> None:
    queue(place)
    assert send.send_letters(place.office).ends == {"sent": 2, "asleep": 1}
    names = sorted(path.suffix for path in (place.office.settings.workspace.data / "outbox").iterdir())
    assert names == [".eml", ".txt"]
    assert [attempt.means for attempt in visit_of(place, "A2").attempts] == ["email"]
    assert [attempt.means for attempt in visit_of(place, "A1").attempts] == ["message"]


def test_it_waits_for_the_hours_of_the_station(place: House) -> None:
    queue(place)
    place.later(hours=-4)  # 8:00 in Shanghai, 1:00 in Berlin
    assert send.send_letters(place.office).ends == {"asleep": 3}
    place.later(hours=2, minutes=1)
    assert send.send_letters(place.office).ends == {"sent": 2, "asleep": 1}
    assert send.send_letters(place.office, anyway=True).ends == {"sent": 1}


def test_it_sends_a_letter_once(mailed: House, office: PostOffice) -> None:
    queue(mailed)
    assert send.send_letters(mailed.office, anyway=True).ends == {"sent": 3}
    assert send.send_letters(mailed.office, anyway=True).ends == {}
    assert len(office.taken) == 2
    assert states(mailed) == ["email sent", "email sent", "sms sent"]
    assert queue(mailed) == []


def test_it_sends_a_letter_once_with_two_senders_at_work(mailed: House, office: PostOffice) -> None:
    queue(mailed)
    threads = [threading.Thread(target=send.send_letters, args=(mailed.office,), kwargs={"anyway": True}) for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(office.taken) == 2
    assert states(mailed) == ["email sent", "email sent", "sms sent"]


class PowerCutError(BaseException):
    """The program ends here."""


def _power_cut(*_: object) -> None:
    raise PowerCutError


def test_it_never_sends_twice_after_a_crash_between_sending_and_noting(
    mailed: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    send.queue_letters(mailed.office.store, due(mailed), mailed.now, "email")
    with monkeypatch.context() as broken:
        broken.setattr(send, "_note", _power_cut)
        with pytest.raises(PowerCutError):
            send.send_letters(mailed.office, anyway=True)
    assert len(office.taken) == 1
    assert send.send_letters(mailed.office, anyway=True).ends == {"sent": 1}
    assert len(office.taken) == 2
    assert states(mailed) == ["email sent", "email unknown"]
    (unknown,) = send.left_over(mailed.office)
    assert "may have gone out" in unknown.error
    assert [letter.channel for letter in queue(mailed)] == ["sms"]  # A1; the two others were written to


@pytest.mark.parametrize(
    ("manner", "state", "outcomes"),
    [
        ("rcpt 550", "failed", ["bounced"]),
        ("rcpt 451", "queued", []),
        ("data 554", "failed", []),
        ("take and hang up", "unknown", []),
    ],
)
def test_it_notes_the_end_of_a_letter(
    mailed: House, office: PostOffice, manner: Manner, state: str, outcomes: list[str]
) -> None:
    office.manner = manner
    queue(mailed)
    send.send_letters(mailed.office, anyway=True)
    assert states(mailed) == [f"email {state}", f"email {state}", "sms sent"]
    assert [attempt.outcome for attempt in visit_of(mailed, "A2").attempts] == outcomes


def test_it_asks_a_server_that_is_away_once(mailed: House, office: PostOffice) -> None:
    office.manner = "mail 451"
    queue(mailed)
    done = send.send_letters(mailed.office, anyway=True)
    assert (office.talks, done.ends["sent"], done.ends["later"]) == (1, 1, 2)
    assert {letter.tries for letter in mailed.office.store.letters(("queued",))} == {0}
    office.manner = "good"
    assert send.send_letters(mailed.office, anyway=True).ends == {"sent": 2}


def test_it_gives_a_letter_up_after_five_tries(mailed: House, office: PostOffice) -> None:
    office.manner = "rcpt 451"
    queue(mailed)
    for _ in range(5):
        send.send_letters(mailed.office, anyway=True)
    assert states(mailed) == ["email failed", "email failed", "sms sent"]


def test_it_tries_the_other_channel_after_a_bounce(tmp_path: Path) -> None:
    with post_office("rcpt 550") as office:
        mail = Mail("127.0.0.1", office.port, "service@example.com", security="none")
        with house(tmp_path, mail=mail) as place:
            place.bring_in()
            queue(place)
            send.send_letters(place.office, anyway=True)
            assert [letter.channel for letter in queue(place)] == ["sms"]  # A3 has both, A2 has no phone
            send.send_letters(place.office, anyway=True)
            assert [attempt.outcome for attempt in visit_of(place, "A3").attempts] == ["bounced", "sent"]
            assert queue(place) == []


def test_it_drops_the_letter_of_a_visit_that_was_answered_meanwhile(mailed: House, office: PostOffice) -> None:
    queue(mailed)
    for one in due(mailed):
        assert one.invitation is not None
        mailed.office.store.record(answer(one.invitation))
    assert send.send_letters(mailed.office, anyway=True).ends == {"withdrawn": 3}
    assert office.taken == []


def test_it_refuses_an_address_with_a_line_break(mailed: House, office: PostOffice) -> None:
    queue(mailed)
    letter = next(letter for letter in mailed.office.store.letters() if letter.channel == "email")
    one = next(one for one in due(mailed) if one.visit.id == letter.visit_id)
    bad = replace(one, contact=replace(one.contact, email="a@example.com\r\nBcc: b@example.com"))
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        send._content(mailed.office, letter, send.message_of(mailed.office, letter, bad))
    assert office.taken == []


def test_it_writes_to_one_customer_at_once(mailed: House, office: PostOffice) -> None:
    mailed.now = datetime(2026, 11, 22, 20, tzinfo=UTC)
    letter = _one(mailed, "A2")
    assert (letter.state, letter.error, len(office.taken)) == ("sent", "", 1)
    assert [attempt.by for attempt in visit_of(mailed, "A2").attempts] == ["ann"]
    with pytest.raises(Conflict, match="less than an hour ago"):
        _one(mailed, "A2")
    mailed.later(hours=2)
    assert _one(mailed, "A2").state == "sent"
    channels = [one.channel for one in send.letters_to_queue(mailed.office.store, due(mailed), mailed.now, None)]
    assert sorted(channels) == ["email", "sms"]


def _one(place: House, number: str) -> Letter:
    office = place.office
    visit = visit_of(place, number)
    return send.send_one(office.store, office.settings, office.keys, visit, channel="email", by="ann", at=place.now)


def test_it_tells_when_one_letter_is_not_taken(mailed: House, office: PostOffice) -> None:
    office.manner = "mail 451"
    letter = _one(mailed, "A2")
    assert (letter.state, "451 busy" in letter.error) == ("failed", True)
    assert list(mailed.office.store.letters(("queued",))) == []


def test_it_says_why_one_customer_cannot_be_written_to(place: House) -> None:
    with pytest.raises(Unwritable, match="no e-mail address"):
        _one(place, "A1")
    with pytest.raises(Conflict, match="answered or closed"):
        _one(place, "A4")
    assert list(place.office.store.letters()) == []


def test_it_keeps_letters_queued_when_the_outbox_cannot_be_written(place: House) -> None:
    blocked = place.office.settings.workspace.data / "outbox"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    queue(place)
    done = send.send_letters(place.office, anyway=True)
    assert (done.ends["later"], done.ends["sent"]) == (3, 0)
    assert "is a file, and a folder belongs there" in next(iter(done.errors))
    assert {(letter.state, letter.tries) for letter in place.office.store.letters()} == {("queued", 0)}
    blocked.unlink()
    assert send.send_letters(place.office, anyway=True).ends == {"sent": 3}
