"""Progress: a bar, drawn on a terminal and nowhere else, and a sentence for whoever ends the work with Ctrl-C."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def stoppable(say: Callable[[], str]) -> Iterator[None]:
    """End on Ctrl-C with a sentence of how far the work has come, and the exit code that shells give to it."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"\nStopped: {say()}", err=True)
        raise click.exceptions.Exit(128 + signal.SIGINT) from None


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Give a function that takes how many more are done; the bar is on stderr and goes when the work is done.

    ``total`` is None where nobody knows it before the end.
    """
    if not sys.stderr.isatty() or (total is not None and total < 2):
        yield lambda _done: None
        return
    from rich.console import Console  # noqa: PLC0415 -- rich takes longer to import than a small file to read
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415  likewise

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)
