"""Reports: a manager chooses what, of whom and when, and gets the PDF; all that were issued stay to be read again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from collector import access
from collector.access import role_required
from collector.desk import faults, report_form
from collector.desk.report_form import LEVELS, kinds, periods, stations, surveys
from collector.desk.words import gettext as _
from collector.house import house
from revisit import texts
from revisit.flows.reporting.issue_report import hashed, issue_together, sees
from revisit.forms import versions
from revisit.people.audit import Event, line
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.reports import IssuedReport
from revisit.reports.errors import ReportBusy, ReportError
from revisit.reports.inside import TWIN, attachments

SHOWN = 40  # reports on one page of the list


@dataclass(frozen=True, slots=True)
class Kept:
    """An issued report in the list; ``replaced`` where a later edition of it has other figures."""

    report: IssuedReport
    replaced: bool


def own_reports() -> list[IssuedReport]:
    """Give the issued reports of the user's part of the tree that are theirs to see, newest first."""
    unit = access.current_user().unit
    return [one for one in house().store.reports(unit) if sees(unit, one)]


def _kept(reports: Iterable[IssuedReport]) -> list[Kept]:
    latest: dict[tuple[object, ...], int] = {}
    found = list(reports)
    for one in found:
        latest[one.subject] = max(latest.get(one.subject, 1), one.edition)
    return [Kept(one, one.edition < latest[one.subject]) for one in found]


@role_required("manager")
def reports() -> Response:
    """Show the form for a new report and the earlier ones, a page at a time."""
    units, wanted = stations(), request.args
    unit = next((one for one in units if one.id == wanted.get("of")), None)
    held = [
        one
        for one in _kept(own_reports())
        if (unit is None or one.report.unit == unit.path or one.report.unit.rpartition("/")[0] == unit.path)
        and wanted.get("kind", "") in ("", one.report.kind)
    ]
    pages = max(1, -(-len(held) // SHOWN))
    page = min(max(1, wanted.get("page", 1, int)), pages)
    return make_response(
        render_template(
            "desk/reports.html",
            units=units,
            kinds=kinds(),
            levels=LEVELS,
            surveys=surveys(),
            periods=periods(),
            chosen=report_form.chosen(),
            made=wanted.getlist("made"),
            held=held[(page - 1) * SHOWN : page * SHOWN],
            total=len(held),
            page=page,
            pages=pages,
        )
    )


@role_required("manager")
def make_report() -> AnyResponse:
    """Make a report, in several languages if they are asked for, and show it in the list."""
    here = house()
    report_form.keep()
    try:
        jobs = report_form.read().jobs()
        done = issue_together(here.store, jobs, by=access.current_user().name)
    except ReportBusy:
        return faults.page("busy", 503)
    except (CallError, ReportError) as error:
        flash(_("The report could not be made: %(why)s") % {"why": error}, "danger")
        return redirect(url_for("desk.reports"), 303)
    made = [one for one in done if isinstance(one, IssuedReport)]
    for one in made:
        _note("report-issued", one.id)
    for why in dict.fromkeys(one for one in done if isinstance(one, str)):
        flash(_("The report could not be made: %(why)s") % {"why": why}, "danger")
    if made:
        ready = _("The report is ready. It stands first in the list.")
        if len(made) > 1:
            ready = _("%(num)s reports are ready. They stand first in the list.") % {"num": len(made)}
        flash(ready, "success")
    return redirect(url_for("desk.reports", made=[one.id for one in made]), 303)


@role_required("manager")
def report(report_id: str) -> Response:
    """Give the PDF: in the browser, or with ``?save`` as a file."""
    found, content = _own(report_id)
    name = f"{_called(found)}.pdf"
    return send_file(BytesIO(content), "application/pdf", as_attachment="save" in request.args, download_name=name)


@role_required("manager")
def report_page(report_id: str) -> AnyResponse:
    """Give the report as a page for the browser, as it was issued with the PDF and lies inside it."""
    _found, content = _own(report_id)
    page = attachments(content).get(TWIN)
    if page is None:
        flash(_("This report was issued before web pages were kept with reports. Open its PDF."), "warning")
        return redirect(url_for("desk.reports"), 303)
    return send_file(BytesIO(page), "text/html")


def _own(report_id: str) -> tuple[IssuedReport, bytes]:
    """Give a report that is the user's to see; for all others there is none."""
    found, content = house().store.report(report_id)
    if not sees(access.current_user().unit, found):
        access.refuse(404, report_id)
    return found, content


def _called(report: IssuedReport) -> str:
    """Give the name of a report's file, all in the report's language, as it shall lie among a manager's other files.

    Who it is for stands in it, so that nobody forwards the wrong one. An engineer stands in it as six letters of a
    hash: names do not belong into file names.
    """
    here, say = house(), texts.translations("desk", report.language).gettext
    unit = here.settings.organisation.of_path(report.unit)
    kinds = {
        "branch": say("Branch report"),
        "network": say("Network report"),
        "engineer": say("Engineer sheet"),
        "weekly": say("Weekly note"),
    }
    parts = [unit.called(report.language), kinds[report.kind]]
    if report.kind == "engineer":
        parts.append(hashed(report.unit))
    if report.survey != here.settings.orders.survey:
        survey = versions.latest(here.settings.workspace.versions, report.survey, report.language)
        parts.append(report.survey if survey is None else survey.title)
    parts.append(Period.between(report.first, report.last).label(report.language))
    parts.append({"region": say("for the region"), "public": say("for everybody")}.get(report.level, ""))
    if report.edition > 1:
        parts.append(say("edition %(number)s") % {"number": report.edition})
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", " ".join(filter(None, parts)))


def _note(event: Event, about: str) -> None:
    house().store.audit(line(house().clock(), access.current_user().name, event, about))


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the desk."""
    blueprint.add_url_rule("/reports", view_func=reports)
    blueprint.add_url_rule("/reports", view_func=make_report, methods=["POST"])
    blueprint.add_url_rule("/reports/<report_id>.pdf", view_func=report)
    blueprint.add_url_rule("/reports/<report_id>.html", view_func=report_page)
