"""A report is issued: drawn in a child process and kept in the store."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from revisit.records.ids import new_id
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.reports import IssuedReport
from revisit.reports.child import Limits, run
from revisit.settings import Settings
from revisit.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Job:
    """What the child is asked for: a report of a unit and days, as known at ``cutoff`` (aware UTC).

    ``kind`` is one of ``revisit.reports.orders.KINDS``, ``level`` of its LEVELS. ``earlier`` is the PDF of the last
    edition of the same report in any language, empty for the first.
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

    @property
    def about(self) -> tuple[object, ...]:
        """Give what makes it the same report as another; see ``IssuedReport.about``."""
        return (self.kind, self.survey, self.unit.path, self.first, self.last, self.language, self.level)

    @property
    def subject(self) -> tuple[object, ...]:
        """Give what it is about in any language; see ``IssuedReport.subject``."""
        return (self.kind, self.survey, self.unit.path, self.first, self.last, self.level)

    @property
    def file_name(self) -> str:
        """Name the report's file.

        The survey stands in it unless it is the one that orders ask. An engineer stands in it as six letters of a hash:
        names do not belong into file names.
        """
        usual = self.survey in ("", self.settings.orders.survey)
        parts = [self.unit.id if self.unit.kind != "engineer" else engineer_id(self.unit)]
        parts += [self.survey] * (not usual)
        parts += [self.kind] * (self.kind != "branch") + [self.level] * (self.level != "station")
        return "-".join((*parts, Period.between(self.first, self.last).word, self.language)) + ".pdf"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the child gives: the survey's name, the PDF, whether it tells of sample data, and which edition it is."""

    survey: str
    content: bytes
    sample: bool
    edition: int = 1


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
    Raises CallError for a survey that is not published and for days of which nothing is known, ReportError when the
    report cannot be drawn, ReportBusy when too many are being drawn, and StoreError when it cannot be kept.
    """
    job = with_earlier(
        store, Job(settings, survey_name, unit, first, last, language, at, kind, level), store.reports(unit.path)
    )
    drawn: Drawn = run("revisit.flows.reporting.draw_report", "draw", job)
    return keep(store, job, drawn, by)


def issue_together(store: Store, jobs: Sequence[Job], *, by: str) -> list[IssuedReport | str]:
    """Draw a few reports in one child and keep them; in the place of one that cannot be made stands why.

    Raises as ``issue_report`` for what hinders all of them.
    """
    held = store.reports()
    jobs = [with_earlier(store, job, held) for job in jobs]
    limits = Limits(seconds=Limits().seconds * len(jobs))
    made: list[Drawn | str] = run("revisit.flows.reporting.draw_report", "draw_slice", tuple(jobs), limits)
    return [
        drawn if isinstance(drawn, str) else keep(store, job, drawn, by) for job, drawn in zip(jobs, made, strict=True)
    ]


def keep(
    store: Store,
    job: Job,
    drawn: Drawn,
    by: str,
    announce: Callable[[Job, IssuedReport], None] = lambda _job, _issued: None,
) -> IssuedReport:
    """Keep a drawn report. ``announce`` is called just before: what it notes down is known whatever happens then."""
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
        file_name=replace(job, survey=drawn.survey).file_name,
        sha256=hashlib.sha256(drawn.content).hexdigest(),
        size=len(drawn.content),
        sample=drawn.sample,
        level=job.level,
        edition=drawn.edition,
    )
    announce(job, issued)
    store.keep_report(issued, drawn.content)
    return issued


def engineer_id(unit: Unit) -> str:
    """Give the id that stands for an engineer where a name must not: the station's id and six letters of a hash."""
    return f"{unit.path.split('/')[-2]}-{hashed(unit.path)}"


def hashed(path: str) -> str:
    """Give the six letters that stand for an engineer's path where a name must not."""
    return hashlib.sha256(path.encode()).hexdigest()[:6]


def sees(user_unit: str, report: IssuedReport) -> bool:
    """Say whether somebody in charge of a unit may see a report that lies in their part of the tree.

    An engineer sheet is for the line manager alone: whoever is in charge of that very station.
    """
    if report.kind != "engineer":
        return not user_unit or report.unit == user_unit or report.unit.startswith(user_unit + "/")
    return report.unit.rpartition("/")[0] == user_unit


def reports_on(tree: Organisation, unit: str) -> bool:
    """Say whether whoever is in charge of a unit manages engineers themselves: it is a station with none below it."""
    known = tree.of_path(unit)
    return known.path == unit and known.kind != "engineer" and not any(tree.below(known))


def with_earlier(store: Store, job: Job, held: Iterable[IssuedReport]) -> Job:
    """Give the job with the PDF of its last edition, in whatever language; ``held`` are the reports, newest first.

    Figures have no language: all languages of a report that are made together have one edition.
    """
    for one in held:
        if one.subject == (replace(job, survey=one.survey) if not job.survey else job).subject:
            return replace(job, earlier=store.report(one.id)[1])
    return job
