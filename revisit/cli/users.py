"""``revisit users``: who may sign in to the desk."""

import getpass
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from revisit.flows.people.users import add_user, reset_user, set_disabled
from revisit.people.tickets import LIFE
from revisit.records.people import ROLES, Role, User
from revisit.settings import clock, load
from revisit.store import open_store

MINUTES = int(LIFE.total_seconds() // 60)


@click.group()
def users() -> None:
    """Add, list and reset the people who sign in to the desk."""


@users.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="staff", show_default=True, help="What they may do.")
@click.option("--unit", default="", help="Which part of the tree they see, by id or name (default: all of it).")
@click.pass_obj
def add(root: Path, name: str, role: Role, unit: str) -> None:
    """Add NAME and print the one-time address with which they set a password.

    \b
    Example:
      revisit users add mei --role manager --unit lakeside
    """
    settings, now = load(root), clock()
    with closing(open_store(settings.workspace)) as store:
        address = add_user(store, settings, User(name=name, role=role, unit=unit), by=_caller(), at=now())
    _hand_over(name, address)


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for a machine.")
@click.pass_obj
def list_users(root: Path, *, as_json: bool) -> None:
    """List everybody with role, unit and state. Passwords and addresses cannot be shown."""
    settings, now = load(root), clock()
    with closing(open_store(settings.workspace)) as store:
        rows = [
            _row(user, waiting=bool(user.ticket and user.ticket_until and user.ticket_until > now()))
            for user in store.users()
        ]
    if as_json:
        click.echo(json.dumps({"users": rows}, ensure_ascii=False, indent=2))
    elif not rows:
        click.echo("There are no users yet. Add one with: revisit users add NAME --role admin", err=True)
    else:
        table = Table(*("name", "role", "unit", "state"), box=None, header_style="bold")
        for row in rows:
            table.add_row(row["name"], row["role"], row["unit"], row["state"])
        Console(highlight=False, markup=False).print(table)


@users.command()
@click.argument("name")
@click.pass_obj
def reset(root: Path, name: str) -> None:
    """Give NAME a new one-time address; the old password and all their sessions end now."""
    settings, now = load(root), clock()
    with closing(open_store(settings.workspace)) as store:
        address = reset_user(store, settings, name, by=_caller(), at=now())
    _hand_over(name, address)


@users.command()
@click.argument("name")
@click.pass_obj
def disable(root: Path, name: str) -> None:
    """Shut NAME out: no sign-in, and all their sessions end now."""
    _set(root, name, disabled=True)
    click.echo(f'"{name}" can no longer sign in. Let them in again with: revisit users enable {name}', err=True)


@users.command()
@click.argument("name")
@click.pass_obj
def enable(root: Path, name: str) -> None:
    """Let NAME sign in again with their old password."""
    _set(root, name, disabled=False)
    click.echo(f'"{name}" can sign in again.', err=True)


def _set(root: Path, name: str, *, disabled: bool) -> None:
    settings, now = load(root), clock()
    with closing(open_store(settings.workspace)) as store:
        set_disabled(store, name, disabled=disabled, by=_caller(), at=now())


def _row(user: User, *, waiting: bool) -> dict[str, Any]:
    state = "disabled" if user.disabled else "active" if user.password else "invited" if waiting else "address expired"
    return {"name": user.name, "role": user.role, "unit": user.unit, "language": user.language, "state": state}


def _hand_over(name: str, address: str) -> None:
    """Print the address alone on stdout, so that a script can take it, and what it is on stderr."""
    click.echo(f'Hand this address to "{name}". It works once and for {MINUTES} minutes:', err=True)
    click.echo(address)


def _caller() -> str:
    """Give who runs the command, for the audit trail."""
    try:
        return f"terminal:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may run under a number without a name
        return "terminal"
