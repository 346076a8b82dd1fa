"""How the collector answers customers: which status and page an outcome gets, and the headers of every response."""

from urllib.parse import urlencode

from flask import Request, Response, request
from revisit.forms.site import csp_of

from collector.house import house
from collector.languages import visitor_language
from revisit.flows.answer import Kind, Outcome
from revisit.forms import page
from revisit.records.survey import LANGUAGES

# A repeat looks to the customer like the first time: nothing went wrong.
STATUS: dict[str, int] = {
    "answered": 200, "thanks": 200, "switch": 200, "received": 202, "expired": 410, "voided": 410, "survey_closed": 410,
    "unknown": 404, "conflict": 409, "invalid": 422, "new_version": 422, "stale": 422, "too_big": 413, "too_many": 429,
    "busy": 503, "fault": 500, "full": 507,
}  # fmt: skip
# Pages that carry the form again, so that nothing a person wrote is lost.
WITH_FORM = {"switch", "invalid", "new_version", "stale", "unknown", "too_many", "busy", "full"}
RETRY_AFTER: dict[str, int] = {"busy": 5, "full": 60, "too_many": 60}

EVERYWHERE: dict[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}
HSTS = "max-age=63072000; includeSubDomains"


def language_of(visit: Request) -> str:
    """Give the language of a visitor of whom no link tells anything."""
    settings = house().settings
    return visitor_language(visit, settings.languages, settings.default_language)


def kind_page(kind: str, language: str = "") -> Response:
    """Give the small page that says in the visitor's language what happened and what happens next."""
    chosen = language if language in LANGUAGES else language_of(request)
    return _html(page.message(house().settings, chosen, kind), STATUS[kind], kind)


def outcome_page(outcome: Outcome, kind: Kind | str = "") -> Response:
    """Give the page of an outcome: the form again with everything kept where the person can go on, else a kind page."""
    name = kind or outcome.kind
    if name not in WITH_FORM or outcome.survey is None or outcome.form is None:
        return kind_page(name, outcome.language)
    drawn = page.draw(
        house().settings,
        outcome.survey,
        outcome.facts,
        outcome.form,
        problem="" if name == "switch" else name,
        action=f"?{urlencode(outcome.retry)}" if outcome.retry else "",
    )
    return _html(drawn, STATUS[name], name)


def _html(content: bytes, status: int, kind: str) -> Response:
    response = Response(content, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = csp_of(content)
    if kind in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[kind])
    return response


def with_headers(response: Response) -> Response:
    """Add the headers that every response carries, errors and files too; what a page set itself is kept."""
    for name, value in EVERYWHERE.items():
        response.headers.setdefault(name, value)
    if request.is_secure or house().settings.secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    return response
