"""Issued reports: the PDFs that were handed out and are kept."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """One PDF under ``data/reports/``. ``unit`` is a path; ``first`` and ``last`` are local days, both included.

    ``level`` says who it is for. A correction of an earlier report is its next ``edition``.
    """

    id: str
    kind: str
    survey: str
    unit: str
    first: date
    last: date
    language: str
    issued_at: datetime
    issued_by: str
    file_name: str
    sha256: str
    size: int
    sample: bool = False
    level: str = "station"
    edition: int = 1

    @property
    def about(self) -> tuple[object, ...]:
        """Give what makes it the same report as another: all but when it was made, by whom and from which answers."""
        return (self.kind, self.survey, self.unit, self.first, self.last, self.language, self.level)

    @property
    def subject(self) -> tuple[object, ...]:
        """Give what it is about in any language: a report has the same editions in all of them."""
        return (self.kind, self.survey, self.unit, self.first, self.last, self.level)
