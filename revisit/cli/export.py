"""``revisit export``: responses, orders, visits and findings as files for other programs."""

from contextlib import closing
from pathlib import Path

import click

from revisit.cli.leaving import leaving_in_order
from revisit.cli.progress import progress
from revisit.cli.tongue import Tongue
from revisit.flows.asked import find_period, find_unit
from revisit.flows.reporting import export as exporting
from revisit.flows.reporting.write_export import write_export
from revisit.forms.nearest import guess
from revisit.records.problems import CallError, RevisitError
from revisit.reports.exports import FORMATS
from revisit.settings import clock, load
from revisit.store import open_store


class Meant(click.Choice[str]):
    """One of some words; of another one it says which was meant."""

    def get_invalid_choice_message(self, value: str, ctx: click.Context | None) -> str:  # noqa: ARG002  click asks so
        """Say what there is in place of a word."""
        return f'There is no "{value}". {guess(value, self.choices)}'


@click.command()
@click.argument("kind", type=Meant(exporting.KINDS))
@click.option("--survey", "survey_name", default="", help='The survey (default: the only one, or "repair").')
@click.option("--unit", "unit_name", default="", help="The unit's id or name (default: the whole organisation).")
@click.option(
    "--period", "word", default="", help="2026-Q3, 2026-08, 2026-W31 or 2026 (default: the last month that is over)."
)
@click.option("--from", "first", default="", help="The first day, such as 2026-07-01; with --to.")
@click.option("--to", "last", default="", help="The last day, included.")
@click.option("--lang", "language", type=Tongue(), help="The language of questions and units' names.")
@click.option("--format", "file_format", type=Meant(FORMATS), help="Default: what FILE ends in, or csv.")
@click.option("--with-names", "names", is_flag=True, help="Leave names, phones, plates and free words as they are.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The FILE (default: in build/exports/)."
)
@click.pass_obj
def export(  # noqa: PLR0913 — one argument for each option
    root: Path,
    *,
    kind: str,
    survey_name: str,
    unit_name: str,
    word: str,
    first: str,
    last: str,
    language: str | None,
    file_format: str | None,
    names: bool,
    output: Path | None,
) -> None:
    """Write responses, orders, visits or findings to a CSV, XLSX, SPSS, Parquet or JSON Lines file.

    Names, phones, plates and free words are covered unless --with-names is given; each export is noted in the audit
    trail.

    \b
    Examples:
      revisit export responses --period 2026-Q3 -o responses.xlsx
      revisit export orders --unit lakeside --period 2026-08 --format csv --with-names
    """
    settings = load(root)
    now = clock()()
    unit = find_unit(settings, unit_name)
    period = find_period(settings, now, unit, word, (first, last))
    chosen = _format(file_format, output)
    job = exporting.Job(
        *(settings, kind, survey_name, unit, period.first, period.last, now),
        format=chosen,
        language=language or settings.default_language,
        names=names,
    )
    target = output or settings.workspace.exports / job.file_name
    with (
        leaving_in_order(),
        closing(open_store(settings.workspace, lean=job.goes_through_once)) as store,
        progress("Exporting", None) as bar,
    ):
        rows = write_export(store, job, target, bar)
        try:
            exporting.note(store, job, rows, by="terminal", at=now)
        except RevisitError:
            target.unlink(missing_ok=True)  # what is not noted does not go out
            raise
    click.echo(f"{target} ({rows:,} rows, {target.stat().st_size / 1024:,.0f} KB)", err=True)
    if not rows:
        told = f"There are no {kind} of {unit.name} from {period.first:%F} to {period.last:%F}."
        click.echo(f"{told} Choose another --period or --unit.", err=True)


def _format(wanted: str | None, output: Path | None) -> str:
    """Give the format that was asked for, or that a file's name ends in, or CSV. CallError where they disagree."""
    ending = output.suffix.lstrip(".").lower() if output is not None else ""
    if str(output) == "-":
        raise CallError("An export goes into a file, which is whole or not there. Name one, such as: -o orders.csv")
    if wanted is not None:
        if ending in FORMATS and ending != wanted:
            raise CallError(f'"{output}" ends in {ending} and --format says {wanted}. Give one of the two.')
        return wanted
    if ending and ending not in FORMATS:
        raise CallError(f'"{output}" ends in no format that there is. {guess(ending, FORMATS)} Or give --format.')
    return ending or "csv"
