"""The made-up people, orders and answers that the store's tests are played with."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.responses import Answer, Response
from revisit.records.visits import Invitation, Visit
from revisit.settings import new_keys
from revisit.store.protocol import OrderEntry, Store
from revisit.visits.links import new_invitation

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 10, 30)
KEYS = new_keys()


def batch(name: str = "b1", *, kind: str = "orders") -> Batch:
    return Batch(id=name, file_name="orders.csv", imported_at=NOW, rows=0, kind=kind)


def entry(
    number: str, *, unit: str = "demo/lakeside", day: date = DAY, batch_id: str = "b1", sample: bool = False
) -> OrderEntry:
    order = RepairOrder(
        id=new_id(day),
        number=number,
        unit=unit,
        closed_on=day,
        contact_id=new_id(day),
        plate="沪A00012",
        engineer="Engineer 7",
        facts={"payer": "customer"},
        batch_id=batch_id,
        sample=sample,
    )
    visit = Visit(
        id=new_id(day),
        order_id=order.id,
        survey="repair",
        unit=order.earned_by,
        day=day,
        due_at=NOW - timedelta(hours=1),
        expires_at=NOW + timedelta(days=14),
        sample=sample,
    )
    return OrderEntry(order, Contact(order.contact_id, "Test Customer", "+861300000012"), visit)


def invite(store: Store, visit: Visit, issue: int = 1) -> Invitation:
    partition = store.partition(visit.survey, NOW.date())
    made = new_invitation(KEYS, partition, visit, language="en", facts={"payer": "customer"}, at=NOW, issue=issue)
    store.issue([made])
    return made


def invite_all(store: Store, visits: list[Visit]) -> list[Invitation]:
    partition = store.partition("repair", NOW.date())
    made = [new_invitation(KEYS, partition, visit, language="en", facts={}, at=NOW) for visit in visits]
    store.issue(made)
    return made


def answer(invitation: Invitation, body: str = "one", value: int = 5) -> Response:
    return Response(
        id=invitation.id,
        partition=invitation.partition,
        survey=invitation.survey,
        language="en",
        form_hash="f" * 16,
        text_hash="t" * 16,
        unit=invitation.unit,
        day=invitation.day,
        received_at=NOW,
        mode="web",
        answers={"overall": Answer("answered", value), "comment": Answer("blank")},
        body_hash=body,
        visit_id=invitation.visit_id,
        facts=invitation.facts,
        sample=invitation.sample,
    )


def imported(response: Response, batch_id: str, response_id: str) -> Response:
    return replace(response, id=response_id, batch_id=batch_id, visit_id=None)
