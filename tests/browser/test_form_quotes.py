"""Earlier answers in later words, in a browser: filled as one goes, as mere text, plain without a script."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from revisit.forms.page import draw
from revisit.forms.reader import read_survey
from revisit.forms.site import csp_of
from tests.browser.conftest import Opener
from tests.browser.world import Shop
from tests.forms.test_quotes import FRONT

pytestmark = pytest.mark.browser

TEXT = """## Before

### What do you drive? {: #model .text short }

### How far? {: #far .number unit=km na }

### Which of these did you use? {: #used .choices other }
- app: The app
- desk: The desk

### How likely are you to recommend us? {: #recommend .nps }

### Why? {: #why .text short show-if="recommend <= 6" }

## After

You drive [your car](#model), [some distance](#far), and used [what you used](#used).

### You gave [a number](#recommend) because of [a reason](#why): anything else? {: #more .text }
"""
PLAIN = [
    "You drive your car, some distance, and used what you used.",
    "6. You gave a number because of a reason: anything else? (optional)",
]


def show(shop: Shop, page: Page, folder: Path) -> Page:
    (folder / "visit.md").write_text(FRONT.format("en") + TEXT, encoding="utf-8")
    survey, problems = read_survey(folder / "visit.md", "visit.md")
    assert survey is not None, problems
    content = draw(shop.office.settings, survey, {}, None)

    def answer(route: Route) -> None:
        headers = {"Content-Security-Policy": csp_of(content), "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=content, headers=headers)

    page.route("**/*", answer)
    page.goto("http://survey.test/s/visit/en/")
    return page


def said(page: Page) -> list[str]:
    return [page.inner_text("section:nth-of-type(2) p").strip(), page.inner_text("label[for=more]").strip()]


def test_it_fills_in_what_was_answered_and_takes_it_back(shop: Shop, phone: Opener, tmp_path: Path) -> None:
    page = show(shop, phone().new_page(), tmp_path)
    plain = [PLAIN[0], PLAIN[1].replace("6.", "5.")]
    assert said(page) == plain
    page.fill("#model", "a <b>red</b> van & co")
    page.fill("#far", "12000")
    page.check("input[name=used][value=app]")
    page.check("input[name=used][value=other]")
    page.fill("[name='used.other']", "the phone")
    page.check("input[name=recommend][value='0']")
    page.fill("#why", "the price")
    assert said(page) == [
        "You drive a <b>red</b> van & co, 12000 km, and used The app, the phone.",
        "6. You gave 0 because of the price: anything else? (optional)",
    ]
    assert page.locator("bdi b").count() == 0
    page.check("input[name=recommend][value='9']")
    assert said(page)[1] == "5. You gave 9 because of a reason: anything else? (optional)"
    for name in ("#model", "#far"):
        page.fill(name, "")
    page.check("input[name=far][value=na]")
    assert said(page)[0] == "You drive your car, some distance, and used The app, the phone."


def test_it_reads_well_without_a_script(shop: Shop, phone: Opener, tmp_path: Path) -> None:
    assert said(show(shop, phone(script=False).new_page(), tmp_path)) == PLAIN
