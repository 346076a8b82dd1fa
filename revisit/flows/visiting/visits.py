"""Visits and their links: every visit gets one, what is due is listed, links are replaced and withdrawn."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from revisit.records.orders import Contact, RepairOrder
from revisit.records.visits import Invitation, State, Visit
from revisit.settings import Keys, Settings
from revisit.store.protocol import EVERYTHING, Conflict, Scope, Store
from revisit.visits import links

SLICE = 500
PENDING: tuple[State, ...] = ("waiting", "open")


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit with what is needed to ask: its order, the customer's contact, its state, and its link.

    ``link`` is empty when the visit has no open invitation, or the key that signed it is gone.
    """

    visit: Visit
    order: RepairOrder
    contact: Contact
    state: State
    invitation: Invitation | None = None
    link: str = ""
    language: str = "en"


def plan_visits(
    store: Store,
    settings: Settings,
    keys: Keys,
    at: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Give every visit that is neither settled, answered nor expired its first link; gives how many links were made.

    A visit that had a link keeps it, or stays without when the link was withdrawn; doing this again changes nothing.
    """
    answered = store.answered_visits()
    linked = {invitation.visit_id for invitation in store.invitations()}
    lacking = (
        visit
        for visit in list(store.visits())
        if visit.id not in answered and visit.id not in linked and visit.state(at, answered=False) in PENDING
    )
    made = 0
    for group in _slices(lacking):
        partitions = {survey: store.partition(survey, at.date()) for survey in {visit.survey for visit in group}}
        orders = [store.order(visit.order_id) for visit in group]
        contacts = store.contacts({order.contact_id for order in orders})
        store.issue(
            [
                links.new_invitation(
                    keys,
                    partitions[visit.survey],
                    visit,
                    language=_language(settings, contacts.get(order.contact_id)),
                    facts=order.facts,
                    at=at,
                )
                for visit, order in zip(group, orders, strict=True)
            ]
        )
        made += len(group)
        progress(len(group))
    return made


def withdrawn_visits(store: Store, at: datetime) -> list[Visit]:
    """Give the visits that are open, or will be, and whose links were all withdrawn: planning gives them no new one."""
    answered = store.answered_visits()
    has_open = {held.visit_id: False for held in store.invitations()}
    has_open |= {held.visit_id: True for held in store.invitations() if held.voided_at is None}
    return [
        visit
        for visit in store.visits()
        if has_open.get(visit.id) is False and visit.id not in answered and visit.state(at, answered=False) in PENDING
    ]


def _slices(visits: Iterable[Visit]) -> Iterator[list[Visit]]:
    waiting = iter(visits)
    while group := list(islice(waiting, SLICE)):
        yield group


def _language(settings: Settings, contact: Contact | None) -> str:
    """Give the language an order's customer prefers; empty when it is not known: the browser says it then."""
    wished = contact.language if contact is not None else ""
    return wished if wished in settings.languages else ""


def due_visits(
    store: Store, settings: Settings, keys: Keys, now: datetime, scope: Scope = EVERYTHING, survey: str = ""
) -> list[DueVisit]:
    """Give the visits that are open now, each with its link, what expires first on top."""
    answered = store.answered_visits()
    visits = [
        visit
        for visit in store.visits(scope)
        if visit.id not in answered
        and visit.state(now, answered=False) == "open"
        and (not survey or visit.survey == survey)
    ]
    shown = with_links(store, settings, keys, visits, now)
    return sorted(shown, key=lambda due: (due.visit.expires_at, due.visit.id))


def with_links(store: Store, settings: Settings, keys: Keys, visits: Sequence[Visit], now: datetime) -> list[DueVisit]:
    """Give visits that are not answered with their orders, contacts and links, in the order they came."""
    newest = {invitation.visit_id: invitation for invitation in store.invitations([visit.id for visit in visits])}
    orders = [store.order(visit.order_id) for visit in visits]
    contacts = store.contacts({order.contact_id for order in orders})
    shown = []
    for visit, order in zip(visits, orders, strict=True):
        invitation = newest.get(visit.id)
        contact = contacts.get(order.contact_id) or Contact(order.contact_id)
        state = visit.state(now, answered=False)
        link = link_of(settings, keys, invitation)
        language = (invitation.language if invitation is not None else "") or settings.default_language
        shown.append(DueVisit(visit, order, contact, state, invitation, link, language))
    return shown


def link_of(settings: Settings, keys: Keys, invitation: Invitation | None) -> str:
    """Give the address of an invitation; empty when there is none, it was withdrawn, or its key is gone."""
    if invitation is None or invitation.voided_at is not None:
        return ""
    code = links.code_of(keys, invitation)
    return links.link(settings, code) if code is not None else ""


def void(store: Store, visit: Visit, at: datetime) -> int:
    """Withdraw every open link of a visit; gives how many. AlreadyAnswered when an answer came first."""
    standing = [invitation for invitation in store.invitations([visit.id]) if invitation.voided_at is None]
    for invitation in standing:
        store.void(invitation, at)
    return len(standing)


def reissue(store: Store, keys: Keys, visit: Visit, at: datetime) -> Invitation:
    """Withdraw a visit's links and give it a new one.

    Raises AlreadyAnswered when it has its answer, and Conflict when the visit is settled or expired. A crash in between
    leaves the visit without a link; doing it again gives it one.
    """
    if visit.id in store.answered_visits():
        raise Conflict("The customer has answered already, so there is nothing to ask.")
    state = visit.state(at, answered=False)
    if state not in PENDING:
        raise Conflict(f"This visit is {state}; it gets no new link.")
    void(store, visit, at)
    before = list(store.invitations([visit.id]))
    order = store.order(visit.order_id)
    contact = store.contacts([order.contact_id]).get(order.contact_id)
    language = before[-1].language if before else (contact.language if contact is not None else "")
    invitation = links.new_invitation(
        keys,
        store.partition(visit.survey, at.date()),
        visit,
        language=language,
        facts=order.facts,
        at=at,
        issue=before[-1].issue + 1 if before else 1,
    )
    store.issue([invitation])
    return invitation
