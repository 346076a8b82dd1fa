"""What the desk says of a visit's links, and of a poster."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from revisit.records.visits import Visit
from tests.collector.staff import Browser, Desk


def test_a_withdrawn_link_stands_in_the_history(desk: Desk) -> None:
    visit = desk.visit()
    browser = desk.browser("mei")
    assert "was withdrawn" not in browser.get(f"/desk/visits/{visit.id}").text
    for _ in range(2):
        assert browser.post(f"/desk/visits/{visit.id}/new-link").status_code == 303
    shown = history(browser, visit)
    assert [line.partition(" ")[2] for line in shown if "withdrawn" in line] == [
        "2 17:00 Link 1 was withdrawn",
        "2 17:00 Link 2 was withdrawn",
    ]


def history(browser: Browser, visit: Visit) -> list[str]:
    page = browser.get(f"/desk/visits/{visit.id}").text
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in re.findall(r"<li>(.*?)</li>", page, re.DOTALL)]


def test_it_names_the_last_day_on_which_the_link_works(desk: Desk) -> None:
    visit = desk.visit()
    midnight = datetime(2026, 11, 22, tzinfo=ZoneInfo("Asia/Shanghai"))
    desk.world.store.change_visit(visit.id, lambda one: replace(one, expires_at=midnight.astimezone(UTC)))
    assert history(desk.browser("mei"), visit)[-1] == "Nov 21 Last day of the link"


def test_it_says_what_the_button_does_without_a_mail_server(desk: Desk) -> None:
    visit = desk.visit(email="customer@example.com")
    page = desk.browser("mei").get(f"/desk/visits/{visit.id}").text
    assert "Put the e-mail into the outbox (no mail server is set up)" in page


def test_the_poster_says_how_long_the_questions_take(desk: Desk) -> None:
    page = desk.browser("ada").get(f"/desk/posters/{desk.poster().id}").text
    assert all(words in page for words in ("less than two minutes", "不到两分钟", "不到兩分鐘"))
