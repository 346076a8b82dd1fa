"""Where an answer comes from: the address, the browser, and whether the desk is open in it."""

from datetime import UTC, datetime

from flask import current_app, request
from flask.sessions import SecureCookieSessionInterface

from collector.access import client
from collector.house import house
from revisit.flows.answering.tags import Sender
from revisit.flows.people import sign_in
from revisit.store.protocol import StoreError


def sender() -> Sender:
    """Give where a request comes from; the address is what the trusted proxies say, as for the limits."""
    languages = request.headers.get("Accept-Language", "")
    return Sender(client(), request.user_agent.string, languages, signed_in=_is_signed_in())


def _is_signed_in() -> bool:
    """Say whether the browser is signed in to the desk now; a store that cannot tell is no reason to refuse."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return False
    # Read apart: the form's own request opens no session and can change none.
    held = SecureCookieSessionInterface().open_session(current_app, request)
    code = None if held is None else held.get("code")
    if held is None or code is None:
        return False
    seen_at = datetime.fromtimestamp(held.get("seen", 0.0), UTC)
    try:
        return sign_in.current_user(house().store, code, seen_at, house().clock()) is not None
    except StoreError:
        return False
