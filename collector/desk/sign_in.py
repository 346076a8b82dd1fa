"""Pages that need no sign-in: signing in, the one-time address, choosing a language, signing out."""

from dataclasses import replace
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from collector import access
from collector.access import limiter, open_to_all
from collector.desk import faults
from collector.desk.passwords import new_password_fault
from collector.desk.words import gettext as _
from collector.house import house
from revisit.flows.people import sign_in as flow
from revisit.people.tickets import TicketSpent
from revisit.records.survey import LANGUAGES

# Per address; the account's own rest comes on top (revisit.people.sign_in).
TRIES = "10 per minute; 60 per hour"


def local_path(text: str) -> str:
    """Give where to go after signing in: a page of the desk, never another site."""
    parts = urlsplit(text)
    inside = text == "/desk" or text.startswith(("/desk/", "/desk?"))
    plain = not parts.scheme and not parts.netloc and not any(mark in text for mark in "\\\r\n\t")
    return text if inside and plain and not text.startswith("/desk/sign-in") else url_for("desk.today")


@open_to_all
def sign_in() -> AnyResponse:
    """Show the sign-in page."""
    if g.user is not None:
        return redirect(url_for("desk.today"), 303)
    return faults.sign_in_page(200, after=request.args.get("after", ""))


@open_to_all
@limiter.limit(TRIES)
def try_sign_in() -> AnyResponse:
    """Check a name and a password."""
    name = request.form.get("name", "").strip()
    after = request.form.get("after", "")
    code = flow.open_session(house().store, name, request.form.get("password", ""), house().clock())
    if code is None:
        return faults.sign_in_page(401, failed=True, name=name, after=after)
    access.remember(code)
    return redirect(local_path(after), 303)


@open_to_all
def ticket(code: str) -> Response:
    """Show the form behind a one-time address. Looking does not use it up."""
    holder = flow.ticket_holder(house().store, code, house().clock())
    if holder is None:
        raise TicketSpent
    return make_response(render_template("desk/ticket.html", holder=holder, fault=""))


@open_to_all
@limiter.limit(TRIES)
def spend_ticket(code: str) -> AnyResponse:
    """Set the password and sign in."""
    holder = flow.ticket_holder(house().store, code, house().clock())
    if holder is None:
        raise TicketSpent
    fault = new_password_fault(holder.name)
    if fault:
        return make_response(render_template("desk/ticket.html", holder=holder, fault=fault), 422)
    session_code = flow.spend_ticket(house().store, code, request.form["password"], house().clock())
    access.remember(session_code)
    flash(_("Your password is set, and you are signed in."), "success")
    return redirect(url_for("desk.today"), 303)


@open_to_all
def choose_language() -> AnyResponse:
    """Keep the language in this browser, and with the user who is signed in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    if g.user is not None:
        house().store.change_user(g.user.name, lambda user: replace(user, language=chosen))
    return redirect(local_path(request.form.get("after", "")) if g.user else _signed_out_path(), 303)


def _signed_out_path() -> str:
    """Give the page to go back to without a sign-in: a one-time address, or the sign-in page with where to go then."""
    after = request.form.get("after", "")
    if after.startswith(url_for("desk.ticket", code="")):
        return local_path(after)
    return url_for("desk.sign_in", after=after) if local_path(after) == after else url_for("desk.sign_in")


@access.clear_site_data
def sign_out() -> AnyResponse:
    """End the session, here and in the store."""
    flow.close_session(house().store, session["code"], access.current_user().name, house().clock())
    access.forget()
    return redirect(url_for("desk.sign_in"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the desk."""
    blueprint.add_url_rule("/sign-in", view_func=sign_in)
    blueprint.add_url_rule("/sign-in", view_func=try_sign_in, methods=["POST"])
    blueprint.add_url_rule("/ticket/<code>", view_func=ticket)
    blueprint.add_url_rule("/ticket/<code>", view_func=spend_ticket, methods=["POST"])
    blueprint.add_url_rule("/language", view_func=choose_language, methods=["POST"])
    blueprint.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
