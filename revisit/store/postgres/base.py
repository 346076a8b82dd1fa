"""What the parts of the PostgreSQL store share: work in one transaction, reading, and what the server's errors mean."""

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import orjson
from psycopg import Error as PsycopgError
from sqlalchemy import ARRAY, ColumnElement, Connection, Engine, Select, Table, Text, any_, cast, delete, literal, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from revisit.store import codec
from revisit.store.contents import Row
from revisit.store.postgres.tables import Words, row_of
from revisit.store.protocol import NotFound, Scope, StoreBusy, StoreDamaged, StoreError, StoreFull

T = TypeVar("T")
R = TypeVar("R")
log = logging.getLogger(__name__)

SLICE_ROWS = 1000
TRIES = 5  # of a transaction that the server asks to repeat
REPEAT = {"40001", "40P01"}  # serialisation failure, deadlock
FULL = {"53100"}
DAMAGED = {"XX001", "XX002", "58P01"}  # a page, an index, a file that is missing
# Connection lost, out of connections or memory, read-only, shutting down or starting, cancelled, locked: all pass.
LOCKED = "55P03"  # somebody else held a lock for longer than we wait
BUSY = ("08", "53", "57", "25006", LOCKED, "40")
BUSY_WORDS = "The database cannot take this now. Send it again in a few seconds."


def quiet(_done: int) -> None:
    """Report progress to nobody."""


def store_error(error: SQLAlchemyError) -> StoreError:
    """Give what an error of the server means to the one who asked. Nothing of a record or a password is repeated."""
    state = sqlstate(error)
    if state is None:
        return _client_error(error)
    if state in FULL:
        return StoreFull("There is no space left where the database keeps its files. What was stored before is whole.")
    if state in DAMAGED:
        return StoreDamaged("The database reports a damaged page. Ask its administrator; its log names the file.")
    return StoreBusy(BUSY_WORDS) if state.startswith(BUSY) else _refused(error, state)


def _client_error(error: SQLAlchemyError) -> StoreError:
    """Give what an error means that never came from the server."""
    if isinstance(error, DataError):
        return NotFound("There is no such record.")  # a zero byte in an id: no text of the database holds one
    if isinstance(error, OperationalError | NoFreeConnection):
        return StoreBusy(BUSY_WORDS)  # refused, cut off, no answer in time, or no connection free
    return _refused(error, "no code")


def _refused(error: SQLAlchemyError, state: str) -> StoreError:
    cause = getattr(error, "orig", None)
    reason = cause.diag.message_primary if isinstance(cause, PsycopgError) else type(error).__name__
    return StoreError(f"The database refused this: {reason} ({state}). Run: revisit doctor")


def sqlstate(error: SQLAlchemyError) -> str | None:
    """Give the server's five-character code of an error; None where it did not come from the server."""
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None


class Part:
    """Base of the store's parts: one pool of connections."""

    lean = False  # see open_store

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")

    def work(self, task: Callable[[Connection], T]) -> T:
        """Do a task in one transaction, again when the server asks for that, and return after the commit."""
        for tries in range(1, TRIES + 1):
            try:
                with self.engine.begin() as connection:
                    return task(connection)
            except SQLAlchemyError as error:
                if sqlstate(error) in REPEAT and tries < TRIES:
                    time.sleep(random.uniform(0.5, 1.5) * 0.01 * 2**tries)  # noqa: S311  spreads those that met
                    continue
                log.warning("The database: %s %s", sqlstate(error) or "", type(error).__name__)
                raise store_error(error) from error
        raise StoreBusy(BUSY_WORDS)

    def read(self, task: Callable[[Connection], T]) -> T:
        """Ask one question outside any transaction, again where the connection turns out to be broken."""
        try:
            try:
                with self._reading.connect() as connection:
                    return task(connection)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                with self._reading.connect() as connection:
                    return task(connection)
        except SQLAlchemyError as error:
            log.warning("The database: %s %s", sqlstate(error) or "", type(error).__name__)
            raise store_error(error) from error

    def give(self, statement: Select[Any], cls: type[R]) -> Iterator[R]:
        """Give the records that a statement finds, as of one moment; ``statement`` selects the record column alone."""
        return (codec.load(cls, row) for row in self.rows(statement))

    def rows(self, statement: Select[Any]) -> Iterator[Row]:
        """Give the same as plain rows."""
        # As text: it is small, and each row is made when its turn comes.
        texts = statement.with_only_columns(cast(statement.selected_columns["record"], Text))
        if self.lean:
            return self._one_by_one(texts)
        found: Sequence[str] = self.read(lambda connection: connection.scalars(texts).all())
        return (orjson.loads(text) for text in found)

    def _one_by_one(self, texts: Select[Any]) -> Iterator[Row]:
        """Give rows as the server sends them; a connection is held until the last is there."""
        sliced = {"yield_per": SLICE_ROWS}
        with self.snapshot() as connection, connection.execution_options(**sliced).execute(texts) as result:
            yield from map(orjson.loads, result.scalars())

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection that sees the records as of one moment, however long they are read."""
        reading = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        try:
            with reading.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise store_error(error) from error

    def find(self, statement: Select[Any], cls: type[R]) -> R | None:
        """Find one record."""
        plain = self.read(lambda connection: connection.scalar(statement))
        return None if plain is None else codec.load(cls, plain)


def put(connection: Connection, table: Table, record: object) -> None:
    """File a record in place of an older one with the same key."""
    row = row_of(table, record)
    keys = [column.name for column in table.primary_key]
    statement = insert(table).values(row)
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def put_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """File rows that are not there yet, by any of the table's keys."""
    for start in range(0, len(rows), SLICE_ROWS):
        connection.execute(insert(table).on_conflict_do_nothing(), rows[start : start + SLICE_ROWS])


def drop(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    """Take rows out; gives how many."""
    return connection.execute(delete(table).where(condition)).rowcount


def among(column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """Say that a column's value is one of many, as one parameter however many there are."""
    return column == any_(literal(list(values), ARRAY(Words)))


def within(scope: Scope, unit: ColumnElement[Any], day: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Give the conditions that hold a scope."""
    conditions: list[ColumnElement[bool]] = []
    if scope.unit:
        conditions.append(or_(unit == scope.unit, unit.startswith(scope.unit + "/", autoescape=True)))
    if scope.first is not None:
        conditions.append(day >= scope.first)
    if scope.last is not None:
        conditions.append(day <= scope.last)
    return conditions
