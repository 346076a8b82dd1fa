"""Issued reports, each with its PDF."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from revisit.records.reports import IssuedReport
from revisit.store import codec
from revisit.store.postgres.base import Part, within
from revisit.store.postgres.tables import reports, row_of
from revisit.store.protocol import NotFound, Scope


class Reports(Part):
    """The part of the store that keeps what was handed out."""

    def keep_report(self, report: IssuedReport, content: bytes) -> None:
        """See Store.keep_report."""
        row = row_of(reports, report, content=content)
        new = insert(reports).values(row).on_conflict_do_update(index_elements=["id"], set_=row)
        self.work(lambda connection: connection.execute(new))

    def reports(self, unit: str = "") -> list[IssuedReport]:
        """See Store.reports."""
        inside = within(Scope(unit), reports.c.unit, reports.c.issued_at)
        found = select(reports.c.record).where(*inside).order_by(reports.c.issued_at.desc(), reports.c.id.desc())
        return list(self.give(found, IssuedReport))

    def report(self, report_id: str) -> tuple[IssuedReport, bytes]:
        """See Store.report."""
        mine = select(reports.c.record, reports.c.content).where(reports.c.id == report_id)
        found = self.read(lambda connection: connection.execute(mine).first())
        if found is None:
            raise NotFound("There is no such report.")
        if found.content is None:  # it was missing when this store was filled from another
            raise NotFound("The PDF of this report is missing.")
        return codec.load(IssuedReport, found.record), bytes(found.content)
