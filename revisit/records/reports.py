"""Issued reports: the PDFs that were handed out and are kept."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """One PDF under ``data/reports/``. ``unit`` is a path; ``first`` and ``last`` are local days, both included."""

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
