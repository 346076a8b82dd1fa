"""``revisit findings``: the figures of a unit and period, for people and for machines."""

from contextlib import closing
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console

from revisit.cli.figures import show
from revisit.cli.tongue import Tongue
from revisit.flows.asked import find_period, find_survey, find_unit, name_answered
from revisit.flows.reporting.findings import find_only
from revisit.flows.reporting.findings import findings as find
from revisit.records.languages import LANGUAGES
from revisit.reports.telling import tell
from revisit.settings import clock, load
from revisit.store import open_store


@click.command()
@click.option("--survey", "survey_name", default="", help='The survey (default: the only one, or "repair").')
@click.option(
    "--unit", "unit_name", default="", help="The unit's id or name, or an engineer's path (default: the root)."
)
@click.option(
    "--period", "word", default="", help="2026-Q3, 2026-08, 2026-W31 or 2026 (default: the last month that is over)."
)
@click.option("--from", "first", default="", help="The first day, such as 2026-07-01; with --to.")
@click.option("--to", "last", default="", help="The last day, included.")
@click.option("--mode", default="", help="Answers of this mode alone: web, qr, phone, interview, paper or kiosk.")
@click.option("--say", type=click.Choice(LANGUAGES), default="en", help="The language of the sentences.")
@click.option("--lang", "language", type=Tongue(any_language=True), default="", help="Answers in this language alone.")
@click.option("--engineers", is_flag=True, help="List engineers below the unit too: personal data, for their manager.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON object of docs/findings.md.")
@click.pass_obj
def findings(root: Path, /, survey_name: str, unit_name: str, **more: Any) -> None:
    """Show what the answers of a period say, each figure with its n and its interval.

    \b
    Examples:
      revisit findings --period 2026-Q3
      revisit findings --unit lakeside --from 2026-07-01 --to 2026-08-15 --json
      revisit findings --period 2026-Q3 --mode phone
    """
    settings = load(root)
    now = clock()()
    survey = find_survey(settings, survey_name)
    with closing(open_store(settings.workspace)) as store:
        if not survey_name and (others := name_answered(store, survey)):
            click.echo(others, err=True)
        unit = find_unit(settings, unit_name, store)
        period = find_period(settings, now, unit, more["word"], (more["first"], more["last"]))
        only = find_only(more["mode"], more["language"])
        days = period.first, period.last
        found = find(store, settings, survey, unit, *days, now, people=more["engineers"], only=only)
    if more["as_json"]:
        click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    show(Console(), found, period.label("en"), tell(found, survey, more["say"]))
