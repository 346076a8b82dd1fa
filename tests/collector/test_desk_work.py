"""A day at the desk: what is due, finding a customer, sending a link, noting how it went, making a report."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from revisit.people.passwords import hash_password
from revisit.records.people import User
from revisit.records.visits import Visit
from tests.collector.staff import Browser, Desk

ROW = re.compile(r"<tr>\s*<th scope=\"row\".*?</tr>", re.DOTALL)


def rows(page: str) -> list[str]:
    """Give the visible words of each row of the list."""
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in ROW.findall(page)]


def act(browser: Browser, visit: Visit, step: str, **data: str) -> str:
    """Take a step with a visit and give what the page then says."""
    response = browser.post(f"/desk/visits/{visit.id}/{step}", data)
    assert (response.status_code, response.location) == (303, f"/desk/visits/{visit.id}")
    page = browser.get(response.location).text
    said = re.search(r'role="(?:status|alert)">([^<]+)<', page)
    assert said is not None
    return html.unescape(said[1])


def test_it_lists_what_is_due_with_what_expires_first_on_top(desk: Desk) -> None:
    desk.visit(
        number="WO-late", due_in=timedelta(days=-14), engineer="Engineer 7", asset="Excavator EX200", plate="沪A00012"
    )
    desk.visit(number="WO-new")
    desk.visit(number="WO-tomorrow", due_in=timedelta(days=1))
    desk.visit("demo/harbour", number="WO-harbour")
    shown = rows(desk.browser("mei").get("/desk/").text)
    assert ["WO-late" in shown[0], "WO-new" in shown[1], len(shown)] == [True, True, 2]
    for word in (
        "Test Customer",
        "130****0012",
        "Excavator EX200",
        "沪A00012",
        "Engineer 7 · Lakeside",
        "After a repair",
    ):
        assert word in shown[0]
    assert "due for 14 days" in shown[0]
    assert "1 day" in shown[0]
    assert "Expires soon" in shown[0]


def test_its_filters_live_in_the_address_and_count(desk: Desk) -> None:
    visits = {view: desk.visit(number=f"WO-{view}") for view in ("due", "tried", "declined", "expired", "waiting")}
    store, now = desk.world.store, desk.world.now
    store.change_visit(visits["expired"].id, lambda one: replace(one, expires_at=now - timedelta(days=1)))
    store.change_visit(visits["waiting"].id, lambda one: replace(one, due_at=now + timedelta(days=1)))
    browser = desk.browser("mei")
    act(browser, visits["tried"], "no-answer")
    act(browser, visits["declined"], "declined")
    expected = {"due": 2, "untried": 1, "waiting": 1, "settled": 1, "expired": 1, "answered": 0, "soon": 0}
    for view, count in expected.items():
        page = browser.get(f"/desk/?view={view}").text
        assert len(rows(page)) == count, view
        assert re.search(rf'view={view}"[^>]*aria-current="page">[^<]*<span class="count">{count}<', page), view


def test_a_manager_of_all_chooses_a_station_and_others_cannot_leave_theirs(desk: Desk) -> None:
    desk.visit(number="WO-lakeside")
    desk.visit("demo/harbour", number="WO-harbour")
    assert len(rows(desk.browser("ada").get("/desk/").text)) == 2
    assert "WO-harbour" in rows(desk.browser("ada").get("/desk/?unit=harbour").text)[0]
    assert "WO-lakeside" in rows(desk.browser("mei").get("/desk/?unit=harbour").text)[0]


def test_a_long_list_comes_in_pages(desk: Desk) -> None:
    for _ in range(53):
        desk.visit(link=False)
    browser = desk.browser("mei")
    assert len(rows(browser.get("/desk/").text)) == 50
    second = browser.get("/desk/?page=2").text
    assert len(rows(second)) == 3
    assert "Page 2 of 2 · 53 visits" in second
    assert len(rows(browser.get("/desk/?page=99&view=nonsense&unit=nonsense").text)) == 3


@pytest.mark.parametrize(
    "words",
    [
        "沪A-000 12",
        "沪a00012",
        "A00012",
        "13000000012",
        "013000000012",
        "+86 130 0000 0012",
        "0012",
        "WO-7781",
        "wo7781",
        "ＷＯ７７８１",
    ],
)
def test_it_finds_a_visit_by_plate_phone_or_order_number(desk: Desk, words: str) -> None:
    desk.visit(number="WO-7781", plate="沪A00012", phone="+8613000000012")
    desk.visit(number="WO-9999", plate="沪B99999", phone="+8613000009999")
    browser = desk.browser("mei")
    page = browser.post("/desk/search", {"words": words})
    assert page.status_code == 200
    assert len(rows(page.text)) == 1
    assert "WO-7781" in rows(page.text)[0]


@pytest.mark.parametrize("words", ["", "1", "12", "0013", "%", "Test Customer", "沪B99999", "99999"])
def test_it_finds_nothing_by_too_little_or_at_another_station(desk: Desk, words: str) -> None:
    desk.visit(number="WO-7781", plate="沪A00012")
    desk.visit("demo/harbour", number="WO-99999", plate="沪B99999", phone="+8613000099999")
    page = desk.browser("mei").post("/desk/search", {"words": words})
    assert rows(page.text) == []
    assert "Nothing fits." in page.text


def test_it_shows_the_link_that_the_customer_opens(desk: Desk) -> None:
    visit = desk.visit()
    browser = desk.browser("mei")
    page = browser.get(f"/desk/visits/{visit.id}").text
    address = f"https://visit.example.com/v/{desk.code(visit)}"
    assert f'value="{address}" readonly' in page
    assert page.count('src="data:image/svg+xml') == 1
    assert browser.get(f"/v/{desk.code(visit)}").status_code == 303


def test_it_notes_attempts_with_who_and_how(desk: Desk) -> None:
    visit = desk.visit()
    browser = desk.browser("mei")
    assert act(browser, visit, "sent") == "Noted: you sent the link yourself."
    assert act(browser, visit, "no-answer") == "Noted: nobody answered."
    noted = [(one.means, one.outcome, one.by) for one in desk.world.store.visit(visit.id).attempts]
    assert noted == [("message", "sent", "mei"), ("phone", "no_answer", "mei")]
    assert [line.about for line in desk.audit("attempt-noted")] == [visit.id, visit.id]


@pytest.mark.parametrize(
    ("step", "data", "state", "attempts"),
    [
        ("declined", {}, "declined", 1),
        ("unreachable", {}, "unreachable", 1),
        ("excluded", {"reason": "asset_sold"}, "excluded", 0),
    ],
)
def test_it_closes_a_visit_by_hand_and_takes_that_back(
    desk: Desk, step: str, data: dict[str, str], state: str, attempts: int
) -> None:
    visit = desk.visit()
    browser = desk.browser("mei")
    assert act(browser, visit, step, **data).startswith("Closed: ")
    held = desk.world.store.visit(visit.id)
    assert held.state(desk.world.now, answered=False) == state
    assert held.settled is not None
    assert (held.settled.by, held.settled.reason, len(held.attempts)) == ("mei", data.get("reason", ""), attempts)
    assert act(browser, visit, "take-back") == "Taken back: the visit is open again."
    assert desk.world.store.visit(visit.id) == visit
    assert [line.what for line in desk.audit() if line.about == visit.id] == ["visit-settled", "visit-taken-back"]


@pytest.mark.parametrize("reason", ["", "frequency_cap", "because"])
def test_leaving_a_visit_out_needs_a_reason_of_the_list(desk: Desk, reason: str) -> None:
    visit = desk.visit()
    assert act(desk.browser("mei"), visit, "excluded", reason=reason).startswith("Choose a reason")
    assert desk.world.store.visit(visit.id) == visit


@pytest.mark.parametrize(
    "step", ["sent", "no-answer", "declined", "unreachable", "take-back", "void", "new-link", "mail"]
)
def test_what_is_answered_stays_as_it_is(desk: Desk, step: str) -> None:
    visit = desk.visit(email="customer@example.com")
    customer, browser = desk.world.client(), desk.browser("mei")
    path, hidden = desk.world.opened(customer, desk.code(visit))
    body = {**hidden, "fixed_well": "5", "price_fair": "4"}
    assert customer.post(f"{path}?t={desk.code(visit)}", data=body).status_code == 303
    said = act(browser, visit, step)
    assert said.startswith(("Nothing was changed", "Nothing was sent"))
    assert desk.world.store.visit(visit.id) == visit
    assert customer.get(f"/v/{desk.code(visit)}").status_code == 200
    page = browser.get(f"/desk/visits/{visit.id}").text
    assert "The customer has answered." in page
    assert "How did it go?" not in page
    assert "/v/" not in page


def test_a_second_colleague_who_was_slower_is_told(desk: Desk) -> None:
    visit = desk.visit()
    mei, ming = desk.browser("mei"), desk.browser("ming")
    act(mei, visit, "declined")
    assert act(ming, visit, "unreachable").startswith("Nothing was changed")
    settled = desk.world.store.visit(visit.id).settled
    assert settled is not None
    assert settled.what == "declined"


def test_a_withdrawn_link_tells_the_customer_so_and_a_new_one_works(desk: Desk) -> None:
    visit = desk.visit()
    browser, old = desk.browser("mei"), desk.code(visit)
    assert act(browser, visit, "void").startswith("The link is withdrawn.")
    assert browser.get(f"/v/{old}").status_code == 410
    page = browser.get(f"/desk/visits/{visit.id}").text
    assert "The link was withdrawn." in page
    assert old not in page
    assert act(browser, visit, "new-link").startswith("Here is a new link.")
    assert desk.code(visit) != old
    assert browser.get(f"/v/{desk.code(visit)}").status_code == 303
    assert act(browser, visit, "new-link").startswith("Here is a new link.")
    assert [one.voided_at is None for one in desk.world.store.invitations([visit.id])] == [False, False, True]


def test_a_visit_without_a_link_gets_one(desk: Desk) -> None:
    visit = desk.visit(link=False)
    browser = desk.browser("mei")
    assert "This visit has no link yet." in browser.get(f"/desk/visits/{visit.id}").text
    act(browser, visit, "new-link")
    assert browser.get(f"/v/{desk.code(visit)}").status_code == 303


def test_it_sends_the_link_by_e_mail_once(desk: Desk) -> None:
    visit = desk.visit(email="customer@example.com")
    browser = desk.browser("mei")
    assert act(browser, visit, "mail").startswith("The e-mail lies in the outbox (data/outbox) and has not been sent,")
    outbox = list((desk.world.settings.workspace.data / "outbox").iterdir())
    assert len(outbox) == 1
    assert act(browser, visit, "mail") == "Nothing was sent: this customer was written to less than an hour ago."
    act(browser, visit, "excluded", reason="asset_sold")
    assert act(browser, visit, "mail") == "Nothing was sent: the visit is answered or closed."
    noted = [(one.means, one.outcome, one.by) for one in desk.world.store.visit(visit.id).attempts]
    assert noted == [("email", "sent", "mei")]
    assert [line.about for line in desk.audit("letter-sent")] == [visit.id]


def test_it_offers_no_e_mail_where_no_address_is_known(desk: Desk) -> None:
    visit = desk.visit()
    browser = desk.browser("mei")
    assert "No e-mail address is known." in browser.get(f"/desk/visits/{visit.id}").text
    assert act(browser, visit, "mail").startswith("The e-mail could not be written:")


def test_the_full_number_is_shown_on_demand_and_that_is_noted(desk: Desk) -> None:
    visit = desk.visit(phone="+8613000000012")
    browser = desk.browser("mei")
    seen = [
        browser.get("/desk/"),
        browser.get(f"/desk/visits/{visit.id}"),
        browser.post("/desk/search", {"words": "0012"}),
    ]
    assert all("130****0012" in page.text for page in seen)
    assert not any("13000000012" in page.text.replace(" ", "") for page in seen)
    assert desk.audit("phone-shown") == []
    shown = browser.post(f"/desk/visits/{visit.id}/phone")
    assert "+86 130 0000 0012" in shown.text
    assert [(line.who, line.about, line.note) for line in desk.audit("phone-shown")] == [("mei", visit.id, "")]
    assert "130 0000 0012" not in browser.get(f"/desk/visits/{visit.id}").text


def test_whoever_worked_on_an_order_looks_but_does_not_touch(desk: Desk) -> None:
    visit = desk.visit(adviser="Mei")
    browser = desk.browser("mei")
    page = browser.get(f"/desk/visits/{visit.id}")
    assert "a colleague handles its visit" in page.text
    assert "How did it go?" not in page.text
    assert browser.post(f"/desk/visits/{visit.id}/declined").status_code == 403
    assert desk.world.store.visit(visit.id) == visit
    assert act(desk.browser("ming"), visit, "declined") == "Closed: the customer declined."


PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7*7 }}",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_an_export_holds_is_shown_as_text(desk: Desk, payload: str) -> None:
    fields = ("number", "asset", "plate", "engineer", "adviser", "symptom", "name")
    made = {field: f"{field}{payload}".replace("/", "") for field in fields}
    visit = desk.visit(**made)  # type: ignore[arg-type]  # all of them are words of the order
    browser = desk.browser("mei")
    pages = [
        browser.get("/desk/").text,
        browser.get(f"/desk/visits/{visit.id}").text,
        browser.post("/desk/search", {"words": f"number{payload}".replace("/", "")}).text,
        browser.post("/desk/search", {"words": payload}).text,
    ]
    for page in pages:
        assert payload not in re.sub(r'href="/desk/[^"]*"', "", page) or payload.startswith(("{{", "javascript"))
        assert "49" not in re.findall(r">49<", page)
        assert re.findall(r"<script(?! src=)", page) == []
        assert "<img src=x" not in page
    assert html.escape(f"number{payload}".replace("/", ""), quote=False).partition("'")[0] in pages[1].replace(
        "&#34;", '"'
    )


def test_pages_carry_no_inline_style_or_script(desk: Desk) -> None:
    visit, poster = desk.visit(), desk.poster()
    browser = desk.browser("ada")
    for path in (
        "/desk/",
        f"/desk/visits/{visit.id}",
        "/desk/reports",
        "/desk/posters",
        f"/desk/posters/{poster.id}",
        "/desk/account",
    ):
        page = browser.get(path).text
        assert re.findall(r"\sstyle=|<style|\son\w+=|<script(?! src=\"/desk/)", page) == [], path
        assert re.findall(r'(?:src|href)="(?!/|#|data:|https://visit\.example\.com/)[^"]*"', page) == [], path


def test_it_speaks_the_language_of_the_browser_until_one_is_chosen(desk: Desk) -> None:
    browser = desk.browser("mei")
    for asked, word in {"zh-CN": "待回访", "zh-TW": "待回訪", "zh-HK": "待回訪", "de": "Due now"}.items():
        assert word in browser.get("/desk/", **{"Accept-Language": asked}).text, asked
    done = browser.post("/desk/language", {"language": "zh-Hant", "after": "/desk/?view=soon"})
    assert (done.status_code, done.location) == (303, "/desk/?view=soon")
    page = browser.get("/desk/", **{"Accept-Language": "en"}).text
    assert 'lang="zh-Hant"' in page
    assert "湖濱服務站" in desk.browser("mei").get("/desk/account").text
    assert browser.post("/desk/language", {"language": "tlh"}).status_code == 400


def test_it_writes_times_in_the_words_of_the_language(desk: Desk) -> None:
    visit = desk.visit(due_in=timedelta(days=-2))
    browser = desk.browser("mei")
    act(browser, visit, "no-answer")
    for asked, words in {
        "zh-CN": ("应回访已 2 天", "13 天", "11月2日 17:00"),
        "zh-TW": ("應回訪已 2 天", "13 天", "11月2日 17:00"),
        "en": ("due for 2 days", "13 days", "Nov 2 17:00"),
    }.items():
        (row,) = rows(browser.get("/desk/", **{"Accept-Language": asked}).text)
        assert all(word in row for word in words), row


def test_it_keeps_the_language_chosen_before_signing_in(desk: Desk) -> None:
    browser = desk.browser()
    browser.get("/desk/?view=soon")
    done = browser.post("/desk/language", {"language": "zh-Hans", "after": "/desk/?view=soon"})
    page = browser.get(done.location).text
    assert "登录" in page
    assert 'name="after" value="/desk/?view=soon"' in page
    browser.sign_in("mei")
    assert "待回访" in browser.get("/desk/").text


def test_it_shows_the_posters_of_ones_own_stations(desk: Desk) -> None:
    here, there = desk.poster(), desk.poster("demo/harbour")
    browser = desk.browser("mei")
    page = browser.get("/desk/posters").text
    assert f"https://visit.example.com/q/{here.id}" in page
    assert there.id not in page
    large = browser.get(f"/desk/posters/{here.id}").text
    for words in ("维修还满意吗", "維修還滿意嗎", "How was your repair?", here.id):
        assert words in large


def test_a_name_in_chinese_signs_in(desk: Desk) -> None:
    stored = hash_password("kettle window fern")
    desk.world.store.add_user(User("测试员", "staff", "demo/lakeside", password=stored))
    assert desk.browser("测试员").get("/desk/").status_code == 200
