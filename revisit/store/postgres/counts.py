"""Counts: how many records there are in each group, counted by the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, cast, func, select

from revisit.store.postgres.base import Part, within
from revisit.store.postgres.tables import letters, orders, responses, visits
from revisit.store.protocol import EVERYTHING, Counted, Facet, Scope

TABLES: dict[Counted, Table] = {"orders": orders, "visits": visits, "responses": responses, "letters": letters}
# What a scope means for each kind: who earned it, and the day it counts in. A letter has neither.
PLACED: dict[Counted, tuple[str, str]] = {
    "orders": ("earned_by", "closed_on"),
    "visits": ("unit", "day"),
    "responses": ("unit", "day"),
}


class Counts(Part):
    """The part of the store that counts."""

    def count(self, kind: Counted, by: Sequence[Facet] = (), scope: Scope = EVERYTHING) -> dict[tuple[str, ...], int]:
        """See Store.count."""
        table = TABLES[kind]
        groups = [_facet(kind, name) for name in by]
        asked = select(*groups, func.count()).select_from(table).group_by(*groups).having(func.count() > 0)
        if kind in PLACED:
            unit, day = PLACED[kind]
            asked = asked.where(*within(scope, table.c[unit], table.c[day]))
        found = self.read(lambda connection: connection.execute(asked).all())
        return {tuple(row[:-1]): row[-1] for row in found}


def _facet(kind: Counted, name: Facet) -> ColumnElement[Any]:
    table = TABLES[kind]
    if name == "month":
        return func.to_char(table.c[PLACED[kind][1]], "YYMM")
    if name == "sample":
        return cast(table.c.sample, Text)
    return table.c[name] if name in table.c else table.c.record[name].astext
