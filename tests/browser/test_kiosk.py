"""A screen at the counter: large, keeps nothing, begins anew for the next person."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.world import Shop

pytestmark = pytest.mark.browser


@pytest.fixture
def kiosk(shop: Shop, phone: Opener) -> Page:
    page = phone(script=True).new_page()
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # time passes only where a test lets it
    page.goto(f"{shop.poster()}?kiosk")
    return page


def answer(page: Page) -> None:
    for name, value in {"overall": "4", "fixed": "yes"}.items():
        page.locator("label", has=page.locator(f'input[name="{name}"][value="{value}"]')).click()


def test_it_takes_answers_of_one_after_the_other(shop: Shop, kiosk: Page) -> None:
    addresses = set()
    for _person in range(2):
        addresses.add(kiosk.url)
        assert kiosk.locator("input:checked").count() == 0
        answer(kiosk)
        assert kiosk.evaluate("localStorage.length") == 0
        with kiosk.expect_navigation():
            kiosk.locator("button.send").click()
        assert kiosk.url.endswith("/thanks")
        assert kiosk.locator("dl").count() == 0, "nobody sees the answers of the person before"
        with kiosk.expect_navigation(url="**/s/**"):
            kiosk.clock.fast_forward(10_000)
    assert len(addresses) == 2
    modes = [response.mode for response in shop.office.store.responses("repair") if response.poster_id is not None]
    assert modes.count("kiosk") >= 2


def test_it_begins_anew_when_nobody_goes_on(kiosk: Page) -> None:
    before = kiosk.url
    answer(kiosk)
    kiosk.clock.fast_forward(45_000)
    kiosk.locator("h1").click()
    kiosk.clock.fast_forward(45_000)  # 90 s after the last answer, but not 60 s after the last touch
    expect(kiosk.locator("input:checked")).to_have_count(2)
    assert kiosk.url == before
    # A scroll that the click caused may be told late and counts as a touch: hence the whole minute once more.
    with kiosk.expect_navigation(url="**/s/**"):
        kiosk.clock.fast_forward(61_000)
    expect(kiosk.locator("input:checked")).to_have_count(0)
    assert kiosk.url != before


def test_it_has_large_targets(kiosk: Page) -> None:
    heights = kiosk.locator("label.o:visible").evaluate_all(
        "labels => labels.map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 64
