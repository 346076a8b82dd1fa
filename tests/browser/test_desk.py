"""The desk in a real browser: the first sign-in, a visit's work, and every page free of barriers in three languages."""

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, StorageState

from tests.browser.conftest import DESK, open_context
from tests.browser.world import Shop

pytestmark = pytest.mark.browser

PASSWORD = "kettle window fern"
PAGES = ("/desk/", "/desk/?view=settled", "/desk/posters", "/desk/reports", "/desk/account")
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def sign_in(shop: Shop, page: Page) -> None:
    """Use the one-time address while nobody has a password, and the sign-in page afterwards."""
    if any(user.password for user in shop.office.store.users()):
        page.goto(f"{shop.address}/desk/sign-in")
        page.locator('input[name="name"]').fill("admin")
        page.locator('input[name="password"]').fill(PASSWORD)
    else:
        page.goto(shop.ticket())
        for field in page.locator('input[type="password"]').all():
            field.fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile(r"/desk/$"), wait_until="load")


@pytest.fixture(scope="module")
def session(shop: Shop, chromium: Browser) -> StorageState:
    """Give the session of somebody who signed in: from one address only so many may try in a minute."""
    context = open_context(chromium, viewport=DESK)
    sign_in(shop, context.new_page())
    state = context.storage_state()
    context.close()
    return state


def at_the_desk(shop: Shop, chromium: Browser, session: StorageState, **options: Any) -> Page:
    """Give a page of the desk's list in a browser that holds the session."""
    page = open_context(chromium, storage_state=session, **options).new_page()
    page.goto(f"{shop.address}/desk/")
    return page


def press(page: Page, button: Locator) -> None:
    """Press a button and wait for the page that it leads to."""
    with page.expect_navigation():
        button.click()


def speak(page: Page, language: str) -> None:
    """Change the desk's language."""
    press(page, page.locator(f'button[name="language"][value="{language}"]'))
    assert page.locator("html").get_attribute("lang") == language


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def desk(shop: Shop, chromium: Browser, session: StorageState, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = at_the_desk(shop, chromium, session, viewport=DESK, java_script_enabled=request.param, bypass_csp=True)
    yield page
    page.context.close()


def test_it_does_a_visits_work(shop: Shop, desk: Page) -> None:
    visit = shop.customer("en")
    desk.locator('input[name="words"]').fill(visit.order.plate[1:])
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    desk.locator("main table a, main .list-group a").first.click()
    desk.wait_for_url(re.compile(r"/desk/visits/"))
    main = desk.locator("main")
    assert visit.order.engineer in main.inner_text()
    assert "Sample Car" in main.inner_text()
    assert visit.contact.phone not in desk.content()
    assert desk.locator("#address").input_value() == visit.link
    assert desk.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 50")
    press(desk, desk.get_by_role("button", name="The customer declined"))
    assert shop.office.store.visit(visit.visit.id).settled is not None
    said = desk.locator("main [role=status]")
    assert said.count() == 1
    assert said.evaluate("box => box === document.activeElement"), "the keyboard goes on where the step is told of"
    press(desk, desk.get_by_role("button", name="Take it back"))
    assert shop.office.store.visit(visit.visit.id).settled is None


def test_it_withdraws_a_link(shop: Shop, desk: Page) -> None:
    visit = shop.customer("zh-Hant")
    desk.goto(f"{shop.address}/desk/visits/{visit.visit.id}")
    desk.locator("summary", has_text="Wrong person").click()
    press(desk, desk.get_by_role("button", name="Withdraw it", exact=True))
    answer = desk.context.request.get(visit.link)
    assert answer.status == 410


def test_it_refuses_a_wrong_password(shop: Shop, chromium: Browser) -> None:
    context = open_context(chromium, viewport=DESK)
    page = context.new_page()
    page.goto(f"{shop.address}/desk/sign-in")
    page.locator('input[name="name"]').fill("nobody")
    page.locator('input[name="password"]').fill("not this one")
    press(page, page.locator("main form button").last)
    assert page.url.endswith("/desk/sign-in")
    assert page.locator("[role=alert]").count() >= 1
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_no_barrier_that_axe_finds(shop: Shop, chromium: Browser, language: str) -> None:
    context = open_context(chromium, viewport=DESK, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{shop.address}/desk/sign-in")
    speak(page, language)
    found = {"/desk/sign-in": Axe().run(page)}
    sign_in(shop, page)
    speak(page, language)
    visit = shop.customer(language)
    for path in (*PAGES, f"/desk/visits/{visit.visit.id}"):
        response = page.goto(f"{shop.address}{path}")
        assert response is not None
        assert response.status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        found[path] = Axe().run(page)
    speak(page, "en")
    context.close()
    assert {path: one.generate_report() for path, one in found.items() if one.violations_count} == {}


@pytest.mark.parametrize("width", [360, 768])
def test_it_fits_a_phone_and_a_tablet(shop: Shop, chromium: Browser, session: StorageState, width: int) -> None:
    page = at_the_desk(shop, chromium, session, viewport={"width": width, "height": 740})
    for path in (*PAGES, f"/desk/visits/{shop.customer('en', 'warranty').visit.id}"):
        page.goto(f"{shop.address}{path}")
        assert page.locator("html").evaluate("element => element.scrollWidth") <= width, path
    page.context.close()


RING = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
    let behind = at.parentElement, ground = [0, 0, 0, 0];
    while (behind && !(ground = rgb(getComputedStyle(behind).backgroundColor), ground.length < 4 || ground[3] === 1))
        behind = behind.parentElement;
    const light = colour => colour.slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const [dark, bright] = [light(rgb(style.outlineColor)), light(ground)].sort((a, b) => a - b);
    return {
        what: at.tagName + "." + at.className + " " + (at.name || at.getAttribute("href") || at.id),
        width: style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0,
        contrast: (bright + 0.05) / (dark + 0.05),
    };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_where_the_keyboard_is(
    shop: Shop, chromium: Browser, session: StorageState, scheme: Literal["light", "dark"]
) -> None:
    page = at_the_desk(shop, chromium, session, viewport=DESK, color_scheme=scheme)
    faint = []
    for path in PAGES:
        page.goto(f"{shop.address}{path}")
        seen: list[str] = []
        while len(seen) < 40:
            page.keyboard.press("Tab")
            ring = page.evaluate(RING)
            if ring["what"].startswith("BODY") or (seen and ring["what"] == seen[0]):
                break
            seen.append(ring["what"])
            if ring["width"] < 2 or ring["contrast"] < 3:
                faint.append((path, ring))
        assert sum(what.startswith("BUTTON") and what.endswith(" language") for what in seen) == len(LANGUAGES)
    page.context.close()
    assert not faint
