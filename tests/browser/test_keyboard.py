"""Every kind of question answered with the keyboard alone: Tab from one to the next, and the focus always seen."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page

from revisit.forms.reader import read_survey
from tests.browser.conftest import Opener
from tests.browser.test_form_script import FRONT, Shown
from tests.browser.world import Shop

pytestmark = pytest.mark.browser

EVERY_KIND = """
### How satisfied? {: #satisfied .satisfaction na }

### How easy? {: #easy .effort points=7 }

### And these? {: #care .matrix }
- wait: The wait
- words: The words

### Recommend us? {: #recommend .nps }

### Clean? {: #clean .yesno partly }

### Which one? {: #which .choice }
- a: A
- b: B

### What did you use? {: #used .choices other }
- phone: Telephone
- web: Website

### In which order? {: #sorted .ranking }
- one: One
- two: Two

### How far? {: #km .number unit=km max=999 }

### When? {: #day .date }

### In short? {: #short .text short }

### At length? {: #long .text }

### May we call? {: #call .contact ask=phone }

### You may keep my words {: #agree .consent }
"""
# What is typed once the focus is in a question. Radios: arrows choose; boxes: the space bar; a menu: its letter.
KEYS: dict[str, tuple[str, ...]] = {
    "satisfied": ("ArrowDown", "ArrowDown"),
    "easy": ("Space",),
    "care_wait": ("ArrowDown",),
    "care_words": ("ArrowUp",),
    "recommend": ("ArrowDown",),
    "clean": ("ArrowDown",),
    "which": ("ArrowDown",),
    "used": ("Space",),
    "sorted.one": ("2",),
    "sorted.two": ("1",),
    "km": ("4", "2"),
    "day": tuple("01152026"),
    "short": ("o", "k"),
    "long": ("f", "i", "n", "e"),
    "call": ("Space",),
    "call.phone": tuple("5550100"),
    "agree": ("Space",),
}
GIVEN = {
    "satisfied": "3",
    "easy": "1",
    "care_wait": "2",
    "care_words": "5",
    "recommend": "1",
    "clean": "partly",
    "which": "b",
    "used": "phone",
    "sorted.one": "2",
    "sorted.two": "1",
    "km": "42",
    "day": "2026-01-15",
    "short": "ok",
    "long": "fine",
    "call": "yes",
    "call.phone": "5550100",
    "agree": "yes",
}
FOCUS = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    return {
        name: at.name || "", tag: at.tagName, classes: at.className,
        seen: box.top < innerHeight && box.bottom > 0
            && getComputedStyle(at.closest("label.o") || at).outlineStyle === "solid",
    };
}"""


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def shown(request: pytest.FixtureRequest, shop: Shop, phone: Opener, tmp_path: Path) -> Iterator[Shown]:
    path = tmp_path / "visit.md"
    path.write_text(FRONT + EVERY_KIND, encoding="utf-8")
    survey, problems = read_survey(path, "surveys/visit.md")
    assert survey is not None, problems
    made = Shown(shop, survey, phone(script=request.param).new_page())
    yield made
    made.server.shutdown()
    made.server.server_close()


def walk(page: Page) -> list[str]:
    """Go through the form with Tab and answer what has the focus; gives the names in the order they were met."""
    met: list[str] = []
    for _step in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["tag"] == "BUTTON" and focus["classes"] == "send":
            return met
        name = focus["name"]
        if not name or name in met:
            continue
        assert focus["seen"], name
        met.append(name)
        for key in KEYS.get(name, ()):
            page.keyboard.press(key)
    raise AssertionError(met)


def test_it_takes_every_kind_by_the_keyboard_alone(shown: Shown) -> None:
    page = shown.open()
    met = walk(page)
    assert [name for name in met if name in KEYS] == list(KEYS)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/thanks")
    sent = dict(parse_qsl(shown.sent[0]))
    assert {name: sent.get(name) for name in GIVEN} == GIVEN
