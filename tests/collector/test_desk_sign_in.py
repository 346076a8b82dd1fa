"""Signing in to the desk: the journey, what strangers learn, and how a session ends."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collector import access
from revisit.flows.people.users import add_user, first_ticket, reset_user, set_disabled
from revisit.people.passwords import HASHER, hash_password
from revisit.people.sessions import digest
from revisit.records.people import User
from tests.collector.staff import PASSWORD, Desk, make_desk

REFUSED = "User name and password do not fit."
NEW = "green kettle on the roof"


def ticket_of(address: str) -> str:
    return "/desk/" + address.partition("/desk/")[2]


def test_the_first_administrator_sets_a_password_by_a_one_time_address(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    store, settings = desk.world.store, desk.world.settings
    for user in store.users():
        store.change_user(user.name, lambda held: replace(held, password="", disabled=held.name != "ada"))
    address = first_ticket(store, settings, lambda: desk.world.now)
    assert address is not None
    assert address.startswith("https://visit.example.com/desk/ticket/")
    browser = desk.browser()
    page = browser.get(ticket_of(address))
    assert page.status_code == 200
    assert "ada" in page.text
    done = browser.post(ticket_of(address), {"password": NEW, "again": NEW})
    assert (done.status_code, done.location) == (303, "/desk/")
    assert browser.get("/desk/").status_code == 200
    assert first_ticket(store, settings, lambda: desk.world.now) is None
    assert desk.browser().post(ticket_of(address), {"password": "x"}).status_code in {400, 410}
    store.close()


def test_an_empty_installation_makes_its_first_administrator_and_each_start_a_fresh_address(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    empty = make_desk(tmp_path / "empty")
    for name in [user.name for user in empty.world.store.users()]:
        empty.world.store.change_user(name, lambda held: replace(held, password="", disabled=True))
    first = first_ticket(empty.world.store, empty.world.settings, lambda: empty.world.now)
    second = first_ticket(empty.world.store, empty.world.settings, lambda: empty.world.now)
    assert first
    assert second
    assert first != second
    browser = empty.browser()
    assert browser.get(ticket_of(first)).status_code == 410
    assert browser.get(ticket_of(second)).status_code == 200
    desk.world.store.close()
    empty.world.store.close()


def test_it_signs_in_and_leads_to_the_page_that_was_asked_for(desk: Desk) -> None:
    browser = desk.browser()
    page = browser.get("/desk/?view=soon&unit=lakeside")
    assert page.status_code == 401
    assert 'name="after" value="/desk/?view=soon&amp;unit=lakeside"' in page.text
    done = browser.sign_in("mei", after="/desk/?view=soon&unit=lakeside")
    assert (done.status_code, done.location) == (303, "/desk/?view=soon&unit=lakeside")


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/desk/",
    "/desk/\\evil.example",
    "/deskx",
    "javascript:alert(1)",
    "/v/x",
    "",
)


@pytest.mark.parametrize("after", [*ELSEWHERE, "", "/desk/\r\nSet-Cookie: a=b", "/desk/sign-in"])
def test_it_leads_to_no_other_place_after_signing_in(desk: Desk, after: str) -> None:
    assert desk.browser().sign_in("mei", after=after).location == "/desk/"


def test_it_says_the_same_to_every_wrong_try(desk: Desk) -> None:
    store = desk.world.store
    store.add_user(User("new", "staff", "demo"))
    set_disabled(store, "harald", disabled=True, by="test", at=desk.world.now)
    for _ in range(5):
        desk.browser().sign_in("ming", "wrong password")
    tries = [("mei", "wrong password"), ("nobody", PASSWORD), ("harald", PASSWORD), ("new", ""), ("ming", PASSWORD)]
    pages = []
    for name, password in tries:
        access.limiter.reset()
        answer = desk.browser().sign_in(name, password)
        assert answer.status_code == 401
        text = re.sub(r'value="[^"]*"', "", answer.text)
        pages.append((text, sorted(set(answer.headers.keys()))))
    assert all(page == pages[0] for page in pages)
    assert REFUSED in pages[0][0]


def test_it_does_the_same_work_for_unknown_and_known_names(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    class Counting(type(HASHER)):  # type: ignore[misc]
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored[:26])
            return bool(super().verify(stored, password))

    monkeypatch.setattr("revisit.people.passwords.HASHER", Counting(time_cost=2, memory_cost=19_456, parallelism=1))
    for name in ("mei", "nobody"):
        desk.browser().sign_in(name, "wrong password")
    assert checked == ["$argon2id$v=19$m=19456,t=2"] * 2


def test_an_account_rests_after_five_wrong_passwords_and_wakes_up(desk: Desk) -> None:
    for _ in range(5):
        assert desk.browser().sign_in("mei", "wrong password").status_code == 401
    access.limiter.reset()
    assert desk.browser().sign_in("mei").status_code == 401
    desk.world.now += timedelta(seconds=30)
    assert desk.browser().sign_in("mei").status_code == 303
    user = desk.world.store.user("mei")
    assert user is not None
    assert (user.failures, user.failed_at) == (0, None)


def test_one_address_may_try_ten_passwords_a_minute(desk: Desk) -> None:
    for number in range(10):
        assert desk.browser().sign_in(f"nobody{number}", "wrong password").status_code == 401
    page = desk.browser().sign_in("mei")
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0
    assert "Too many tries" in page.text
    other = desk.browser()
    other.address = "192.168.7.9"
    assert other.sign_in("mei").status_code == 303


def test_it_makes_a_new_session_at_each_sign_in(desk: Desk) -> None:
    browser = desk.browser()
    browser.get("/desk/sign-in")
    planted = browser.client.get_cookie("__Host-revisit", "visit.example.com")
    token = browser.token
    browser.sign_in("mei")
    fresh = browser.client.get_cookie("__Host-revisit", "visit.example.com")
    assert planted is not None
    assert fresh is not None
    assert planted.value != fresh.value
    assert browser.post("/desk/language", {"language": "en"}, token=token).status_code == 400
    with browser.client.session_transaction("/desk/", base_url="https://visit.example.com") as held:
        first = held["code"]
    browser.sign_in("mei")
    with browser.client.session_transaction("/desk/", base_url="https://visit.example.com") as held:
        assert held["code"] != first
    assert desk.world.store.session(digest(first)) is not None


def test_a_cookie_made_elsewhere_opens_nothing(desk: Desk) -> None:
    browser = desk.browser("mei")
    with browser.client.session_transaction("/desk/", base_url="https://visit.example.com") as held:
        code = held["code"]
    thief = desk.browser()
    thief.client.set_cookie("__Host-revisit", f'{{"code":"{code}"}}', domain="visit.example.com", secure=True)
    assert thief.get("/desk/").status_code == 401


def test_the_store_holds_the_hash_of_a_session_alone(desk: Desk) -> None:
    browser = desk.browser("mei")
    with browser.client.session_transaction("/desk/", base_url="https://visit.example.com") as held:
        code = held["code"]
    assert desk.world.store.session(digest(code)) is not None
    assert desk.world.store.session(code) is None


def test_a_session_ends_after_thirty_idle_minutes(desk: Desk) -> None:
    browser = desk.browser("mei")
    desk.world.now += timedelta(minutes=29)
    assert browser.get("/desk/").status_code == 200
    desk.world.now += timedelta(minutes=29)
    assert browser.get("/desk/").status_code == 200
    desk.world.now += timedelta(minutes=30)
    assert browser.get("/desk/").status_code == 401
    page = browser.post("/desk/search", {"words": "WO-001"})
    assert page.status_code == 401
    assert "Your session has ended" in page.text


def test_a_session_ends_after_twelve_hours_however_busy(desk: Desk) -> None:
    browser = desk.browser("mei")
    for _ in range(35):
        desk.world.now += timedelta(minutes=20)
        assert browser.get("/desk/").status_code == 200
    desk.world.now += timedelta(minutes=20)
    assert browser.get("/desk/").status_code == 401


def test_signing_out_ends_the_session_for_copies_of_the_cookie_too(desk: Desk) -> None:
    browser, thief = desk.browser("mei"), desk.browser()
    cookie = browser.client.get_cookie("__Host-revisit", "visit.example.com")
    assert cookie is not None
    thief.client.set_cookie("__Host-revisit", cookie.value, domain="visit.example.com", secure=True)
    assert thief.get("/desk/").status_code == 200
    out = browser.post("/desk/sign-out")
    assert (out.status_code, out.location) == (303, "/desk/sign-in")
    assert out.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    thief.client.set_cookie("__Host-revisit", cookie.value, domain="visit.example.com", secure=True)
    assert thief.get("/desk/").status_code == 401


def test_disabling_a_user_ends_their_sessions(desk: Desk) -> None:
    browser = desk.browser("mei")
    set_disabled(desk.world.store, "mei", disabled=True, by="test", at=desk.world.now)
    assert browser.get("/desk/").status_code == 401
    set_disabled(desk.world.store, "mei", disabled=False, by="test", at=desk.world.now)
    assert browser.get("/desk/").status_code == 401


def test_a_reset_ends_sessions_and_the_old_password_and_its_address_works_once(desk: Desk) -> None:
    browser = desk.browser("mei")
    path = ticket_of(reset_user(desk.world.store, desk.world.settings, "mei", by="test", at=desk.world.now))
    assert browser.get("/desk/").status_code == 401
    assert desk.browser().sign_in("mei").status_code == 401
    fresh = desk.browser()
    for _ in range(3):
        assert fresh.get(path).status_code == 200
    assert fresh.post(path, {"password": NEW, "again": NEW}).status_code == 303
    assert desk.browser().get(path).status_code == 410
    assert fresh.post(path, {"password": NEW, "again": NEW}).status_code in {400, 410}
    assert desk.browser().sign_in("mei", NEW).status_code == 303


def test_an_address_is_too_old_after_thirty_minutes(desk: Desk) -> None:
    new = User("neil", "staff", "lakeside")
    path = ticket_of(add_user(desk.world.store, desk.world.settings, new, by="test", at=desk.world.now))
    browser = desk.browser()
    desk.world.now += timedelta(minutes=29, seconds=59)
    assert browser.get(path).status_code == 200
    desk.world.now += timedelta(seconds=1)
    page = browser.post(path, {"password": NEW, "again": NEW})
    assert page.status_code == 410
    assert "30 minutes" in page.text


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("kettle7", "kettle7", "too short"),
        ("password123", "password123", "among the first"),
        ("neilneil1", "neilneil1", "holds your name"),
        (NEW, NEW + "!", "not the same"),
    ],
)
def test_a_new_password_that_is_not_taken_is_asked_for_again(desk: Desk, password: str, again: str, said: str) -> None:
    new = User("neil", "staff", "lakeside")
    path = ticket_of(add_user(desk.world.store, desk.world.settings, new, by="test", at=desk.world.now))
    browser = desk.browser()
    browser.get(path)
    page = browser.post(path, {"password": password, "again": again})
    assert page.status_code == 422
    assert said in page.text
    assert password not in page.text
    assert browser.get(path).status_code == 200


def test_changing_the_password_signs_other_browsers_out(desk: Desk) -> None:
    browser, other = desk.browser("mei"), desk.browser("mei")
    wrong = browser.post("/desk/account/password", {"old": "not it", "password": NEW, "again": NEW})
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    done = browser.post("/desk/account/password", {"old": PASSWORD, "password": NEW, "again": NEW})
    assert done.status_code == 303
    assert "Your password is changed" in browser.get("/desk/account").text
    assert other.get("/desk/").status_code == 401
    assert desk.browser().sign_in("mei").status_code == 401


def test_a_hash_of_older_parameters_is_made_anew_at_sign_in(desk: Desk) -> None:
    weak = type(HASHER)(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    desk.world.store.change_user("mei", lambda user: replace(user, password=weak))
    assert desk.browser().sign_in("mei").status_code == 303
    user = desk.world.store.user("mei")
    assert user is not None
    assert user.password.startswith("$argon2id$v=19$m=19456,t=2")
    assert desk.browser().sign_in("mei").status_code == 303


def test_it_notes_who_came_and_left_but_no_name_that_was_only_typed(desk: Desk) -> None:
    browser = desk.browser("mei")
    browser.post("/desk/sign-out")
    desk.browser().sign_in("my secret password", "x")
    notes = [(line.who, line.what) for line in desk.audit()]
    assert notes == [("mei", "signed-in"), ("mei", "signed-out"), ("-", "sign-in-refused")]
    assert "secret" not in repr(list(desk.audit()))


def test_it_hashes_what_it_stores(desk: Desk) -> None:
    stored = hash_password(PASSWORD)
    assert PASSWORD not in stored
    user = desk.world.store.user("mei")
    assert user is not None
    assert user.password.startswith("$argon2id$")
