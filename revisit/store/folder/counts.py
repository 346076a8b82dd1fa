"""Counts: how many records there are in each group, counted while walking over the files."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from revisit.store.folder.answers import Answers
from revisit.store.folder.letters import Letters
from revisit.store.folder.orders import Orders
from revisit.store.protocol import EVERYTHING, Counted, Facet, Scope


class Counts(Orders, Answers, Letters):
    """The part of the store that counts."""

    def count(self, kind: Counted, by: Sequence[Facet] = (), scope: Scope = EVERYTHING) -> dict[tuple[str, ...], int]:
        """See Store.count."""
        return dict(Counter(tuple(_facet(row, name) for name in by) for row in self._counted(kind, scope)))

    def _counted(self, kind: Counted, scope: Scope) -> Iterator[dict[str, Any]]:
        """Give the records of a kind, each as what may be asked of it."""
        if kind == "orders":
            for order in self.orders(scope):
                facets = {"unit": order.unit, "earned_by": order.earned_by}
                yield {**facets, "day": order.closed_on.isoformat(), "sample": order.sample}
        elif kind == "visits":
            for visit in self.visits(scope):
                facets = {"survey": visit.survey, "unit": visit.unit}
                yield {**facets, "day": visit.day.isoformat(), "sample": visit.sample}
        elif kind == "responses":
            yield from self.rows_within(self.files("answers"), scope)
        else:
            for letter in self.letters():
                yield {"state": letter.state, "channel": letter.channel, "sample": letter.sample}


def _facet(row: dict[str, Any], name: Facet) -> str:
    if name == "month":
        day: str = row["day"]
        return day[2:4] + day[5:7]
    if name == "sample":
        return str(bool(row.get("sample"))).lower()
    return str(row[name])
