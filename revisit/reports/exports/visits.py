"""Visits as a table: what was due, what was tried, and how it ended."""

from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from datetime import datetime

from revisit.records.orders import Contact, RepairOrder
from revisit.records.visits import BY_IMPORT, BY_RULE, EXCLUSIONS, Attempt, Settlement, Visit
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Column
from revisit.reports.exports.words import COUNTED, EXCLUDED, HANDS, N_, OUTCOMES, VISITS

COLUMNS: tuple[Column, ...] = (
    Column("visit_id", N_("The visit's own number")),
    Column("order_id", N_("The order's own number here")),
    Column("order_number", N_("The order's number")),
    Column("survey", N_("The survey"), few=True),
    Column("unit", N_("The path of the unit that earns the answer"), few=True),
    Column("unit_name", N_("The unit's name"), few=True),
    Column("engineer", N_("The engineer"), few=True),
    Column("day", N_("The local day it counts in"), "date"),
    Column("due_at", N_("When it fell due"), "moment"),
    Column("expires_at", N_("When it expires"), "moment"),
    Column("state", N_("What became of it"), "code", tuple(VISITS.items())),
    Column("counted", N_("Whether it counts in the rates"), "code", tuple(COUNTED.items())),
    Column("attempts", N_("How often somebody tried"), "integer"),
    Column("first_attempt_at", N_("When somebody tried first"), "moment"),
    Column("last_attempt_at", N_("When somebody tried last"), "moment"),
    Column("last_means", N_("By which means"), few=True),
    Column("last_outcome", N_("With which outcome"), "code", tuple(OUTCOMES.items())),
    Column("last_by", N_("Who tried last"), few=True),
    Column("every_attempt", N_("Each attempt: when (UTC), by which means, with which outcome, by whom")),
    Column("settled_at", N_("When it ended without an answer"), "moment"),
    Column("settled_why", N_("Why it was left out"), "code", tuple(EXCLUDED.items())),
    Column("settled_reason", N_("Why it ended, in somebody's words")),
    Column("settled_by", N_("By whom"), few=True),
    Column("settled_hand", N_("Who decided that it ended"), "code", tuple(HANDS.items())),
    Column("sample", N_("Whether it is made up"), "flag"),
)


def rows(
    visits: Iterable[Visit],
    orders: Mapping[str, RepairOrder],
    answered: Collection[str],
    now: datetime,
    cover: Cover,
    contacts: Mapping[str, Contact],
) -> Generator[Sequence[Cell], None, None]:
    """Give a row for each visit as it stands at ``now`` (aware).

    ``orders`` are by the visit's id, ``contacts`` by their own; ``answered`` are the ids of visits with an answer.
    """
    for visit in visits:
        order = orders.get(visit.id)
        yield (
            visit.id,
            visit.order_id,
            order.number if order is not None else "",
            visit.survey,
            *cover.place(visit.unit),
            visit.day,
            visit.due_at,
            visit.expires_at,
            visit.state(now, answered=visit.id in answered),
            "not_eligible" if _left_out(visit, answered) else "eligible",
            *_tried(visit.attempts, cover),
            *_settled(visit.settled, cover, _people(order, contacts)),
            visit.sample,
        )


def _left_out(visit: Visit, answered: Collection[str]) -> bool:
    """Say whether a visit leaves the rates: it was excluded for a reason that makes it not eligible."""
    settled = visit.settled
    if settled is None or visit.id in answered:
        return False
    return settled.what == "merged" or (settled.what == "excluded" and EXCLUSIONS.get(settled.reason, False))


def _tried(attempts: Sequence[Attempt], cover: Cover) -> Sequence[Cell]:
    if not attempts:
        return 0, None, None, "", None, "", ""
    first, last = attempts[0], attempts[-1]
    each = (
        f"{one.at:%Y-%m-%dT%H:%M:%SZ} {one.means} {one.outcome} {_signed(one.by, cover)}".rstrip() for one in attempts
    )
    return (
        *(len(attempts), first.at, last.at, last.means, last.outcome),
        *(_signed(last.by, cover), "; ".join(each)),
    )


def _people(order: RepairOrder | None, contacts: Mapping[str, Contact]) -> Collection[str]:
    """Give who may be named in the words about a visit."""
    if order is None:
        return ()
    customer = contacts.get(order.contact_id)
    return {order.engineer, order.adviser, customer.name if customer is not None else ""}


def _settled(settled: Settlement | None, cover: Cover, people: Collection[str]) -> Sequence[Cell]:
    if settled is None:
        return None, None, "", "", None
    known = settled.what == "excluded" and settled.reason in EXCLUSIONS
    return (
        settled.at,
        settled.reason if known else None,
        "" if known else cover.free(settled.reason, people),
        _signed(settled.by, cover),
        settled.hand,
    )


def _signed(by: str, cover: Cover) -> str:
    """Give who did it: a person covered, a rule or an import as they are."""
    return by if by == BY_RULE or by.startswith(BY_IMPORT) else cover.whole(by)
