"""Orders with their visits, by month of closing; contacts in files of their own; and the batches they came in."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from revisit.records.ids import month_of
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.visits import Visit
from revisit.store import codec
from revisit.store.folder.base import SLICE_ROWS, Part, quiet
from revisit.store.folder.files import Book
from revisit.store.protocol import EVERYTHING, Conflict, NotFound, OrderEntry, Scope


class Orders(Part):
    """The part of the store that accounts for every closed order."""

    def add_orders(self, batch: Batch, entries: Sequence[OrderEntry], progress: Callable[[int], None] = quiet) -> int:
        """See Store.add_orders."""
        with self.bulk:
            rows = (row for path in self.files("orders") for row in self.shelf.tables(path).get("orders", {}).values())
            known = {(row["unit"], row["number"]) for row in rows}
            new = [entry for entry in entries if (entry.order.unit, entry.order.number) not in known]
            if not new:
                return 0
            content = {"kind": "orders", "batch": codec.dump(batch), "entries": [codec.dump(entry) for entry in new]}
            intent = self.note(batch.id, content)
            self._apply_orders(batch, new, progress)
            intent.unlink()
        return len(new)

    def finish_orders(self, intent: dict[str, Any]) -> None:
        """Finish an import that a crash cut off; what is there already is left as it is."""
        entries = [codec.load(OrderEntry, entry) for entry in intent["entries"]]
        self._apply_orders(codec.load(Batch, intent["batch"]), entries, quiet)

    def _apply_orders(self, batch: Batch, entries: Sequence[OrderEntry], progress: Callable[[int], None]) -> None:
        months: dict[str, list[OrderEntry]] = defaultdict(list)
        for entry in entries:
            months[month_of(entry.order.id)].append(entry)
        for month, group in sorted(months.items()):
            contacts = {entry.contact.id: codec.dump(entry.contact) for entry in group}
            self.put_in_slices(self._contacts_file(month), "contacts", contacts)
            # The order stands before its visit: a visit without an order would be due and could not be shown.
            path = self._orders_file(month)
            self.put_in_slices(path, "orders", {entry.order.id: codec.dump(entry.order) for entry in group}, progress)
            self.put_in_slices(path, "visits", {entry.visit.id: codec.dump(entry.visit) for entry in group})
        self.add_batch(replace(batch, rows=len(entries)))

    def batches(self) -> list[Batch]:
        """See Store.batches."""
        return list(self.records(self._batches_file, "batches", Batch))[::-1]

    def batch(self, batch_id: str) -> Batch:
        """Give a batch. NotFound."""
        found = self.find(self._batches_file, "batches", batch_id, Batch)
        if found is None:
            raise NotFound(f'There is no import "{batch_id}". List them with: revisit orders batches')
        if found.undone_at is not None:
            raise Conflict(f'The import "{batch_id}" was taken back already on {found.undone_at:%Y-%m-%d}.')
        return found

    def orders(self, scope: Scope = EVERYTHING) -> Iterator[RepairOrder]:
        """See Store.orders."""
        for path in self._months(scope):
            held = (order for order in self.records(path, "orders", RepairOrder))
            inside = (order for order in held if scope.holds(order.earned_by, order.closed_on))
            yield from sorted(inside, key=lambda order: (order.closed_on, order.unit, order.number))

    def order(self, order_id: str) -> RepairOrder:
        """See Store.order."""
        found = self.find(self._orders_file(month_of(order_id)), "orders", order_id, RepairOrder)
        if found is None:
            raise NotFound("There is no such repair order.")
        return found

    def orders_of(self, visit_ids: Iterable[str]) -> dict[str, RepairOrder]:
        """See Store.orders_of."""
        found: dict[str, RepairOrder] = {}
        for visit_id in visit_ids:
            tables = self.shelf.tables(self._orders_file(month_of(visit_id)))
            visit = tables.get("visits", {}).get(visit_id)
            order = None if visit is None else tables.get("orders", {}).get(visit["order_id"])
            if order is not None:
                found[visit_id] = codec.load(RepairOrder, order)
        return found

    def visits(self, scope: Scope = EVERYTHING) -> Iterator[Visit]:
        """See Store.visits."""
        for path in self._months(scope):
            inside = (visit for visit in self.records(path, "visits", Visit) if scope.holds(visit.unit, visit.day))
            yield from sorted(inside, key=lambda visit: (visit.day, visit.id))

    def visit(self, visit_id: str) -> Visit:
        """See Store.visit."""
        found = self.find(self._orders_file(month_of(visit_id)), "visits", visit_id, Visit)
        if found is None:
            raise NotFound("There is no such visit.")
        return found

    def change_visit(self, visit_id: str, change: Callable[[Visit], Visit]) -> Visit:
        """See Store.change_visit."""

        def apply(book: Book) -> Visit:
            row = book.get("visits", visit_id)
            if row is None:
                raise NotFound("There is no such visit.")
            changed = change(codec.load(Visit, row))
            book.put("visits", visit_id, codec.dump(changed))
            return changed

        return self.shelf.commit(self._orders_file(month_of(visit_id)), apply)

    def change_visits(
        self, changes: Mapping[str, Callable[[Visit], Visit]], progress: Callable[[int], None] = quiet
    ) -> int:
        """See Store.change_visits."""

        def apply(book: Book, visit_ids: Sequence[str]) -> int:
            held = book.rows("visits")
            present = [visit_id for visit_id in visit_ids if visit_id in held]
            changed = {visit_id: changes[visit_id](codec.load(Visit, held[visit_id])) for visit_id in present}
            book.put_all("visits", {visit_id: codec.dump(visit) for visit_id, visit in changed.items()})
            return len(changed)

        done = 0
        for month, same_month in groupby(sorted(changes), key=month_of):
            waiting = iter(same_month)
            while slice_ := list(islice(waiting, SLICE_ROWS)):
                done += self.shelf.commit(self._orders_file(month), lambda book, ids=slice_: apply(book, ids))  # type: ignore[misc]
                progress(len(slice_))
        return done

    def contacts(self, contact_ids: Iterable[str]) -> dict[str, Contact]:
        """See Store.contacts."""
        found: dict[str, Contact] = {}
        for contact_id in contact_ids:
            contact = self.find(self._contacts_file(month_of(contact_id)), "contacts", contact_id, Contact)
            if contact is not None:
                found[contact_id] = contact
        return found

    def remove_orders(self, orders: Sequence[RepairOrder], visit_ids: set[str]) -> None:
        """Take orders with their visits and contacts out."""
        months: dict[str, list[RepairOrder]] = defaultdict(list)
        for order in orders:
            months[month_of(order.id)].append(order)
        for month, group in sorted(months.items()):
            gone = {order.id for order in group}
            self.shelf.commit(self._orders_file(month), lambda book, gone=gone: _drop_orders(book, gone, visit_ids))  # type: ignore[misc]
            contacts = {order.contact_id for order in group}
            for contact_month in {month_of(contact_id) for contact_id in contacts}:
                path = self._contacts_file(contact_month)
                self.shelf.commit(path, lambda book, ids=contacts: book.drop("contacts", ids))  # type: ignore[misc]

    def reopen_visits(self, by: str) -> None:
        """Take back what an import settled or tried: every settlement and attempt signed with its name."""

        def taken_back(visit: Visit) -> Visit:
            settled = None if visit.settled and visit.settled.by == by else visit.settled
            return replace(
                visit, settled=settled, attempts=tuple(attempt for attempt in visit.attempts if attempt.by != by)
            )

        marked = [
            visit.id
            for visit in self.visits()
            if (visit.settled and visit.settled.by == by) or any(attempt.by == by for attempt in visit.attempts)
        ]
        self.change_visits(dict.fromkeys(marked, taken_back))

    def mark_undone(self, batch: Batch, at: datetime) -> None:
        """Note that a batch was taken back."""
        undone = codec.dump(replace(batch, undone_at=at))
        self.shelf.commit(self._batches_file, lambda book: book.put("batches", batch.id, undone))

    def _orders_file(self, month: str) -> Path:
        return self.folder / "orders" / f"{month}.json"

    def _contacts_file(self, month: str) -> Path:
        return self.folder / "contacts" / f"{month}.json"

    def _months(self, scope: Scope) -> Iterator[Path]:
        """Give the files whose month can hold days of the scope."""
        for path in self.files("orders"):
            after = scope.first is None or path.stem >= f"{scope.first:%y%m}"
            before = scope.last is None or path.stem <= f"{scope.last:%y%m}"
            if after and before:
                yield path


def _drop_orders(book: Book, order_ids: set[str], visit_ids: set[str]) -> None:
    book.drop("visits", visit_ids)
    book.drop("orders", order_ids)
