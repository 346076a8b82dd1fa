"""``revisit report``: the PDF that a manager forwards."""

import os
from contextlib import closing
from pathlib import Path

import click

from revisit.flows.findings import find_period, find_survey, find_unit
from revisit.flows.issue_report import issue_report
from revisit.records.problems import CallError
from revisit.records.survey import LANGUAGES
from revisit.settings import clock, load
from revisit.store import open_store


@click.group()
def report() -> None:
    """Make reports as PDF."""


@report.command()
@click.option("--survey", "survey_name", default="", help='The survey (default: the only one, or "repair").')
@click.option("--unit", "unit_name", default="", help="The unit's id or name (default: the whole organisation).")
@click.option(
    "--period", "word", default="", help="2026-Q3, 2026-08, 2026-W31 or 2026 (default: the last month that is over)."
)
@click.option("--from", "first", default="", help="The first day, such as 2026-07-01; with --to.")
@click.option("--to", "last", default="", help="The last day, included.")
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), help="The report's language (default: the settings')."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file (default: in build/reports/)."
)
@click.pass_obj
def branch(  # noqa: PLR0913 — one argument for each option
    root: Path,
    *,
    survey_name: str,
    unit_name: str,
    word: str,
    first: str,
    last: str,
    language: str | None,
    output: Path | None,
) -> None:
    """Make the report of one unit and period, keep it, and write it to a file.

    \b
    Examples:
      revisit report branch --period 2026-Q3 --lang zh-Hans
      revisit report branch --unit lakeside --from 2026-07-01 --to 2026-08-15 -o lakeside.pdf
    """
    settings = load(root)
    now = clock()()
    unit = find_unit(settings, unit_name)
    period = find_period(settings, now, unit, word, (first, last))
    survey = find_survey(settings, survey_name)
    chosen = language or settings.default_language
    with closing(open_store(settings.workspace)) as store:
        issued = issue_report(
            store, settings, survey.name, unit, period.first, period.last, chosen, by="terminal", at=now
        )
        _kept, content = store.report(issued.id)
    target = output or settings.workspace.reports / issued.file_name
    write(target, content)
    click.echo(f"{target} ({len(content) / 1024:.0f} KB)", err=True)


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
        raise CallError(
            f'The report cannot be written to "{target}" ({error.strerror}). Choose another file with -o.'
        ) from None
