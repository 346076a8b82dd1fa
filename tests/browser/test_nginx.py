"""nginx in front, for real: forms from the disk with the collector's own headers, answers through, no code in a log."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIRequestContext, expect

from collector.app import create_app
from collector.front import Front, nginx
from revisit.cli.serve import serving
from revisit.flows.publish import publish
from revisit.forms.site import Site
from tests.browser.conftest import Opener
from tests.browser.world import Shop
from tests.ports import free_port

pytestmark = pytest.mark.browser

MAIN = """daemon off;
pid {folder}/pid;
worker_processes 1;
error_log {folder}/main.log;
events {{}}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/revisit.conf;
}}
"""


@dataclass(frozen=True)
class Fronted:
    """A shop behind nginx: both addresses and the folder with nginx' logs."""

    shop: Shop
    address: str
    collector: str
    folder: Path

    def link(self, language: str) -> str:
        return self.address + urlsplit(self.shop.customer(language).link).path


@pytest.fixture(scope="module")
def fronted(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    address = f"http://127.0.0.1:{free_port()}"
    office = shop.office
    settings = replace(office.settings, public_url=address)
    with ExitStack() as stack:
        app = create_app(settings, office.keys, office.store, office.clock)
        collector = stack.enter_context(serving(app, "127.0.0.1", 0))
        front = Front(settings, Site.open(settings.workspace.site), urlsplit(collector).netloc, logs=str(folder))
        (folder / "revisit.conf").write_text(nginx(front), encoding="utf-8")
        (folder / "nginx.conf").write_text("user root;\n" * (folder.owner() == "root") + MAIN.format(folder=folder))
        server = stack.enter_context(
            subprocess.Popen(["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "main.log")])
        )
        stack.callback(server.terminate)
        while not (folder / "pid").exists() or not (folder / "pid").read_text().strip():
            assert server.poll() is None, (folder / "main.log").read_text()
            time.sleep(0.05)
        yield Fronted(shop, address, collector, folder)


@pytest.fixture
def ask(phone: Opener) -> APIRequestContext:
    return phone(script=False).request


def test_it_gives_forms_with_the_collectors_own_headers(fronted: Fronted, ask: APIRequestContext) -> None:
    for path in ("/s/repair/en/a/", "/s/repair/zh-Hans/b/?t=0123456789abcdef", "/s/repair-full/zh-Hant/a/"):
        ours, theirs = ask.get(fronted.address + path), ask.get(fronted.collector + path)
        assert (ours.status, ours.body()) == (200, theirs.body())
        assert ours.headers["server"].startswith("nginx")
        for name in theirs.headers:
            if name not in {"content-length", "date", "server", "connection", "content-encoding"}:
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
    assert '"POST /s/repair/' in written
    assert '"GET /v/"' in written
    assert link.rpartition("/")[2] not in written


def test_it_shows_whole_pages_before_and_after_a_build(fronted: Fronted, ask: APIRequestContext) -> None:
    path = "/s/repair/en/a/"
    before = ask.get(fronted.address + path)
    publish(fronted.shop.office.settings)
    publish(fronted.shop.office.settings)
    publish(fronted.shop.office.settings)  # nginx' own build is gone now: the collector answers
    after = ask.get(fronted.address + path)
    assert after.status == 200
    assert after.body() == before.body()
    assert after.headers["content-security-policy"] == before.headers["content-security-policy"]
