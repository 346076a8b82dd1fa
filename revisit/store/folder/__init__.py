"""The folder store: readable JSON files under ``data/``, each a TinyDB database that is replaced whole."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from filelock import Timeout

from revisit.records.reports import IssuedReport
from revisit.store import codec
from revisit.store.folder.contents import Contents
from revisit.store.folder.files import store_error, write_whole
from revisit.store.folder.health import Health
from revisit.store.folder.people import People
from revisit.store.folder.sample import Sample
from revisit.store.folder.tags import Tags
from revisit.store.protocol import NotFound


class FolderStore(Sample, People, Tags, Contents, Health):
    """The default store: one folder, any number of processes on one machine."""

    def __init__(self, folder: Path, *, lean: bool = False) -> None:
        """Open a folder; ``lean`` as in ``open_store``."""
        super().__init__(folder, lean=lean)
        self.finish_intents()

    def close(self) -> None:
        """See Store.close."""
        self.write_tags()
        self.shelf.close()

    def upkeep(self, at: datetime) -> None:
        """See Store.upkeep."""
        self.write_tags()
        super().upkeep(at)

    def finish_intents(self) -> None:
        """Finish what a crash cut off, unless the one who began it is still at work."""
        if not self.files("intents"):
            return
        try:
            with self.bulk.acquire(timeout=0):
                for path in self.files("intents"):
                    self._finish(orjson.loads(path.read_bytes()))
                    path.unlink()
        except Timeout:
            return

    def _finish(self, intent: dict[str, Any]) -> None:
        if intent["kind"] == "orders":
            self.finish_orders(intent)
        elif intent["kind"] == "undo":
            self._undo(intent["batch"], datetime.fromisoformat(intent["at"]))
        else:
            self.finish_responses(intent)

    def undo_batch(self, batch_id: str, at: datetime) -> tuple[int, int]:
        """See Store.undo_batch."""
        self.batch(batch_id)
        with self.bulk:
            intent = self.note(f"undo-{batch_id}", {"kind": "undo", "batch": batch_id, "at": at.isoformat()})
            outcome = self._undo(batch_id, at)
            intent.unlink()
        return outcome

    def _undo(self, batch_id: str, at: datetime) -> tuple[int, int]:
        batch = next(batch for batch in self.batches() if batch.id == batch_id)
        if batch.kind == "responses":
            removed, kept = self.remove_responses(batch_id), 0
            self.reopen_visits(f"import:{batch_id}")
        else:
            removed, kept = self._undo_orders(batch_id)
        self.mark_undone(batch, at)
        return removed, kept

    def _undo_orders(self, batch_id: str) -> tuple[int, int]:
        orders = {order.id: order for order in self.orders() if order.batch_id == batch_id}
        visits = {visit.id: visit for visit in self.visits() if visit.order_id in orders}
        # The links go first and only while unanswered, in the file that an answer would go to: an answer that arrives
        # meanwhile finds its link gone, or keeps its order.
        answered = self.remove_open_invitations(set(visits))
        kept = {visits[visit_id].order_id for visit_id in answered}
        gone = {visit_id for visit_id in visits if visit_id not in answered}
        self.remove_letters(gone)
        self.remove_orders([order for order in orders.values() if order.id not in kept], gone)
        return len(orders) - len(kept), len(kept)

    def keep_report(self, report: IssuedReport, content: bytes) -> None:
        """See Store.keep_report."""
        write_whole(self.folder / "reports" / f"{report.id}.pdf", content)
        self.shelf.commit(self._reports_file, lambda book: book.put("reports", report.id, codec.dump(report)))

    def reports(self, unit: str = "") -> list[IssuedReport]:
        """See Store.reports."""
        held = self.records(self._reports_file, "reports", IssuedReport)
        inside = (report for report in held if not unit or report.unit == unit or report.unit.startswith(unit + "/"))
        return sorted(inside, key=lambda report: (report.issued_at, report.id), reverse=True)

    def report(self, report_id: str) -> tuple[IssuedReport, bytes]:
        """See Store.report."""
        found = self.find(self._reports_file, "reports", report_id, IssuedReport)
        if found is None:
            raise NotFound("There is no such report.")
        try:
            return found, (self.folder / "reports" / f"{report_id}.pdf").read_bytes()
        except FileNotFoundError:
            raise NotFound("The PDF of this report is missing from data/reports/. Put its copy back.") from None
        except OSError as error:
            raise store_error(self.folder / "reports" / f"{report_id}.pdf", error) from error
