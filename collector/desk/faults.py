"""Pages for what went wrong: each says what happened and what to do, in the visitor's language."""

from flask import Blueprint, Response, abort, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from collector.access import open_to_all
from collector.desk.words import gettext as _
from revisit.people.tickets import TicketSpent
from revisit.store.protocol import Conflict, NotFound, StoreBusy, StoreDamaged, StoreError, StoreFull

RETRY_AFTER = 5  # seconds


def messages() -> dict[str, tuple[str, str]]:
    """Give for each kind of fault its heading and what to do."""
    return {
        "form": (
            _("Please send the form again"),
            _("It had been open too long, or your browser sent no cookie. Go back, reload the page and try again."),
        ),
        "forbidden": (
            _("This page is not part of your work here"),
            _("If you need it, ask your administrator for another role."),
        ),
        "unknown": (
            _("There is no such page"),
            _("It may have been removed, or it belongs to another station. Go to the list of visits and search there."),
        ),
        "ticket": (
            _("This address has been used or is too old"),
            _("One-time addresses work once and for 30 minutes. Ask your administrator for a new one."),
        ),
        "conflict": (
            _("Somebody was quicker"),
            _("The record changed while you looked at it. Go back, reload the page and look at its state."),
        ),
        "too_big": (_("That was too much at once"), _("Go back and send less.")),
        "too_many": (
            _("Too many tries"),
            _("From here too many passwords were tried. Wait a quarter of an hour and try again."),
        ),
        "full": (
            _("The disk is full"),
            _("Nothing was changed. Tell the person who looks after this server that it needs space."),
        ),
        "busy": (_("Very busy just now"), _("Nothing was changed. Wait a few seconds and try again.")),
        "damaged": (
            _("A data file cannot be read"),
            _("Nothing was changed. Tell the person who looks after this server to run: revisit doctor"),
        ),
        "insecure": (
            _("The desk needs a safe connection"),
            _("Without https it answers only this machine and its own network. Ask for the https address."),
        ),
        "fault": (
            _("Something went wrong on our side"),
            _("Nothing was half kept. Try again, or tell the person who looks after this server."),
        ),
    }


def page(kind: str, status: int) -> Response:
    """Draw the page of a fault."""
    heading, cure = messages()[kind]
    response = make_response(render_template("desk/fault.html", heading=heading, cure=cure), status)
    if kind in ("busy", "full"):
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _http(error: HTTPException) -> Response:
    kinds = {
        400: "form",
        403: "forbidden",
        404: "unknown",
        409: "conflict",
        410: "ticket",
        413: "too_big",
        429: "too_many",
    }
    status = error.code or 500
    if status == 401:
        return sign_in_page(401)
    if error.response is not None or status < 400:
        return make_response(error.get_response())
    response = page(kinds.get(status, "fault"), status)
    if status == 429:
        response.headers["Retry-After"] = "900"
    return response


def sign_in_page(status: int, *, failed: bool = False, name: str = "", after: str | None = None) -> Response:
    """Draw the sign-in page; ``after`` is where to go then, by default the page that was asked for."""
    if after is None:
        after = request.full_path.rstrip("?") if request.method == "GET" else ""
    ended = status == 401 and not failed and request.method == "POST"
    return make_response(
        render_template("desk/sign_in.html", failed=failed, name=name, after=after, ended=ended), status
    )


def _store(error: StoreError) -> Response:
    kinds: dict[type[StoreError], str] = {
        StoreBusy: "busy",
        StoreFull: "full",
        StoreDamaged: "damaged",
        NotFound: "unknown",
        Conflict: "conflict",
    }
    return page(kinds.get(type(error), "fault"), error.status)


def _ticket(_error: TicketSpent) -> Response:
    return page("ticket", 410)


@open_to_all
def nothing_here(anything: str) -> Response:  # noqa: ARG001  (the rule names it)
    """Answer every address below /desk that is none."""
    abort(404 if g.user is not None else 401)


def add_to(blueprint: Blueprint) -> None:
    """Add the fault pages to the desk."""
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(StoreError, _store)
    blueprint.register_error_handler(TicketSpent, _ticket)
    blueprint.add_url_rule("/<path:anything>", view_func=nothing_here, methods=["GET", "POST"])
