"""Taking sample data out again, whole and without touching anything else."""

from sqlalchemy import Connection, select

from revisit.store.postgres.answers import Answers
from revisit.store.postgres.base import drop
from revisit.store.postgres.letters import Letters
from revisit.store.postgres.orders import Orders
from revisit.store.postgres.reports import Reports
from revisit.store.postgres.tables import (
    batches,
    contacts,
    invitations,
    letters,
    orders,
    posters,
    reports,
    responses,
    visits,
)

MARKED = (letters, responses, invitations, visits, orders, posters, batches, reports)


class Sample(Orders, Answers, Letters, Reports):
    """The part of the store that clears the demo away."""

    def clear_sample(self) -> dict[str, int]:
        """See Store.clear_sample."""

        def apply(connection: Connection) -> dict[str, int]:
            made_up = select(orders.c.contact_id).where(orders.c.sample)
            counts = {"contacts": drop(connection, contacts, contacts.c.id.in_(made_up))}
            return counts | {table.name: drop(connection, table, table.c.sample) for table in MARKED}

        return self.work(apply)
