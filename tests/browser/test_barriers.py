"""Every page of every shipped survey, in each language: no barrier that axe finds, nothing wider than the screen."""

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from revisit.forms.colours import contrast
from revisit.forms.form import Posted, answer_form
from revisit.forms.page import MESSAGES, PROBLEMS, draw, message
from revisit.forms.site import Site
from revisit.records.survey import Survey
from tests.browser.conftest import open_context
from tests.browser.world import LANGUAGES, SURVEYS, Shop, surveys_of

pytestmark = pytest.mark.browser

PHONES = (320, 390)
WIDTHS = (*PHONES, 1280)
TWICE = "html{font-size:212.5%!important}"  # the style sheet's own size, at 200 %
FIGURES = re.compile(r"\d+")
SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
CONFLICT = {
    "en": "This link has already been answered",
    "zh-Hans": "这个链接已经填写过了",
    "zh-Hant": "這個連結已經填寫過了",
}
FACTS = {"who": "Example Motors", "contact": "care@example.com", "kept": "24 months"}


def violations(page: Page) -> str:
    """Say what axe finds, and where."""
    found = Axe().run(page)
    return "" if found.violations_count == 0 else f"{page.url}\n{found.generate_report()}"


def opened(chromium: Browser, **more: Any) -> Page:
    # axe itself is a script that the form's policy would not let in; that policy has tests of its own.
    return open_context(chromium, bypass_csp=True, viewport={"width": 390, "height": 800}, **more).new_page()


def without_script(route: Route) -> None:
    """Give the page as it stands where scripts do not run; with scripts off altogether axe would not run either."""
    answer = route.fetch()
    route.fulfill(response=answer, body=SCRIPT.sub("", answer.text()))


@pytest.fixture(params=["light, with script", "dark, without script"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    made = opened(chromium, color_scheme=request.param.partition(",")[0])
    if request.param.endswith("without script"):
        made.route("**/s/**", without_script)
    yield made
    made.context.close()


def addresses(shop: Shop, survey: str, language: str) -> list[str]:
    """Give the addresses of a survey's pages in a language, one for each set of facts."""
    pages = Site.open(shop.office.settings.workspace.site).pages
    found = [name.removesuffix("index.html") for name in sorted(pages) if name.startswith(f"s/{survey}/{language}/")]
    assert found
    return [f"{shop.address}/{name}" for name in found]


@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_barrier_on_any_form(shop: Shop, page: Page, survey: str, language: str) -> None:
    page.goto(addresses(shop, survey, language)[0])
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == ""


@pytest.mark.full
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_barrier_at_any_size(shop: Shop, page: Page, survey: str, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for scheme, address in itertools.product(("light", "dark"), addresses(shop, survey, language)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two above
        page.goto(address)
        assert violations(page) == ""
        onward = page.locator(".bar button.send[type=button]")
        while onward.is_visible():
            onward.click()
            assert violations(page) == ""


@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_every_screen_and_large_letters(shop: Shop, chromium: Browser, survey: str, language: str) -> None:
    page = opened(chromium, color_scheme="light")
    page.route("**/s/**", without_script)
    wide: dict[str, int] = {}
    for address in addresses(shop, survey, language):
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide[f"{address} {width}"] = page.evaluate("document.documentElement.scrollWidth") - width
        page.add_style_tag(content=TWICE)
        for width in PHONES:
            page.set_viewport_size({"width": width, "height": 800})
            wide[f"{address} {width} at 200 %"] = page.evaluate("document.documentElement.scrollWidth") - width
        lowest = page.locator("label.o").evaluate_all(
            "labels => Math.min(...labels.map(one => Math.min(one.offsetHeight, one.offsetWidth)))"
        )
        assert lowest >= 44
    page.context.close()
    assert {what: over for what, over in wide.items() if over > 0} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_draws_what_can_be_chosen_as_open(shop: Shop, chromium: Browser, scheme: Literal["light", "dark"]) -> None:
    page = opened(chromium, color_scheme=scheme)
    page.goto(addresses(shop, "repair", "en")[0])
    for row in page.locator("label.o:not(.na)").all():
        drawn = row.evaluate(
            "row => (style => [style.appearance, style.borderTopWidth, style.borderTopColor, style.backgroundColor,"
            " getComputedStyle(row).backgroundColor])(getComputedStyle(row.querySelector('input')))"
        )
        ring, fill, ground = (f"#{int(r):02x}{int(g):02x}{int(b):02x}" for r, g, b in map(FIGURES.findall, drawn[2:]))
        assert drawn[:2] == ["none", "2px"], "a browser's own grey looks as if it could not be chosen"
        assert fill == ground
        assert contrast(ring, ground) >= 3
    page.context.close()


def redrawn(shop: Shop, survey: Survey) -> Mapping[str, bytes]:
    """Give the form as it is drawn again: with a fault wherever an answer is a must, and under each banner."""
    form = answer_form(survey, {}, Posted([]))
    assert not form.check()
    settings = shop.office.settings
    found = {problem: draw(settings, survey, {}, None, problem=problem) for problem in PROBLEMS if problem != "invalid"}
    return {"invalid": draw(settings, survey, {}, form), **found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_barrier_where_something_went_wrong(shop: Shop, page: Page, language: str) -> None:
    survey = surveys_of(shop).survey("repair", language)
    assert survey is not None
    for problem, content in redrawn(shop, survey).items():
        page.set_content(content.decode())
        assert page.locator("[role=alert]").count() == 1, problem
        assert violations(page) == "", problem


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_barrier_on_any_message(shop: Shop, page: Page, language: str) -> None:
    for kind in MESSAGES:
        page.set_content(message(shop.office.settings, language, kind, **FACTS).decode())
        assert page.locator("h1").count() == 1, kind
        assert violations(page) == "", kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_barrier_for_whoever_was_answered_for(shop: Shop, chromium: Browser, language: str) -> None:
    """Two open one link and answer differently: the second sees a 409, then the thanks of the first."""
    visit = shop.customer(language)
    pages = [opened(chromium, color_scheme="dark") for _person in range(2)]
    for page in pages:
        page.goto(visit.link)
    for page, value in zip(pages, "15", strict=True):
        for name, code in {"overall": value, "fixed": "yes"}.items():
            page.locator("label", has=page.locator(f'input[name="{name}"][value="{code}"]')).click()
        with page.expect_navigation():
            page.locator("button.send").click()
    first, second = pages
    assert first.url.endswith("/thanks")
    assert violations(first) == ""
    expect(second.locator("h1")).to_have_text(CONFLICT[language])
    assert violations(second) == ""
    second.goto(visit.link)
    assert second.locator("form").count() == 0
    assert violations(second) == ""
    for page in pages:
        page.context.close()
