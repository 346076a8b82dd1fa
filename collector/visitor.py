"""The pages of customers: links, posters, forms, thanks. A GET changes nothing, ever."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from collector.house import house
from collector.pages import page_headers
from collector.respond import asked_language, kind_page, language_of, outcome_page
from collector.sender import sender
from collector.tries import counts_misses, counts_poster_answers
from revisit.flows.answering.answer import Opened, Outcome, Post, again, answer, open_link, open_poster, open_survey
from revisit.forms.site import page_path
from revisit.store.protocol import StoreDamaged

blueprint = Blueprint("visitor", __name__)


@blueprint.get("/")
def entrance() -> Response:
    """Lead whoever typed the bare address to the desk: customers have links, staff type."""
    return _go("/desk/")


@blueprint.get("/v/<code>")
@counts_misses
def link(code: str) -> Response:
    """Open a customer's link."""
    try:
        return _follow(open_link(house().desk(), code, language_of(request)))
    except StoreDamaged:
        return kind_page("busy")


@blueprint.get("/q/<poster_id>")
@counts_misses
def poster(poster_id: str) -> Response:
    """Open a poster's form in the visitor's language; ``?kiosk`` is for a screen at the counter."""
    opened = open_poster(house().desk(), poster_id, language_of(request))
    if opened.kind == "open" and "kiosk" in request.args:
        opened.query["k"] = poster_id
    return _follow(opened)


def _follow(opened: Opened) -> Response:
    if opened.kind != "open":
        # Nothing of the form is left to read: the language that whoever opens it reads goes before the customer's.
        return kind_page(opened.kind, asked_language(request, opened.language), opened.survey)
    if house().site.page(opened.page) is None:  # the survey was taken out of the site
        return kind_page("survey_closed", opened.language, opened.survey)
    query = urlencode(opened.query) or request.query_string.decode("ascii", "ignore")
    response = _go(f"/{opened.page}?{query}" if query else f"/{opened.page}")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/s/<survey>/")
@blueprint.get("/s/<survey>/<language>/")
@blueprint.get("/s/<survey>/<language>/<combination>/")
def form(survey: str, language: str = "", combination: str = "") -> Response:
    """Give a page of the site: the same bytes for everyone, whoever asks and with whichever query.

    A plain GET of a page never comes here (see collector.pages): this answers conditions, and leads on.
    """
    found = house().site.page(page_path(survey, language, combination)) if language else None
    if found is None:
        opened = open_survey(house().desk(), survey, language or language_of(request))
        return kind_page("unknown", language) if combination else _follow(opened)
    response = Response(found.content, 200, headers=page_headers(found))
    response.make_conditional(request)
    return response


@blueprint.get("/s/<survey>/<language>/thanks")
def thanks(survey: str, language: str) -> Response:
    """Say thanks; safe to open again."""
    return kind_page("thanks", language, survey)


@blueprint.post("/s/<survey>/<language>/")
@blueprint.post("/s/<survey>/<language>/<combination>/")
@counts_misses
@counts_poster_answers
def post(survey: str, language: str, combination: str = "") -> Response:
    """Take an answer: it is on disk before this answers."""
    if not house().site.has(survey):
        return kind_page("survey_closed", language, survey)
    outcome = answer(house().desk(), replace(_post(survey, language, combination), sender=sender()))
    if outcome.kind in {"stored", "repeat"}:
        return _go(f"/s/{survey}/{outcome.language}/thanks")
    return outcome_page(outcome)


def _go(address: str) -> Response:
    """Send the browser to an address of this site; a resend of the page it came from is a GET."""
    return Response(status=303, headers={"Location": address}, content_type="text/html; charset=utf-8")


def post_again() -> Outcome | None:
    """Give what is needed to draw the posted form again; None where the request was no form."""
    if request.method != "POST" or request.endpoint != "visitor.post":
        return None
    return again(house().desk(), _post(**(request.view_args or {})))


def _post(survey: str, language: str, combination: str = "") -> Post:
    return Post(survey, language, combination, request.args, request.form)
