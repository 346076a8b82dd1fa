"""The author's preview: what was just saved stands on the page, with its faults, and nothing that is sent is kept."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from revisit.cli.preview import previewing
from revisit.flows.preview import Preview, samples
from revisit.flows.workspace import Plan, make_workspace, station
from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.settings import defaults, load
from tests.browser.conftest import DESK, Opener

pytestmark = pytest.mark.browser

SAVED_TO_SEEN = 300  # milliseconds


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    make_workspace(tmp_path / "house", Plan("Example Motors", "UTC", (station("lakeside=Lakeside Station"),)))
    return tmp_path / "house"


@pytest.fixture
def address(workspace: Path) -> Iterator[str]:
    with previewing(Preview(load(workspace)), 0) as found:
        yield found


@pytest.fixture
def page(phone: Opener) -> Page:
    page = phone(script=True, bypass_csp=True).new_page()
    page.set_viewport_size(DESK)
    return page


def change(workspace: Path, old: str, new: str) -> None:
    source = workspace / "surveys" / "repair.md"
    text = source.read_text("utf-8")
    assert old in text
    source.write_text(text.replace(old, new), encoding="utf-8")


def test_it_shows_what_was_saved_at_once(workspace: Path, address: str, page: Page) -> None:
    page.goto(f"{address}/?survey=repair&language=en&width=phone")
    form = page.frame_locator("iframe")
    expect(form.locator("h1")).to_have_text("How was your repair?")
    page.evaluate("new Promise(done => source.readyState === 1 ? done() : source.addEventListener('open', done))")
    times = []
    titles = ["How was your repair?", *(f"Repair {n}?" for n in range(4))]
    for old, new in itertools.pairwise(titles):
        page.evaluate(
            """words => { window.seen = new Promise(done => {
                const started = performance.now();
                const look = () => {
                    const title = document.querySelector("iframe").contentDocument.querySelector("h1");
                    title && title.textContent === words ? done(performance.now() - started) : setTimeout(look, 5);
                };
                look();
            }); }""",
            new,
        )
        change(workspace, old, new)
        times.append(page.evaluate("window.seen"))
    assert min(times) < SAVED_TO_SEEN


def test_it_shows_a_fault_with_its_place_and_keeps_the_last_good_page(
    workspace: Path, address: str, page: Page
) -> None:
    page.goto(f"{address}/?survey=repair&language=en&width=phone")
    page.evaluate("new Promise(done => source.readyState === 1 ? done() : source.addEventListener('open', done))")
    change(workspace, "{: #overall .satisfaction", "{: #overall .satisfactoin")
    fault = page.locator("#problems li.error").first
    expect(fault).to_contain_text(re.compile(r"surveys/repair\.md:\d+:\d+ [A-Z]\d{3}"))
    expect(page.get_by_text("The page below is the last one without faults.")).to_be_visible()
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("How was your repair?")
    change(workspace, ".satisfactoin", ".satisfaction")
    expect(page.locator("#problems li.error")).to_have_count(0)


def test_it_shows_each_width_language_order_and_sample_answers(address: str, page: Page) -> None:
    page.goto(f"{address}/")
    assert page.locator("iframe").count() == 2
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("link", name="Phone").click()
    assert page.locator("iframe").evaluate("frame => frame.clientWidth") in range(360, 391)
    page.get_by_role("link", name="简体中文").click()
    form = page.frame_locator("iframe")
    expect(form.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="Samples").click()
    expect(form.locator('input[name="overall"][value="4"]')).to_be_checked()
    prices = []
    for link in page.locator("nav p", has_text="Order").get_by_role("link").all_inner_texts():
        page.get_by_role("link", name=link, exact=True).click()
        expect(form.locator("h1")).to_be_visible()
        prices.append(form.locator('input[name="price_fair"]').count())
    assert sorted(prices) == [0, 6]


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_it_keeps_nothing_that_is_sent(workspace: Path, address: str, phone: Opener, script: bool) -> None:  # noqa: FBT001
    before = sorted(str(path) for path in workspace.rglob("*"))
    page = phone(script=script).new_page()
    page.goto(f"{address}/form/repair/en/a/?sample=yes")
    expect(page.get_by_role("note")).to_have_text("Preview: what you send here goes nowhere.")
    with page.expect_navigation():
        page.locator("button.send").click()
    assert page.url.endswith("/thanks")
    expect(page.get_by_role("note")).to_be_visible()
    page.goto(f"{address}/form/repair/en/a/")
    with page.expect_navigation():
        page.locator("button.send").click()
    assert page.locator("[role=alert] a").count() == 2
    assert sorted(str(path) for path in workspace.rglob("*")) == before


def test_it_answers_only_to_its_own_name(address: str, phone: Opener) -> None:
    request = phone(script=False).request
    assert request.get(f"{address}/", headers={"Host": "rebound.example.com"}).status == 400
    assert request.get(f"{address}/form/repair/en/none/").status == 404
    assert request.get(f"{address}/form/../../etc/passwd").status == 404
    assert request.post(f"{address}/form/repair/en/a/", data="x" * 70_000).status == 413


def test_it_answers_every_question_with_samples_that_pass() -> None:
    library = read_library(defaults() / "surveys")[0]
    for name in library.names:
        survey = library.survey(name, "en")
        assert survey is not None
        form = answer_form(survey, {"payer": "customer"}, Posted(samples(survey)))
        assert form.check(), form.errors
        for question in survey.questions:
            if question.kind != "statement" and question.show_if is None:
                assert form.answers()[question.id].state == "answered", question.id
