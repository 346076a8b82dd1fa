"""Answers gathered: what waits at one moment goes in with one statement and one commit.

An answer is stored only if its link is open and free, and the row of its link is locked against void and undo until
the commit, as in ``Answers._record``. What is not stored in this way (a link that is locked, closed, gone or answered,
a second answer to one link among those that wait, a server that fails) is left to that step by step way, which says
what it is; it does no harm twice, because the primary key keeps one answer for each link.
"""

import contextlib
import logging
import queue
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from revisit.records.responses import Response
from revisit.records.tags import Tag
from revisit.store import codec
from revisit.store.group import Group, Waiting
from revisit.store.protocol import StoreBusy

log = logging.getLogger(__name__)

# Rows go in by id, as in every other collector: two that meet the same ids wait for each other in one direction only.
# Links that are being voided or undone are passed over, so that nobody waits behind them.
_GATHERED = """
WITH open_links AS (
    SELECT id FROM invitations WHERE id = ANY(%(ids)s::text[] COLLATE "C") AND voided_at IS NULL
    ORDER BY id FOR SHARE SKIP LOCKED
), came AS (
    SELECT id COLLATE "C" AS id, month, partition, survey, unit, day, visit_id, batch_id, body_hash, sample, record
    FROM unnest(
        %(ids)s::text[], %(months)s::text[], %(partitions)s::text[], %(surveys)s::text[], %(units)s::text[],
        %(days)s::date[], %(visits)s::text[], %(batches)s::text[], %(hashes)s::text[], %(samples)s::boolean[],
        %(records)s::text[]
    ) AS rows(id, month, partition, survey, unit, day, visit_id, batch_id, body_hash, sample, record)
)
INSERT INTO responses (id, month, partition, survey, unit, day, visit_id, batch_id, body_hash, sample, record)
SELECT id, month, partition, survey, unit, day, visit_id, batch_id, body_hash, sample, record::jsonb
FROM came WHERE visit_id IS NULL OR id IN (SELECT id FROM open_links) ORDER BY id
ON CONFLICT DO NOTHING RETURNING id
"""

_TAGS = """
INSERT INTO tags (id, month, record) SELECT id, month, record::jsonb
FROM unnest(%(ids)s::text[], %(months)s::text[], %(records)s::text[]) AS rows(id, month, record)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Came:
    """An answer that waits, with the month (yymm) of its partition."""

    response: Response
    month: str


Job = Came | None


class Gathering:
    """Takes answers, and the tags that nobody waits for: they go in beside the next answers, or at the next round."""

    def __init__(self, engine: Engine) -> None:
        self._each_its_own = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._group: Group[Job] = Group(self._write)
        self._left: queue.SimpleQueue[Tag] = queue.SimpleQueue()

    def store(self, response: Response, month: str) -> bool:
        """Say whether an answer was stored, which is then committed; if not, nothing is known of it. StoreBusy."""
        return bool(self._group.ask(Came(response, month)))

    def leave(self, tag: Tag) -> None:
        """Hand a tag over; it is stored later, or never if the server fails or this process ends. Nobody is woken."""
        self._left.put(tag)

    def settle(self) -> None:
        """Wait until what was handed over before is stored. StoreBusy."""
        if self._group.running or not self._left.empty():
            self._group.ask(None)

    def close(self) -> None:
        """Finish what waits."""
        with contextlib.suppress(StoreBusy):
            self.settle()
        self._group.close()

    def _write(self, waiting: list[Waiting[Job]]) -> None:
        first: dict[str, Came] = {}
        for one in waiting:
            if isinstance(one.job, Came):
                first.setdefault(one.job.response.id, one.job)
        stored: set[str] = set()
        try:
            with self._each_its_own.connect() as connection:
                stored = _insert(connection, sorted(first.values(), key=lambda came: came.response.id))
                self._answer([one for one in waiting if isinstance(one.job, Came)], first, stored)
                _insert_tags(connection, self._take())
        except SQLAlchemyError as error:
            log.warning("Answers at once: %s; each is tried by itself.", type(error).__name__)
        finally:
            self._answer(waiting, first, stored)

    def _take(self) -> list[Tag]:
        """Take the tags that were left. Whoever gives one later finds the next answers."""
        return [self._left.get() for _ in range(self._left.qsize())]

    @staticmethod
    def _answer(waiting: list[Waiting[Job]], first: dict[str, Came], stored: set[str]) -> None:
        for one in waiting:
            if not one.outcome.done():
                mine = isinstance(one.job, Came) and first.get(one.job.response.id) is one.job
                one.outcome.set_result(mine and isinstance(one.job, Came) and one.job.response.id in stored)


def _insert(connection: Connection, came: Sequence[Came]) -> set[str]:
    if not came:
        return set()
    answers = [one.response for one in came]
    values: dict[str, list[Any]] = {
        "ids": [answer.id for answer in answers],
        "months": [one.month for one in came],
        "partitions": [answer.partition for answer in answers],
        "surveys": [answer.survey for answer in answers],
        "units": [answer.unit for answer in answers],
        "days": [answer.day for answer in answers],
        "visits": [answer.visit_id for answer in answers],
        "batches": [answer.batch_id for answer in answers],
        "hashes": [answer.body_hash for answer in answers],
        "samples": [answer.sample for answer in answers],
        "records": [orjson.dumps(codec.dump(answer)).decode() for answer in answers],
    }
    return {row[0] for row in connection.exec_driver_sql(_GATHERED, values)}


def _insert_tags(connection: Connection, left: Sequence[Tag]) -> None:
    if left:
        records = [orjson.dumps(codec.dump(tag)).decode() for tag in left]
        values = {"ids": [tag.id for tag in left], "months": [tag.month for tag in left], "records": records}
        connection.exec_driver_sql(_TAGS, values)
