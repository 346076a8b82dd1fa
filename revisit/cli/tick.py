"""``revisit tick``: what a timer calls, every ten minutes say."""

from contextlib import closing
from pathlib import Path

import click

from revisit.cli.words import count
from revisit.flows.office import Office
from revisit.flows.tick import STEPS
from revisit.flows.tick import tick as do_tick
from revisit.settings import clock, load, load_keys
from revisit.store import open_store


@click.command()
@click.option("--only", "steps", multiple=True, type=click.Choice(STEPS), help="Only this step; may be given twice.")
@click.pass_obj
def tick(root: Path, steps: tuple[str, ...]) -> None:
    """Do what is due by the clock: tidy, send letters to customers, issue the reports of revisit.toml.

    Safe to call often: one tick works at a time, and what was done is not done again. Exit code 1 where a
    report failed.

    \b
    Example, in a crontab:
      */10 * * * *  revisit -C /srv/revisit tick
    """
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        done = do_tick(Office(store, settings, load_keys(root), clock()), steps or STEPS)
    if done.busy:
        click.echo("Another tick is at work; nothing was done.", err=True)
        return
    parts = (
        (done.filed, "answer", "filed"),
        (done.letters, "letter", "sent"),
        (done.sample, "visit", "of the sample left without a letter (revisit visits send --sample writes them)"),
        (done.laid, "letter", "written to data/outbox, to be handed on"),
        (done.reports, "report", "issued"),
        (done.notices, "notice", "sent"),
        (done.waiting, "notice", "waiting in data/outbox/reports"),
    )
    said = ", ".join(f"{count(number, what)} {done_with}" for number, what, done_with in parts if number)
    if said:
        click.echo(said, err=True)
    for error in done.errors:
        click.echo(error, err=True)
    if done.errors:
        raise click.exceptions.Exit(1)
