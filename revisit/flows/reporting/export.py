"""Records and figures go out as files: what was asked for, and the note of it in the audit trail."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from revisit.people.audit import line
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.reports.child import run
from revisit.reports.exports.cover import Cover
from revisit.settings import Settings
from revisit.store.protocol import Scope, Store

KINDS: tuple[str, ...] = ("responses", "orders", "visits", "findings")


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be exported: a kind of KINDS, of a unit's part of the tree and days (both in), as known at ``now``.

    ``survey`` is a name, empty for the usual one; orders belong to none. ``names`` asks for what names people.
    """

    settings: Settings
    kind: str
    survey: str
    unit: Unit
    first: date
    last: date
    now: datetime
    format: str = "csv"
    language: str = "en"
    names: bool = False

    @property
    def scope(self) -> Scope:
        """Give what is read from the store."""
        return Scope(self.unit.path, self.first, self.last)

    @property
    def goes_through_once(self) -> bool:
        """Say whether records are gone through once, as they are, so that few need to be kept in memory."""
        return self.kind != "findings"

    @property
    def cover(self) -> Cover:
        """Give what covers the names of people."""
        return Cover(self.settings.organisation, self.language, names=self.names)

    @property
    def file_name(self) -> str:
        """Give the name of the file, such as ``responses-lakeside-2026-08.csv``."""
        return f"{self.kind}-{self.unit.id}-{Period.between(self.first, self.last).word}.{self.format}"


def export_apart(job: Job, path: Path) -> int:
    """Write an export in a spawned process, watched as those of reports are; gives the number of rows.

    The child reads the workspace's records itself: this process imports no statistics. Raises CallError for a survey
    that is not published, ReportError when time or memory ran out, ReportBusy when too many wait.
    """
    rows: int = run("revisit.flows.reporting.write_export", "write_apart", (job, path))
    return rows


def note(store: Store, job: Job, rows: int, *, by: str, at: datetime) -> None:
    """Note in the audit trail who took out what, and whether with names."""
    names = " with-names" if job.names else ""
    about = f"{job.unit.path} {job.first:%F}..{job.last:%F}"
    store.audit(line(at, by, "exported", about, f"{job.kind} {job.format} {rows} rows{names}"))
