"""The desk: the web screens of service staff and managers, below /desk."""

from flask import Blueprint, Flask, Response, g, request, session
from flask.blueprints import BlueprintSetupState
from flask_bootstrap import Bootstrap5
from jinja2 import FileSystemLoader

from collector import access
from collector.desk import account, exports, faults, headers, posters, reports, sign_in, visit, visits, words
from collector.house import House, house
from revisit.settings import defaults

blueprint = Blueprint("desk", __name__, url_prefix="/desk", static_folder="static", static_url_path="/static")

for pages in (sign_in, visits, visit, posters, reports, exports, account, faults):
    pages.add_to(blueprint)


@blueprint.before_request
def receive() -> Response | None:
    """Find out who asks and whether they may; a door that anybody on the way could watch stays shut."""
    if request.endpoint == "desk.static":
        return None
    access.look_up_user()
    if not access.is_private():
        return faults.page("insecure", 403)
    access.admit()
    return None


@blueprint.context_processor
def common() -> dict[str, object]:
    """Give every page what its frame shows."""
    return {
        "user": g.get("user"),
        "lang": words.language(),
        "languages": words.NAMES,
        "settings": house().settings,
        "insecure": not house().settings.secure,
        "here": request.full_path.rstrip("?") if request.method == "GET" else "",
        "signed_in": "code" in session,
    }


@blueprint.record_once
def install(state: BlueprintSetupState) -> None:
    """Set an application up for the desk when the blueprint is registered; its house stands by then."""
    app = state.app
    assert isinstance(app, Flask)  # noqa: S101  Flask types its blueprints for any framework built on it
    access.install(app)
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True)
    # Bootstrap-Flask hangs its files below the application's own, of which there are none.
    app.static_url_path = "/static"
    Bootstrap5().init_app(app)
    headers.install(app)
    words.install(app)
    here: House = app.extensions["revisit"]
    folders = [here.settings.workspace.templates, defaults() / "site_templates"]
    app.jinja_loader = FileSystemLoader([folder for folder in folders if folder.is_dir()])
