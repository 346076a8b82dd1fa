"""Sessions: how a signed-in browser is known again, and for how long."""

import hashlib
import secrets
from datetime import datetime, timedelta

from revisit.records.people import Session

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


def digest(code: str) -> str:
    """Give the SHA-256 (hex) under which a secret is stored."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_session(user: str, now: datetime) -> tuple[str, Session]:
    """Make a session: the 128 random bits for the browser, and the record, which holds only their SHA-256."""
    code = secrets.token_hex(16)
    return code, Session(id=digest(code), user=user, started_at=now, seen_at=now)


def is_alive(session: Session, seen_at: datetime, now: datetime) -> bool:
    """Say whether a session may go on: used within 30 minutes and begun within 12 hours.

    ``seen_at`` is when the browser was last answered. It travels in the signed cookie, because reading a page must not
    write to the store.
    """
    seen = max(session.seen_at, min(seen_at, now))
    return now - seen < IDLE and now - session.started_at < LONGEST
