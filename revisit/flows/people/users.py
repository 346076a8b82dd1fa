"""Users: adding, resetting, disabling, and the first administrator of an installation."""

import re
from dataclasses import replace
from datetime import datetime

from revisit.flows.asked import named_unit
from revisit.people import tickets
from revisit.people.audit import line
from revisit.records.people import Role, User
from revisit.records.problems import CallError
from revisit.settings import Clock, Settings
from revisit.store.protocol import Store

FIRST_NAME = "admin"
# Letters of any script, digits and a few signs; nothing that could break a line or an address.
NAME = re.compile(r"[\w][\w.\-@ ]{0,62}[\w]|[\w]")


def add_user(store: Store, settings: Settings, user: User, *, by: str, at: datetime) -> str:
    """File a user and give the one-time address with which they set a password. Conflict when the name is taken."""
    if not NAME.fullmatch(user.name):
        raise CallError(f'"{user.name}" cannot be a name. Use up to 64 letters, digits, dots, hyphens, "@" or spaces.')
    unit = named_unit(settings, user.unit) if user.unit else settings.organisation.root
    with_code, code = tickets.with_ticket(replace(user, unit=unit.path), at)
    store.add_user(with_code)
    store.audit(line(at, by, "user-added", about=user.name, note=user.role))
    return tickets.address(settings, code)


def reset_user(store: Store, settings: Settings, name: str, *, by: str, at: datetime) -> str:
    """Give a user a new one-time address and end their sessions; the old password opens nothing more. NotFound."""
    code = ""

    def change(user: User) -> User:
        nonlocal code
        fresh, code = tickets.with_ticket(user, at)
        return replace(fresh, password="", failures=0, failed_at=None)

    store.change_user(name, change)
    store.end_sessions(user=name)
    store.audit(line(at, by, "ticket-made", about=name))
    return tickets.address(settings, code)


def set_disabled(store: Store, name: str, *, disabled: bool, by: str, at: datetime) -> None:
    """Shut a user out (their sessions end) or let them in again. NotFound; CallError for the last administrator."""
    admins = {user.name for user in store.users() if user.role == "admin" and not user.disabled}
    if disabled and admins == {name}:
        raise CallError(f'"{name}" would leave nobody who can manage users. Add another admin first.')
    store.change_user(name, lambda user: replace(user, disabled=disabled, ticket="", ticket_until=None))
    if disabled:
        store.end_sessions(user=name)
    store.audit(line(at, by, "user-disabled" if disabled else "user-enabled", about=name))


def first_ticket(store: Store, settings: Settings, clock: Clock) -> str | None:
    """Give the one-time address of the first administrator, while nobody has a password yet; else None.

    There is no default password: whoever can read this process's output sets it. Each start gives a fresh address.
    """
    users = store.users()
    if any(user.password for user in users):
        return None
    now = clock()
    role: Role = "admin"
    waiting = next((user for user in users if user.role == role and not user.disabled), None)
    if waiting is None:
        first = User(name=FIRST_NAME, role=role, unit=settings.organisation.root.path)
        return add_user(store, settings, first, by="start", at=now)
    return reset_user(store, settings, waiting.name, by="start", at=now)
