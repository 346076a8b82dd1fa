"""Every kind of question with the keyboard alone, with the page's script and without any."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from revisit.forms.form import Posted, answer_form
from revisit.forms.hashes import consent_hash
from revisit.forms.page import draw
from revisit.forms.reader import read_survey
from revisit.forms.site import csp_of
from revisit.records.responses import Answer
from revisit.records.survey import Survey
from tests.browser.conftest import Opener
from tests.browser.world import Shop
from tests.forms.test_quotes import FRONT

pytestmark = pytest.mark.browser

TEXT = """## All of it

### Satisfied? {: #overall .satisfaction na required points=7 }

### And with these? {: #care .matrix scale=quality na }
- wait: The wait
- words: The words

### Recommend us? {: #recommend .nps }

### Fixed? {: #fixed .yesno partly required }

### Where? {: #where .choice other }
- here: Here
- there: There

### Which? {: #which .choices other none }
- app: The app
- desk: The desk

### In which order? {: #places .ranking }
- price: The price
- speed: Speed

### How far? {: #far .number unit=km min=-5 max=100000 na }

### When? {: #bought .date }

### In a word? {: #word .text short }

### In words? {: #words .text max=100 }

### May we call? {: #call .contact ask="phone email" }

### We keep this. {: #note .statement }

### I agree to a visit. {: #visit .consent required }

On a working day.
"""
# What is pressed at each field, in the order of the page; of a group of radios one is in the way of Tab.
KEYS: list[tuple[str, list[str]]] = [
    ("overall", ["Space", *["ArrowDown"] * 6, "ArrowUp"]),
    ("care_wait", ["Space", "ArrowDown"]),
    ("care_words", ["Space", *["ArrowDown"] * 5]),
    ("recommend", ["Space", "ArrowRight", "ArrowRight"]),
    ("fixed", ["Space", "ArrowDown"]),
    ("where", ["Space", "ArrowDown", "ArrowDown"]),
    ("where.other", ["the shop"]),
    ("which", ["Space"]),
    ("which", ["Space"]),
    ("places.price", ["2"]),
    ("places.speed", ["1"]),
    ("far", ["12,500"]),
    ("bought", ["08052026"]),
    ("word", ["quick"]),
    ("words", ["All was", "Enter", "well."]),
    ("call", ["Space"]),
    ("call.phone", ["+86 130 0000 0012"]),
    ("visit", ["Space"]),
]
WANTED: dict[str, int | str | None] = {
    "overall": 6, "care_wait": 2, "care_words": None, "recommend": 2, "fixed": "partly", "where": "other",
    "where.other": "the shop", "which": "app desk", "which.other": None, "places": "speed price", "far": 12500,
    "bought": "2026-08-05", "word": "quick", "words": "All was\nwell.", "call": "yes",
    "call.phone": "+86 130 0000 0012", "call.email": None,
}  # fmt: skip


def show(shop: Shop, page: Page, folder: Path) -> Survey:
    """Show the form; whatever is posted gets it again."""
    (folder / "visit.md").write_text(FRONT.format("en") + TEXT, encoding="utf-8")
    survey, problems = read_survey(folder / "visit.md", "visit.md")
    assert survey is not None, problems
    content = draw(shop.office.settings, survey, {}, None)
    headers = {"Content-Security-Policy": csp_of(content), "Content-Type": "text/html; charset=utf-8"}

    def answer(route: Route) -> None:
        route.fulfill(body=content, headers=headers)

    page.route("**/*", answer)
    page.goto("http://survey.test/s/visit/en/")
    return survey


def go_to(page: Page, name: str) -> None:
    """Press Tab until a field has the focus."""
    for _press in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.className") == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")


@pytest.mark.parametrize("script", [False, True])
def test_it_answers_every_kind_with_the_keyboard_alone(
    shop: Shop,
    phone: Opener,
    tmp_path: Path,
    script: bool,  # noqa: FBT001 - a table's column
) -> None:
    page = phone(script=script).new_page()
    survey = show(shop, page, tmp_path)
    for name, keys in KEYS:
        go_to(page, name)
        for key in keys:
            if key in ("Space", "Enter") or key.startswith("Arrow"):
                page.keyboard.press(key)
            else:
                page.keyboard.type(key)
    go_to(page, "send")
    with page.expect_request(lambda request: request.method == "POST") as posted:
        page.keyboard.press("Enter")
    form = answer_form(survey, {}, Posted(parse_qsl(posted.value.post_data or "", keep_blank_values=True)))
    assert form.check(), form.errors
    answers = form.answers()
    assert answers["care_words"].state == "na"
    visit = survey.question("visit")
    assert visit is not None
    assert (answers.pop("visit"), answers.pop("visit.text")) == (
        Answer("answered", "yes"),
        Answer("answered", consent_hash(visit)),
    )
    assert {name: answer.value for name, answer in answers.items()} == WANTED


def test_it_has_no_barrier_in_any_kind(shop: Shop, phone: Opener, tmp_path: Path) -> None:
    page = phone().new_page()
    show(shop, page, tmp_path)
    assert (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"] == []
    )
