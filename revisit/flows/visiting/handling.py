"""Handling a visit by hand: what staff note about it. Each step changes the visit once and leaves an audit line."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from revisit.people.audit import Event, line
from revisit.records.visits import EXCLUSIONS, Attempt, Outcome, Settled, Settlement, Visit
from revisit.store.protocol import Conflict, Store

Means = Literal["email", "message", "phone"]

# Why staff may leave a visit out; the frequency cap is a rule's to apply, not a person's.
REASONS: tuple[str, ...] = tuple(reason for reason in EXCLUSIONS if reason != "frequency_cap")


def note_attempt(store: Store, visit_id: str, attempt: Attempt) -> Visit:
    """Add a try to reach the customer. Conflict when the visit is answered, settled or expired."""
    store_line = (f"{attempt.means} {attempt.outcome}", attempt.by, attempt.at)
    return _change(
        store, visit_id, "attempt-noted", store_line, lambda visit: replace(visit, attempts=(*visit.attempts, attempt))
    )


def settle(store: Store, visit_id: str, settlement: Settlement) -> Visit:
    """Close a visit without an answer. Conflict when it is answered, settled already or expired.

    A visit that was declined or given up as unreachable was tried: that try is noted too. Raises ValueError for an
    exclusion without one of REASONS.
    """
    if settlement.what == "excluded" and settlement.reason not in REASONS:
        raise ValueError(f"an exclusion needs a reason of {REASONS}")
    tried = _attempt_of(settlement)

    def change(visit: Visit) -> Visit:
        attempts = (*visit.attempts, tried) if tried is not None else visit.attempts
        return replace(visit, attempts=attempts, settled=settlement)

    note = settlement.reason if settlement.what == "excluded" else settlement.what
    return _change(store, visit_id, "visit-settled", (note, settlement.by, settlement.at), change)


def take_back(store: Store, visit_id: str, by: str, at: datetime) -> Visit:
    """Open a settled visit again, as if it had not been settled; its attempts stay. Conflict when it is not settled."""

    def change(visit: Visit) -> Visit:
        if visit.settled is None or visit.settled.what == "merged":
            raise Conflict("This visit is not closed by hand, so there is nothing to take back.")
        tried = _attempt_of(visit.settled)
        attempts = tuple(attempt for attempt in visit.attempts if attempt != tried)
        return replace(visit, attempts=attempts, settled=None)

    changed = store.change_visit(visit_id, change)
    store.audit(line(at, by, "visit-taken-back", about=visit_id))
    return changed


def is_answered(store: Store, visit: Visit) -> bool:
    """Say whether a visit has a response, under one of its links or from an import."""
    links = store.invitations([visit.id])
    if any(store.response(link.partition, link.id) is not None for link in links):
        return True
    return visit.id in store.answered_visits()


def _attempt_of(settlement: Settlement) -> Attempt | None:
    """Give the try that a refusal stands for; closing a visit for other reasons is no try."""
    outcomes: dict[Settled, Outcome] = {"declined": "declined", "unreachable": "unreachable"}
    outcome = outcomes.get(settlement.what)
    return None if outcome is None else Attempt(settlement.at, "phone", outcome, settlement.by)


def _change(
    store: Store, visit_id: str, event: Event, told: tuple[str, str, datetime], change: Callable[[Visit], Visit]
) -> Visit:
    note, by, at = told
    if is_answered(store, store.visit(visit_id)):
        raise Conflict("The customer has answered meanwhile.")

    def checked(visit: Visit) -> Visit:
        state = visit.state(at, answered=False)
        if state not in ("open", "waiting"):
            raise Conflict(f"This visit is {state} already.")
        return change(visit)

    changed = store.change_visit(visit_id, checked)
    store.audit(line(at, by, event, about=visit_id, note=note))
    return changed
