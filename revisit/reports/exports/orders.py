"""Repair orders as a table, with their customers' contacts where names are wanted."""

from collections.abc import Generator, Iterable, Mapping, Sequence

from revisit.records.orders import Contact, RepairOrder
from revisit.records.survey import FACTS
from revisit.reports.exports import words
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Column
from revisit.reports.exports.words import N_, VALUES

COLUMNS: tuple[Column, ...] = (
    Column("order_id", N_("The order's own number here")),
    Column("number", N_("The order's number")),
    Column("unit", N_("The path of the unit that did the work"), few=True),
    Column("unit_name", N_("The unit's name"), few=True),
    Column("closed_on", N_("The local day it was closed"), "date"),
    *(
        Column(fact, words.FACTS[fact], "code", tuple((value, VALUES[value]) for value in values))
        for fact, values in FACTS.items()
    ),
    Column("asset", N_("What was worked on"), few=True),
    Column("plate", N_("Its plate or serial number")),
    Column("symptom", N_("What was wrong")),
    Column("engineer", N_("The engineer"), few=True),
    Column("adviser", N_("The adviser"), few=True),
    Column("name", N_("The customer's name")),
    Column("phone", N_("The customer's phone")),
    Column("email", N_("The customer's e-mail address")),
    Column("language", N_("The language the customer prefers"), few=True),
    Column("batch_id", N_("The import it came with"), few=True),
    Column("sample", N_("Whether it is made up"), "flag"),
)
NOBODY = Contact("")


def rows(
    orders: Iterable[RepairOrder], contacts: Mapping[str, Contact], cover: Cover
) -> Generator[Sequence[Cell], None, None]:
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
