import io
import json
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint

from revisit.records.problems import RevisitError
from revisit.records.survey import LANGUAGES
from revisit.reports.comments import GETA, printable, without
from revisit.reports.orders import Brand, Order
from revisit.reports.pages import draw_pages
from revisit.reports.report import make_report
from revisit.reports.words import GAP
from tests.reports.conftest import printed
from tests.reports.glyphs import missing

DIMENSIONS = {
    "en": ("Speed", "Attitude", "Quality", "Price", "Channel"),
    "zh-Hans": ("速度", "态度", "质量", "价格", "渠道"),
    "zh-Hant": ("速度", "態度", "品質", "價格", "管道"),
}
SPANS = {"en": "77.2–83.2", "zh-Hans": "77.2～83.2", "zh-Hant": "77.2～83.2"}


def text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_range() for page in document]
    return "\n".join(pages).replace(GAP, "").replace("\r", "")


def elements(node: Any) -> list[Any]:
    """Give every structure element below a node of the tag tree."""
    found = []
    if isinstance(node, pikepdf.Array):
        for child in node:
            found += elements(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        found.append(node)
        found += elements(node.get("/K", pikepdf.Array()))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_prints_each_dimension_with_n_score_and_interval(pdfs: dict[str, bytes], language: str) -> None:
    found = text(pdfs[language])
    for name in DIMENSIONS[language]:
        assert re.search(rf"{name}\s+\d+%\s+(213|146|200)\s+\d\d\.\d\s+\d\d\.\d[–～]\d\d\.\d", found), name
    assert SPANS[language] in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_tagged_document_in_its_language(pdfs: dict[str, bytes], language: str) -> None:
    with pikepdf.open(io.BytesIO(pdfs[language])) as pdf:
        root = pdf.Root
        assert str(root.Lang) == language
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]).endswith(("Q3 2026", "2026年第3季度", "2026年第3季"))
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        tags = elements(root.StructTreeRoot.K)
        figures = [tag for tag in tags if tag.S == "/Figure"]
        assert len(figures) >= 10
        assert all(str(tag.Alt).strip() for tag in figures)
        kinds = [str(tag.S) for tag in tags]
        assert kinds.count("/H1") == 1
        assert kinds.count("/TH") > 30
        assert kinds.count("/Caption") >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_shows_no_missing_glyph(pdfs: dict[str, bytes], language: str) -> None:
    assert missing(pdfs[language]) == []


def test_a_missing_glyph_would_be_seen() -> None:
    """The engine alone draws a box for a character that no font has, and goes on."""
    found = missing(weasyprint.HTML(string="<p>Fine \U0010fffd").write_pdf(pdf_variant="pdf/ua-1"))
    assert {one.partition(": ")[2] for one in found} <= {".notdef", "not in the font"}
    assert found


def test_it_has_bookmarks_for_its_sections(pdfs: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(pdfs["en"])) as pdf, pdf.open_outline() as outline:
        titles = [child.title for item in outline.root for child in (item, *item.children)]
    for wanted in ("Who answered", "Dimensions", "Question by question", "How this report was made"):
        assert wanted in titles


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_embeds_every_font_and_stays_small(pdfs: dict[str, bytes], language: str) -> None:
    assert len(pdfs[language]) <= 1024 * 1024
    with pikepdf.open(io.BytesIO(pdfs[language])) as pdf:
        fonts = {str(name): font for page in pdf.pages for name, font in page.Resources.Font.items()}
        assert fonts
        for font in fonts.values():
            descriptor = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
            assert any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
            assert "Noto-Sans-CJK" in str(font.BaseFont)


def test_it_carries_its_figures_inside(pdfs: dict[str, bytes], findings: dict[str, Any]) -> None:
    with pikepdf.open(io.BytesIO(pdfs["en"])) as pdf:
        assert json.loads(pdf.attachments["findings.json"].get_file().read_bytes()) == findings


def test_it_is_the_same_file_twice(
    pdfs: dict[str, bytes], findings: dict[str, Any], order: Callable[..., Order]
) -> None:
    again = order("zh-Hans", unit_name="Example", comments=["谢谢 Thanks 謝謝"], brand=Brand())
    assert printed(make_report(again), findings) == pdfs["zh-Hans"]


def test_it_prints_a_sum_that_adds_up_and_no_other(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    lines = make_report(order()).answered.lines
    parts = [int(line.count) for line in lines if line.sign in ("", "+") and not line.total]
    totals = [int(line.count) for line in lines if line.total]
    assert sum(parts) == totals[1] == totals[2] == 399
    findings["coverage"]["open"] = 5
    with pytest.raises(RevisitError, match="does not add up"):
        make_report(order())


def test_it_never_shows_what_is_withheld(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["items"]["tidy"] |= {"n": None, "base": "hidden", "mean": None, "score": None, "low": None, "high": None}
    findings["items"]["tidy"] |= {"distribution": None, "na": None, "blank": None, "invalid": None, "not_asked": None}
    findings["items"]["tidy"]["top2"] = {"n": None, "value": None, "low": None, "high": None}
    findings["dimensions"]["price"] |= {"n": None, "base": "hidden", "score": None, "low": None, "high": None}
    findings["dimensions"]["price"] |= {"top2": {"n": None, "value": None, "low": None, "high": None}, "change": None}
    findings["csi"] |= {"n": None, "value": None, "low": None, "high": None, "met": None, "change": None}
    findings["suppressed"] += [
        {"path": "items.tidy", "reason": "fewer_than_10"},
        {"path": "dimensions.price", "reason": "fewer_than_10"},
        {"path": "csi", "reason": "dimension_fewer_than_10"},
    ]
    report = make_report(order())
    price = next(row for row in report.dimensions.rows if row.name == "Price")
    assert (price.n, price.score, price.interval, price.satisfied) == ("", "–", "", "")
    assert price.withheld == "fewer than 10 answers"
    tidy = next(row for group in report.questions.groups for row in group.rows if "clean" in row.wording)
    assert (tidy.bar, tidy.base, tidy.n, tidy.satisfied) == (None, "", "", "")
    assert report.cover.tiles[0].value == "–"
    assert "a dimension has fewer than 10 answers" in report.cover.tiles[0].interval
    page = draw_pages(report)
    assert "77.9" not in page
    assert "79.7%" not in page


def test_it_shows_hidden_units_by_name_alone(order: Callable[..., Order]) -> None:
    units = make_report(order()).comparison.units
    assert units is not None
    assert "North fewer than 10 answers" in units.charts[0].description
    assert "Hillside not shown, to protect a smaller group" in units.charts[0].description


def test_it_marks_a_small_base(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["csat"]["n"] = 24
    report = make_report(order())
    assert report.cover.tiles[1].small
    assert "small base" in draw_pages(report)


def test_it_says_that_the_data_are_a_sample(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    assert "made up" not in draw_pages(make_report(order()))
    findings["sample"] = True
    assert "The people, orders and answers in this report are made up." in draw_pages(make_report(order()))


def test_it_says_that_a_period_is_provisional(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["period"]["provisional"] = True
    findings["coverage"] |= {"open": 1, "expired": findings["coverage"]["expired"] - 1}
    assert "1 visit of this period is still under way" in draw_pages(make_report(order()))


def test_it_is_drawn_of_nothing_at_all(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    nothing = {"n": 0, "base": "none", "value": None, "low": None, "high": None, "target": None, "met": None}
    for name in ("csi", "csat", "fixed", "nps"):
        findings[name] = {**nothing, "change": None, "promoters": None, "passives": None, "detractors": None}
    findings |= {
        "responses": {"n": 0, "poster": 0},
        "items": {},
        "dimensions": {},
        "modes": {},
        "units": [],
        "trend": [],
    }
    zero = dict.fromkeys(
        ("orders", "due", "answered", "declined", "unreachable", "excluded", "expired", "attempted"), 0
    )
    findings["coverage"] |= zero | {"never_tried": 0, "exclusions": {}, "rr3": None}
    findings["coverage"] |= {"coverage": nothing, "response_rate": nothing}
    found = text(printed(make_report(order(comments=[])), findings))
    assert "No customer has answered yet" in found
    assert "No visit was due in this period." in found


def test_it_escapes_what_people_wrote(order: Callable[..., Order]) -> None:
    report = make_report(order(comments=["<script>alert(1)</script>"], unit_name='A "B" </style> & <b>C</b>'))
    page = draw_pages(report)
    assert "<script>" not in page
    assert "<b>C</b>" not in page
    assert page.count("</style>") == 1


def test_it_makes_comments_fit_to_print() -> None:
    assert printable("thanks 👍🏽👨‍👩‍👧\n\n bye\u202e\x07", "[emoji]") == "thanks [emoji] bye"
    assert printable("e\u0301té", "[emoji]") == "été"
    assert without(["ab\U0010fffd"], ["\U0010fffd"]) == [f"ab{GETA}"]


def test_it_counts_the_comments_it_does_not_print(order: Callable[..., Order]) -> None:
    report = make_report(order(comments=[f"words {number}" for number in range(15)]))
    assert (len(report.comments.texts), report.comments.more) == (12, "3 more comments are not printed here.")
