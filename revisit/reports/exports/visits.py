"""Visits as a table: what was due, what was tried, and how it ended."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import get_args

from revisit.records.visits import EXCLUSIONS, Outcome, State, Visit
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Column

COLUMNS: tuple[Column, ...] = (
    Column("visit_id", "The visit's own number"),
    Column("order_id", "The order's own number here"),
    Column("survey", "The survey"),
    Column("unit", "The path of the unit that earns the answer"),
    Column("unit_name", "The unit's name"),
    Column("engineer", "The engineer"),
    Column("day", "The local day it counts in", "date"),
    Column("due_at", "When it fell due", "moment"),
    Column("expires_at", "When it expires", "moment"),
    Column("state", "What became of it", "code", tuple((state, state) for state in get_args(State))),
    Column("attempts", "How often somebody tried", "integer"),
    Column("last_attempt_at", "When somebody tried last", "moment"),
    Column("last_means", "By which means"),
    Column("last_outcome", "With which outcome", "code", tuple((outcome, outcome) for outcome in get_args(Outcome))),
    Column("settled_at", "When it ended without an answer", "moment"),
    Column("settled_reason", "Why"),
    Column("settled_by", "By whom"),
    Column("sample", "Whether it is made up", "flag"),
)


def rows(visits: Iterable[Visit], answered: Collection[str], now: datetime, cover: Cover) -> Iterator[Sequence[Cell]]:
    """Give a row for each visit as it stands at ``now`` (aware); ``answered`` are the ids of those with an answer."""
    for visit in visits:
        last = visit.attempts[-1] if visit.attempts else None
        settled = visit.settled
        reason = settled.reason if settled is not None else ""
        yield (
            visit.id,
            visit.order_id,
            visit.survey,
            *cover.place(visit.unit),
            visit.day,
            visit.due_at,
            visit.expires_at,
            visit.state(now, answered=visit.id in answered),
            len(visit.attempts),
            last.at if last is not None else None,
            last.means if last is not None else "",
            last.outcome if last is not None else None,
            settled.at if settled is not None else None,
            reason if reason in EXCLUSIONS else cover.free(reason),
            cover.whole(settled.by) if settled is not None else "",
            visit.sample,
        )
