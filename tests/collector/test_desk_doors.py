"""Who may open what at the desk: every route has its row here, and a route without one fails."""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from werkzeug.routing import Rule

from collector import access
from collector.respond import HSTS
from revisit.records.reports import IssuedReport
from revisit.store.protocol import StoreBusy, StoreDamaged, StoreError, StoreFull
from tests.collector.staff import CAST, Browser, Desk, make_desk

# For each route: the least role, and whether a colleague of another station is shut out (they get 404).
# ``open`` needs no sign-in.
ROUTES: dict[str, tuple[str, bool]] = {
    "GET /desk/": ("staff", False),
    "GET /desk/<path:anything>": ("staff", False),
    "POST /desk/<path:anything>": ("staff", False),
    "GET /desk/sign-in": ("open", False),
    "POST /desk/sign-in": ("open", False),
    "GET /desk/ticket/<code>": ("open", False),
    "POST /desk/ticket/<code>": ("open", False),
    "POST /desk/language": ("open", False),
    "POST /desk/sign-out": ("staff", False),
    "GET /desk/search": ("staff", False),
    "POST /desk/search": ("staff", False),
    "GET /desk/visits/<visit_id>": ("staff", True),
    "GET /desk/visits/<visit_id>/<step>": ("staff", False),
    "POST /desk/visits/<visit_id>/phone": ("staff", True),
    "POST /desk/visits/<visit_id>/mail": ("staff", True),
    "POST /desk/visits/<visit_id>/sent": ("staff", True),
    "POST /desk/visits/<visit_id>/no-answer": ("staff", True),
    "POST /desk/visits/<visit_id>/declined": ("staff", True),
    "POST /desk/visits/<visit_id>/unreachable": ("staff", True),
    "POST /desk/visits/<visit_id>/excluded": ("staff", True),
    "POST /desk/visits/<visit_id>/take-back": ("staff", True),
    "POST /desk/visits/<visit_id>/void": ("staff", True),
    "POST /desk/visits/<visit_id>/new-link": ("staff", True),
    "GET /desk/posters": ("staff", False),
    "GET /desk/posters/<poster_id>": ("staff", True),
    "GET /desk/reports": ("manager", False),
    "POST /desk/reports": ("manager", True),
    "GET /desk/reports/<report_id>.pdf": ("manager", True),
    "GET /desk/reports/<report_id>.html": ("manager", True),
    "GET /desk/exports": ("manager", False),
    "POST /desk/exports": ("manager", True),
    "GET /desk/account": ("staff", False),
    "POST /desk/account/password": ("staff", False),
    "GET /desk/static/<path:filename>": ("open", False),
    "GET /bootstrap/static/<path:filename>": ("open", False),
}
LADDER = ("open", "staff", "manager", "admin")


def rules(desk: Desk) -> Iterator[tuple[str, Rule]]:
    for rule in desk.app.url_map.iter_rules():
        if rule.endpoint.startswith(("desk.", "bootstrap.")):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield f"{method} {rule.rule}", rule


def sample_pdf() -> bytes:
    """Give a PDF that carries its page for browsers, as every report does."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["report.html"] = pikepdf.AttachedFileSpec(  # type: ignore[call-arg]  # the rest has defaults
            pdf, b"<!doctype html><title>Report</title>", filename="report.html"
        )
        pdf.save(written)
    return written.getvalue()


def kept_report(desk: Desk) -> str:
    content = sample_pdf()
    made = IssuedReport(
        "2611-0001", "branch", "repair", "demo/lakeside", date(2026, 10, 1), date(2026, 10, 31), "zh-Hans",
        desk.world.now, "ming", "lakeside.pdf", hashlib.sha256(content).hexdigest(), len(content),
    )  # fmt: skip
    desk.world.store.keep_report(made, content)
    return made.id


@pytest.fixture
def paths(desk: Desk) -> dict[str, str]:
    """Give for each placeholder of a route a value that exists at Lakeside."""
    return {
        "visit_id": desk.visit(email="customer@example.com").id,
        "poster_id": desk.poster().id,
        "report_id": kept_report(desk),
        "code": "no-such-ticket",
        "step": "declined",
        "path:anything": "nowhere",
        "path:filename": "desk.css",
    }


def filled(route: str, paths: dict[str, str]) -> tuple[str, str]:
    method, _, rule = route.partition(" ")
    names = {**paths, "path:filename": "css/bootstrap.min.css"} if rule.startswith("/bootstrap") else paths
    return method, re.sub(r"<([^>]+)>", lambda found: names[found[1]], rule)


def test_every_route_has_its_row(desk: Desk) -> None:
    assert {route for route, _rule in rules(desk)} == set(ROUTES)


def browse(desk: Desk, paths: dict[str, str], name: str, only: str = "") -> Iterator[tuple[str, str, str, Browser]]:
    """Give every route with its method, a path, and a browser that is signed in whatever the routes before it did."""
    browser, cookies = desk.browser(name), ""
    for route in ROUTES:
        method, path = filled(route, paths)
        if cookies == "spent":
            access.limiter.reset()
            browser, cookies = desk.browser(name), ""
        if method.startswith(only):
            if not name:
                browser.get("/desk/sign-in")
            yield route, method, path, browser
            cookies = "spent" if path in ("/desk/sign-out", "/desk/sign-in") else ""


@pytest.mark.parametrize("name", ["", *CAST])
def test_it_lets_in_whom_it_should(desk: Desk, paths: dict[str, str], name: str) -> None:
    role, unit = CAST.get(name, ("open", ""))
    for route, method, path, browser in browse(desk, paths, name):
        least, shut = ROUTES[route]
        response = browser.get(path) if method == "GET" else browser.post(path, {"unit": "lakeside", "period": "x"})
        if LADDER.index(role) < LADDER.index(least):
            assert response.status_code == (403 if name else 401), route
        elif shut and unit == "demo/harbour":
            assert response.status_code in {403, 404}, route
            assert "Test Customer" not in response.text
        else:
            assert response.status_code not in {403, 405, 500}, route
            assert response.status_code != 401 or path == "/desk/sign-in", route


@pytest.mark.parametrize("token", ["", "made-up", None])
def test_it_takes_no_post_without_the_token_of_its_own_page(
    desk: Desk, paths: dict[str, str], token: str | None
) -> None:
    other = desk.browser("ming")
    for route, _method, path, browser in browse(desk, paths, "ada", "POST"):
        before = state(desk)
        response = browser.post(path, {"unit": "demo"}, token=other.token if token is None else token)
        assert response.status_code == 400, route
        assert "Please send the form again" in response.text
        assert state(desk) == before


def test_it_takes_no_post_from_another_site(desk: Desk, paths: dict[str, str]) -> None:
    browser = desk.browser("ada")
    browser.headers = {"Referer": "https://evil.example/"}
    path = filled("POST /desk/visits/<visit_id>/declined", paths)[1]
    response = browser.client.post(
        path, base_url=browser.origin, data={"csrf_token": browser.token}, headers=browser.headers
    )
    assert response.status_code == 400
    without = browser.client.post(path, base_url=browser.origin, data={"csrf_token": browser.token})
    assert without.status_code == 400
    assert desk.world.store.visit(paths["visit_id"]).settled is None


def state(desk: Desk) -> dict[str, str]:
    folder = desk.world.settings.workspace.root
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", ["", "ada"])
def test_looking_changes_nothing(desk: Desk, paths: dict[str, str], name: str) -> None:
    for route, _method, path, browser in browse(desk, paths, name, "GET"):
        before = state(desk)
        browser.get(path)
        browser.client.head(path, base_url=browser.origin, buffered=True)
        assert state(desk) == before, route


def policy(header: str) -> dict[str, list[str]]:
    parts = (part.split() for part in header.split(";"))
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("name", ["", "mei", "ada"])
def test_every_answer_has_its_headers(desk: Desk, paths: dict[str, str], name: str) -> None:
    for _route, method, path, browser in browse(desk, paths, name):
        response = browser.get(path) if method == "GET" else browser.post(path, token="none")
        check_headers(dict(response.headers), is_file="/static/" in path, is_report=path.endswith((".pdf", ".html")))


def check_headers(headers: dict[str, str], *, is_file: bool = False, is_report: bool = False) -> None:
    csp = policy(headers["Content-Security-Policy"])
    assert csp["default-src"] == csp["frame-ancestors"] == csp["base-uri"] == ["'none'"]
    assert "script-src" not in csp or csp["script-src"] == ["'self'"]
    # A report carries its own style and loads nothing; as a page it runs no script either.
    loads = {word for words in csp.values() for word in words} - {"'none'", "'unsafe-inline'", "data:", "'self'"}
    assert not loads
    assert (is_report and "script-src" not in csp) or csp == {
        "default-src": ["'none'"], "style-src": ["'self'"], "script-src": ["'self'"], "img-src": ["'self'", "data:"],
        "font-src": ["'self'"], "connect-src": ["'self'"], "form-action": ["'self'"], "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }  # fmt: skip
    assert headers["Strict-Transport-Security"] == HSTS
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == ("no-cache" if is_file else "no-store")
    assert is_file or "Cookie" in headers["Vary"]
    assert "Access-Control-Allow-Origin" not in headers
    assert "charset=utf-8" in headers["Content-Type"] or headers["Content-Type"] == "application/pdf"


def test_the_cookie_is_bound_to_host_and_https(desk: Desk) -> None:
    browser = desk.browser()
    set_cookie = browser.get("/desk/sign-in").headers["Set-Cookie"]
    name, _, rest = set_cookie.partition("=")
    assert name == "__Host-revisit"
    assert {part.strip() for part in rest.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_without_https_the_desk_is_for_this_machine_and_its_network_and_says_so(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, secure=False)
    inside, outside = ("127.0.0.1", "192.168.1.20", "10.3.4.5", "::1"), ("8.8.8.8", "2001:4860::1", "::ffff:8.8.8.8")
    for address in inside + outside:
        browser = desk.browser(origin="http://127.0.0.1:8000")
        browser.address = address
        page = browser.get("/desk/")
        assert page.status_code == (401 if address in inside else 403), address
        assert "This connection is not encrypted" in page.text
        if page.status_code == 401:
            assert page.headers["Set-Cookie"].startswith("revisit=")
            assert "Secure" not in page.headers["Set-Cookie"]
        assert "Strict-Transport-Security" not in page.headers
    browser = desk.browser("mei", origin="http://127.0.0.1:8000")
    assert browser.get("/desk/").status_code == 200
    desk.world.store.close()


@pytest.mark.parametrize(("error", "status"), [(StoreBusy("b"), 503), (StoreFull("f"), 507), (StoreDamaged("d"), 503)])
def test_a_store_in_trouble_gives_a_kind_page(
    desk: Desk, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch, error: StoreError, status: int
) -> None:
    browser = desk.browser("mei")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(desk.world.store, "change_visit", fail)
    page = browser.post(f"/desk/visits/{paths['visit_id']}/declined")
    assert page.status_code == status
    assert "Nothing was changed" in page.text
    assert "Traceback" not in page.text
    check_headers(dict(page.headers))


def test_an_unforeseen_error_shows_no_trace(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = desk.browser("mei")
    desk.app.testing = False

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError("+8613000000012")

    monkeypatch.setattr(desk.world.store, "answered_visits", fail)
    page = browser.get("/desk/")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "ZeroDivisionError" not in page.text
    assert "ZeroDivisionError" in caplog.text
    check_headers(dict(page.headers))


@pytest.mark.parametrize(
    "visit_id", ["x", "2610-", "2610-0000", "....", "%2e%2e", "9999-zz", "2610-%00", "沪A00012", "-" * 300]
)
def test_a_visit_that_is_none_is_told_kindly(desk: Desk, visit_id: str) -> None:
    browser = desk.browser("mei")
    assert browser.get(f"/desk/visits/{visit_id}").status_code == 404
    assert browser.post(f"/desk/visits/{visit_id}/declined").status_code == 404
    page = browser.get(f"/desk/reports/{visit_id}.pdf")
    assert page.status_code in {403, 404}


def test_a_body_that_is_too_big_is_refused_in_words(desk: Desk) -> None:
    page = desk.browser("mei").post("/desk/search", {"words": "x" * 70_000})
    assert page.status_code == 413
    assert "That was too much at once" in page.text
    check_headers(dict(page.headers))


def test_a_refusal_is_noted(desk: Desk, paths: dict[str, str]) -> None:
    desk.browser("harald").get(f"/desk/visits/{paths['visit_id']}")
    desk.browser("mei").get("/desk/reports")
    noted = [(line.who, line.about, line.note) for line in desk.audit("refused")]
    assert noted == [("harald", paths["visit_id"], "desk.show_visit"), ("mei", "", "desk.reports")]
