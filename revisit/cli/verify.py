"""``revisit verify``: whether a report is what it was when it was issued, and whether its records still say so."""

from contextlib import closing
from pathlib import Path

import click

from revisit.cli.progress import progress, stoppable
from revisit.cli.words import count
from revisit.flows.reporting.verify import Verdict, say, verify_many
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
    settings, codes = load(root), [0]
    verdicts = verify_many(settings, files)

    def so_far() -> str:
        return f"{len(codes) - 1} of {count(len(files), 'file')} verified."

    with stoppable(so_far), closing(verdicts), progress("Reports", len(files)) as step:
        for path, verdict in verdicts:
            step(1)
            codes.append(_tell(path, verdict, most))
    if worst := max(codes):
        raise click.exceptions.Exit(worst)


def _tell(path: Path, verdict: Verdict | RevisitError, most: int) -> int:
    """Print what is true of a file; gives the exit code it alone would have."""
    if isinstance(verdict, RevisitError):
        click.echo(f"{path}: {verdict}", err=True)
        return verdict.exit_code
    click.echo(f"{path}: {say(verdict, most)}")
    return 0 if verdict.answer in {"same", "fewer"} else 1
