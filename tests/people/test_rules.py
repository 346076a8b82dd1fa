"""Resting accounts, sessions, tickets, rights and masks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from revisit.people import sign_in, tickets
from revisit.people.masks import mask_phone, show_phone
from revisit.people.rights import is_at_least, sees, worked_on
from revisit.people.sessions import digest, is_alive, new_session
from revisit.records.orders import RepairOrder
from revisit.records.people import User

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MEI = User("mei", "staff", "demo/lakeside", password="$argon2id$")


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (11, 900), (5000, 900)]
)
def test_an_account_rests_longer_with_each_wrong_password(failures: int, seconds: int) -> None:
    assert sign_in.rest(failures) == timedelta(seconds=seconds)


def test_it_rests_after_five_and_counts_no_tries_meanwhile() -> None:
    user = MEI
    for _ in range(5):
        assert not sign_in.is_resting(user, NOW)
        user = sign_in.failed(user, NOW)
    assert sign_in.is_resting(user, NOW + timedelta(seconds=29))
    assert sign_in.failed(user, NOW + timedelta(seconds=29)) == user
    assert not sign_in.is_resting(user, NOW + timedelta(seconds=30))
    assert sign_in.failed(user, NOW + timedelta(seconds=30)).failures == 6


def test_it_forgets_wrong_passwords_after_a_day() -> None:
    user = replace(MEI, failures=4, failed_at=NOW)
    assert sign_in.failed(user, NOW + timedelta(hours=24)).failures == 5
    assert sign_in.failed(user, NOW + timedelta(hours=24, seconds=1)).failures == 1


def test_a_session_holds_only_the_hash_of_what_the_browser_has() -> None:
    code, session = new_session("mei", NOW)
    assert len(bytes.fromhex(code)) == 16
    assert session.id == digest(code)
    assert code not in repr(session)
    assert new_session("mei", NOW)[0] != code


def test_a_session_ends_thirty_minutes_after_its_last_use_and_twelve_hours_after_its_start() -> None:
    _code, session = new_session("mei", NOW)
    second = timedelta(seconds=1)
    assert is_alive(session, NOW, NOW + timedelta(minutes=30) - second)
    assert not is_alive(session, NOW, NOW + timedelta(minutes=30))
    last = NOW + timedelta(hours=11, minutes=50)
    assert is_alive(session, last, NOW + timedelta(hours=12) - second)
    assert not is_alive(session, last, NOW + timedelta(hours=12))


def test_a_last_use_in_the_future_gives_no_more_time() -> None:
    _code, session = new_session("mei", NOW)
    assert not is_alive(session, NOW + timedelta(days=9), NOW + timedelta(hours=12))


def test_a_ticket_is_random_and_kept_as_a_hash() -> None:
    user, code = tickets.with_ticket(MEI, NOW)
    other, second = tickets.with_ticket(MEI, NOW)
    assert code != second
    assert len(code) == 32
    assert code not in repr(user)
    assert not tickets.opens(other, code, NOW)


def test_a_ticket_opens_once_and_for_thirty_minutes() -> None:
    user, code = tickets.with_ticket(MEI, NOW)
    assert tickets.opens(user, code, NOW + timedelta(minutes=29))
    assert not tickets.opens(user, code, NOW + timedelta(minutes=30))
    assert not tickets.opens(user, "", NOW)
    spent = tickets.spend(user, code, "$new", NOW)
    assert spent.password == "$new"
    with pytest.raises(tickets.TicketSpent):
        tickets.spend(spent, code, "$again", NOW)


def test_a_disabled_user_has_no_ticket() -> None:
    user, code = tickets.with_ticket(replace(MEI, disabled=True), NOW)
    assert not tickets.opens(user, code, NOW)


def test_a_role_includes_the_ones_below() -> None:
    assert [is_at_least("manager", wanted) for wanted in ("staff", "manager", "admin")] == [True, True, False]


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("demo/lakeside", True),
        ("demo/lakeside/Engineer 7", True),
        ("demo/lakeside2", False),
        ("demo/harbour", False),
        ("demo", False),
    ],
)
def test_a_user_sees_their_part_of_the_tree(path: str, *, seen: bool) -> None:
    assert sees(MEI, path) is seen


def test_whoever_worked_on_an_order_keeps_out_of_its_visit() -> None:
    order = RepairOrder("2611-1", "W1", "demo/lakeside", date(2026, 11, 1), "c", engineer="Mei ", adviser="Li")
    assert worked_on(MEI, order)
    assert worked_on(replace(MEI, name="li"), order)
    assert not worked_on(replace(MEI, name="ming"), order)
    assert not worked_on(MEI, replace(order, engineer="", adviser=""))


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+8613000000012", "130****0012"),
        ("+886912000034", "091***0034"),
        ("+85251230012", "5***0012"),
        ("+14155550123", "415***0123"),
        ("12", "**"),
        ("", ""),
        ("not a number", ""),
    ],
)
def test_a_phone_is_masked_in_its_middle(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_a_phone_is_shown_as_people_read_it() -> None:
    assert show_phone("+8613000000012") == "+86 130 0000 0012"
