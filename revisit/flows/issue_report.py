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
    """What the child is asked for: a branch report of a unit and days, as known at ``cutoff`` (aware UTC)."""

    settings: Settings
    survey: str
    unit: Unit
    first: date
    last: date
    language: str
    cutoff: datetime


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
) -> IssuedReport:
    """Draw a branch report and keep it; ``store.report(id)`` gives its PDF.

    The child reads the workspace's records itself: this process imports neither the statistics nor the PDF engine.
    Raises CallError for a survey that is not published, ReportError when the report cannot be drawn, ReportBusy when
    too many are being drawn, and StoreError when it cannot be kept.
    """
    drawn: Drawn = run("revisit.flows.draw_report", "draw", Job(settings, survey_name, unit, first, last, language, at))
    word = Period.between(first, last).word
    issued = IssuedReport(
        id=new_id(at.date()),
        kind="branch",
        survey=drawn.survey,
        unit=unit.path,
        first=first,
        last=last,
        language=language,
        issued_at=at,
        issued_by=by,
        file_name=f"{unit.id}-{word}-{language}.pdf",
        sha256=hashlib.sha256(drawn.content).hexdigest(),
        size=len(drawn.content),
        sample=drawn.sample,
    )
    store.keep_report(issued, drawn.content)
    return issued
