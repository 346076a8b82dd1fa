"""The first page: what it holds, in whatever language, and what it says while visits are still open."""

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdfium2
import pytest

from revisit.records.survey import LANGUAGES
from revisit.reports.orders import Brand, Edition, Order
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


def test_it_gives_no_verdict_on_a_rate_that_open_visits_may_still_decide(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    coverage = findings["coverage"]
    coverage |= {"orders": 12, "merged": 0, "waiting": 0, "due": 12, "attempted": 4, "never_tried": 0, "not_asked": 0}
    coverage |= {"answered": 4, "declined": 0, "unreachable": 0, "excluded": 2, "expired": 0, "open": 6}
    coverage["coverage"] |= {"n": 4, "value": 1.0, "low": 0.5, "high": 1.0, "target": 1.0, "met": "yes"}
    coverage["response_rate"] |= {"n": 4, "value": 1.0, "low": 0.5, "high": 1.0, "target": 0.45, "met": "yes"}
    covered, response = make_report(order(kind="weekly")).cover.tiles[3:]
    assert (covered.base, covered.target) == ("n = 4; 6 still open", "Target 100%: not decided yet")
    assert (response.base, response.target) == ("n = 4; 6 still open", "Target 45%: not decided yet")
    assert "达到" not in "".join(one.target for one in make_report(order("zh-Hans", kind="weekly")).cover.tiles[3:])
    # Whatever becomes of the six, 4 of 10 are 40 %; and once nobody tried a visit, all can no longer have been tried.
    coverage["response_rate"]["target"] = 0.4
    coverage |= {"never_tried": 1, "expired": 1, "open": 5}
    coverage["coverage"] |= {"n": 5, "value": 0.8, "met": "no"}
    covered, response = make_report(order(kind="weekly")).cover.tiles[3:]
    assert (covered.target, response.target) == ("Target 100%: missed", "Target 40%: met")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["weekly", "branch"])
def test_a_report_of_few_answers_points_to_a_table_that_it_has(
    order: Callable[..., Order], findings: dict[str, Any], language: str, kind: str
) -> None:
    findings["responses"]["n"] = 4
    for block in (*findings["dimensions"].values(), *(findings[name] for name in ("csi", "csat", "fixed", "nps"))):
        block |= {"n": None, "score" if "score" in block else "value": None, "low": None, "high": None}
        block |= {"change": None, "met": None}
    report = make_report(order(language, kind=kind, comments=[]))
    page = draw_pages(report)
    heading = {"en": "Who answered", "zh-Hans": "谁作了答复", "zh-Hant": "誰作了回覆"}[language]
    assert heading in report.cover.findings[0].text
    assert f"<h2>{heading}</h2>" in page
    assert page.count(report.answered.lines[4].name) > 0
    if kind == "weekly":
        assert len(pypdfium2.PdfDocument(write_pdf(page, moment=AT))) == 1


def test_it_names_every_missed_target_on_its_first_page(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["csi"] |= {"met": "unclear", "low": 76.0, "high": 81.0}
    findings["csat"] |= {"value": 0.828, "low": 0.74, "high": 0.896, "n": 90, "target": 0.9, "met": "no"}
    cover = make_report(order()).cover
    assert cover.headline.startswith("The share of satisfied customers is below its target of 90%;")
    assert "82.8% of the customers are satisfied, probably 74.0–89.6%. The target of 90% is missed." in [
        one.text.partition(" No change")[0] for one in cover.findings
    ]
    findings["csat"] |= {"value": 0.95, "low": 0.91, "high": 0.97, "met": "yes"}
    assert make_report(order()).cover.headline.startswith("The share of satisfied customers meets its target of 90%;")


def test_its_first_page_has_as_many_findings_in_every_language(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    for proposals in range(4):
        findings["proposals"] = [{"kind": "keep_watching", "move": "keep_watching"}] * proposals
        covers = [make_report(order(language)).cover for language in LANGUAGES]
        assert len({len(cover.findings) for cover in covers}) == 1


def test_its_foot_names_the_organisation_once_and_its_logo_has_words(order: Callable[..., Order]) -> None:
    square = (
        "data:image/svg+xml;base64,"
        + base64.b64encode(
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
        ).decode()
    )
    page = draw_pages(make_report(order(brand=Brand("Example Motors", logo=square))))
    foot = re.search(r'@bottom-left \{[^}]*?"([^"]*)"', page)
    assert foot is not None
    assert foot[1].count("Example Motors") == 1
    assert f'<img src="{square}" alt="Example Motors">' in page
    with pikepdf.open(io.BytesIO(write_pdf(page, moment=AT))) as pdf:
        texts = [str(one.get("/Alt", "")) for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
    assert "Example Motors" in texts


@pytest.mark.parametrize(("language", "colon"), [("en", ": "), ("zh-Hans", "："), ("zh-Hant", "：")])
def test_a_proposal_begins_with_its_kind_and_a_colon(
    order: Callable[..., Order], findings: dict[str, Any], language: str, colon: str
) -> None:
    findings["proposals"] = [{"kind": "keep_watching", "move": "keep_watching"}]
    report = make_report(order(language))
    (one,) = report.cover.proposals
    assert f"<strong>{one.move}{colon}</strong>{one.step[:4]}" in draw_pages(report)


@pytest.mark.parametrize(
    ("met", "tile", "sentence"),
    [
        ("yes", "Target 80: met", "The target of 80 is met."),
        ("no", "Target 80: missed", "The target of 80 is missed."),
        ("unclear", "Target 80: unclear", "Whether the target of 80 is met cannot be told from these answers."),
    ],
)
def test_its_tile_and_its_sentence_agree_on_a_target(
    order: Callable[..., Order], findings: dict[str, Any], met: str, tile: str, sentence: str
) -> None:
    findings["csi"]["met"] = met
    cover = make_report(order()).cover
    assert cover.tiles[0].target == tile
    assert sentence in cover.findings[0].text
    assert ("is below its target of 80" in cover.headline) == (met == "no")
