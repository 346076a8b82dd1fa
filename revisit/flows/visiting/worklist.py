"""The worklist of service staff: which visits are theirs to do now, what they need to do them, and how to find one."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from revisit.people import rights
from revisit.records.orders import Contact, RepairOrder
from revisit.records.people import User
from revisit.records.visits import Hand, State, Visit
from revisit.store.protocol import Scope, Store

# How far back the list looks. Every link has expired long before; older visits are found by searching.
LOOKBACK = timedelta(days=120)
SOON = timedelta(days=3)
CLOSED: tuple[State, ...] = ("declined", "unreachable", "excluded")
MOST_FOUND = 50
FEWEST_MARKS = 3
FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Task:
    """A visit with its state at one moment."""

    visit: Visit
    state: State
    now: datetime

    @property
    def expires_soon(self) -> bool:
        """Say whether an open visit has three days left or less."""
        return self.state == "open" and self.visit.expires_at - self.now <= SOON

    @property
    def closed_by(self) -> Hand | None:
        """Give who closed a visit without an answer; None for one that is not closed so."""
        settled = self.visit.settled
        return settled.hand if settled is not None and self.state in CLOSED else None


@dataclass(frozen=True, slots=True)
class Row:
    """A task with its order and customer, as lists show it."""

    task: Task
    order: RepairOrder
    contact: Contact | None


# The chips above the list: which tasks each one shows. The first is where a day begins.
VIEWS: dict[str, Callable[[Task], bool]] = {
    "due": lambda task: task.state == "open",
    "soon": lambda task: task.expires_soon,
    "untried": lambda task: task.state == "open" and not task.visit.attempts,
    "waiting": lambda task: task.state == "waiting",
    "settled": lambda task: task.closed_by == "person",
    "ruled": lambda task: task.closed_by == "rule",
    "brought": lambda task: task.closed_by == "import",
    "expired": lambda task: task.state == "expired",
    "answered": lambda task: task.state == "answered",
}


def tasks(store: Store, unit: str, now: datetime) -> list[Task]:
    """Give the visits of a part of the tree, what expires first on top; what is over stands newest first."""
    scope = Scope(unit=unit, first=(now - LOOKBACK).date())
    answered = store.answered_visits()
    found = [Task(visit, visit.state(now, answered=visit.id in answered), now) for visit in store.visits(scope)]
    return sorted(found, key=_urgency)


def _urgency(task: Task) -> tuple[bool, float, str]:
    over = task.state not in ("open", "waiting")
    moment = task.visit.expires_at.timestamp()
    return over, -moment if over else moment, task.visit.id


def counts(found: Iterable[Task]) -> Counter[str]:
    """Give how many tasks each view holds."""
    held: Counter[str] = Counter()
    for task in found:
        held.update(name for name, holds in VIEWS.items() if holds(task))
    return held


def rows(store: Store, found: Sequence[Task]) -> list[Row]:
    """Give tasks with their orders and contacts."""
    orders = [store.order(task.visit.order_id) for task in found]
    contacts = store.contacts({order.contact_id for order in orders})
    return [Row(task, order, contacts.get(order.contact_id)) for task, order in zip(found, orders, strict=True)]


def search(store: Store, user: User, words: str, now: datetime) -> list[Row]:
    """Find visits of the user's part of the tree by plate, order number or the end of a phone number, newest first.

    Gives at most 50. Fewer than three characters (four digits of a phone number) find nothing.
    """
    wanted = _plain(words)
    digits = "".join(mark for mark in wanted if mark.isdigit())
    if len(wanted) < FEWEST_MARKS:
        return []
    orders = {order.id: order for order in store.orders() if rights.sees(user, order.earned_by)}
    contacts = store.contacts({order.contact_id for order in orders.values()})
    is_number = len(digits) >= FEWEST_DIGITS and len(digits) >= len(wanted) - 1

    def fits(order: RepairOrder) -> bool:
        contact = contacts.get(order.contact_id)
        phone = contact.phone if contact is not None and is_number else ""
        return wanted in _plain(order.plate) or wanted in _plain(order.number) or _ends(phone, digits)

    held = {order.id: order for order in orders.values() if fits(order)}
    first = min((order.closed_on for order in held.values()), default=date.max)
    answered = store.answered_visits()
    visits = [visit for visit in store.visits(Scope(user.unit, first)) if visit.order_id in held] if held else []
    newest = sorted(visits, key=lambda visit: (visit.day, visit.id), reverse=True)[:MOST_FOUND]
    return [
        Row(
            Task(visit, visit.state(now, answered=visit.id in answered), now),
            held[visit.order_id],
            contacts.get(held[visit.order_id].contact_id),
        )
        for visit in newest
    ]


def _ends(phone: str, digits: str) -> bool:
    """Say whether a phone number (E.164) ends so; a trunk 0 may stand in place of its country code."""
    return bool(phone) and phone.endswith(
        (digits, digits[1:]) if digits.startswith("0") and len(digits) > 7 else digits
    )


def _plain(text: str) -> str:
    """Give a plate or number without the spaces, dots and hyphens that people put in or leave out."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", text).casefold() if mark.isalnum())
