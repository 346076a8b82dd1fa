"""The form with its script: questions as you go, drafts, a dead connection, sections, counters, one's own copy."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from revisit.forms.page import draw, message
from revisit.forms.reader import read_survey
from revisit.forms.site import csp_of
from revisit.records.survey import Survey
from tests.browser.conftest import Opener
from tests.browser.world import Shop

pytestmark = pytest.mark.browser

FORM = "/s/visit/en/?t=0123456789abcdef"
FRONT = """---
title: How was it?
language: en
privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---
"""
FOLLOWED = """Welcome.

## The work

### Fixed? {: #fixed .choice required }
- yes: Yes
- no: No

### What is left? {: #left .text max=50 show-if="fixed = no" }

### Shall we call? {: #call .choice show-if="answered(left)" }
- yes: Yes
- no: No

## Thanks

### Overall? {: #overall .satisfaction }
"""
Show = Callable[..., "Shown"]


class Shown:
    """A survey behind a small server; ``replies`` says how it answers what is posted, ``sent`` is what was."""

    def __init__(self, shop: Shop, survey: Survey, page: Page) -> None:
        self.settings, self.survey, self.page = shop.office.settings, survey, page
        self.sent: list[str] = []
        self.replies: list[str | int] = []
        shown = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                ended = self.path.endswith("/thanks")
                shown.page_of(self, message(shown.settings, "en", "thanks") if ended else shown.form())

            def do_POST(self) -> None:
                shown.take(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    def hold(self) -> None:
        """Stop the page's clock: what the page would do after a pause, it does when the test lets that time pass."""
        self.page.clock.install()
        self.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))

    def open(self, address: str = FORM) -> Page:
        self.page.goto(f"http://127.0.0.1:{self.server.server_port}{address}")
        return self.page

    def form(self, problem: str = "") -> bytes:
        return draw(self.settings, self.survey, {}, None, problem=problem)

    def take(self, request: BaseHTTPRequestHandler, body: str) -> None:
        self.sent.append(body)
        how = self.replies.pop(0) if self.replies else "stored"
        if how == "dead":
            request.close_connection = True
        elif how == "stored":
            request.send_response(303)
            request.send_header("Location", "/s/visit/en/thanks")
            request.end_headers()
        else:
            self.page_of(request, self.form("busy"), int(how))

    def page_of(self, request: BaseHTTPRequestHandler, content: bytes, status: int = 200) -> None:
        request.send_response(status)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("Content-Security-Policy", csp_of(content))
        request.end_headers()
        request.wfile.write(content)

    def stored(self) -> dict[str, str]:
        return dict(self.page.evaluate("({...localStorage})"))


@pytest.fixture
def show(shop: Shop, phone: Opener, tmp_path: Path) -> Iterator[Show]:
    opened: list[Shown] = []

    def shows(text: str) -> Shown:
        path = tmp_path / "visit.md"
        path.write_text(FRONT + text, encoding="utf-8")
        survey, problems = read_survey(path, "surveys/visit.md")
        assert survey is not None, problems
        # axe itself is a script that the form's policy would not let in; that policy has tests of its own.
        opened.append(Shown(shop, survey, phone(script=True, bypass_csp=True).new_page()))
        return opened[-1]

    yield shows
    for one in opened:
        one.server.shutdown()
        one.server.server_close()


def pick(page: Page, name: str, value: str) -> None:
    page.locator("label", has=page.locator(f'input[name="{name}"][value="{value}"]')).click()


def violations(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else found.generate_report()


def test_it_asks_what_the_answers_call_for(show: Show) -> None:
    page = show(FOLLOWED).open()
    expect(page.locator("#left")).to_be_hidden()
    pick(page, "fixed", "no")
    expect(page.locator("#left")).to_be_visible()
    expect(page.locator("#call")).to_be_hidden()
    page.locator("#left").fill("A noise")
    expect(page.locator("#call")).to_be_visible()
    assert page.locator("legend", has_text="Overall?").inner_text().startswith("4. ")
    pick(page, "call", "yes")
    pick(page, "fixed", "yes")
    expect(page.locator("#call")).to_be_hidden()
    assert page.locator("legend", has_text="Overall?").inner_text().startswith("2. ")
    assert page.locator(".when:visible").count() == 0


def test_it_stores_what_the_script_shows_as_asked(shop: Shop, phone: Opener) -> None:
    visit = shop.customer("zh-Hant")
    page = phone(script=True).new_page()
    page.goto(visit.link)
    pick(page, "channel_used", "phone")
    pick(page, "channel_rating", "4")
    pick(page, "overall", "5")
    pick(page, "fixed", "yes")
    with page.expect_navigation():
        page.locator("button.send").click()
    stored = shop.answer(visit)
    assert stored is not None
    assert stored.answers["channel_rating"].value == 4


def test_it_offers_the_draft_on_return_and_never_writes_the_code_down(show: Show) -> None:
    shown = show(FOLLOWED)
    page = shown.open()
    pick(page, "fixed", "no")
    page.locator("#left").fill("A noise")
    assert len(shown.stored()) == 1
    assert "0123456789abcdef" not in str(shown.stored())
    shown.open()
    assert page.locator("input:checked").count() == 0, "offered, not forced"
    page.get_by_role("button", name="Go on with those answers").click()
    assert page.locator("#left").input_value() == "A noise"
    expect(page.locator("#call")).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert violations(page) == ""
    shown.open()
    page.get_by_role("button", name="Start afresh").click()
    assert shown.stored() == {}
    assert page.locator("input:checked").count() == 0


def test_it_shows_a_draft_to_nobody_with_another_link(show: Show) -> None:
    shown = show(FOLLOWED)
    pick(shown.open(), "fixed", "no")
    page = shown.open(FORM.replace("0123", "9876"))
    assert page.get_by_role("button", name="Start afresh").count() == 0
    shown.open(FORM.replace("?t", "?o=12&t"))
    assert page.get_by_role("button", name="Start afresh").count() == 1


def test_it_forgets_an_old_draft(show: Show) -> None:
    shown = show(FOLLOWED)
    page = shown.open()
    pick(page, "fixed", "no")
    page.evaluate(
        "for (const key in {...localStorage}) {"
        "const kept = JSON.parse(localStorage[key]); kept.at -= 16 * 864e5; localStorage[key] = JSON.stringify(kept); }"
    )
    shown.open()
    assert shown.stored() == {}


def test_it_clears_the_draft_with_the_thanks_and_hands_out_a_copy_once(show: Show) -> None:
    shown = show(FOLLOWED)
    page = shown.open()
    pick(page, "fixed", "no")
    page.locator("#left").fill("A <b>noise</b>")
    with page.expect_navigation():
        page.locator("button.send").click()
    assert page.url.endswith("/thanks")
    assert shown.stored() == {}
    assert page.locator("dt").all_inner_texts() == ["1. Fixed?", "2. What is left?"]
    assert page.locator("dd").all_inner_texts() == ["No", "A <b>noise</b>"]
    assert violations(page) == ""
    page.reload()
    assert page.locator("dl").count() == 0


def test_it_sends_the_same_body_until_it_arrives(show: Show) -> None:
    shown = show(FOLLOWED)
    shown.replies = ["dead", 503, "stored"]
    shown.hold()
    page = shown.open()
    pick(page, "fixed", "yes")
    page.locator("button.send").click()
    expect(page.get_by_role("status")).to_contain_text("No connection")
    expect(page.locator('input[name="fixed"]').first).to_be_disabled()
    page.get_by_role("button", name="Try again now").click()
    expect(page.get_by_role("status")).to_contain_text("We could not store your answers yet")
    page.clock.fast_forward(5_000)
    page.wait_for_url("**/thanks")
    assert len(shown.sent) == 3
    assert len(set(shown.sent)) == 1
    assert "fixed=yes" in shown.sent[0]


def test_it_shows_the_servers_own_page_when_waiting_does_not_help(show: Show) -> None:
    shown = show(FOLLOWED)
    shown.replies = [422, 422]
    page = shown.open()
    pick(page, "fixed", "yes")
    with page.expect_navigation():
        page.locator("button.send").click()
    expect(page.locator(".box[role=alert]")).to_be_visible()
    assert len(set(shown.sent)) == 1


def test_it_goes_on_sending_when_the_page_is_opened_again(show: Show) -> None:
    shown = show(FOLLOWED)
    shown.replies = ["dead"]
    shown.hold()
    page = shown.open()
    pick(page, "fixed", "yes")
    page.locator("button.send").click()
    expect(page.get_by_role("status")).to_contain_text("No connection")
    shown.open()
    page.wait_for_url("**/thanks")
    assert len(set(shown.sent)) == 1
    assert shown.stored() == {}


def test_it_survives_a_network_that_is_cut(shop: Shop, phone: Opener) -> None:
    visit = shop.customer("en")
    context = phone(script=True)
    page = context.new_page()
    page.goto(visit.link)
    pick(page, "overall", "2")
    pick(page, "fixed", "no")
    context.set_offline(True)
    page.locator("button.send").click()
    expect(page.get_by_role("status")).to_contain_text("No connection")
    assert shop.answer(visit) is None
    context.set_offline(False)
    page.wait_for_url("**/thanks")
    stored = shop.answer(visit)
    assert stored is not None
    assert stored.answers["overall"].value == 2


def test_it_turns_sections_with_back_and_keeps_the_focus(show: Show) -> None:
    shown = show(
        FOLLOWED
        + "## More {: dimension=speed }\n\n"
        + "".join(f"### Item {n}? {{: #item{n} .quality }}\n\n" for n in range(13))
    )
    page = shown.open()
    expect(page.get_by_text("Part 1 of 3")).to_be_visible()
    expect(page.locator("#overall")).to_be_hidden()
    expect(page.get_by_role("button", name="Back")).to_be_hidden()
    assert violations(page) == ""
    pick(page, "fixed", "yes")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#overall")).to_be_visible()
    expect(page.get_by_text("Welcome.")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Thanks"
    page.get_by_role("button", name="Back").click()
    assert page.locator('input[name="fixed"][value="yes"]').is_checked()
    page.locator('input[name="fixed"][value="yes"]').press("Enter")
    expect(page.locator("#overall")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").last.click()
    assert page.url.endswith("/thanks")
    assert len(shown.sent) == 1


def test_it_counts_characters_as_people_do(show: Show) -> None:
    page = show(FOLLOWED).open()
    pick(page, "fixed", "no")
    page.locator("#left").fill("异响🚗")
    expect(page.get_by_text("Characters left: 47")).to_be_visible()
    page.locator("#left").fill("x" * 52)
    expect(page.locator(".err")).to_have_text("Characters too many: 2")
    expect(page.get_by_role("status")).to_have_text("Characters too many: 2")


def test_it_takes_questions_named_like_the_forms_own_properties(show: Show) -> None:
    names = ("elements", "submit", "dataset", "action", "method", "children", "length", "target", "style", "closest")
    shown = show("## A\n\n" + "".join(f"### {name}? {{: #{name} .text short }}\n\n" for name in names))
    shown.replies = ["dead"]
    shown.hold()
    page = shown.open()
    for name in names:
        page.locator(f"#{name}").fill(name)
    page.locator("button.send").click()
    expect(page.get_by_role("status")).to_contain_text("No connection")
    page.clock.fast_forward(3_000)
    page.wait_for_url("**/thanks")
    assert all(f"{name}={name}" in shown.sent[0] for name in names)


def test_it_works_where_the_phone_stores_nothing(show: Show) -> None:
    shown = show(FOLLOWED)
    shown.page.add_init_script(
        'for (const name of ["localStorage", "sessionStorage"])'
        '  Object.defineProperty(window, name, {get() { throw new DOMException("no", "SecurityError"); }});'
    )
    page = shown.open()
    pick(page, "fixed", "no")
    expect(page.locator("#left")).to_be_visible()
    with page.expect_navigation():
        page.locator("button.send").click()
    assert page.url.endswith("/thanks")


def test_it_posts_plainly_where_fetch_is_missing(show: Show) -> None:
    shown = show(FOLLOWED)
    shown.page.add_init_script("delete window.fetch; window.fetch = undefined;")
    page = shown.open()
    pick(page, "fixed", "yes")
    with page.expect_navigation():
        page.locator("button.send").click()
    assert page.url.endswith("/thanks")
    assert shown.stored() == {}
    assert len(shown.sent) == 1


def test_it_moves_nothing_while_the_page_loads(show: Show) -> None:
    shown = show(FOLLOWED)
    pick(shown.open(), "fixed", "no")
    shown.page.add_init_script(
        "window.shift = 0;"
        "new PerformanceObserver(list => { for (const entry of list.getEntries()) shift += entry.value; })"
        '.observe({type: "layout-shift", buffered: true});'
    )
    page = shown.open()
    expect(page.get_by_role("button", name="Start afresh")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate("shift") == 0
