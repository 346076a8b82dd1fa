"""``revisit surveys``: the surveys that ship with Revisit, to begin from."""

from pathlib import Path

import click

from revisit.flows.keeping.examples import add, shipped
from revisit.forms.estimate import estimate, in_words
from revisit.settings import load


@click.group()
def surveys() -> None:
    """Take a survey that ships with Revisit to begin from."""


@surveys.command("list")
def list_() -> None:
    """List the surveys that ship with Revisit."""
    for name, one in shipped().items():
        size = sum(question.kind != "statement" for question in one.survey.questions)
        click.echo(f"{name:<14} {one.survey.title}")
        click.echo(f"{'':<14} {size} questions, about {in_words(estimate(one.survey))}, in {', '.join(one.languages)}")
    click.echo("Take one with: revisit surveys add NAME", err=True)


@surveys.command("add")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.pass_obj
def add_(root: Path, names: tuple[str, ...]) -> None:
    """Copy shipped surveys into surveys/, in all their languages, with the organisation's name in their notice.

    They are yours to change from then on. What lies in surveys/ is published by the next build.
    """
    settings = load(root)
    for name in names:
        for file in add(settings, name):
            click.echo(f"Wrote surveys/{file}")
    click.echo(f"Next: revisit check {names[0]} && revisit build", err=True)
