"""``revisit tick``: what a timer calls, every ten minutes say."""

import sys
from contextlib import closing
from pathlib import Path

import click

from revisit.cli.words import count
from revisit.flows.office import Office
from revisit.flows.tick import STEPS, Ticked
from revisit.flows.tick import tick as do_tick
from revisit.settings import clock, load, load_keys
from revisit.store import open_store


@click.command()
@click.option("--only", "steps", multiple=True, type=click.Choice(STEPS), help="Only this step; may be given twice.")
@click.option("-v", "--verbose", is_flag=True, help="Say as well what waits and that nothing was due.")
@click.pass_obj
def tick(root: Path, steps: tuple[str, ...], *, verbose: bool) -> None:
    """Do what is due by the clock: tidy, send letters to customers, issue the reports of revisit.toml.

    Safe to call often: one tick works at a time, and what was done is not done again. It prints what it did and what
    went wrong, and nothing where nothing was due, so that a timer has nothing to mail; at a terminal, or with
    --verbose, it says that as well. Exit code 1 where a letter or a report failed.

    \b
    Example, in a crontab:
      */10 * * * *  revisit -C /srv/revisit tick
    """
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        done = do_tick(Office(store, settings, load_keys(root), clock()), steps or STEPS)
    said = _said(done, whole=verbose or sys.stderr.isatty(), mails=bool(settings.mail.host))
    if said:
        click.echo(said, err=True)
    for error in done.errors:
        click.echo(error, err=True)
    if done.errors:
        raise click.exceptions.Exit(1)


def _said(done: Ticked, *, whole: bool, mails: bool) -> str:
    """Say what a tick did; ``whole`` with what only waits, which is the same each time and worth no mail."""
    if done.busy:
        return "Another tick is at work; nothing was done." if whole else ""
    # A notice waits for another program where no mail server is set; where one is, something hinders it.
    tell_waiting = whole or mails or done.reports
    parts = (
        (done.filed, "answer", "filed"),
        (done.letters, "letter", "sent"),
        (done.laid, "letter", "written to data/outbox, to be handed on"),
        (done.reports, "report", "issued"),
        (done.notices, "notice", "sent"),
        (done.waiting if tell_waiting else 0, "notice", "waiting in data/outbox/reports"),
        (done.sample if whole else 0, "visit", "of the sample left without a letter (revisit visits send --sample)"),
    )
    said = ", ".join(f"{count(number, what)} {done_with}" for number, what, done_with in parts if number)
    return said or ("Nothing was due." if whole else "")
