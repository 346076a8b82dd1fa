"""A report's web page on a phone: its charts, words and tables keep within the window."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from revisit.records.survey import LANGUAGES
from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.report import make_report
from revisit.texts import compile_catalogues
from tests.browser.conftest import Opener
from tests.reports.conftest import EXAMPLES, made_survey

pytestmark = pytest.mark.browser

# Of every drawing that is seen: its name, its width, and the smallest words in it as they are seen.
SEEN = """[...document.querySelectorAll('svg')].filter(one => one.clientWidth).map(one => [
    one.id, one.getBoundingClientRect().right, Math.min(...[...one.querySelectorAll('text')].map(
        text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))])"""
WIDE = "document.documentElement.scrollWidth"
# Whatever ends beyond the window and does not scroll by itself.
BEYOND = """[...document.querySelectorAll('main *')].filter(one => !one.closest('.scroll > .sum'))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(params=LANGUAGES)
def page(phone: Opener, request: pytest.FixtureRequest) -> Page:
    compile_catalogues()
    found: dict[str, Any] = json.loads((EXAMPLES / "example.json").read_bytes())
    language = request.param
    order = Order(found, made_survey(language), language, "Example Motors", "Asia/Shanghai", ["谢谢 Thanks 謝謝"])
    page = phone().new_page()
    page.set_content(draw_pages(make_report(order), screen=True))
    return page


def test_it_shows_a_report_within_the_window(page: Page) -> None:
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        seen = page.evaluate(SEEN)
        assert sum(name.endswith("-narrow") for name, *_ in seen) >= 5
        assert len(seen) > 12
        assert page.evaluate(WIDE) == width
        for name, right, smallest in seen:
            assert right <= width, name
            assert smallest >= 11, name
        assert page.evaluate(BEYOND) == []
    page.add_style_tag(content="html { font-size: 187.5% !important }")
    assert page.evaluate(WIDE) == 320
    assert page.evaluate(BEYOND) == []


def test_it_shows_the_charts_of_the_paper_on_a_desk_and_one_of_two_anywhere(page: Page) -> None:
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(set(ids)) == len(ids)
    page.set_viewport_size({"width": 1280, "height": 900})
    broad = {name: (right, smallest) for name, right, smallest in page.evaluate(SEEN)}
    assert not any(name.endswith("-narrow") for name in broad)
    assert broad["chart-dimensions"][1] >= 11
    page.set_viewport_size({"width": 390, "height": 844})
    narrow = [name for name, *_ in page.evaluate(SEEN)]
    assert {name.removesuffix("-narrow") for name in narrow} == set(broad)
    assert len(narrow) == len(broad)
    told = page.locator("#chart-dimensions-narrow").aria_snapshot()
    assert told.count(page.locator("#chart-dimensions title").inner_html().replace("\u2009", " ")[:20]) == 1


def test_it_says_before_a_number_which_it_is(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 844})
    before = "one => getComputedStyle(one, '::before').content"
    named = page.locator(".questions tbody tr").first.locator(".number").evaluate_all(f"all => all.map({before})")
    heads = page.locator(".questions thead .number").first.locator("xpath=..").locator(".number").all_text_contents()
    assert [one.strip('"') for one in named] == heads
