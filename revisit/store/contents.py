"""A store's whole contents as plain rows: in which order they go in, and how two stores are seen to hold the same."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

Row = dict[str, Any]

# What a row leans on goes in before it. ``aside`` and ``seconds``: see revisit.store.aside.
TABLES: tuple[str, ...] = (
    "batches", "contacts", "orders", "visits", "partitions", "invitations", "posters", "responses", "letters", "users",
    "sessions", "audit", "reports", "aside", "seconds",
    "verdicts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a table has, and SHA-256 over all of them in an order that the rows themselves give."""

    count: int
    fingerprint: str


@dataclass(slots=True)
class Census:
    """Counts rows as they pass. Two stores with equal tallies hold the same records, however they keep them."""

    marks: dict[str, list[bytes]] = field(default_factory=dict)

    def add(self, table: str, row: Row) -> None:
        """Count one row."""
        mark = hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).digest()
        self.marks.setdefault(table, []).append(mark)

    def tallies(self) -> dict[str, Tally]:
        """Give the tally of each table that has rows."""
        return {
            table: Tally(len(marks), hashlib.sha256(b"".join(sorted(marks))).hexdigest())
            for table, marks in self.marks.items()
        }
