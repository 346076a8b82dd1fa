"""``revisit export``: responses, orders, visits and findings as files for other programs."""

from contextlib import closing
from pathlib import Path

import click

from revisit.cli.progress import progress
from revisit.cli.tongue import Tongue
from revisit.flows.asked import find_period, find_unit
from revisit.flows.reporting import export as exporting
from revisit.flows.reporting.write_export import write_export
from revisit.reports.exports import FORMATS
from revisit.settings import clock, load
from revisit.store import open_store


@click.command()
@click.argument("kind", type=click.Choice(exporting.KINDS))
@click.option("--survey", "survey_name", default="", help='The survey (default: the only one, or "repair").')
@click.option("--unit", "unit_name", default="", help="The unit's id or name (default: the whole organisation).")
@click.option(
    "--period", "word", default="", help="2026-Q3, 2026-08, 2026-W31 or 2026 (default: the last month that is over)."
)
@click.option("--from", "first", default="", help="The first day, such as 2026-07-01; with --to.")
@click.option("--to", "last", default="", help="The last day, included.")
@click.option("--lang", "language", type=Tongue(), help="The language of questions and units' names.")
@click.option("--format", "file_format", type=click.Choice(list(FORMATS)), help="Default: what FILE ends in, or csv.")
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
    ending = output.suffix.lstrip(".").lower() if output is not None else ""
    chosen = file_format or (ending if ending in FORMATS else "csv")
    job = exporting.Job(
        *(settings, kind, survey_name, unit, period.first, period.last, now),
        format=chosen,
        language=language or settings.default_language,
        names=names,
    )
    target = output or settings.workspace.exports / job.file_name
    with (
        closing(open_store(settings.workspace, lean=job.goes_through_once)) as store,
        progress("Exporting", None) as bar,
    ):
        rows = write_export(store, job, target, bar)
        exporting.note(store, job, rows, by="terminal", at=now)
    click.echo(f"{target} ({rows:,} rows, {target.stat().st_size / 1024:,.0f} KB)", err=True)
