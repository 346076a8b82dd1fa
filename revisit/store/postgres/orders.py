"""Orders with their visits and contacts, and the batches they came in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.visits import Visit
from revisit.store import codec
from revisit.store.postgres.base import SLICE_ROWS, Part, among, drop, put, put_new, quiet, within
from revisit.store.postgres.tables import (
    batches,
    contacts,
    invitations,
    letters,
    orders,
    responses,
    row_of,
    rows_of,
    visits,
)
from revisit.store.protocol import EVERYTHING, Conflict, NotFound, OrderEntry, Scope


class Orders(Part):
    """The part of the store that accounts for every closed order."""

    def add_orders(self, batch: Batch, entries: Sequence[OrderEntry], progress: Callable[[int], None] = quiet) -> int:
        """See Store.add_orders."""
        # Two imports at once meet the same numbers in the same order, so neither waits for the other in a circle.
        sorted_entries = sorted(entries, key=lambda entry: (entry.order.unit, entry.order.number))

        def apply(connection: Connection) -> int:
            done = 0
            for start in range(0, len(sorted_entries), SLICE_ROWS):
                done += _add_new(connection, sorted_entries[start : start + SLICE_ROWS])
                progress(len(sorted_entries[start : start + SLICE_ROWS]))
            if done:
                put(connection, batches, replace(batch, rows=done))
            return done

        return self.work(apply) if entries else 0

    def add_batch(self, batch: Batch) -> None:
        """See Store.add_batch."""
        self.work(lambda connection: put(connection, batches, batch))

    def batches(self) -> list[Batch]:
        """See Store.batches."""
        return list(self.give(select(batches.c.record).order_by(batches.c.number.desc()), Batch))

    def undo_batch(self, batch_id: str, at: datetime) -> tuple[int, int]:
        """See Store.undo_batch."""

        def apply(connection: Connection) -> tuple[int, int]:
            plain = connection.scalar(select(batches.c.record).where(batches.c.id == batch_id).with_for_update())
            if plain is None:
                raise NotFound(f'There is no import "{batch_id}". List them with: revisit orders batches')
            batch = codec.load(Batch, plain)
            if batch.undone_at is not None:
                raise Conflict(f'The import "{batch_id}" was taken back already on {batch.undone_at:%Y-%m-%d}.')
            outcome = (_undo_responses if batch.kind == "responses" else _undo_orders)(connection, batch_id)
            put(connection, batches, replace(batch, undone_at=at))
            return outcome

        return self.work(apply)

    def orders(self, scope: Scope = EVERYTHING) -> Iterator[RepairOrder]:
        """See Store.orders."""
        inside = within(scope, orders.c.earned_by, orders.c.closed_on)
        found = select(orders.c.record).where(*inside).order_by(orders.c.closed_on, orders.c.unit, orders.c.number)
        return self.give(found, RepairOrder)

    def order(self, order_id: str) -> RepairOrder:
        """See Store.order."""
        found = self.find(select(orders.c.record).where(orders.c.id == order_id), RepairOrder)
        if found is None:
            raise NotFound("There is no such repair order.")
        return found

    def orders_of(self, visit_ids: Iterable[str]) -> dict[str, RepairOrder]:
        """See Store.orders_of."""
        mine = (visits.c.order_id == orders.c.id) & among(visits.c.id, list(visit_ids))
        statement = select(visits.c.id, orders.c.record).where(mine)
        found = self.read(lambda connection: connection.execute(statement).all())
        return {row.id: codec.load(RepairOrder, row.record) for row in found}

    def visits(self, scope: Scope = EVERYTHING) -> Iterator[Visit]:
        """See Store.visits."""
        inside = within(scope, visits.c.unit, visits.c.day)
        return self.give(select(visits.c.record).where(*inside).order_by(visits.c.day, visits.c.id), Visit)

    def visit(self, visit_id: str) -> Visit:
        """See Store.visit."""
        found = self.find(select(visits.c.record).where(visits.c.id == visit_id), Visit)
        if found is None:
            raise NotFound("There is no such visit.")
        return found

    def change_visit(self, visit_id: str, change: Callable[[Visit], Visit]) -> Visit:
        """See Store.change_visit."""

        def apply(connection: Connection) -> Visit:
            changed = _change(connection, {visit_id: change})
            if not changed:
                raise NotFound("There is no such visit.")
            return changed[0]

        return self.work(apply)

    def change_visits(
        self, changes: Mapping[str, Callable[[Visit], Visit]], progress: Callable[[int], None] = quiet
    ) -> int:
        """See Store.change_visits."""
        done = 0
        ids = sorted(changes)
        for start in range(0, len(ids), SLICE_ROWS):
            slice_ = {visit_id: changes[visit_id] for visit_id in ids[start : start + SLICE_ROWS]}
            done += len(self.work(lambda connection, part=slice_: _change(connection, part)))  # type: ignore[misc]
            progress(len(slice_))
        return done

    def contacts(self, contact_ids: Iterable[str]) -> dict[str, Contact]:
        """See Store.contacts."""
        found = self.give(select(contacts.c.record).where(among(contacts.c.id, list(contact_ids))), Contact)
        return {contact.id: contact for contact in found}


def _add_new(connection: Connection, entries: Sequence[OrderEntry]) -> int:
    rows = rows_of(orders, (entry.order for entry in entries))
    # Without a target: an order is known by its (unit, number), and by its id where an import is repeated.
    new = set(connection.scalars(insert(orders).on_conflict_do_nothing().returning(orders.c.id), rows))
    fresh = [entry for entry in entries if entry.order.id in new]
    if fresh:
        put_new(connection, contacts, rows_of(contacts, (entry.contact for entry in fresh)))
        put_new(connection, visits, rows_of(visits, (entry.visit for entry in fresh)))
    return len(fresh)


def _change(connection: Connection, changes: Mapping[str, Callable[[Visit], Visit]]) -> list[Visit]:
    """Replace visits by what the changes make of them, each locked from its reading to the commit."""
    mine = among(visits.c.id, list(changes))
    held = connection.scalars(select(visits.c.record).where(mine).order_by(visits.c.id).with_for_update()).all()
    changed = [changes[visit.id](visit) for visit in (codec.load(Visit, plain) for plain in held)]
    if changed:
        columns = [column.name for column in visits.columns if column.name != "id"]
        statement = update(visits).where(visits.c.id == bindparam("key"))
        rows = [{**row_of(visits, visit), "key": visit.id} for visit in changed]
        connection.execute(statement.values({name: bindparam(name) for name in columns}), rows)
    return changed


def _undo_orders(connection: Connection, batch_id: str) -> tuple[int, int]:
    order_ids = connection.scalars(select(orders.c.id).where(orders.c.batch_id == batch_id)).all()
    of_visit = {row.id: row.order_id for row in connection.execute(
        select(visits.c.id, visits.c.order_id).where(among(visits.c.order_id, order_ids)))}  # fmt: skip
    # The links are locked before anybody counts: an answer that arrives meanwhile waits, and finds its link gone or
    # its order kept.
    mine = among(invitations.c.visit_id, list(of_visit))
    connection.execute(select(invitations.c.id).where(mine).order_by(invitations.c.id).with_for_update()).all()
    answered = set(connection.scalars(select(responses.c.visit_id).where(among(responses.c.visit_id, list(of_visit)))))
    gone = [visit_id for visit_id in of_visit if visit_id not in answered]
    kept = {of_visit[visit_id] for visit_id in answered}
    gone_orders = [order_id for order_id in order_ids if order_id not in kept]
    drop(connection, invitations, among(invitations.c.visit_id, gone))
    drop(connection, letters, among(letters.c.visit_id, gone))
    drop(connection, visits, among(visits.c.id, gone))
    contact_ids = connection.scalars(select(orders.c.contact_id).where(among(orders.c.id, gone_orders))).all()
    drop(connection, contacts, among(contacts.c.id, contact_ids))
    return drop(connection, orders, among(orders.c.id, gone_orders)), len(kept)


def _undo_responses(connection: Connection, batch_id: str) -> tuple[int, int]:
    removed = drop(connection, responses, responses.c.batch_id == batch_id)
    by = f"import:{batch_id}"

    def taken_back(visit: Visit) -> Visit:
        settled = None if visit.settled and visit.settled.by == by else visit.settled
        attempts = tuple(attempt for attempt in visit.attempts if attempt.by != by)
        return replace(visit, settled=settled, attempts=attempts)

    signed = ({"settled": {"by": by}}, {"attempts": [{"by": by}]})
    marked = or_(*(visits.c.record.contains(literal(sign, JSONB)) for sign in signed))
    ids = connection.scalars(select(visits.c.id).where(marked)).all()
    _change(connection, dict.fromkeys(ids, taken_back))
    return removed, 0
