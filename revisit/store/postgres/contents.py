"""The database's whole contents: read in one snapshot while answers go on arriving, and filed into an empty one."""

import base64
from collections.abc import Generator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy import Row as Found

from revisit.records.letters import Letter
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.people import AuditLine, Session, User
from revisit.records.reports import IssuedReport
from revisit.records.responses import Response
from revisit.records.tags import Verdicts
from revisit.records.visits import Invitation, Poster, Visit
from revisit.store import codec
from revisit.store.contents import TABLES, Row
from revisit.store.postgres.answers import Answers, add_partition
from revisit.store.postgres.base import SLICE_ROWS, put_new
from revisit.store.postgres.tables import metadata, row_of, rows_of

KINDS: dict[str, type] = {
    "batches": Batch, "contacts": Contact, "orders": RepairOrder, "visits": Visit, "invitations": Invitation,
    "posters": Poster, "responses": Response, "letters": Letter, "users": User, "sessions": Session,
    "audit": AuditLine, "reports": IssuedReport, "aside": Response, "seconds": Response,
    "verdicts": Verdicts,
}  # fmt: skip


class Contents(Answers):
    """The part of the store that hands everything over."""

    def copy_out(self) -> Generator[tuple[str, Row], None, None]:
        """See Store.copy_out."""
        with self.snapshot() as connection:
            for name in TABLES:
                with connection.execution_options(yield_per=SLICE_ROWS).execute(_all(name)) as result:
                    for found in result:
                        yield name, _plain(name, found)

    def copy_in(self, table: str, rows: Sequence[Row]) -> None:
        """See Store.copy_in."""
        self.work(lambda connection: self._file_rows(connection, table, rows))

    def _file_rows(self, connection: Connection, name: str, rows: Sequence[Row]) -> None:
        if name == "partitions":
            for row in rows:
                add_partition(connection, row)
            return
        table = metadata.tables[name]
        if name == "reports":
            put_new(connection, table, [_report_row(table, row) for row in rows])
            return
        records: list[Any] = [codec.load(KINDS[name], row) for row in rows]
        made = [self._row(connection, record) for record in records] if name == "responses" else rows_of(table, records)
        put_new(connection, table, made)


def _all(name: str) -> Any:
    """Give the statement that selects a table's rows in the order they were filed in, else by their key."""
    table = metadata.tables[name]
    order = [table.c.number] if "number" in table.c and name != "orders" else list(table.primary_key)
    return select(table).order_by(*order)


def _plain(name: str, found: Found[Any]) -> Row:
    if name == "partitions":
        return {"name": found.name, "survey": found.survey, "month": found.month, "number": found.number}
    row: Row = found.record
    if name == "reports" and found.content is not None:
        row = {**row, "pdf": base64.b64encode(found.content).decode()}
    return row


def _report_row(table: Table, row: Row) -> Row:
    paper = row.get("pdf")
    report = codec.load(IssuedReport, {name: value for name, value in row.items() if name != "pdf"})
    return row_of(table, report, content=None if paper is None else base64.b64decode(paper))
