"""The Flask application: the house, the limits, the doors, and what an error looks like."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from collector import desk, visitor
from collector.house import House, furnish, house
from collector.pages import Pages
from collector.respond import kind_page, outcome_page, with_headers
from revisit.forms.site import NoSiteError, Site
from revisit.settings import Clock, Keys, Settings
from revisit.store.protocol import Store, StoreBusy, StoreError, StoreFull

LARGEST_BODY = 64 * 1024  # bytes; Flask's own limits let urlencoded bodies of any size in
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]


def create_app(settings: Settings, keys: Keys, store: Store, clock: Clock) -> Flask:
    """Make the application of a workspace."""
    app = Flask(__name__, static_folder=None)
    host = urlsplit(settings.public_url).netloc
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=1000,
        TRUSTED_HOSTS=[host, host.rpartition(":")[0] or host, *LOOPBACK],
    )
    here = House(settings, keys, store, clock, Site.open(settings.workspace.site))
    furnish(app, here)
    pages = Pages(app.wsgi_app, here.site, app.config["TRUSTED_HOSTS"], secure=settings.secure)
    app.wsgi_app = pages  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(pages, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.register_blueprint(visitor.blueprint)
    app.register_blueprint(desk.blueprint)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(StoreError, store_error)
    app.register_error_handler(NoSiteError, no_site)
    app.register_error_handler(500, http_error)
    app.after_request(with_headers)
    return app


def healthz() -> Response:
    """Say whether answers can be taken: 200, or 503 with what is wrong."""
    faults = [*house().store.healthy(), *house().site.faults()]
    lines = faults or ["ok"]
    return Response("\n".join(lines) + "\n", 503 if faults else 200, content_type="text/plain; charset=utf-8")


def http_error(error: HTTPException) -> Response:
    """Give a kind page for what Flask refuses; an unforeseen error is logged by Flask and shown without its trace."""
    code = error.code or 500
    if code in {301, 302, 303, 304, 307, 308}:
        return error.get_response()  # type: ignore[return-value]
    if code == 429:
        outcome = visitor.post_again()
        return kind_page("too_many") if outcome is None else outcome_page(outcome, "too_many")
    response = kind_page({404: "unknown", 413: "too_big"}.get(code, "fault"))
    response.status_code = code
    if code == 405:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def no_site(error: NoSiteError) -> Response:
    """Give a kind page while the forms cannot be read; whoever runs the server sees why."""
    current_app.logger.error("%s", error)
    return kind_page("busy")


def store_error(error: StoreError) -> Response:
    """Say that the store cannot serve this now; a form that was posted is drawn again with everything kept."""
    kind = "full" if isinstance(error, StoreFull) else "busy"
    if not isinstance(error, StoreBusy | StoreFull):
        current_app.logger.error("%s", error)
    outcome = visitor.post_again()
    return kind_page(kind) if outcome is None else outcome_page(outcome, kind)
