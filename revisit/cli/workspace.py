"""Commands for a whole workspace: ``init`` makes one, ``doctor`` says what it lacks."""

import dataclasses
import json
import os
import shlex
import sys
from pathlib import Path

import click

from revisit.flows.keeping.health import Check, check_installation
from revisit.flows.keeping.workspace import (
    Plan,
    check_free,
    check_timezone,
    complete_workspace,
    is_workspace,
    make_workspace,
    station,
)

MARKS = {"fine": "fine ", "note": "note ", "fault": "FAULT"}


@click.command()
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What the organisation is called (default: the folder's name).")
@click.option("--timezone", default="", help='What turns moments into days, such as "Asia/Shanghai".')
@click.option("--station", "stations", multiple=True, metavar="ID=NAME", help="A station; may be given several times.")
@click.option("--new-keys", is_flag=True, help="Make new keys even though records were made with lost ones.")
@click.pass_obj
def init(root: Path, folder: Path, *, name: str, timezone: str, stations: tuple[str, ...], new_keys: bool) -> None:
    """Make a workspace: settings, keys, surveys and folders.

    In a folder that is a workspace already, only what is missing is made, and keys are never overwritten.

    \b
    revisit init shop --name "Example Motors" --timezone Asia/Shanghai --station "lakeside=Lakeside Station"
    """
    root = root / folder
    if is_workspace(root):
        made = complete_workspace(root, new_keys_wanted=new_keys)
        click.echo(f"{root} is a workspace already." + ("" if made else " Nothing is missing."))
        if name or timezone or stations:
            click.echo("Its settings stay as they are: change name, timezone and stations in revisit.toml.", err=True)
    else:
        check_free(root)
        made = make_workspace(root, _plan(root, name, timezone, stations))
        click.echo(f"Made the workspace {root}:")
    for line in made:
        click.echo(f"  {line}")
    where = f"cd {shlex.quote(str(folder))} && " if folder != Path() else ""
    click.echo(f"Next: {where}revisit check && revisit build")


def _plan(root: Path, name: str, timezone: str, stations: tuple[str, ...]) -> Plan:
    """Fill in what was not said: by asking at a terminal, else by what the machine knows."""
    asking = sys.stdin.isatty() and sys.stdout.isatty()
    called = name or root.resolve().name.replace("-", " ").replace("_", " ").title()
    if asking and not name:
        called = click.prompt("What is the organisation called?", default=called)
    zone = timezone or local_timezone()
    if asking and not timezone:
        zone = click.prompt("In which timezone does it work?", default=zone)
    check_timezone(zone)
    words = list(stations)
    if asking and not stations:
        click.echo("Its stations, each as id=name; an empty line ends the list. One shop needs none.")
        while word := click.prompt("Station", default="", show_default=False):
            words.append(word)
    return Plan(called, zone, tuple(station(word) for word in words))


def local_timezone(localtime: Path = Path("/etc/localtime")) -> str:
    """Give the timezone of this machine, or UTC where it does not say."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not named and localtime.is_symlink():
        named = str(localtime.readlink()).partition("zoneinfo/")[2]
    return named if "/" in named and not named.startswith("/") else "UTC"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Give a list of objects instead of lines.")
@click.pass_context
def doctor(context: click.Context, *, as_json: bool) -> None:
    """Say what this installation lacks, each with the line that cures it.

    Exits 1 when something is wrong; a note alone is fine.
    """
    checks = []
    for check in check_installation(context.obj):
        checks.append(check)
        if not as_json:
            _show(check)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(check) for check in checks], ensure_ascii=False, indent=2))
    faults = sum(check.grade == "fault" for check in checks)
    if faults:
        click.echo(f"{faults} {'thing is' if faults == 1 else 'things are'} wrong.", err=True)
        context.exit(1)


def _show(check: Check) -> None:
    click.echo(f"{MARKS[check.grade]}  {check.name:<9} {check.what}")
    if check.cure:
        click.echo(f"       {'':<9} {check.cure}")
