"""A paper questionnaire is drawn: pages, PDF. It runs in a child, since the PDF engine is heavy."""

from datetime import UTC, datetime

from revisit.flows.publishing.render import Wanted
from revisit.forms.renderings.sheet import draw_sheet
from revisit.reports.pdf import write_pdf

# The same survey gives the same bytes, whenever it is printed.
MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def draw(wanted: Wanted) -> bytes:
    """Draw the questionnaire as PDF. Raises ReportError, or MissingGlyphs for characters that no font has."""
    return write_pdf(draw_sheet(wanted.settings, wanted.survey, "paper", wanted.facts, wanted.address), moment=MOMENT)
