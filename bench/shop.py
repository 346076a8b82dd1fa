"""A workspace of the wanted size for the benches: the shipped survey, stored answers, and links without one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from revisit.flows.keeping.workspace import Plan, make_workspace
from revisit.flows.publishing.publish import publish
from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.responses import Answer, Response
from revisit.records.visits import Invitation, Visit
from revisit.settings import Keys, Settings, load, load_keys
from revisit.store import open_store
from revisit.store.protocol import OrderEntry, Store
from revisit.visits.links import code_of, new_invitation

AT_ONCE = 2500
FACTS = {"payer": "customer"}
ANSWERS: dict[str, Answer] = {name: Answer("answered", 5) for name in ("on_time", "kept_informed", "staff", "quality")}


def make(root: Path, store_url: str, stored: int, links: int) -> list[str]:
    """Make the workspace; gives the codes of the links that are open."""
    make_workspace(root, Plan("Bench Motors", "UTC"))
    (root / "build").mkdir(exist_ok=True)
    settings, keys = load(root), load_keys(root)
    publish(settings)
    now = datetime.now(UTC)
    store = open_store(settings.workspace, store_url)
    try:
        left = stored
        while left > 0:
            made = _invite(store, settings, keys, now, min(left, AT_ONCE))
            answers = [_answer(invitation, now) for invitation in made]
            store.add_responses(Batch(new_id(now.date()), "bench", now, 0, "responses"), answers)
            left -= len(made)
        return [
            code_of(keys, invitation) or ""
            for start in range(0, links, AT_ONCE)
            for invitation in _invite(store, settings, keys, now, min(AT_ONCE, links - start))
        ]
    finally:
        store.close()


def _invite(store: Store, settings: Settings, keys: Keys, now: datetime, number: int) -> list[Invitation]:
    day = now.date()
    entries = [_entry(settings, day, now) for _ in range(number)]
    store.add_orders(Batch(new_id(day), "bench.csv", now, 0), entries)
    partition = store.partition("repair", day)
    made = [
        new_invitation(keys, partition, entry.visit, language="en", facts=FACTS, at=now - timedelta(hours=1))
        for entry in entries
    ]
    store.issue(made)
    return made


def _entry(settings: Settings, day: date, now: datetime) -> OrderEntry:
    unit = settings.organisation.root.path
    order = RepairOrder(new_id(day), new_id(day), unit, day, new_id(day), facts=FACTS)
    visit = Visit(new_id(day), order.id, "repair", unit, day, now - timedelta(days=1), now + timedelta(days=14))
    return OrderEntry(order, Contact(order.contact_id), visit)


def _answer(invitation: Invitation, now: datetime) -> Response:
    return Response(
        id=invitation.id,
        partition=invitation.partition,
        survey="repair",
        language="en",
        form_hash="0" * 16,
        text_hash="0" * 16,
        unit=invitation.unit,
        day=invitation.day,
        received_at=now,
        mode="web",
        answers=ANSWERS,
        body_hash=invitation.id,
        visit_id=invitation.visit_id,
        facts=FACTS,
    )


def a_response(invitation_id: str, partition: str, now: datetime, answers: dict[str, Answer]) -> Response:
    """Give the response that the bare server stores: of the same bytes as the product's."""
    made = Invitation(invitation_id, partition, "", "repair", "en", "bench", now.date(), now, now, "")
    return replace(_answer(made, now), answers=answers, visit_id=None, poster_id="bench")
