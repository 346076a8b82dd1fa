"""Render: a survey for a call, an interview or paper, as one file."""

from dataclasses import dataclass, field
from pathlib import Path

from revisit.forms.files import replace_file
from revisit.forms.renderings.sheet import Sheet, draw_sheet
from revisit.records.survey import Survey
from revisit.reports.child import run
from revisit.settings import Settings

SUFFIXES: dict[str, str] = {"phone": ".html", "interview": ".html", "paper": ".pdf"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to render: a survey as a kind of sheet, for an order's facts, with an address for paper's QR code."""

    settings: Settings
    survey: Survey
    kind: Sheet
    facts: dict[str, str] = field(default_factory=dict)
    address: str = ""


def render(wanted: Wanted) -> bytes:
    """Give the sheet: HTML, or for paper a PDF. Raises ReportError if none can be made."""
    if wanted.kind == "paper":
        made: bytes = run("revisit.flows.publishing.draw_sheet", "draw", wanted)
        return made
    drawn = draw_sheet(wanted.settings, wanted.survey, wanted.kind, wanted.facts)
    return drawn.encode()


def place_of(wanted: Wanted) -> Path:
    """Give where the sheet is put unless somebody says otherwise."""
    survey = wanted.survey
    name = f"{survey.name}.{survey.language}.{wanted.kind}{SUFFIXES[wanted.kind]}"
    return wanted.settings.workspace.reports.parent / "sheets" / name


def write(wanted: Wanted, path: Path) -> None:
    """Render into a file, replaced whole."""
    content = render(wanted)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, content)
