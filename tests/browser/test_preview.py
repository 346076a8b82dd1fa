"""The author's preview: what was just saved stands on the page, with its faults, and nothing that is sent is kept."""

import itertools
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from revisit.cli.preview import previewing
from revisit.flows.keeping.workspace import Plan, make_workspace, station
from revisit.flows.publishing.preview import Preview, samples
from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.settings import defaults, load
from tests.browser.conftest import DESK, Opener

pytestmark = pytest.mark.browser


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


def listen(page: Page) -> None:
    """Wait until the page listens for changes."""
    page.evaluate("new Promise(done => source.readyState === 1 ? done() : source.addEventListener('open', done))")


def test_it_shows_what_was_saved(workspace: Path, address: str, page: Page) -> None:
    page.goto(f"{address}/?survey=repair&language=en&width=phone")
    form = page.frame_locator("iframe")
    listen(page)
    for old, new in itertools.pairwise(["How was your repair?", "Repair 1?", "Repair 2?"]):
        expect(form.locator("h1")).to_have_text(old)
        change(workspace, old, new)
    expect(form.locator("h1")).to_have_text("Repair 2?")


def test_it_sees_what_was_saved_before_anybody_listened(workspace: Path) -> None:
    shown, stop = Preview(load(workspace)), threading.Event()
    seen = shown.edition
    change(workspace, "How was your repair?", "Saved at once")
    following = threading.Thread(target=shown.follow, args=(stop,))
    following.start()
    try:
        assert shown.wait(seen, 60) > seen
        assert shown.surveys["repair", "en"].title == "Saved at once"
    finally:
        stop.set()
        following.join()


def test_it_follows_surveys_that_come_and_go(workspace: Path, address: str, page: Page) -> None:
    page.goto(f"{address}/?survey=repair&language=en")
    listen(page)
    text = (workspace / "surveys" / "repair.md").read_text("utf-8")
    (workspace / "surveys" / "second.md").write_text(text, encoding="utf-8")
    expect(page.get_by_role("link", name="second")).to_be_visible()
    (workspace / "surveys" / "second.md").unlink()
    expect(page.get_by_role("link", name="second")).to_have_count(0)


def test_it_follows_the_settings(workspace: Path, address: str, page: Page) -> None:
    page.goto(f"{address}/?survey=repair&language=en&width=phone")
    form = page.frame_locator("iframe")
    expect(form.locator(".who")).to_have_text("Example Motors")
    listen(page)
    path = workspace / "revisit.toml"
    text = path.read_text("utf-8")
    path.write_text(text + '\n[brand]\nname = "Another House"\n', encoding="utf-8")
    expect(form.locator(".who")).to_have_text("Another House")
    path.write_text(text + '\n[brand]\nname = "Third"\ncolour = "bleu"\n', encoding="utf-8")
    expect(page.locator("#problems li.error")).to_contain_text("revisit.toml W002")
    expect(form.locator(".who")).to_have_text("Another House")
    path.write_text(text, encoding="utf-8")
    expect(page.locator("#problems li.error")).to_have_count(0)
    expect(form.locator(".who")).to_have_text("Example Motors")


def test_it_follows_templates_that_come_and_go(workspace: Path, address: str, page: Page) -> None:
    page.goto(f"{address}/?survey=repair&language=en&width=phone")
    form = page.frame_locator("iframe")
    listen(page)
    folder = workspace / "site_templates" / "form"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    whole = (defaults() / "site_templates" / "form" / "page.html").read_text("utf-8")
    own = folder / "page.html"
    own.write_text(whole.replace("<h1>", "<h1>Own: "), encoding="utf-8")
    expect(form.locator("h1")).to_have_text("Own: How was your repair?")
    own.write_text(whole.replace("{% endblock %}", "{% endblok %}"), encoding="utf-8")
    expect(form.get_by_role("alert")).to_contain_text("form/page.html, line ")
    own.unlink()
    expect(form.locator("h1")).to_have_text("How was your repair?")


def test_it_shows_a_fault_with_its_place_and_keeps_the_last_good_page(
    workspace: Path, address: str, page: Page
) -> None:
    page.goto(f"{address}/?survey=repair&language=en&width=phone")
    listen(page)
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
    with page.expect_navigation():
        page.get_by_role("link", name="Phone").click()
    assert page.locator("iframe").evaluate("frame => frame.clientWidth") in range(360, 391)
    page.get_by_role("link", name="简体中文").click()
    form = page.frame_locator("iframe")
    expect(form.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="Samples").click()
    expect(form.locator('input[name="overall"][value="4"]')).to_be_checked()
    prices = []
    for link in page.locator("nav p", has_text="Order").get_by_role("link").all_inner_texts():
        with page.expect_navigation():
            page.get_by_role("link", name=link, exact=True).click()
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


def test_it_edges_a_list_in_red_for_faults_alone(workspace: Path, address: str, page: Page) -> None:
    (workspace / "surveys" / "repair.zh-Hant.md").unlink()
    page.goto(f"{address}/?survey=repair&language=en")
    edge = "list => [getComputedStyle(list).borderInlineStartColor, getComputedStyle(list.lastElementChild).color]"
    expect(page.locator("#problems li.warning")).to_have_count(1)
    left, words = page.locator("#problems ul").evaluate(edge)
    assert left == words
    (workspace / "surveys" / "repair.zh-Hans.md").write_text("### B", encoding="utf-8")
    expect(page.locator("#problems li.error").first).to_be_visible()
    page.goto(f"{address}/?survey=repair&language=en")
    assert page.locator("#problems ul").evaluate(edge)[0] != left


def test_it_shows_what_low_answers_lead_to(address: str, page: Page) -> None:
    for sample, shown in (("Samples", False), ("Low answers", True)):
        page.goto(f"{address}/?survey=repair&language=en&width=phone")
        with page.expect_navigation():
            page.get_by_role("link", name=sample).click()
        reasons = page.frame_locator("iframe").locator("fieldset:has(input[name=reasons])")
        expect(reasons).to_be_visible(visible=shown)


@pytest.mark.parametrize("low", [False, True])
def test_it_answers_every_question_with_samples_that_pass(low: bool) -> None:  # noqa: FBT001 - the case
    library = read_library(defaults() / "surveys")[0]
    for name in library.names:
        survey = library.survey(name, "en")
        assert survey is not None
        form = answer_form(survey, {"payer": "customer"}, Posted(samples(survey, low=low)))
        assert form.check(), form.errors
        for question in survey.questions:
            if question.kind != "statement" and question.show_if is None:
                assert form.answers()[question.id].state == "answered", question.id
