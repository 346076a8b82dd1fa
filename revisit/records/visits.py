"""Visits and how they are asked: a visit, the tries to reach the customer, its invitations, and posters."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Reason = Literal["after_repair"]
Settled = Literal["declined", "unreachable", "excluded", "merged"]
State = Literal["waiting", "open", "answered", "declined", "unreachable", "excluded", "merged", "expired"]
Hand = Literal["person", "rule", "import"]
Outcome = Literal["sent", "no_answer", "bounced", "call_back", "declined", "unreachable"]

# Why a visit may be left out. True: not eligible (NE), leaves the rates; False: eligible but not invited (NI), a miss.
EXCLUSIONS: dict[str, bool] = {
    "internal_order": True,
    "asset_sold": True,
    "duplicate": True,
    "opted_out": False,
    "frequency_cap": False,
    "no_contact": False,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach a customer: when, by which means (email, message, phone), with which outcome, by whom."""

    at: datetime
    means: str
    outcome: Outcome
    by: str = ""


# Who signs what no person decided: the rules of an import, and what another tool noted (with the batch behind it).
BY_RULE = "import"
BY_IMPORT = "import:"


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a visit ended without an answer. ``reason`` is a key of EXCLUSIONS for an excluded visit, else free words."""

    what: Settled
    at: datetime
    by: str = ""
    reason: str = ""

    @property
    def hand(self) -> Hand:
        """Give who closed the visit: somebody here, a rule when its order came in, or another tool."""
        if self.by == BY_RULE:
            return "rule"
        return "import" if self.by.startswith(BY_IMPORT) else "person"


@dataclass(frozen=True, slots=True)
class Visit:
    """One planned contact (回访). ``day`` is the local day it counts in; ``unit`` the path that earns its answers.

    A visit stores only what people or senders did. Whether it is answered follows from the response under one of its
    invitations, and whether it is waiting, open or expired from the clock, so no state can go stale.
    """

    id: str
    order_id: str
    survey: str
    unit: str
    day: date
    due_at: datetime
    expires_at: datetime
    reason: Reason = "after_repair"
    attempts: tuple[Attempt, ...] = ()
    settled: Settlement | None = None
    sample: bool = False

    def state(self, now: datetime, *, answered: bool) -> State:
        """Give the visit's state: an answer outweighs what was settled, and that outweighs the clock."""
        if answered:
            return "answered"
        if self.settled is not None:
            return self.settled.what
        if now >= self.expires_at:
            return "expired"
        return "open" if now >= self.due_at else "waiting"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link for one visit. ``id`` is SHA-256 of the code in hex: the code itself is never stored.

    It carries what the collector needs to serve the link from one file: survey, language, order facts, unit and day.
    ``language`` is the customer's, empty when it is not known: the form then speaks the browser's.
    ``partition`` is the first three characters of the code and names that file; ``issue`` counts the visit's links from
    1.
    """

    id: str
    partition: str
    visit_id: str
    survey: str
    language: str
    unit: str
    day: date
    issued_at: datetime
    expires_at: datetime
    key_id: str
    issue: int = 1
    facts: dict[str, str] = field(default_factory=dict)
    voided_at: datetime | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Poster:
    """A public QR code at a unit: anybody may answer, nothing of an order is known."""

    id: str
    unit: str
    survey: str
    made_at: datetime
    closed_at: datetime | None = None
    sample: bool = False
