"""The account page: one's own password and language."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from collector import access
from collector.access import limiter
from collector.desk.passwords import new_password_fault
from collector.desk.words import gettext as _
from collector.house import house
from revisit.flows.people import sign_in as flow


def account() -> Response:
    """Show one's own account."""
    return make_response(render_template("desk/account.html", fault="", wrong=False))


@limiter.limit("10 per minute; 60 per hour")
def change_password() -> AnyResponse:
    """Change one's own password; every other browser is signed out."""
    user = access.current_user()
    fault = new_password_fault(user.name)
    if fault:
        return make_response(render_template("desk/account.html", fault=fault, wrong=False), 422)
    code = flow.change_password(
        house().store, user, request.form.get("old", ""), request.form["password"], house().clock()
    )
    if code is None:
        return make_response(render_template("desk/account.html", fault="", wrong=True), 422)
    access.remember(code)
    flash(_("Your password is changed. Other browsers were signed out."), "success")
    return redirect(url_for("desk.account"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Add the page to the desk."""
    blueprint.add_url_rule("/account", view_func=account)
    blueprint.add_url_rule("/account/password", view_func=change_password, methods=["POST"])
