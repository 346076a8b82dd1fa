"""Which version the tables of a database have, and bringing them to another one (Alembic, from inside the package)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from revisit.records.problems import CallError

VERSIONS = "schema_version"  # the table that holds the version
UPGRADING = 7265  # the advisory lock of those who change tables


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def known() -> list[str]:
    """Give the versions that this program knows, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def current(connection: Connection) -> str | None:
    """Give the version of the tables; None in an empty database."""
    return MigrationContext.configure(connection, opts={"version_table": VERSIONS}).get_current_revision()


def fault(connection: Connection) -> str:
    """Say why this program cannot work with the tables, and what to do; empty when it can."""
    version, versions = current(connection), known()
    if version == versions[-1]:
        return ""
    if version is None:
        return "The database holds no tables of Revisit. Make them with: revisit store upgrade"
    if version in versions:
        return f"The tables are of version {version}, this program needs {versions[-1]}. Run: revisit store upgrade"
    return f"The tables (version {version}) were made by a newer version of Revisit. Update this one."


def change(connection: Connection, version: str = "") -> tuple[str | None, str]:
    """Bring the tables to a version (the newest) inside the caller's transaction; gives the versions before and after.

    Raises CallError for a version that is not known, and where the tables are newer than this program.
    """
    versions = known()
    wanted = version or versions[-1]
    if wanted not in versions:
        raise CallError(f'There is no version "{wanted}" of the tables. Known are: {", ".join(versions)}')
    connection.execute(select(func.pg_advisory_xact_lock(UPGRADING)))
    before = current(connection)
    if before is not None and before not in versions:
        raise CallError(fault(connection))
    if before is None or versions.index(before) < versions.index(wanted):
        command.upgrade(_config(connection), wanted)
    elif before != wanted:
        command.downgrade(_config(connection), wanted)
    return before, wanted
