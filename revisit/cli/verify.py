"""``revisit verify``: whether a report is what it was when it was issued, and whether its records still say so."""

from pathlib import Path

import click

from revisit.flows.verify import say, verify_report
from revisit.records.problems import CallError
from revisit.settings import load


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--figures", "most", default=12, show_default=True, help="Name at most so many figures that changed.")
@click.pass_obj
def verify(root: Path, files: tuple[Path, ...], most: int) -> None:
    """Rebuild reports from the figures they carry, compare the pages, and compare the figures with the records.

    Exit code 0: all are the same, or only lack answers that were erased or expired since. 1: one is not.

    \b
    Example:
      revisit verify build/reports/lakeside-2026-Q3-en.pdf
    """
    settings = load(root)
    worst = 0
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CallError(f'The file "{path}" cannot be read ({error.strerror}). Check its name.') from None
        verdict = verify_report(settings, content)
        click.echo(f"{path}: {say(verdict, most)}")
        worst = max(worst, 0 if verdict.answer in {"same", "fewer"} else 1)
    if worst:
        raise click.exceptions.Exit(worst)
