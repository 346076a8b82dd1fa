"""Taking sample data out again, whole and without touching anything else."""

from pathlib import Path

from revisit.records.reports import IssuedReport
from revisit.store.folder.counts import Counts
from revisit.store.folder.files import Book

TABLES: dict[str, tuple[str, ...]] = {"answers": ("responses", "invitations"), "orders": ("visits", "orders")}


class Sample(Counts):
    """The part of the store that clears the demo away."""

    def clear_sample(self) -> dict[str, int]:
        """See Store.clear_sample."""
        with self.bulk:
            contacts = {order.contact_id for order in self.orders() if order.sample}
            counts = {"letters": self._drop_marked(self.files("letters"), "letters")}
            for kind, tables in TABLES.items():
                for table in tables:
                    counts[table] = self._drop_marked(self.files(kind), table)
            counts["contacts"] = sum(
                self.shelf.commit(path, lambda book: book.drop("contacts", contacts)) for path in self.files("contacts")
            )
            counts["posters"] = self._drop_marked([self._posters_file], "posters")
            counts["batches"] = self._drop_marked([self._batches_file], "batches")
            counts["reports"] = self._clear_reports()
            return counts

    def _drop_marked(self, paths: list[Path], table: str) -> int:
        present = [path for path in paths if path.exists()]
        return sum(self.shelf.commit(path, lambda book: _drop_marked(book, table)) for path in present)

    def _clear_reports(self) -> int:
        marked = [report.id for report in self.records(self._reports_file, "reports", IssuedReport) if report.sample]
        removed = self._drop_marked([self._reports_file], "reports")
        for report_id in marked:
            (self.folder / "reports" / f"{report_id}.pdf").unlink(missing_ok=True)
        return removed

    @property
    def _reports_file(self) -> Path:
        return self.folder / "reports.json"


def _drop_marked(book: Book, table: str) -> int:
    return book.drop(table, [row_id for row_id, row in book.rows(table).items() if row.get("sample")])
