"""Reports: a manager chooses station, period and language and gets the PDF; earlier ones stay to be read again."""

import re
from io import BytesIO

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from collector import access
from collector.access import role_required
from collector.desk import faults
from collector.desk.visits import own_units
from collector.desk.words import gettext as _
from collector.desk.words import language
from collector.house import house
from revisit.flows.issue_report import issue_report, sees
from revisit.forms import versions
from revisit.people.audit import Event, line
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.reports import IssuedReport
from revisit.records.survey import LANGUAGES
from revisit.reports.errors import ReportBusy, ReportError
from revisit.reports.inside import TWIN, attachments

MONTHS = 12
QUARTERS = 4
SHOWN = 100


def periods() -> list[Period]:
    """Give the periods to choose from: the last closed month first, months back a year, then quarters and years."""
    now = house().clock().astimezone(house().settings.timezone).date()
    months = [Period.last_closed("month", now)]
    while len(months) < MONTHS:
        months.append(months[-1].previous())
    quarters = [Period.last_closed("quarter", now)]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous())
    return [*months, *quarters, Period.last_closed("year", now), Period.holding("month", now)]


def surveys() -> dict[str, str]:
    """Give the surveys a report can be about, by name with their titles; the one that orders ask comes first."""
    usual, folder = house().settings.orders.survey, house().settings.workspace.versions
    names = sorted(versions.published(folder), key=lambda name: (name != usual, name))
    found = {name: versions.latest(folder, name, language()) for name in names}
    return {name: survey.title for name, survey in found.items() if survey is not None}


def own_reports() -> list[IssuedReport]:
    """Give the issued reports of the user's part of the tree that are theirs to see, newest first."""
    unit = access.current_user().unit
    return [one for one in house().store.reports(unit) if sees(unit, one)][:SHOWN]


@role_required("manager")
def reports() -> Response:
    """Show the form for a new report and the earlier ones."""
    return make_response(
        render_template(
            "desk/reports.html",
            units=[unit for unit in own_units() if unit.kind != "engineer"],
            surveys=surveys(),
            periods=periods(),
            chosen_language=language(),
            held=own_reports(),
        )
    )


@role_required("manager")
def make_report() -> AnyResponse:
    """Make a report and show it in the list."""
    user, form = access.current_user(), request.form
    unit = next((unit for unit in own_units() if unit.id == form.get("unit")), None)
    if unit is None:
        access.refuse(403)
    survey = form.get("survey") or house().settings.orders.survey
    period = next((one for one in periods() if one.word == form.get("period")), None)
    if period is None or form.get("language") not in LANGUAGES or survey not in surveys():
        abort(400)
    here = house()
    try:
        made = issue_report(
            *(here.store, here.settings, survey, unit, period.first, period.last, form["language"]),
            by=user.name,
            at=here.clock(),
        )
    except ReportBusy:
        return faults.page("busy", 503)
    except (CallError, ReportError) as error:
        flash(_("The report could not be made: %(why)s") % {"why": error}, "danger")
        return redirect(url_for("desk.reports"), 303)
    _note("report-issued", made.id)
    flash(_("The report is ready. It stands first in the list."), "success")
    return redirect(url_for("desk.reports", made=made.id), 303)


@role_required("manager")
def report(report_id: str) -> Response:
    """Give the PDF: in the browser, or with ``?save`` as a file."""
    found, content = house().store.report(report_id)
    if not sees(access.current_user().unit, found):
        access.refuse(404, report_id)
    name = f"{_called(found)}.pdf"
    return send_file(BytesIO(content), "application/pdf", as_attachment="save" in request.args, download_name=name)


@role_required("manager")
def report_page(report_id: str) -> Response:
    """Give the report as a page for the browser, as it was issued with the PDF and lies inside it."""
    found, content = house().store.report(report_id)
    page = attachments(content).get(TWIN) if sees(access.current_user().unit, found) else None
    if page is None:
        access.refuse(404, report_id)
    return send_file(BytesIO(page), "text/html")


def _called(report: IssuedReport) -> str:
    """Give the name of a report's file, in the report's language, as it shall lie among a manager's other files."""
    unit = house().settings.organisation.of_path(report.unit).called(report.language)
    period = Period.between(report.first, report.last).label(report.language)
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", f"{unit} {period}")


def _note(event: Event, about: str) -> None:
    house().store.audit(line(house().clock(), access.current_user().name, event, about))


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the desk."""
    blueprint.add_url_rule("/reports", view_func=reports)
    blueprint.add_url_rule("/reports", view_func=make_report, methods=["POST"])
    blueprint.add_url_rule("/reports/<report_id>.pdf", view_func=report)
    blueprint.add_url_rule("/reports/<report_id>.html", view_func=report_page)
