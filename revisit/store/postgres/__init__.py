"""The PostgreSQL store: for several collectors at once, and for more answers than one machine's folder should hold."""

import logging
import time
from typing import Any

import orjson
from psycopg import Error as PsycopgError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError

from revisit.records.problems import CallError
from revisit.store.postgres import schema
from revisit.store.postgres.base import store_error
from revisit.store.postgres.contents import Contents
from revisit.store.postgres.counts import Counts
from revisit.store.postgres.health import Health, durability_fault, warning
from revisit.store.postgres.people import People
from revisit.store.postgres.sample import Sample
from revisit.store.postgres.tags import Tags
from revisit.store.protocol import StoreBusy, StoreError

log = logging.getLogger(__name__)

SCHEMES = ("postgresql", "postgres")
# For each collector: of waitress's 32 threads 24 may wait for the database, the others go on answering GET.
CONNECTIONS = 24
LONGEST_FOR_A_CONNECTION = 2.0  # seconds
TRIED_AFTER = 1.0  # seconds without use
LIMITS = {  # milliseconds, asked of the server for each of our connections
    "statement_timeout": 60_000,
    "lock_timeout": 10_000,
    "idle_in_transaction_session_timeout": 60_000,
}


class PostgresStore(Sample, People, Tags, Contents, Counts, Health):
    """The store for several machines."""

    def close(self) -> None:
        """See Store.close."""
        self.links.close()
        self.gathering.close()
        self.engine.dispose()


def open_postgres(address: str, *, lean: bool = False) -> PostgresStore:
    """Open the store at a URL; an empty database gets its tables. ``lean`` as in ``open_store``.

    Raises CallError for a URL that cannot be right, StoreError where the database cannot be used as it is.
    """
    url = read_url(address)
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            _admit(connection)
    except SQLAlchemyError as error:
        engine.dispose()
        raise _unreachable(url, error) from None
    except BaseException:
        engine.dispose()
        raise
    store = PostgresStore(engine)
    store.lean = lean
    return store


def upgrade(address: str, version: str = "") -> tuple[str | None, str]:
    """Bring the tables of a database to a version (the newest); gives the versions before and after."""
    url = read_url(address)
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            return schema.change(connection, version)
    except SQLAlchemyError as error:
        raise _unreachable(url, error) from None
    finally:
        engine.dispose()


def read_url(address: str) -> URL:
    """Read a URL such as ``postgresql://name@host/database``. CallError; the message never repeats it."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise CallError("REVISIT_STORE is no URL. Write it as postgresql://NAME@HOST/DATABASE") from None
    if url.drivername not in SCHEMES:
        raise CallError(f'There is no store "{url.drivername}". Write the URL as postgresql://NAME@HOST/DATABASE')
    return url.set(drivername="postgresql+psycopg")


def make_engine(url: URL) -> Engine:
    """Make the pool. A connection that lay idle is tried before it is used, so few notice a restart of the server."""
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_use_lifo=True,  # those in use stay warm: each has prepared what is asked often
        pool_timeout=LONGEST_FOR_A_CONNECTION,
        hide_parameters=True,  # personal data in an error message would reach the log
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "connect_timeout": 5,
            "application_name": "revisit",
            "options": " ".join(f"-c {name}={value}" for name, value in LIMITS.items()),
        },
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _try_idle)
    return engine


def _note_use(_raw: object, entry: Any) -> None:
    entry.info["used"] = time.monotonic()


def _try_idle(raw: Any, entry: Any, _held: object) -> None:
    """Have the pool replace a connection that does not answer; trying busy ones would double the round trips."""
    if time.monotonic() - entry.info.get("used", 0.0) < TRIED_AFTER:
        return
    try:
        raw.execute("SELECT 1")
        raw.rollback()
    except PsycopgError:
        raise DisconnectionError from None


def _admit(connection: Connection) -> None:
    """Refuse a database that would lose answers or that this program does not understand."""
    lossy = durability_fault(connection)
    if lossy:
        raise StoreError(lossy)
    risk = warning(connection)
    if risk:
        log.warning("%s", risk)
    if schema.current(connection) is None:
        schema.change(connection)
    wrong = schema.fault(connection)
    if wrong:
        raise StoreError(wrong)


def _unreachable(url: URL, error: SQLAlchemyError) -> StoreError:
    """Say which server did not answer and what it said; its words hold no password."""
    meant = store_error(error)
    if not isinstance(meant, StoreBusy):
        return meant
    said = str(getattr(error, "orig", "") or "").strip().splitlines()
    where = url.set(drivername="postgresql").render_as_string(hide_password=True)
    return StoreBusy(f"The database {where} cannot be used: {said[0] if said else 'no answer in time'}")
