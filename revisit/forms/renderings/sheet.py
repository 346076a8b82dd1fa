"""The sheet: a survey as one page of HTML that somebody reads aloud, talks along or fills in with a pen."""

from collections.abc import Mapping
from typing import Literal, get_args

import segno
from markupsafe import Markup

from revisit.forms.form import answer_form
from revisit.forms.page import parts_of, tongue
from revisit.records.survey import Survey
from revisit.settings import Settings
from revisit.texts import environment

Sheet = Literal["phone", "paper", "interview"]
SHEETS: tuple[str, ...] = get_args(Sheet)
QR_BORDER = 2  # modules; the paper around it is white as well


def draw_sheet(settings: Settings, survey: Survey, kind: Sheet, facts: Mapping[str, str], address: str = "") -> str:
    """Draw a survey as a sheet for an order's facts.

    ``phone`` is a call script, every word of it fixed, so that all customers hear the same; ``interview`` an outline
    with room for notes; ``paper`` a questionnaire with boxes. ``address`` is printed on paper with its QR code: where
    the same can be answered on a phone. Every sheet names the version of the form that its answers belong to.
    """
    drawn = environment("form", survey.house_language, settings.workspace).get_template("form/sheet.html")
    return drawn.render(
        **tongue(survey),
        kind=kind,
        survey=survey,
        intro=Markup(survey.intro),  # noqa: S704 - sanitised by the reader
        parts=parts_of(survey, facts, answer_form(survey, facts, None)),
        brand=settings.brand.get("name", ""),
        version=survey.form_hash[:8],
        address=address,
        qr=segno.make(address, error="m").svg_data_uri(scale=4, border=QR_BORDER, light="#fff") if address else "",
    )
