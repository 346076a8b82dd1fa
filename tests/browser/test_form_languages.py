"""A form that runs from right to left, with the house's own words in another language among the author's."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.forms.page import draw
from revisit.forms.site import csp_of
from tests.browser.conftest import Opener
from tests.browser.world import Shop
from tests.forms.samples_ar import ARABIC, ENGLISH

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def show(shop: Shop, page: Page, folder: Path, *, wrong: bool = False) -> None:
    (folder / "visit.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "visit.ar.md").write_text(ARABIC, encoding="utf-8")
    survey = read_library(folder, ("en", "ar"))[0].survey("visit", "ar")
    assert survey is not None
    form = answer_form(survey, {}, Posted([("recommend", "9")])) if wrong else None
    assert form is None or not form.check()
    languages = [("en", "English"), ("ar", "العربية")]
    content = draw(shop.office.settings, survey, {}, form, languages=languages)

    def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": csp_of(content), "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=content, headers=headers)

    page.route("**/*", answer)
    page.goto("http://survey.test/s/visit/ar/")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("wrong", [False, True])
def test_it_runs_from_right_to_left_without_a_barrier(
    shop: Shop,
    phone: Opener,
    tmp_path: Path,
    width: int,
    wrong: bool,  # noqa: FBT001 - a table's column
) -> None:
    page = phone(language="ar").new_page()
    page.set_viewport_size({"width": width, "height": 800})
    show(shop, page, tmp_path, wrong=wrong)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.send')).direction") == "ltr"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page, options=RULES).response["violations"] == []
    # The first choice stands at the right edge, where reading begins.
    edges = page.evaluate(
        "[...document.querySelectorAll('input[name=recommend]')].slice(0, 2).map(one => one.getBoundingClientRect().x)"
    )
    assert edges[0] > edges[1]
    page.check("input[name=repair][value='4']")
    shadow = page.evaluate("getComputedStyle(document.querySelector('.o:has(:checked)')).boxShadow")
    assert ("0px -4px" if width == 1280 else "-4px 0px") in shadow


def test_it_says_in_which_language_the_script_speaks(shop: Shop, phone: Opener, tmp_path: Path) -> None:
    page = phone(language="ar").new_page()
    show(shop, page, tmp_path)
    said = page.locator("p[role=status]")
    assert (said.get_attribute("lang"), said.get_attribute("dir")) == ("en", "ltr")
    page.fill("#lift", "مصعد A3")
    assert page.inner_text("legend >> nth=0").startswith("2. ما مدى رضاك عن إصلاح مصعد A3؟")
