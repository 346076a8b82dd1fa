"""Repair orders as a table, with their customers' contacts where names are wanted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from revisit.records.orders import Contact, RepairOrder
from revisit.records.survey import FACTS
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Column

COLUMNS: tuple[Column, ...] = (
    Column("order_id", "The order's own number here"),
    Column("number", "The order's number"),
    Column("unit", "The path of the unit that did the work"),
    Column("unit_name", "The unit's name"),
    Column("closed_on", "The local day it was closed", "date"),
    *(
        Column(fact, f"The order's {fact}", "code", tuple((value, value) for value in values))
        for fact, values in FACTS.items()
    ),
    Column("asset", "What was worked on"),
    Column("plate", "Its plate or serial number"),
    Column("symptom", "What was wrong"),
    Column("engineer", "The engineer"),
    Column("adviser", "The adviser"),
    Column("name", "The customer's name"),
    Column("phone", "The customer's phone"),
    Column("email", "The customer's e-mail address"),
    Column("language", "The language the customer prefers"),
    Column("batch_id", "The import it came with"),
    Column("sample", "Whether it is made up", "flag"),
)
NOBODY = Contact("")


def rows(orders: Iterable[RepairOrder], contacts: Mapping[str, Contact], cover: Cover) -> Iterator[Sequence[Cell]]:
    """Give a row for each order; ``contacts`` are by id."""
    for order in orders:
        contact = contacts.get(order.contact_id, NOBODY)
        people = (contact.name, order.engineer, order.adviser)
        yield (
            order.id,
            order.number,
            *cover.place(order.unit)[:2],
            order.closed_on,
            *(order.facts.get(fact) for fact in FACTS),
            cover.free(order.asset, people),
            cover.whole(order.plate),
            cover.free(order.symptom, people),
            cover.whole(order.engineer),
            cover.whole(order.adviser),
            cover.whole(contact.name),
            cover.whole(contact.phone),
            cover.whole(contact.email),
            contact.language,
            order.batch_id,
            order.sample,
        )
