"""``revisit links``, ``posters`` and ``keys``: what opens a form."""

import json
from contextlib import closing
from pathlib import Path

import click

from revisit.flows.visiting.posters import add_poster
from revisit.flows.visiting.void import void_link
from revisit.settings import clock, keys_path, load, load_keys, replace_keys, rotated
from revisit.store import open_store
from revisit.visits.links import poster_link


@click.group()
def links() -> None:
    """Links of customers."""


@links.command("void")
@click.argument("code")
@click.pass_obj
def void_command(root: Path, code: str) -> None:
    """Close a customer's link for good. CODE is the code or the whole link.

    \b
    Example:
      revisit links void https://visit.example.com/v/7q2m4x9k3w5r8t0c
    """
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        invitation = void_link(store, code, clock()())
        order = store.order(store.visit(invitation.visit_id).order_id)
    click.echo(
        f"The link of order {order.number} at {settings.organisation.of_path(order.unit).name} is closed. "
        "Make another at the desk, or with: revisit visits plan --withdrawn"
    )


@click.group()
def posters() -> None:
    """Public QR codes at a unit."""


@posters.command("add")
@click.option("--unit", default="", help="The unit's id or name (default: the whole organisation).")
@click.option("--survey", default="repair", show_default=True, help="The survey that the poster asks.")
@click.pass_obj
def add_command(root: Path, unit: str, survey: str) -> None:
    """Make a poster and print its address.

    \b
    Example:
      revisit posters add --unit lakeside
    """
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        poster = add_poster(store, settings, unit, survey, clock()())
    click.echo(poster_link(settings, poster))


@posters.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_command(root: Path, *, as_json: bool) -> None:
    """List the posters with their addresses."""
    settings = load(root)
    with closing(open_store(settings.workspace)) as store:
        found = [
            {"id": poster.id, "unit": poster.unit, "survey": poster.survey, "link": poster_link(settings, poster)}
            for poster in store.posters()
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for row in found:
        click.echo(f"{row['link']}  {row['survey']}  {row['unit']}")
    if not found:
        click.echo("There are no posters yet. Make one with: revisit posters add --unit UNIT", err=True)


@click.group()
def keys() -> None:
    """Keys that sign links, sessions and times."""


@keys.command("rotate")
@click.argument("use", type=click.Choice(["links", "sessions", "stamps"]))
@click.pass_obj
def rotate_command(root: Path, use: str) -> None:
    """Add a new key for USE; the former ones go on verifying, so that links already sent still open.

    \b
    Example:
      revisit keys rotate links
    """
    path = keys_path(root)
    replace_keys(path, rotated(load_keys(root), use))
    click.echo(f'A new key for "{use}" is in {path}. Restart the server, and renew the copy that you keep apart.')
