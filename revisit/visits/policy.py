"""The rules by which a closed repair order becomes a visit: when it is due and expires, what leaves it out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from revisit.records.ids import new_id
from revisit.records.orders import Contact, RepairOrder
from revisit.records.visits import BY_RULE, Settlement, Visit

# Customers are written to between these local hours only (the end is out).
OPENS = time(10)
CLOSES = time(19)


@dataclass(frozen=True, slots=True)
class Asking:
    """How a survey is sent: its name, how long after the closing day, and for how long the link is open."""

    survey: str
    send_after: timedelta
    expires_after: timedelta


def into_hours(moment: datetime, zone: ZoneInfo) -> datetime:
    """Move a moment to the next one between 10:00 and 19:00 local time; one that lies inside stays. Gives aware UTC."""
    local = moment.astimezone(zone)
    if local.time() >= CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, zone)
    elif local.time() < OPENS:
        local = datetime.combine(local.date(), OPENS, zone)
    return local.astimezone(UTC)


def due_at(closed_on: date, send_after: timedelta, zone: ZoneInfo) -> datetime:
    """Give when a customer is first asked: ``send_after`` from the start of the closing day, moved into the hours.

    An export knows the day an order was closed and not the hour; 24 h therefore mean ten o'clock on the day after.
    """
    start = datetime.combine(closed_on, time(), zone)
    return into_hours((start + send_after).astimezone(UTC), zone)


def expires_at(due: datetime, expires_after: timedelta, zone: ZoneInfo) -> datetime:
    """Give when a link stops working: the local midnight that ends the day on which ``expires_after`` is over.

    A link thus works through the whole of its last day, the one that letters and lists name (see ``last_day``).
    """
    day = (due + expires_after).astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def last_day(expires: datetime, zone: ZoneInfo) -> date:
    """Give the last local day on which a link works, as people are told it."""
    return (expires - timedelta(microseconds=1)).astimezone(zone).date()


def excluded_as(order: RepairOrder, contact: Contact) -> str:
    """Give why an order's visit is left out at once (a key of EXCLUSIONS); empty when it is not.

    Without phone and e-mail it still stays open when the customer's name is known: the desk may find a number.
    """
    if order.facts.get("payer") == "internal":
        return "internal_order"
    if not (contact.phone or contact.email or contact.name):
        return "no_contact"
    return ""


def plan_visit(order: RepairOrder, contact: Contact, asking: Asking, zone: ZoneInfo, at: datetime) -> Visit:
    """Make the visit after a repair. ``at`` is the moment of planning, which an exclusion carries."""
    due = due_at(order.closed_on, asking.send_after, zone)
    reason = excluded_as(order, contact)
    return Visit(
        id=new_id(order.closed_on),
        order_id=order.id,
        survey=asking.survey,
        unit=order.earned_by,
        day=order.closed_on,
        due_at=due,
        expires_at=expires_at(due, asking.expires_after, zone),
        settled=Settlement("excluded", at, by=BY_RULE, reason=reason) if reason else None,
        sample=order.sample,
    )
