"""Headers of the desk: what differs below /desk, and on the style sheets it loads, from what every answer carries."""

from http import HTTPStatus

from flask import Flask, Response, request

from collector.access import is_desk
from collector.respond import EVERYWHERE

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A browser's viewer draws a PDF in an element and a style of its own making, which the policy of pages would forbid.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# A report's own page has its style inside and asks for nothing at all.
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
OWN = {
    **EVERYWHERE,
    "Content-Security-Policy": POLICY,
    # Not no-referrer: on https the check of the form's token wants to see that a POST comes from here.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_file() -> bool:
    """Say whether a request asks for a style sheet or script, which are the same for everybody."""
    return request.endpoint in ("desk.static", "bootstrap.static")


def add_own(response: Response) -> Response:
    """Put the desk's headers on its answers, errors included."""
    if not is_desk(request.path):
        return response
    for name, value in OWN.items():
        response.headers[name] = value
    if response.mimetype == "application/pdf":
        response.headers["Content-Security-Policy"] = PDF_POLICY
    if request.endpoint == "desk.report_page" and response.status_code == HTTPStatus.OK:
        response.headers["Content-Security-Policy"] = REPORT_POLICY
    if is_file():
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.vary.add("Cookie")
    return response


def install(app: Flask) -> None:
    """Have every answer of the desk carry its headers. Call it before anything else adds an ``after_request``."""
    app.after_request(add_own)
