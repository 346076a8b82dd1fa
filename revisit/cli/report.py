"""``revisit report``: the PDFs that managers forward, one at a time or for every unit at once."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from revisit.cli.progress import progress, stoppable
from revisit.cli.tongue import Tongue
from revisit.cli.words import count
from revisit.flows.asked import find_period, find_survey, find_unit, name_answered
from revisit.flows.reporting.issue_many import engineers, issue_many, known, units_for
from revisit.flows.reporting.issue_report import Job, issue_report
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.reports import IssuedReport
from revisit.reports.inside import TWIN, attachments
from revisit.reports.orders import KINDS, LEVELS
from revisit.settings import Settings, clock, load
from revisit.store import open_store
from revisit.store.protocol import Store

SAID = 8  # units that are named at most where nothing is known of them
ABOUT = {
    "branch": """Make the report of one unit and period, keep it, and write it to a file.

    \b
    Examples:
      revisit report branch --period 2026-Q3 --lang zh-Hans
      revisit report branch --unit lakeside --from 2026-07-01 --to 2026-08-15 -o lakeside.pdf
      revisit report branch --all --period 2026-Q3 --lang all
    """,
    "network": """Make the report of a unit with those below it beside each other.

    \b
    Example:
      revisit report network --period 2026-Q3 --lang en
    """,
    "engineer": """Make the sheet of one engineer, for their line manager and nobody else.

    \b
    Examples:
      revisit report engineer --unit lakeside --engineer 李工 --period 2026-Q3
      revisit report engineer --unit lakeside --all --period 2026-Q3
    """,
    "weekly": """Make the weekly note of a unit: one page for the department.

    \b
    Example:
      revisit report weekly --unit lakeside --period 2026-W31
    """,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say, and what the commands share."""

    settings: Settings
    store: Store
    survey: str
    unit: Unit
    period: Period
    languages: tuple[str, ...]
    kind: str
    level: str
    now: datetime

    def jobs(self, units: list[Unit]) -> list[Job]:
        """Give what is to be drawn: each unit in each language."""
        return [
            Job(
                *(self.settings, self.survey, unit, self.period.first, self.period.last, language, self.now),
                kind=self.kind,
                level=self.level,
            )
            for unit in units
            for language in self.languages
        ]


@click.group()
def report() -> None:
    """Make reports as PDF."""


_PERIODS = "2026-Q3, 2026-08, 2026-W31 or 2026 (default: the last month, for a note the last week, that is over)."
_ALL = click.option("--all", "every", is_flag=True, help="For every unit from --unit down, over all cores.")
_ENGINEER = click.option("--engineer", default="", help="The engineer's name as the orders have it.")
_OPTIONS = (
    click.option("--survey", "survey_name", default="", help='The survey (default: the only one, or "repair").'),
    click.option("--unit", "unit_name", default="", help="The unit's id or name (default: the organisation)."),
    click.option("--period", "word", default="", help=_PERIODS),
    click.option("--from", "first", default="", help="The first day, such as 2026-07-01; with --to."),
    click.option("--to", "last", default="", help="The last day, included."),
    click.option(
        "--lang",
        "language",
        type=Tongue("all"),
        help="The report's language (default: the settings').",
    ),
    click.option("--level", type=click.Choice(LEVELS), default=LEVELS[0], help="Who it is for (default: station)."),
    click.option("--again", is_flag=True, help="For all: also those issued within the last 12 hours."),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        help="The file (of several languages, each with its name); for all a folder.",
    ),
)


def _options(command: Any, *more: Any) -> Any:
    """Add the options that every command has, and more."""
    for option in reversed((*_OPTIONS, *more)):
        command = option(command)
    return command


def _add(kind: str) -> None:
    """Add the command of one kind."""

    def make(root: Path, every: bool, again: bool, output: Path | None, engineer: str = "", **options: Any) -> None:  # noqa: FBT001 — click gives them by name
        with _asked(root, kind, options) as asked:
            if every:
                jobs = list(_every(asked, (kind,)))
                write_many(asked.store, jobs, output or asked.settings.workspace.reports, again=again)
            else:
                unit = _engineer(asked, engineer) if kind == "engineer" else asked.unit
                one_each = [(job, _in_language(output, asked.languages, job.language)) for job in asked.jobs([unit])]
                for job, target in one_each:
                    try_place(target or asked.settings.workspace.reports / job.file_name)
                for job, target in one_each:
                    _write_one(asked.store, job, target)

    make.__doc__ = ABOUT[kind]
    more = (_ALL, _ENGINEER) if kind == "engineer" else (_ALL,)
    report.command(name=kind)(_options(click.pass_obj(make), *more))


@contextmanager
def _asked(root: Path, kind: str, options: dict[str, Any]) -> Iterator[Asked]:
    """Read the options against the workspace's settings. CallError for what cannot be meant."""
    settings, now = load(root), clock()()
    unit = find_unit(settings, options["unit_name"])
    days = (options["first"], options["last"])
    if kind == "weekly" and not (options["word"] or any(days)):
        period = Period.last_closed("week", now.astimezone(settings.zone(unit.path)).date())
    else:
        period = find_period(settings, now, unit, options["word"], days)
    survey = find_survey(settings, options["survey_name"])
    wished = options["language"] or settings.default_language
    languages = settings.own_languages if wished == "all" else (wished,)
    with closing(open_store(settings.workspace)) as store:
        if not options["survey_name"] and (others := name_answered(store, survey)):
            click.echo(others, err=True)
        yield Asked(settings, store, survey.name, unit, period, languages, kind, options["level"], now)


def _make_all(root: Path, again: bool, output: Path | None, **options: Any) -> None:  # noqa: FBT001 — click gives them by name
    """Make the reports of every kind for every unit from --unit down, over all cores.

    Branch reports of the units that have none below them, network reports of those that have, the weekly notes of the
    period's last whole week, and at the level of the station the sheets of all engineers whom answers name.

    \b
    Example:
      revisit report all --period 2026-Q3 --lang all
    """
    with _asked(root, "branch", options) as asked:
        kinds = tuple(kind for kind in KINDS if kind != "engineer" or asked.level == LEVELS[0])
        jobs = list(_every(asked, kinds))
        write_many(asked.store, jobs, output or asked.settings.workspace.reports, again=again)


report.command(name="all")(_options(click.pass_obj(_make_all)))


def _every(asked: Asked, kinds: tuple[str, ...]) -> Iterator[Job]:
    """Give what is to be drawn of kinds for all units; says of how many nothing is known in the period."""
    for kind in kinds:
        period = asked.period
        if kind == "weekly" and len(kinds) > 1:
            period = Period.last_closed("week", period.last + timedelta(days=1))
        days = (period.first, period.last)
        units = units_for(kind, asked.store, asked.settings, asked.unit, days, asked.survey)
        there = known(asked.store, units, asked.unit, days, asked.survey)
        if silent := [unit.id for unit in units if unit not in there]:
            names = ", ".join(silent[:SAID]) + (" …" if len(silent) > SAID else "")
            click.echo(f"{kind}: nothing is known of {count(len(silent), 'unit')} in {period.word}: {names}", err=True)
        yield from replace(asked, kind=kind, period=period).jobs(there)


def _engineer(asked: Asked, name: str) -> Unit:
    """Find the engineer of a name below the unit. CallError where there is none, or none is named."""
    known = engineers(asked.store, asked.settings, asked.unit, (asked.period.first, asked.period.last), asked.survey)
    found = [one for one in known if one.name == name]
    if len(found) == 1:
        return found[0]
    if not name:
        raise CallError("Say whose sheet: --engineer NAME as the orders have it, or --all.")
    if found:
        raise CallError(f"{len(found)} stations have an engineer of that name. Say which with --unit.")
    raise CallError(f"No answer of these days at {asked.unit.name} names such an engineer. Check name and period.")


def _in_language(output: Path | None, languages: tuple[str, ...], language: str) -> Path | None:
    """Give the file that one language is written to: of several, each has its name's ending (FILE-zh-Hans.pdf)."""
    if output is None or len(languages) < 2:
        return output
    return output.with_stem(f"{output.stem}-{language}")


def _write_one(store: Store, job: Job, output: Path | None) -> None:
    with stoppable(lambda: "this report is not made. Call again to make it."):
        issued = issue_report(
            *(store, job.settings, job.survey, job.unit, job.first, job.last, job.language),
            by="terminal",
            at=job.cutoff,
            kind=job.kind,
            level=job.level,
        )
    target = output or job.settings.workspace.reports / issued.file_name
    _write(store, issued, target)
    click.echo(f"{target} ({issued.size / 1024:.0f} KB)", err=True)


def write_many(store: Store, jobs: list[Job], folder: Path, *, again: bool) -> None:
    """Make many reports; what fails is said at the end and stops no other. Exit code 1 where any failed.

    Ctrl-C ends it at once with exit code 130; the report that is being written then is whole or not there.
    """
    try_place(folder / "report.pdf")
    made, there, failed = 0, 0, []

    def so_far() -> str:
        more = "The same call makes the rest" + (" if it is made without --again." if again else ".")
        return f"{made} of {count(len(jobs) - there, 'report')} made, in {folder}. {more}"

    outcomes = issue_many(store, jobs, by="terminal", again=again)
    with stoppable(so_far), closing(outcomes), progress("Reports", len(jobs)) as step:
        for outcome in outcomes:
            step(1)
            if outcome.error is not None:
                failed.append(f"{outcome.job.unit.id} ({outcome.job.language}): {outcome.error}")
            elif outcome.there is not None:
                there += 1
                # A call that was killed may have kept a report and not written its file.
                if not (folder / outcome.there.file_name).with_suffix(".html").exists():
                    _write(store, outcome.there, folder / outcome.there.file_name)
            elif outcome.issued is not None:
                made += 1
                _write(store, outcome.issued, folder / outcome.issued.file_name)
    skipped = f", {there} there already (--again makes them anew)" if there else ""
    click.echo(f"{made} reports in {folder}{skipped}", err=True)
    if failed:
        click.echo(f"{len(failed)} could not be made:\n  " + "\n  ".join(failed), err=True)
        raise click.exceptions.Exit(1)


def _write(store: Store, issued: IssuedReport, target: Path) -> None:
    """Write the PDF, and beside it the page for a browser. CallError where that cannot be done: the report is kept."""
    _kept, content = store.report(issued.id)
    try:
        write(target, content)
        write(target.with_suffix(".html"), attachments(content)[TWIN])
    except CallError as error:
        raise CallError(
            f"{error} The report is made and kept all the same: it is {issued.id} on the Reports page of the desk."
        ) from None


def try_place(target: Path) -> None:
    """Look whether a report can be written to a file, before it is drawn. CallError where it cannot."""
    if target.suffix.lower() != ".pdf":
        raise CallError(f'A report is a PDF, and "{target}" is not named so. Give a file that ends in .pdf with -o.')
    if target.is_dir():
        raise CallError(f'"{target}" is a folder. Choose a file with -o.')
    there = next(folder for folder in target.absolute().parents if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise _unwritable(target, error) from None


def write(target: Path, content: bytes) -> None:
    """Write a file whole or not at all: aside, to the disk, then in place. CallError where that cannot be done."""
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(target, error) from None


def _unwritable(target: Path, error: OSError) -> CallError:
    return CallError(f'The report cannot be written to "{target}" ({error.strerror}). Choose another file with -o.')


for _kind in KINDS:
    _add(_kind)
