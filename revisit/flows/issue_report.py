"""A report is issued: drawn in a child process and kept in the store."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from revisit.records.ids import new_id
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.reports import IssuedReport
from revisit.reports.child import run
from revisit.settings import Settings
from revisit.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is asked for: a report of a unit and days, as known at ``cutoff`` (aware UTC).

    ``kind`` is one of ``revisit.reports.orders.KINDS``, ``level`` of its LEVELS. ``earlier`` is the PDF of the last
    edition of the same report, empty for the first.
    """

    settings: Settings
    survey: str
    unit: Unit
    first: date
    last: date
    language: str
    cutoff: datetime
    kind: str = "branch"
    level: str = "station"
    earlier: bytes = b""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the child gives: the survey's name, the PDF, and whether it tells of sample data."""

    survey: str
    content: bytes
    sample: bool


def issue_report(  # noqa: PLR0913, PLR0917 — what every report is named by
    store: Store,
    settings: Settings,
    survey_name: str,
    unit: Unit,
    first: date,
    last: date,
    language: str,
    *,
    by: str,
    at: datetime,
    kind: str = "branch",
    level: str = "station",
) -> IssuedReport:
    """Draw a report and keep it; ``store.report(id)`` gives its PDF.

    The child reads the workspace's records itself: this process imports neither the statistics nor the PDF engine.
    Where the same report was issued before and its figures were others, it becomes a new edition that says so.
    Raises CallError for a survey that is not published, ReportError when the report cannot be drawn, ReportBusy when
    too many are being drawn, and StoreError when it cannot be kept.
    """
    name = file_name(unit, Period.between(first, last), language, kind, level)
    earlier = _earlier(store, unit, survey_name, name)
    job = Job(settings, survey_name, unit, first, last, language, at, kind, level, earlier)
    drawn: Drawn = run("revisit.flows.draw_report", "draw", job)
    return keep(store, job, drawn, by)


def keep(store: Store, job: Job, drawn: Drawn, by: str) -> IssuedReport:
    """Keep a drawn report."""
    issued = IssuedReport(
        id=new_id(job.cutoff.date()),
        kind=job.kind,
        survey=drawn.survey,
        unit=job.unit.path,
        first=job.first,
        last=job.last,
        language=job.language,
        issued_at=job.cutoff,
        issued_by=by,
        file_name=file_name(job.unit, Period.between(job.first, job.last), job.language, job.kind, job.level),
        sha256=hashlib.sha256(drawn.content).hexdigest(),
        size=len(drawn.content),
        sample=drawn.sample,
    )
    store.keep_report(issued, drawn.content)
    return issued


def file_name(unit: Unit, period: Period, language: str, kind: str = "branch", level: str = "station") -> str:
    """Name a report's file. An engineer stands in it as six letters of a hash: names do not belong into file names."""
    parts = [unit.id if unit.kind != "engineer" else engineer_id(unit)]
    parts += [kind] * (kind != "branch") + [level] * (level != "station")
    return "-".join((*parts, period.word, language)) + ".pdf"


def engineer_id(unit: Unit) -> str:
    """Give the id that stands for an engineer where a name must not: the station's id and six letters of a hash."""
    station = unit.path.split("/")[-2]
    return f"{station}-{hashlib.sha256(unit.path.encode()).hexdigest()[:6]}"


def sees(user_unit: str, report: IssuedReport) -> bool:
    """Say whether somebody in charge of a unit may see a report that lies in their part of the tree.

    An engineer sheet is for the line manager alone: whoever is in charge of that very station.
    """
    if report.kind != "engineer":
        return not user_unit or report.unit == user_unit or report.unit.startswith(user_unit + "/")
    return report.unit.rpartition("/")[0] == user_unit


def _earlier(store: Store, unit: Unit, survey: str, name: str) -> bytes:
    """Give the PDF of the last edition of a report, found by what its file is named after."""
    for one in store.reports(unit.path):
        if one.file_name == name and one.unit == unit.path and (not survey or one.survey == survey):
            return store.report(one.id)[1]
    return b""
