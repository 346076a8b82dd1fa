"""What a form weighs on its way: one request, nothing from anybody else, light enough for the first packets."""

import gzip

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import open_context
from tests.browser.test_barriers import SCRIPT, addresses
from tests.browser.world import LANGUAGES, SURVEYS, Shop

pytestmark = pytest.mark.browser

MOST = 10 * 1024  # bytes, compressed
MOST_WITH_SCRIPT = 14 * 1024


@pytest.mark.parametrize("survey", SURVEYS)
def test_it_is_one_light_request(shop: Shop, chromium: Browser, survey: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for language in LANGUAGES:
        for address in addresses(shop, survey, language):
            asked.clear()
            response = page.goto(address, wait_until="networkidle")
            assert response is not None
            assert [url for url in asked if not url.startswith("data:")] == [address]
            text = response.text()
            assert len(gzip.compress(SCRIPT.sub("", text).encode())) <= MOST
            assert len(gzip.compress(text.encode())) <= MOST_WITH_SCRIPT
    context.close()
