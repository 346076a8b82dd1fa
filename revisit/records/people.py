"""People who sign in, their sessions, and the lines of the audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["staff", "manager", "admin"]
ROLES: tuple[Role, ...] = ("staff", "manager", "admin")


@dataclass(frozen=True, slots=True)
class User:
    """Someone with a sign-in. ``unit`` is the path of the part of the tree they may see; ``password`` an argon2id hash.

    ``ticket`` is SHA-256 of a one-time address (first sign-in or reset) and ``ticket_until`` the end of its life.
    """

    name: str
    role: Role
    unit: str
    password: str = ""
    language: str = ""
    ticket: str = ""
    ticket_until: datetime | None = None
    disabled: bool = False
    failures: int = 0
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``id`` is SHA-256 of the 128 random bits in the cookie."""

    id: str
    user: str
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to which record, when (UTC). Holds no name, phone or plate of a customer."""

    at: datetime
    who: str
    what: str
    about: str = ""
    note: str = ""
