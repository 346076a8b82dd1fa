"""Tickets: one-time addresses with which a person sets a password, at the first sign-in or after a reset."""

import hmac
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from revisit.people.sessions import digest
from revisit.records.people import User
from revisit.records.problems import RevisitError
from revisit.settings import Settings

LIFE = timedelta(minutes=30)


class TicketSpent(RevisitError):
    """The address was used, replaced by a newer one, or is too old."""

    status = 410

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This address is no longer valid. Ask for a new one: revisit users reset NAME")


def with_ticket(user: User, now: datetime) -> tuple[User, str]:
    """Give the user with a fresh ticket, and its code (128 random bits). An older ticket is void from now on."""
    code = secrets.token_hex(16)
    return replace(user, ticket=digest(code), ticket_until=now + LIFE), code


def opens(user: User, code: str, now: datetime) -> bool:
    """Say whether a code is this user's living ticket."""
    if not user.ticket or user.ticket_until is None or user.disabled:
        return False
    return hmac.compare_digest(user.ticket, digest(code)) and now < user.ticket_until


def spend(user: User, code: str, password_hash: str, now: datetime) -> User:
    """Set the password and use the ticket up. Raises TicketSpent, also when another request was first."""
    if not opens(user, code, now):
        raise TicketSpent
    return replace(user, password=password_hash, ticket="", ticket_until=None, failures=0, failed_at=None)


def address(settings: Settings, code: str) -> str:
    """Give the address to hand over."""
    return f"{settings.public_url}/desk/ticket/{code}"
