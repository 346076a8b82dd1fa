"""Orders: what a report is made from. Plain values only, so that they can be handed to another process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from revisit import __version__
from revisit.records.periods import Period
from revisit.records.survey import Survey
from revisit.reports.palette import DEFAULT
from revisit.settings.values import REPORT_KINDS

# The kinds of report. Each has a template of its own name.
# The parts of the PDF engine that a report names in its pages; the others stand in report.json.
_ENGINE = {"weasyprint": "WeasyPrint", "pango": "Pango"}
LEVELS: tuple[str, ...] = ("station", "region", "public")
KINDS: tuple[str, ...] = REPORT_KINDS


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose report it is: a name, a colour and, as a ``data:`` address, a logo."""

    name: str = ""
    colour: str = DEFAULT
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of a report it is: the first, or a correction of ``of``, the SHA-256 of the one before."""

    number: int = 1
    of: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a report is made from.

    ``findings`` is the public JSON object of the unit; ``parts`` those of its children, for a network report.
    ``names`` gives the units' names by path in the report's language; ``zone`` is the unit's timezone. ``comments`` are
    texts that may be printed, masked already, and ``more`` counts those that are not handed over. ``level`` says who it
    is for: the station, its region, or the public. ``fingerprint`` stands for the answers that are counted;
    ``made_with`` names the versions of program, libraries and font.
    """

    findings: Mapping[str, Any]
    survey: Survey
    language: str
    unit_name: str
    zone: str
    comments: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    brand: Brand = field(default_factory=Brand)
    kind: str = "branch"
    parts: Sequence[Mapping[str, Any]] = ()
    edition: Edition = field(default_factory=Edition)
    level: str = "station"
    more: int = 0
    fingerprint: str = ""
    made_with: Mapping[str, str] = field(default_factory=dict)

    @property
    def week(self) -> bool:
        """Say whether the days are a week: a note for others is none of a week."""
        days = self.findings["period"]
        return Period.between(date.fromisoformat(days["from"]), date.fromisoformat(days["to"])).kind == "week"

    @property
    def program(self) -> str:
        """Name what the report is made with: the program, the PDF engine and the font, each with its version."""
        engine = [f"{name} {self.made_with[key]}" for key, name in _ENGINE.items() if key in self.made_with]
        font = self.made_with.get("font", "").strip()
        return ", ".join([f"Revisit {self.made_with.get('revisit', __version__)}", *engine, *([font] if font else [])])
