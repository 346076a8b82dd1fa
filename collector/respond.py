"""How the collector answers customers: which status and page an outcome gets, and the headers of every response."""

from urllib.parse import urlencode

from flask import Request, Response, request

from collector.house import house
from collector.languages import visitor_language
from revisit.flows.answering.answer import Kind, Outcome
from revisit.forms import page
from revisit.forms.opening import opening
from revisit.forms.scales import has_words
from revisit.forms.site import csp_of
from revisit.forms.versions import latest, published_languages
from revisit.records.languages import is_language, own_name
from revisit.records.survey import Survey

# A repeat looks to the customer like the first time: nothing went wrong.
STATUS: dict[str, int] = {
    "answered": 200, "thanks": 200, "switch": 200, "received": 202, "expired": 410, "voided": 410, "survey_closed": 410,
    "unknown": 404, "conflict": 409, "invalid": 422, "new_version": 422, "stale": 422, "too_big": 413, "too_many": 429,
    "busy": 503, "fault": 500, "full": 507,
}  # fmt: skip
# Pages that carry the form again, so that nothing a person wrote is lost.
WITH_FORM = {"switch", "invalid", "new_version", "stale", "unknown", "too_many", "busy", "full"}
IN = "in"  # the parameter that asks for a kind page in another language
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
    return asked_language(visit, "")


def asked_language(visit: Request, fallback: str) -> str:
    """Give the language that the browser asks for where this installation speaks it, else the fallback."""
    settings = house().settings
    return visitor_language(visit, settings.languages, fallback or settings.default_language)


def kind_page(kind: str, language: str = "", survey: str = "") -> Response:
    """Give the small page that says in the visitor's language what happened and what happens next.

    A page that was only opened offers the other languages, each under its own address with ``?in=``.
    """
    settings = house().settings
    wanted = request.args.get(IN, "")
    chosen = wanted if wanted in settings.languages else language if is_language(language) else language_of(request)
    asked = latest(settings.workspace.versions, survey, chosen) if survey else None
    known = {} if asked is None else {name: getattr(asked.privacy, name) for name in ("who", "contact", "kept")}
    if asked is not None and kind == "survey_closed":
        known |= opening(asked, house().clock(), settings.timezone)
    reads = request.method in {"GET", "HEAD"} and kind != "thanks"  # thanks follow a form, whose language was chosen
    others = [one for one in settings.languages if has_words(one)] if reads else []
    drawn = page.message(settings, chosen, kind, {tag: f"?{urlencode({IN: tag})}" for tag in others}, **known)
    return _html(drawn, STATUS[kind], kind)


def outcome_page(outcome: Outcome, kind: Kind | str = "") -> Response:
    """Give the page of an outcome: the form again with everything kept where the person can go on, else a kind page."""
    name = kind or outcome.kind
    survey = outcome.survey
    if name not in WITH_FORM or survey is None or outcome.form is None:
        return kind_page(name, outcome.language, survey.name if survey else "")
    drawn = page.draw(
        house().settings,
        survey,
        outcome.facts,
        outcome.form,
        problem="" if name == "switch" else name,
        languages=spoken(survey),
        action=f"?{urlencode(outcome.retry)}" if outcome.retry else "",
    )
    return _html(drawn, STATUS[name], name)


def spoken(survey: Survey) -> list[tuple[str, str]]:
    """Give the languages in which a survey is published and that this installation speaks, with their names."""
    here = house().settings
    languages = published_languages(here.workspace.versions, survey.name)
    return [(language, own_name(language)) for language in here.languages if language in languages]


def _html(content: bytes, status: int, kind: str) -> Response:
    response = Response(content, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = csp_of(content)
    if kind in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[kind])
    return response


def with_headers(response: Response) -> Response:
    """Add the headers that every response carries, errors and files too; what a page set itself is kept."""
    present = {name.lower() for name, _ in response.headers}
    response.headers.extend((name, value) for name, value in EVERYWHERE.items() if name.lower() not in present)
    if (request.is_secure or house().settings.secure) and "strict-transport-security" not in present:
        response.headers["Strict-Transport-Security"] = HSTS
    return response
