"""nginx and Caddy in front, for real: forms from the disk with the collector's own headers, no code in a log."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIRequestContext, expect

from collector.app import create_app
from collector.front import Front, caddy
from revisit.cli.serve import serving
from revisit.flows.publishing.publish import publish
from revisit.forms.site import Site
from tests.browser.conftest import Opener
from tests.browser.front_servers import KINDS, Kind
from tests.browser.world import Shop
from tests.ports import free_port

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Fronted:
    """A shop behind a web server: both addresses and the folder with the web server's logs."""

    shop: Shop
    kind: Kind
    address: str
    collector: str
    folder: Path

    def link(self, language: str) -> str:
        return self.address + urlsplit(self.shop.customer(language).link).path


@pytest.fixture(scope="module", params=KINDS, ids=[kind.name for kind in KINDS])
def fronted(request: pytest.FixtureRequest, shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    kind: Kind = request.param
    folder = tmp_path_factory.mktemp(kind.name)
    address = f"http://127.0.0.1:{free_port()}"
    office = shop.office
    settings = replace(office.settings, public_url=address)
    with ExitStack() as stack:
        app = create_app(settings, office.keys, office.store, office.clock)
        collector = stack.enter_context(serving(app, "127.0.0.1", 0))
        front = Front(settings, Site.open(settings.workspace.site), urlsplit(collector).netloc, logs=str(folder))
        server = stack.enter_context(kind.start(front, folder))
        stack.callback(server.terminate)
        yield Fronted(shop, kind, address, collector, folder)


@pytest.fixture
def ask(phone: Opener) -> APIRequestContext:
    return phone(script=False).request


def test_it_gives_forms_with_the_collectors_own_headers(fronted: Fronted, ask: APIRequestContext) -> None:
    for path in ("/s/repair/en/a/", "/s/repair/zh-Hans/b/?t=0123456789abcdef", "/s/repair-full/zh-Hant/a/"):
        ours, theirs = ask.get(fronted.address + path), ask.get(fronted.collector + path)
        assert (ours.status, ours.body()) == (200, theirs.body())
        assert ours.headers["server"].startswith(fronted.kind.name)
        assert "last-modified" in ours.headers or fronted.kind.name == "nginx", "Caddy gave it from the disk"
        for name in set(theirs.headers) - fronted.kind.its_own:
            assert ours.headers.get(name, "").lower().removeprefix("w/") == theirs.headers[name].lower(), name
        again = ask.get(fronted.address + path, headers={"If-None-Match": ours.headers["etag"]})
        assert (again.status, again.body()) == (304, b"")
        assert ask.get(fronted.address + path, headers={"If-None-Match": '"other"'}).status == 200
        assert ask.get(fronted.address + path, headers={"If-None-Match": "-"}).status == 200


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
    assert ask.post(f"{fronted.address}/s/repair/en/a/", data="x" * 300_000).status == 413


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
    written = "".join(path.read_text("utf-8", "replace") for path in fronted.folder.glob("*.log"))
    assert fronted.kind.logged_form in written
    assert fronted.kind.logged_link in written
    assert link.rpartition("/")[2] not in written


def test_it_shows_whole_pages_before_and_after_a_build(fronted: Fronted, ask: APIRequestContext) -> None:
    path = "/s/repair/en/a/"
    before = ask.get(fronted.address + path)
    publish(fronted.shop.office.settings)
    publish(fronted.shop.office.settings)
    publish(fronted.shop.office.settings)  # the build that stands in front is gone now: the collector answers
    after = ask.get(fronted.address + path)
    assert after.status == 200
    assert after.body() == before.body()
    assert after.headers["content-security-policy"] == before.headers["content-security-policy"]


def test_it_writes_every_page_and_its_policy_for_caddy(shop: Shop) -> None:
    front = Front(shop.office.settings, Site.open(shop.office.settings.workspace.site))
    written = caddy(front)
    for path, page in front.pages.items():
        assert f'\t\t{path} "{page.csp}"\n' in written
    assert written.count("{") == written.count("}")
    assert "reverse_proxy 127.0.0.1:8000" in written
