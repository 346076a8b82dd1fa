"""Scheduled reports: those that revisit.toml asks for when a week, month or quarter is over, each issued once."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from revisit.flows.office import Office
from revisit.flows.reporting.issue_many import issue_many, known, units_for
from revisit.flows.reporting.issue_report import Job, engineer_id
from revisit.records.letters import Letter
from revisit.records.organisation import Unit
from revisit.records.periods import Period, PeriodKind
from revisit.records.reports import IssuedReport
from revisit.records.survey import Survey
from revisit.reports.notices import kind_name, write_notice
from revisit.visits import outbox
from revisit.visits.letters import Message, sender_name
from revisit.visits.mailer import Mailer

BY = "schedule"
FOLDER = "reports"  # below data/outbox/: notices that wait for the mail server, or for another program


def scheduled_jobs(office: Office, survey: Survey) -> list[Job]:
    """Give the reports that are wanted of the periods just over and were never issued, by nobody.

    A unit of which nothing is known in the period has none, until something comes in.
    """
    settings, now = office.settings, office.clock()
    held = {one.about for one in office.store.reports()}
    languages = settings.reports.languages or (settings.default_language,)
    jobs = [
        Job(settings, survey.name, unit, period.first, period.last, language, now, kind)
        for kind, period, unit in _wanted(office, survey, now)
        for language in languages
    ]
    return [job for job in jobs if job.about not in held]


def _wanted(office: Office, survey: Survey, now: datetime) -> Iterator[tuple[str, Period, Unit]]:
    schedule, tree = office.settings.reports, office.settings.organisation
    rows: tuple[tuple[PeriodKind, tuple[str, ...]], ...] = (
        ("week", schedule.weekly),
        ("month", schedule.monthly),
        ("quarter", schedule.quarterly),
    )
    for length, kinds in rows:
        period = Period.last_closed(length, now.astimezone(office.settings.timezone).date())
        for kind in kinds:
            days = (period.first, period.last)
            units = units_for(kind, office.store, office.settings, tree.root, days, survey.name)
            if schedule.units:
                units = [unit for unit in units if tree.of_path(unit.path).id in schedule.units]
            yield from ((kind, period, unit) for unit in known(office.store, units, tree.root, days, survey.name))


def issue_scheduled(
    office: Office, jobs: list[Job], progress: Callable[[int], None] = lambda _done: None
) -> tuple[list[IssuedReport], list[str]]:
    """Issue reports and put a notice for each recipient into the outbox; gives the reports and what went wrong.

    A notice is written down before its report is kept and becomes due afterwards, so that none is lost and none is sent
    for nothing, whenever the work is cut off: see ``settle_notices``.
    """
    issued, errors = [], []

    def announce(job: Job, report: IssuedReport) -> None:
        for address in recipients(office, job.unit):
            _announce(office, job, report, address)

    for outcome in issue_many(office.store, jobs, by=BY, again=True, announce=announce):
        progress(1)
        if outcome.issued is None:
            errors.append(f"{outcome.job.unit.id}, {outcome.job.language}: {outcome.error}")
            continue
        issued.append(outcome.issued)
        settle_notices(office, (outcome.issued,))
    return issued, errors


def settle_notices(office: Office, reports: Iterable[IssuedReport]) -> None:
    """Make the notices due whose reports were kept; drop those whose reports were not: they will be made again."""
    known_ids = {report.id for report in reports}
    for path in sorted(_announced(office).glob("*.eml")):
        if path.name.partition(".")[0] in known_ids:
            path.replace(_folder(office) / path.name)


def drop_notices(office: Office) -> None:
    """Finish what a tick that was cut off has left: settle the notices of reports that are kept, drop the others."""
    settle_notices(office, office.store.reports())
    for path in _announced(office).glob("*.eml"):
        path.unlink()


def recipients(office: Office, unit: Unit) -> tuple[str, ...]:
    """Give the addresses of a unit's report; an engineer's sheet goes to those of the station."""
    return office.settings.reports.recipients.get(office.settings.organisation.of_path(unit.path).id, ())


def _announce(office: Office, job: Job, issued: IssuedReport, address: str) -> None:
    """Write an e-mail with a link that opens after signing in; the report itself never leaves by mail."""
    language = job.language
    unit = office.settings.organisation.of_path(job.unit.path).called(language)
    days = Period.between(job.first, job.last)
    period = days.label(language)
    link = f"{office.settings.public_url}/desk/reports/{issued.id}.pdf"
    # An engineer is nowhere named by mail: the mark is that of the file's name.
    mark = engineer_id(job.unit).rpartition("-")[2] if job.kind == "engineer" else ""
    what = kind_name(language, job.kind, mark, week=days.kind == "week")
    notice = write_notice(language, what, (unit, period), link)
    message = Message(address, language, notice.text, notice.subject, notice.html)
    at = office.clock()
    # The report's id and the address: the same notice twice is one file.
    name = f"{issued.id}.{hashlib.sha256(address.encode()).hexdigest()[:12]}"
    letter = Letter(name, "", "email", language, "queued", at, at, sample=issued.sample)
    email = outbox.compose(office.settings.mail, letter, message, sender_name(office.settings, language))
    outbox.put(_announced(office), letter, email.as_bytes())


def _announced(office: Office) -> Path:
    """Give the folder of notices whose report is about to be kept."""
    return _folder(office) / "announced"


def _folder(office: Office) -> Path:
    return office.settings.workspace.data / "outbox" / FOLDER


def send_notices(office: Office) -> tuple[int, int]:
    """Hand over the notices that wait; gives how many were sent and how many still wait.

    Without a mail server they stay for another program to hand on. One that a server refuses for good, or that may have
    gone out, is renamed and never sent again.
    """
    waiting = sorted(_folder(office).glob("*.eml")) if _folder(office).is_dir() else []
    if not office.settings.mail.host:
        return 0, len(waiting)
    sent, left = 0, 0
    with Mailer(office.settings.mail) as mailer:
        for place, path in enumerate(waiting):
            delivery = mailer.deliver(_read(path))
            if delivery.fate == "later":
                left += 1
                if delivery.unreachable:
                    return sent, left + len(waiting) - place - 1
                continue
            sent += delivery.fate == "sent"
            path.unlink() if delivery.fate == "sent" else path.replace(path.with_suffix(f".{delivery.fate}"))
    return sent, left


def _read(path: Path) -> EmailMessage:
    from email import message_from_bytes, policy  # noqa: PLC0415 -- only a server with mail needs the parser

    return message_from_bytes(path.read_bytes(), policy=policy.default)
