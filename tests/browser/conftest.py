"""Chromium as people have it: at the size of a phone or a desk, with JavaScript on or off."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect, sync_playwright

from tests.browser.world import Shop, open_shop

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-background-networking"]
PATIENCE = 60_000  # milliseconds: what comes at all may come late on a machine with much to do

Opener = Callable[..., BrowserContext]


def open_context(chromium: Browser, **options: Any) -> BrowserContext:
    """Open a browser of somebody's own, as patient as everything here."""
    context = chromium.new_context(**options)
    context.set_default_timeout(2 * PATIENCE)
    return context


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("browser") / "shop") as made:
        yield made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Opener]:
    """Give a function that opens a customer's browser."""
    opened: list[BrowserContext] = []

    def open_phone(*, script: bool = True, language: str = "en", **more: Any) -> BrowserContext:
        context = open_context(
            chromium, viewport=PHONE, has_touch=True, java_script_enabled=script, locale=language, **more
        )
        opened.append(context)
        return context

    yield open_phone
    for context in opened:
        context.close()
