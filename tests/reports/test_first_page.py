"""The first page: what it holds, in whatever language, and what it says while visits are still open."""

from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest

from revisit.records.survey import LANGUAGES
from revisit.reports.orders import Edition, Order
from revisit.reports.pages import draw_pages
from revisit.reports.pdf import write_pdf
from revisit.reports.report import make_report
from tests.reports.conftest import AT


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_first_page_holds_three_proposals_under_two_banners(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    findings["sample"] = True
    fell = {"value": -6.0, "low": -9.0, "high": -3.0, "verdict": "down", "previous": {"value": 86.0}}
    question = {"id": "mended", "n": 210, "count": 14, "share": 0.07}
    findings["proposals"] = [
        {"kind": "improve_dimension", "move": "process", "dimension": name, "because": ["fell"], "reasons": []}
        | {"n": 210, "score": 80.0, "low": 77.0, "high": 83.0, "change": fell, "question": question}
        for name in ("speed", "quality", "channel")
    ]
    for name in ("speed", "quality", "channel"):
        findings["dimensions"][name]["change"] = fell
    report = make_report(order(language, edition=Edition(2, "ab" * 32)))
    first = pypdfium2.PdfDocument(write_pdf(draw_pages(report), moment=AT))[0].get_textpage().get_text_range()
    assert report.cover.proposals[2].step.split()[0][:4] in first.replace("\u2009", "")
    assert "ab" * 4 in first


@pytest.mark.parametrize("kind", ["engineer", "weekly"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_and_a_note_are_one_page(
    order: Callable[..., Order], findings: dict[str, Any], language: str, kind: str
) -> None:
    findings["sample"] = True
    document = pypdfium2.PdfDocument(
        write_pdf(draw_pages(make_report(order(language, kind=kind, comments=[]))), moment=AT)
    )
    assert len(document) == 1
