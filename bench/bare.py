"""The ceiling: waitress, the same page, the form read by WTForms, the same commit, and nothing else."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from revisit.cli.serve import serving, until_stopped
from revisit.forms.combinations import combination
from revisit.forms.form import Posted, answer_form
from revisit.forms.site import Site, page_path
from revisit.forms.versions import latest
from revisit.records.responses import Answer
from revisit.settings import load
from revisit.store import open_store
from revisit.visits.links import invitation_id, partition_of

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.shop import FACTS, a_response

Start = Callable[[str, list[tuple[str, str]]], Any]


def make_app(root: Path, store_url: str) -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    settings = load(root)
    store = open_store(settings.workspace, store_url)
    survey = latest(settings.workspace.versions, "repair", "en")
    assert survey is not None
    path = page_path("repair", "en", combination(survey, FACTS))
    page = Site.open(settings.workspace.site).page(path)
    assert page is not None

    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            moved = environ["PATH_INFO"].startswith("/v/")
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page.content)))]
            start("303 See Other" if moved else "200 OK", [*headers, ("Location", f"/{path}")])
            return [page.content]
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        form = answer_form(survey, FACTS, Posted(parse_qsl(body, keep_blank_values=True))).form
        form.validate()
        answers = {name: Answer("answered", str(form[name].data)) for name in form.data if form[name].data is not None}
        code = environ["QUERY_STRING"].removeprefix("t=")
        store.record(a_response(invitation_id(code), partition_of(code), datetime.now(UTC), answers))
        start("303 See Other", [("Location", "/s/repair/en/thanks"), ("Content-Length", "0")])
        return [b""]

    return app


if __name__ == "__main__":
    root, port, store_url = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    stopped = until_stopped()
    with serving(make_app(root, store_url), "127.0.0.1", port):
        stopped.wait()
