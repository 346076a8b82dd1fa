"""Caddy in front, for real: forms from the disk with the collector's own headers, answers through, no code in a log."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIRequestContext, expect

from collector.app import create_app
from collector.front import Front, caddy
from revisit.cli.serve import serving
from revisit.forms.site import Site
from tests.browser.conftest import Opener
from tests.browser.test_nginx import Fronted
from tests.browser.world import Shop
from tests.ports import free_port

pytestmark = pytest.mark.browser

# Nobody may change a test's settings from outside.
GLOBAL = "{\n\tadmin off\n}\n"
# Each server words these for itself; the time of a page's file says no more than its ETag.
ITS_OWN = {
    "content-length",
    "date",
    "server",
    "connection",
    "content-encoding",
    "etag",
    "last-modified",
    "accept-ranges",
}


@pytest.fixture(scope="module")
def fronted(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    program = shutil.which("caddy")
    if program is None:
        (pytest.fail if "REVISIT_FULL_TESTS" in os.environ else pytest.skip)("Caddy is missing: apt-get install caddy")
    folder = tmp_path_factory.mktemp("caddy")
    address = f"http://127.0.0.1:{free_port()}"
    office = shop.office
    settings = replace(office.settings, public_url=address)
    with ExitStack() as stack:
        app = create_app(settings, office.keys, office.store, office.clock)
        collector = stack.enter_context(serving(app, "127.0.0.1", 0))
        front = Front(settings, Site.open(settings.workspace.site), urlsplit(collector).netloc)
        (folder / "Caddyfile").write_text(GLOBAL + caddy(front), encoding="utf-8")
        log = stack.enter_context((folder / "caddy.log").open("wb"))
        environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        command = [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        server = stack.enter_context(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
        stack.callback(server.terminate)
        while "serving initial configuration" not in (folder / "caddy.log").read_text("utf-8"):
            assert server.poll() is None, (folder / "caddy.log").read_text("utf-8")
            time.sleep(0.05)
        yield Fronted(shop, address, collector, folder)


@pytest.fixture
def ask(phone: Opener) -> APIRequestContext:
    return phone(script=False).request


def test_it_gives_forms_with_the_collectors_own_headers(fronted: Fronted, ask: APIRequestContext) -> None:
    for path in ("/s/repair/en/a/", "/s/repair/zh-Hans/b/?t=0123456789abcdef", "/s/repair-full/zh-Hant/a/"):
        ours, theirs = ask.get(fronted.address + path), ask.get(fronted.collector + path)
        assert (ours.status, ours.body()) == (200, theirs.body())
        assert ours.headers["server"] == "Caddy"
        assert "last-modified" in ours.headers, "it came from the disk"
        for name in set(theirs.headers) - ITS_OWN:
            assert ours.headers.get(name, "").lower() == theirs.headers[name].lower(), name
        again = ask.get(fronted.address + path, headers={"If-None-Match": ours.headers["etag"]})
        assert (again.status, again.body()) == (304, b"")
        assert ask.get(fronted.address + path, headers={"If-None-Match": '"other"'}).status == 200


def test_it_passes_on_whatever_is_no_form(fronted: Fronted, ask: APIRequestContext) -> None:
    for path in ("/healthz", "/desk/", "/s/repair/en/thanks", "/v/0000000000000000", "/s/none/en/", "/"):
        ours, theirs = ask.get(fronted.address + path), ask.get(fronted.collector + path)
        assert (ours.status, ours.headers.get("content-security-policy")) == (
            theirs.status,
            theirs.headers.get("content-security-policy"),
        ), path
    for path in ("/s/site.json", "/s/../site.json", "/s/%2e%2e/site.json", "/s/repair/en/a/../../../../site.json"):
        assert b"form_hash" not in ask.get(fronted.address + path).body()
    assert ask.delete(f"{fronted.address}/s/repair/en/a/").status == 405
    assert ask.post(f"{fronted.address}/s/repair/en/a/", data="x" * 100_000).status == 413


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_it_takes_an_answer_and_writes_no_code_down(fronted: Fronted, phone: Opener, script: bool) -> None:  # noqa: FBT001
    link = fronted.link("en" if script else "zh-Hant")
    page = phone(script=script).new_page()
    page.goto(link)
    for name, value in {"overall": "4", "fixed": "yes"}.items():
        page.locator("label", has=page.locator(f'input[name="{name}"][value="{value}"]')).click()
    with page.expect_navigation():
        page.locator("button.send").click()
    assert page.url.endswith("/thanks")
    page.goto(link)
    expect(page.locator("form")).to_have_count(0)
    written = (fronted.folder / "caddy.log").read_text("utf-8")
    assert '"uri":"/v/"' in written
    assert '"uri":"/s/repair/' in written
    assert link.rpartition("/")[2] not in written


def test_it_writes_every_page_and_its_policy(shop: Shop) -> None:
    front = Front(shop.office.settings, Site.open(shop.office.settings.workspace.site))
    written = caddy(front)
    for path, page in front.pages.items():
        assert f'\t\t{path} "{page.csp}"\n' in written
    assert written.count("{") == written.count("}")
    assert "reverse_proxy 127.0.0.1:8000" in written
