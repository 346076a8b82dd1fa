"""``revisit verify``: whether a report is what it was when it was issued, and whether its records still say so."""

from pathlib import Path

import click

from revisit.cli.progress import progress
from revisit.flows.reporting.verify import say, verify_many
from revisit.records.problems import RevisitError
from revisit.settings import load


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--figures", "most", default=12, show_default=True, help="Name at most so many figures that changed.")
@click.pass_obj
def verify(root: Path, files: tuple[Path, ...], most: int) -> None:
    """Rebuild reports from the figures they carry, compare the pages, and compare the figures with the records.

    Exit code 0: all are the same, or only lack answers that were erased or expired since. 1: one is not. 2: a file is
    no report of this workspace.

    \b
    Example:
      revisit verify build/reports/lakeside-2026-Q3-en.pdf
    """
    settings, worst = load(root), 0
    with progress("Reports", len(files)) as step:
        for path, verdict in verify_many(settings, files):
            step(1)
            if isinstance(verdict, RevisitError):
                click.echo(f"{path}: {verdict}", err=True)
                worst = max(worst, verdict.exit_code)
                continue
            click.echo(f"{path}: {say(verdict, most)}")
            worst = max(worst, 0 if verdict.answer in {"same", "fewer"} else 1)
    if worst:
        raise click.exceptions.Exit(worst)
