"""``revisit render``: a survey for a call, an interview or paper."""

from pathlib import Path
from typing import Any

import click

from revisit.cli.tongue import Tongue
from revisit.flows.publishing.publish import check
from revisit.flows.publishing.render import Wanted, place_of, write
from revisit.forms.nearest import guess
from revisit.forms.renderings.sheet import SHEETS, Sheet
from revisit.records.problems import CallError, ContentError
from revisit.records.survey import FACTS
from revisit.settings import load


@click.command()
@click.argument("survey", default="repair")
@click.option("--as", "kind", type=click.Choice(SHEETS), required=True, help="What to make of it.")
@click.option(
    "--lang", "language", type=Tongue(any_language=True), default="", help="The language (default: the installation's)."
)
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="What is known of the order.")
@click.option("--address", default="", metavar="URL", help="For paper: where the same can be answered, as a QR code.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.pass_obj
def render(root: Path, /, survey: str, kind: Sheet, language: str, **more: Any) -> None:
    """Make a call script, an interview outline or a paper questionnaire from a survey.

    \b
    Examples:
      revisit render repair --as phone --lang zh-Hans --fact payer=customer
      revisit render repair --as paper --address https://survey.example.com/q/7k2m
    """
    settings = load(root)
    library, problems = check(settings)
    broken = [one for one in problems if one.severity == "error" and one.path.startswith(f"surveys/{survey}.")]
    if broken:
        raise ContentError(broken)
    found = library.survey(survey, language or settings.default_language)
    if found is None:
        raise CallError(f'There is no survey "{survey}". {guess(survey, library.names)}')
    if language and found.language != language:
        written = ", ".join(library.languages(survey))
        raise CallError(f'"{survey}" is not written in "{language}" but in {written}. Choose one of them.')
    wanted = Wanted(settings, found, kind, dict(map(_fact, more["facts"])), more["address"])
    path = more["output"] or place_of(wanted)
    write(wanted, path)
    click.echo(path)


def _fact(text: str) -> tuple[str, str]:
    """Read one ``--fact``: a name and a value of the closed list."""
    name, _sign, value = text.partition("=")
    if value not in FACTS.get(name, ()):
        known = "; ".join(f"{each}={'|'.join(values)}" for each, values in FACTS.items())
        raise CallError(f'"--fact {text}" is not known. Known are: {known}')
    return name, value
