"""Work that one machine does at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from revisit.store.postgres.base import LOCKED, Part, sqlstate, store_error
from revisit.store.protocol import StoreBusy, Turn

LOCKS: dict[Turn, int] = {"letters": 7267, "tick": 7268}  # advisory locks


class Turns(Part):
    """The part of the store that lets one work and sends the others away."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        # Of the threads of this process one alone waits with a connection: the one that works needs others meanwhile.
        self._mine = {turn: threading.Lock() for turn in LOCKS}

    @contextmanager
    def alone(self, turn: Turn, patience: float) -> Iterator[None]:
        """See Store.alone."""
        mine = self._mine[turn]
        if not mine.acquire(timeout=patience):
            raise _taken()
        try:
            with self._among_machines(turn, patience):
                yield
        finally:
            mine.release()

    @contextmanager
    def _among_machines(self, turn: Turn, patience: float) -> Iterator[None]:
        """Hold the lock by an open transaction: even behind a pooler it is free as soon as the program ends."""
        wait = func.set_config("lock_timeout", f"{max(1, int(patience * 1000))}ms", True)
        try:
            connection = self.engine.connect()
        except SQLAlchemyError as error:
            raise store_error(error) from error
        try:
            try:
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                connection.execute(select(wait))
                connection.execute(select(func.pg_advisory_xact_lock(LOCKS[turn])))
            except SQLAlchemyError as error:
                raise (_taken() if sqlstate(error) == LOCKED else store_error(error)) from error
            yield
        finally:
            # A connection that broke meanwhile has let go already; what was done is noted by others.
            with suppress(SQLAlchemyError):
                connection.close()


def _taken() -> StoreBusy:
    return StoreBusy("Another program is at the same work. Try again in a minute.")
