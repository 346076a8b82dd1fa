"""The audit trail: which events are noted, and how. Never a customer's name, phone, plate or e-mail address."""

from datetime import datetime
from typing import Literal

from revisit.records.people import AuditLine

Event = Literal[
    "signed-in", "sign-in-refused", "signed-out", "password-set", "password-changed", "ticket-made", "user-added",
    "user-disabled", "user-enabled", "refused", "phone-shown", "link-voided", "link-issued",
    "letter-sent", "attempt-noted", "visit-settled", "visit-taken-back", "report-issued",
    "exported",
]  # fmt: skip

# Whoever has not proved who they are. A name typed at sign-in is not noted: it may be a password in the wrong field.
NOBODY = "-"


def line(at: datetime, who: str, what: Event, about: str = "", note: str = "") -> AuditLine:
    """Make a line. ``about`` is a record's id, ``note`` one of our own words or numbers, never text from a customer."""
    return AuditLine(at=at, who=who, what=what, about=about, note=note)
