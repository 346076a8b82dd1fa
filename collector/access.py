"""Access to the desk: who is signed in, what their role may open, and the cookie and token that prove it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import NoReturn, ParamSpec, TypeVar

from flask import Flask, Request, Response, abort, current_app, g, make_response, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from collector.house import House, house
from revisit.flows.people import sign_in
from revisit.people import rights
from revisit.people.audit import NOBODY, line
from revisit.records.people import Role, User

P = ParamSpec("P")
R = TypeVar("R")

# How often the cookie's note of the last use is renewed.
RENEWED_AFTER = 60.0


def client() -> str:
    """Give the address that tries are counted by; IPv6 by its /64, which one household owns whole."""
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104  (no address known: all such share one count)
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 6 and mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(mapped or address)


def is_desk(path: str) -> bool:
    """Say whether a path is the desk's: its pages, its files, or the Bootstrap files that only it uses."""
    return path == "/desk" or path.startswith(("/desk/", "/bootstrap/"))


class DeskSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, for the desk alone: nobody else's request opens a session or can set one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie of a request to the desk."""
        return super().open_session(app, request) if is_desk(request.path) else None


csrf = CSRFProtect()
limiter = Limiter(client, storage_uri="memory://", strategy="moving-window")


def install(app: Flask) -> None:
    """Set up cookie, token and rate limits on an application whose house stands."""
    here: House = app.extensions["revisit"]
    current, *older = here.keys.all("sessions")
    app.config.update(
        SECRET_KEY=current.secret,
        SECRET_KEY_FALLBACKS=[key.secret for key in older],
        SESSION_COOKIE_NAME="__Host-revisit" if here.settings.secure else "revisit",
        SESSION_COOKIE_SECURE=here.settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        # The desk asks for the token itself; customers' forms have no session to hold one.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_ENABLED=True,
    )
    app.session_interface = DeskSessions()
    csrf.init_app(app)
    # Known already, it hangs no hooks on every request: it looks at the views that are marked with a limit alone.
    app.extensions["limiter"] = {limiter}
    limiter.init_app(app)


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that needs no sign-in."""
    view.desk_role = None  # type: ignore[attr-defined]
    return view


def role_required(role: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a view that needs a role. A view without a mark needs ``staff``."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.desk_role = role  # type: ignore[attr-defined]
        return view

    return mark


def wanted_role(endpoint: str) -> Role | None:
    """Give the role that an endpoint needs; None for those open to all."""
    if endpoint.endswith(".static"):
        return None
    role: Role | None = getattr(current_app.view_functions[endpoint], "desk_role", "staff")
    return role


def look_up_user() -> None:
    """Find out who asks, and remember in the cookie that they were here. Writes nothing to the store."""
    now = house().clock()
    g.user = None
    code = session.get("code")
    if code is None:
        return
    seen_at = datetime.fromtimestamp(session.get("seen", 0.0), UTC)
    g.user = sign_in.current_user(house().store, code, seen_at, now)
    if g.user is None:
        forget()
    elif now.timestamp() - session.get("seen", 0.0) >= RENEWED_AFTER:
        session["seen"] = now.timestamp()


def admit() -> None:
    """Let a request through, or refuse it: 401 signed out, 403 role too low, 400 POST without the form's token."""
    wanted = wanted_role(request.endpoint or "")
    if wanted is not None:
        if g.user is None:
            abort(401)
        if not rights.is_at_least(g.user.role, wanted):
            refuse(403)
    csrf.protect()


def current_user() -> User:
    """Give who is signed in. Only views that need a role may ask."""
    user: User | None = g.user
    if user is None:
        abort(401)
    return user


def refuse(status: int, about: str = "") -> NoReturn:
    """Refuse a request and note it."""
    user: User | None = g.user
    house().store.audit(line(house().clock(), user.name if user else NOBODY, "refused", about, request.endpoint or ""))
    abort(status)


def remember(code: str) -> None:
    """Sign a browser in: a fresh cookie with nothing of the old one but the language, so that none can be planted."""
    language = session.get("language")
    forget()
    session["code"] = code
    session["seen"] = house().clock().timestamp()
    if language:
        session["language"] = language


def forget() -> None:
    """Empty the browser's cookie, token included."""
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)
    if language:
        session["language"] = language


def is_private() -> bool:
    """Say whether the request comes by https, or from this machine or a private network."""
    if request.is_secure:
        return True
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104  # nothing is bound: an unknown visitor
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_private or mapped.is_link_local)


def clear_site_data(view: Callable[P, AnyResponse]) -> Callable[P, Response]:
    """Have the browser drop everything it kept of this site along with the answer of a view."""

    @wraps(view)
    def cleared(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response

    return cleared
