"""Invitations and the responses under them; a primary key keeps one answer for each link."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import orjson
from psycopg import sql
from sqlalchemy import Connection, Engine, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from revisit.records.orders import Batch
from revisit.records.responses import Response
from revisit.records.visits import Invitation, Poster
from revisit.store import codec
from revisit.store.aside import as_second, completed
from revisit.store.contents import Row
from revisit.store.partitions import FULL, free_name, is_name, month_of_issue
from revisit.store.postgres.base import SLICE_ROWS, Part, among, put, put_new, quiet, within
from revisit.store.postgres.gathering import Gathering
from revisit.store.postgres.links import Links
from revisit.store.postgres.tables import (
    aside,
    batches,
    invitations,
    partitions,
    posters,
    responses,
    row_of,
    rows_of,
    seconds,
)
from revisit.store.protocol import EVERYTHING, AlreadyAnswered, LinkClosed, NotFound, Scope

OPENING = 7266  # the advisory lock of those who open partitions

_LINK = "SELECT record::text FROM invitations WHERE id = %s AND partition = %s"


class Answers(Part):
    """The part of the store that keeps one answer for each link."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.gathering = Gathering(engine)
        self.links = Links(self.read)
        self._coming = ""  # the month that has its table already
        self._months: dict[str, str] = {}  # of partitions: a partition's month never changes

    def partition(self, survey: str, issued: date) -> str:
        """See Store.partition."""
        month = month_of_issue(issued)
        name, number = self.read(lambda connection: _newest(connection, survey, month))
        if name and self.read(lambda connection: _links(connection, name)) < FULL:
            return name
        return self.work(lambda connection: _open_partition(connection, survey, month, number))

    def issue(self, made: Sequence[Invitation]) -> None:
        """See Store.issue."""

        def apply(connection: Connection, slice_: Sequence[Invitation]) -> None:
            for name in {invitation.partition for invitation in slice_}:
                if self._month(connection, name) is None:
                    raise NotFound(f'There is no partition "{name}".')
            put_new(connection, invitations, rows_of(invitations, slice_))

        for start in range(0, len(made), SLICE_ROWS):
            self.work(lambda connection, part=made[start : start + SLICE_ROWS]: apply(connection, part))  # type: ignore[misc]

    def invitation(self, partition: str, invitation_id: str) -> Invitation | None:
        """See Store.invitation."""
        if not is_name(partition):
            return None
        mine = (invitation_id, partition)
        found = self.links.find(mine) or self.read(lambda connection: connection.exec_driver_sql(_LINK, mine).scalar())
        return None if found is None else codec.load(Invitation, orjson.loads(found))

    def invitations(self, visit_ids: Iterable[str] | None = None) -> Iterator[Invitation]:
        """See Store.invitations."""
        found = select(invitations.c.record).order_by(invitations.c.visit_id, invitations.c.issue)
        if visit_ids is not None:
            found = found.where(among(invitations.c.visit_id, list(visit_ids)))
        return self.give(found, Invitation)

    def void(self, invitation: Invitation, at: datetime) -> Invitation:
        """See Store.void."""

        def apply(connection: Connection) -> Invitation:
            mine = invitations.c.id == invitation.id
            plain = connection.scalar(select(invitations.c.record).where(mine).with_for_update())
            if plain is None:
                raise NotFound("There is no such link.")
            answer = _stored(connection, self._month(connection, invitation.partition), invitation.id)
            if answer is not None:
                raise AlreadyAnswered(answer)
            now = codec.load(Invitation, plain)
            if now.voided_at is None:
                now = replace(now, voided_at=at)
                connection.execute(update(invitations).where(mine).values(row_of(invitations, now)))
            return now

        return self.work(apply)

    def add_poster(self, poster: Poster) -> None:
        """See Store.add_poster."""
        self.work(lambda connection: put(connection, posters, poster))

    def posters(self) -> list[Poster]:
        """See Store.posters."""
        return sorted(self.give(select(posters.c.record), Poster), key=lambda poster: (poster.unit, poster.id))

    def record(self, response: Response) -> Literal["stored", "repeat"]:
        """See Store.record."""
        month = self._months.get(response.partition)
        if month is not None and self.gathering.store(response, month):
            return "stored"
        return self.work(lambda connection: self._record(connection, response))

    def _record(self, connection: Connection, response: Response) -> Literal["stored", "repeat"]:
        month = self._month(connection, response.partition)
        if month is None:
            raise NotFound("There is no such link.")
        if response.visit_id is not None:
            # Locked against void and undo until the commit, beside other answers to the same link.
            link = select(invitations.c.voided_at).where(invitations.c.id == response.id).with_for_update(read=True)
            found = connection.execute(link).first()
            if found is None or found.voided_at is not None:
                return _repeated(connection, month, response, open_=found is not None)
        new = insert(responses).values(row_of(responses, response, month=month)).on_conflict_do_nothing()
        if connection.scalar(new.returning(responses.c.id)) is not None:
            return "stored"
        return _repeated(connection, month, response, open_=True)

    def response(self, partition: str, response_id: str) -> Response | None:
        """See Store.response."""
        return self.read(lambda connection: _stored(connection, self._month(connection, partition), response_id))

    def responses(self, survey: str, scope: Scope = EVERYTHING) -> Iterator[Response]:
        """See Store.responses."""
        return self.give(_of_survey(survey, scope), Response)

    def response_rows(self, survey: str, scope: Scope = EVERYTHING) -> Iterator[Row]:
        """See Store.response_rows."""
        return self.rows(_of_survey(survey, scope))

    def answered_visits(self) -> set[str]:
        """See Store.answered_visits."""
        found = select(responses.c.visit_id).where(responses.c.visit_id.is_not(None))
        return self.read(lambda connection: set(connection.scalars(found)))

    def add_responses(self, batch: Batch, imported: Sequence[Response], progress: Callable[[int], None] = quiet) -> int:
        """See Store.add_responses."""

        def apply(connection: Connection) -> int:
            done = 0
            for start in range(0, len(imported), SLICE_ROWS):
                slice_ = imported[start : start + SLICE_ROWS]
                rows = [self._row(connection, response) for response in slice_]
                new = insert(responses).on_conflict_do_nothing().returning(responses.c.id)
                done += len(connection.scalars(new, rows).all())
                progress(len(slice_))
            if done:
                put(connection, batches, replace(batch, rows=done))
            return done

        return self.work(apply) if imported else 0

    def set_aside(self, response: Response) -> None:
        """See Store.set_aside."""
        self.work(lambda connection: connection.execute(insert(aside).values(row_of(aside, response))))

    def file_set_aside(self) -> int:
        """See Store.file_set_aside."""
        numbers = select(aside.c.number).order_by(aside.c.number)
        waiting = self.read(lambda connection: connection.scalars(numbers).all())
        return sum(self._file_one(number) for number in waiting)

    def _file_one(self, number: int) -> int:
        def apply(connection: Connection) -> int:
            mine = aside.c.number == number
            plain = connection.scalar(select(aside.c.record).where(mine).with_for_update(skip_locked=True))
            if plain is None:
                return 0  # another collector files it
            self._file(connection, codec.load(Response, plain))
            connection.execute(delete(aside).where(mine))
            return 1

        return self.work(apply)

    def _file(self, connection: Connection, response: Response) -> None:
        held = connection.scalar(select(invitations.c.record).where(invitations.c.id == response.id))
        response = completed(response, None if held is None else codec.load(Invitation, held))
        second = held is None and response.poster_id is None
        if not second:
            try:
                self._record(connection, response)
            except (AlreadyAnswered, LinkClosed, NotFound):
                second = True
        if second:
            put_new(connection, seconds, rows_of(seconds, [as_second(response)]))

    def upkeep(self, at: datetime) -> None:
        """See Store.upkeep."""
        self.gathering.settle()
        month = month_of_issue((at.replace(day=1) + timedelta(days=31)).date())
        if month != self._coming:

            def apply(connection: Connection) -> None:
                connection.execute(select(func.pg_advisory_xact_lock(OPENING)))
                add_month(connection, month)

            self.work(apply)
            self._coming = month

    def _row(self, connection: Connection, response: Response) -> dict[str, object]:
        month = self._month(connection, response.partition)
        if month is None:
            raise NotFound("There is no such link.")
        return row_of(responses, response, month=month)

    def _month(self, connection: Connection, partition: str) -> str | None:
        if partition not in self._months and is_name(partition):
            month = connection.scalar(select(partitions.c.month).where(partitions.c.name == partition))
            if month is None:
                return None
            self._months[partition] = month
        return self._months.get(partition)


def _of_survey(survey: str, scope: Scope) -> Select[Any]:
    inside = within(scope, responses.c.unit, responses.c.day)
    found = select(responses.c.record).where(responses.c.survey == survey, *inside)
    return found.order_by(responses.c.day, responses.c.id)


def _stored(connection: Connection, month: str | None, response_id: str) -> Response | None:
    if month is None:
        return None
    mine = (responses.c.month == month) & (responses.c.id == response_id)
    plain = connection.scalar(select(responses.c.record).where(mine))
    return None if plain is None else codec.load(Response, plain)


def _repeated(connection: Connection, month: str, response: Response, *, open_: bool) -> Literal["repeat"]:
    """Say what an answer is whose link takes none: a repeat, a second one, or one to a link that is closed or gone."""
    present = _stored(connection, month, response.id)
    if present is not None:
        if present.body_hash == response.body_hash:
            return "repeat"
        raise AlreadyAnswered(present)
    if open_:
        raise LinkClosed("This link was replaced or withdrawn.")
    raise NotFound("There is no such link.")


def _newest(connection: Connection, survey: str, month: str) -> tuple[str, int]:
    mine = (partitions.c.survey == survey) & (partitions.c.month == month)
    found = connection.execute(
        select(partitions.c.name, partitions.c.number).where(mine).order_by(partitions.c.number.desc()).limit(1)
    ).first()
    return ("", 0) if found is None else (found.name, found.number)


def _links(connection: Connection, partition: str) -> int:
    """Count a partition's links as the folder store does, so that a store can move there with files of a good size."""
    links = select(func.count()).where(invitations.c.partition == partition).scalar_subquery()
    # A response under its invitation is one link; a poster's or an imported one stands alone.
    alone = (responses.c.partition == partition) & ~select(1).where(invitations.c.id == responses.c.id).exists()
    return connection.scalar(select(links + select(func.count()).where(alone).scalar_subquery())) or 0


def _open_partition(connection: Connection, survey: str, month: str, known: int) -> str:
    """Open the sequel of a partition, unless another collector just did."""
    connection.execute(select(func.pg_advisory_xact_lock(OPENING)))
    name, number = _newest(connection, survey, month)
    if number > known:
        return name
    taken = set(connection.scalars(select(partitions.c.name)))
    name = free_name(taken, len(taken))
    add_partition(connection, {"name": name, "survey": survey, "month": month, "number": known + 1})
    return name


def add_partition(connection: Connection, row: dict[str, object]) -> None:
    """File a partition and make sure that its month has a table. An existing one of the name is left as it is."""
    put_new(connection, partitions, [row])
    add_month(connection, str(row["month"]))


def add_month(connection: Connection, month: str) -> None:
    """Make sure that a month (yymm) has a table for its answers."""
    name = f"responses_{month}"
    if connection.scalar(select(func.to_regclass(name))) is None:
        # Made first and attached then: answers of other months go on meanwhile.
        # By SQLAlchemy, whose errors are understood: a full disk here is a full disk.
        table = sql.Identifier(name)
        make = sql.SQL("CREATE TABLE {} (LIKE responses INCLUDING ALL)").format(table)
        attach = sql.SQL("ALTER TABLE responses ATTACH PARTITION {} FOR VALUES IN ({})")
        connection.exec_driver_sql(make.as_string())
        connection.exec_driver_sql(attach.format(table, sql.Literal(month)).as_string())
