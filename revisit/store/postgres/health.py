"""Whether the database can take answers, in plain sentences."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, text

from revisit.store.postgres import schema
from revisit.store.postgres.base import Part
from revisit.store.postgres.tables import aside
from revisit.store.protocol import StoreError

LEAST_FREE = 3  # connections: what an administrator needs to look


class Health(Part):
    """The part of the store that says how it is."""

    def clock(self) -> datetime:
        """See Store.clock."""
        now: datetime = self.read(lambda connection: connection.execute(select(func.clock_timestamp())).scalar_one())
        return now.astimezone(UTC)

    def healthy(self) -> list[str]:
        """See Store.healthy."""
        try:
            return self.read(_faults)
        except StoreError as error:
            return [str(error)]


def _faults(connection: Connection) -> list[str]:
    faults = [fault for fault in (schema.fault(connection), durability_fault(connection)) if fault]
    if connection.scalar(select(func.pg_is_in_recovery())):
        faults.append("The database is a read-only copy of another one. Name the primary server in REVISIT_STORE.")
    elif connection.scalar(text("SHOW default_transaction_read_only")) == "on":
        cure = _typed(connection, "RESET default_transaction_read_only")
        faults.append(f"The database is read-only. Run: PGOPTIONS='-c default_transaction_read_only=off' {cure}")
    most = int(connection.scalar(text("SHOW max_connections")) or 0)
    used = connection.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")) or 0
    if most - used < LEAST_FREE:
        cure = f"psql \"$REVISIT_STORE\" -c 'ALTER SYSTEM SET max_connections = {2 * most}'"
        faults.append(f"{used} of {most} connections of the database are in use. Run: {cure} and restart PostgreSQL")
    waiting = connection.scalar(select(func.count()).select_from(aside)) or 0
    if waiting:
        faults.append(f"{waiting} answers wait beside a damaged table. Mend it; they are filed then.")
    return faults


def _typed(connection: Connection, setting: str) -> str:
    """Give the line that changes a setting of this database."""
    return f'psql "$REVISIT_STORE" -c \'ALTER DATABASE "{connection.engine.url.database}" {setting}\''


def durability_fault(connection: Connection) -> str:
    """Say what would make an acknowledged answer vanish in a power cut; empty when nothing would."""
    if connection.scalar(text("SHOW synchronous_commit")) == "off":
        return (
            "The database acknowledges before it is safe (synchronous_commit is off). "
            f"Run: {_typed(connection, 'SET synchronous_commit = on')}"
        )
    return ""


def warning(connection: Connection) -> str:
    """Say what a server risks that may be meant so, as on a test machine; empty when nothing."""
    risky = [
        name for name in ("fsync", "full_page_writes") if connection.scalar(select(func.current_setting(name))) == "off"
    ]
    if not risky:
        return ""
    return f"{' and '.join(risky)} of the database is off: a power cut can destroy everything. Switch it on."
