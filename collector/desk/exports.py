"""Exports at the desk: a manager takes out the records of their own stations as a file."""

import logging
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, make_response, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from collector import access
from collector.access import limiter, role_required
from collector.desk import faults
from collector.desk.report_form import periods, stations, surveys
from collector.desk.words import gettext as _
from collector.desk.words import language
from collector.house import house
from revisit.flows.people import sign_in
from revisit.flows.reporting.export import KINDS, Job, export_apart, note
from revisit.records.problems import CallError
from revisit.reports.errors import ReportBusy, ReportError
from revisit.reports.exports import FORMATS

MEDIA: dict[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sav": "application/x-spss-sav",
    "parquet": "application/vnd.apache.parquet",
    "jsonl": "application/jsonl",
}


log = logging.getLogger(__name__)


@role_required("manager")
def exports() -> Response:
    """Show the form for an export."""
    return _page()


def _page(*, problem: str = "", wrong: bool = False, status: int = 200) -> Response:
    return make_response(
        render_template(
            "desk/exports.html",
            units=stations(),
            surveys=surveys(),
            periods=periods(),
            kinds=KINDS,
            formats=list(FORMATS),
            chosen=request.form,
            problem=problem,
            wrong=wrong,
        ),
        status,
    )


@role_required("manager")
@limiter.limit("10 per minute; 60 per hour")
def make_export() -> AnyResponse:
    """Make a file and hand it out; with names only to whoever gives their password once more."""
    user, here = access.current_user(), house()
    job = _job()
    if job.names and not sign_in.confirm(here.store, user, request.form.get("password", ""), here.clock()):
        return _page(wrong=True, status=422)
    with TemporaryDirectory(prefix="revisit-export-") as folder:
        path = Path(folder) / job.file_name
        try:
            rows = export_apart(job, path)
        except ReportBusy:
            return faults.page("busy", 503)
        except CallError as error:
            return _page(problem=_("The export could not be made: %(why)s") % {"why": error}, status=422)
        except ReportError as error:
            log.warning("An export at the desk (%s, %s): %s", job.kind, job.format, error)
            return _page(problem=_too_large(), status=422)
        # The open file outlives its name: nothing of it stays on the disk when it was sent.
        content = path.open("rb")
    note(here.store, job, rows, by=user.name, at=here.clock())
    return send_file(content, MEDIA[job.format], as_attachment=True, download_name=_called(job), etag=False)


def _too_large() -> str:
    return _(
        "The file is too large to be made here, or the server is too busy. Choose a shorter period, a smaller station, "
        "or CSV, which is made fastest. Whoever runs the server can make a file of any size with the command: revisit "
        "export"
    )


def _job() -> Job:
    """Read the form; what it does not offer is refused."""
    form, here = request.form, house()
    unit = next((unit for unit in stations() if unit.id == form.get("unit")), None)
    if unit is None:
        access.refuse(403)
    period = next((one for one in periods() if one.word == form.get("period")), None)
    kind, survey, wanted = form.get("kind", ""), form.get("survey", ""), form.get("format", "")
    if period is None or kind not in KINDS or wanted not in FORMATS or (kind != "orders" and survey not in surveys()):
        abort(400)
    return Job(
        *(here.settings, kind, survey, unit, period.first, period.last, here.clock()),
        format=wanted,
        language=language(),
        names="names" in form,
    )


def _called(job: Job) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", job.file_name)


def add_to(blueprint: Blueprint) -> None:
    """Add the page to the desk."""
    blueprint.add_url_rule("/exports", view_func=exports)
    blueprint.add_url_rule("/exports", view_func=make_export, methods=["POST"])
