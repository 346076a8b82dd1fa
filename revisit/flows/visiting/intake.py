"""Taking in repair orders: a file's good rows become orders with their visits, and each visit gets its link."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from revisit.flows.office import Office
from revisit.flows.visiting.visits import plan_visits
from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.settings import Settings
from revisit.store.protocol import OrderEntry, Scope, Store
from revisit.visits.orders_file import OrderRow, Reading, read_orders
from revisit.visits.policy import Asking, plan_visit


@dataclass(frozen=True, slots=True)
class Source:
    """Where orders come from: the file's name, the survey they are asked with, and whether they are sample data."""

    file_name: str
    asking: Asking
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``batch_id`` is empty when every order was known already; ``links`` counts new links."""

    batch_id: str
    added: int
    known: int
    links: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a batch back did: rows removed, orders kept, and letters that had left for the removed orders."""

    removed: int
    kept: int
    letters: int


def undo(store: Store, batch_id: str, at: datetime) -> Undone:
    """Take a batch back. NotFound; Conflict when it was taken back already."""
    orders = {order.id for order in store.orders() if order.batch_id == batch_id}
    visits = {visit.id: visit.order_id for visit in store.visits() if visit.order_id in orders}
    left = Counter(
        visits[letter.visit_id] for letter in store.letters(("sent", "unknown")) if letter.visit_id in visits
    )
    removed, kept = store.undo_batch(batch_id, at)
    staying = {order.id for order in store.orders() if order.id in orders}
    return Undone(removed, kept, sum(number for order_id, number in left.items() if order_id not in staying))


def read(path: Path, settings: Settings, at: datetime, *, unit: str = "", encoding: str = "") -> Reading:
    """Read a file of orders and change nothing. Raises CallError where the file as a whole cannot be read."""
    return read_orders(path, settings, at.astimezone(settings.timezone).date(), unit=unit, encoding=encoding)


def known_orders(store: Store, reading: Reading) -> int:
    """Give how many of the good rows are in the store already."""
    days = [row.closed_on for row in reading.rows]
    if not days:
        return 0
    held = {(order.unit, order.number) for order in store.orders(Scope(first=min(days), last=max(days)))}
    return sum((row.unit, row.number) in held for row in reading.rows)


def import_orders(
    office: Office, reading: Reading, source: Source, *, progress: Callable[[int], None] = lambda _done: None
) -> Imported:
    """File the good rows as one batch, then give every visit that lacks one its link.

    An order whose station and number are known is left as it is, so importing twice changes nothing. ``progress`` gets
    how many orders each step has filed. A crash between filing and linking is made good by the next import or plan.
    """
    at = office.clock()
    batch = Batch(new_id(at.date()), source.file_name, at, len(reading.rows), sample=source.sample)
    entries = [_entry(row, office.settings, source, batch) for row in reading.rows]
    added = office.store.add_orders(batch, entries, progress) if entries else 0
    links = plan_visits(office.store, office.settings, office.keys, at)
    return Imported(batch.id if added else "", added, len(entries) - added, links)


def _entry(row: OrderRow, settings: Settings, source: Source, batch: Batch) -> OrderEntry:
    contact = Contact(new_id(row.closed_on), row.name, row.phone, row.email, row.language)
    order = RepairOrder(
        id=new_id(row.closed_on),
        number=row.number,
        unit=row.unit,
        closed_on=row.closed_on,
        contact_id=contact.id,
        asset=row.asset,
        plate=row.plate,
        engineer=row.engineer,
        adviser=row.adviser,
        symptom=row.symptom,
        facts=row.facts,
        batch_id=batch.id,
        sample=source.sample,
    )
    visit = plan_visit(order, contact, source.asking, settings.zone(row.unit), batch.imported_at)
    return OrderEntry(order, contact, visit)
