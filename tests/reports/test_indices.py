"""A survey's own indices: where they stand, what is said of them, and when one leads in place of the index."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest

from revisit.records.survey import LANGUAGES, Composite
from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.pdf import write_pdf
from revisit.reports.reading import led, read
from revisit.reports.report import make_report
from revisit.reports.telling import tell
from revisit.reports.words import gap
from tests.reports.conftest import AT, made_survey

NAMES = {"en": "Loyalty", "zh-Hans": "忠诚度", "zh-Hant": "忠誠度"}
LOYALTY = {"n": 190, "base": "full", "value": 66.0, "low": 62.0, "high": 70.0, "target": 75.0, "met": "no"}
NOTHING: dict[str, Any] = dict.fromkeys(("n", "value", "low", "high", "met", "change"))


def declare(findings: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Let the findings hold a composite, with its months."""
    block = {"names": NAMES, "weights": {"overall": 0.6, "quality": 0.4}, "change": None, **LOYALTY, **changed}
    findings["composites"] = {"loyalty": block}
    own = [row | {"metric": "loyalty"} for row in deepcopy(findings["trend"]) if row["metric"] == "csi"]
    findings["trend"] += own
    return findings


def hide(block: dict[str, Any], reason: str, findings: dict[str, Any]) -> None:
    block |= NOTHING | {"base": "hidden"}
    findings["suppressed"].append({"path": "csi", "reason": reason})


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_prints_a_composite_with_its_name_parts_interval_and_base(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    declare(findings)
    report = make_report(order(language))
    (row,) = [one for one in report.dimensions.rows if one.name == NAMES[language]]
    assert (row.n, row.score, row.target) == ("190", "66.0", "75")
    assert row.interval == ("62.0–70.0" if language == "en" else "62.0～70.0")
    question = next(one.label for one in made_survey(language).questions if one.id == "overall")
    assert question.rstrip(".。") in row.parts
    assert "60%" in row.parts
    assert "40%" in row.parts
    assert NAMES[language] in report.dimensions.chart.description
    assert NAMES[language] in [one.name for one in report.comparison.multiples]
    assert [one.name for one in report.method.indices] == [NAMES[language]]
    assert gap(row.parts) in draw_pages(report).replace('<span class="nowrap">', "").replace("</span>", "")


@pytest.mark.parametrize("kind", ["engineer", "weekly"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_of_one_page_has_them_in_a_line(
    order: Callable[..., Order], findings: dict[str, Any], language: str, kind: str
) -> None:
    findings["sample"] = True
    declare(findings, met=None, target=None)
    one = findings["composites"]["loyalty"]
    for name in ("b", "c", "d", "e"):
        findings["composites"][name] = deepcopy(one) | {"names": dict.fromkeys(LANGUAGES, f"A further index, {name}")}
    findings["composites"]["e"] |= NOTHING
    page = draw_pages(make_report(order(language, kind=kind, comments=[])))
    assert page.count("66.0 (") + page.count("66.0（") == 4
    assert len(pypdfium2.PdfDocument(write_pdf(page, moment=AT))) == 1


def test_its_target_is_told_on_the_first_page_and_in_the_headline(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    declare(findings)
    for name in ("csi", "csat", "fixed"):
        findings[name] |= {"met": "yes", "change": None}
    cover = make_report(order()).cover
    assert cover.headline.startswith("“Loyalty” is below its target of 75;")
    told = next(one for one in cover.findings if one.lead == "Further indices")
    assert told.text == "“Loyalty” is 66.0 of 100, probably 62.0–70.0 (n = 190). The target of 75 is missed."
    findings["composites"]["loyalty"] |= {"met": "unclear", "high": 76.0}
    cover = make_report(order()).cover
    assert "Loyalty" not in cover.headline
    assert "cannot be told" in next(one.text for one in cover.findings if one.lead == "Further indices")
    findings["composites"]["loyalty"] |= {"met": None, "target": None}
    assert "Further indices" not in [one.lead for one in make_report(order()).cover.findings]


def test_a_composite_that_fell_is_told_like_any_other_figure(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    fell = {"value": -8.0, "low": -12.0, "high": -4.0, "verdict": "down", "previous": {"value": 74.0}}
    declare(findings, change=fell)
    assert make_report(order()).cover.headline.startswith("“Loyalty” fell by 8 points (probably 4–12)")
    findings["headline"] = [
        {"kind": "target_missed", "figure": "loyalty", "n": 190, "value": 66.0, "low": 62.0, "high": 70.0, "target": 75}
    ]
    (said,) = tell(findings, made_survey("zh-Hans"), "zh-Hans")
    assert said.startswith("“忠诚度”")


@pytest.mark.parametrize(("language", "words"), [("en", "in place of"), ("zh-Hans", "代替"), ("zh-Hant", "代替")])
def test_a_composite_leads_where_the_index_has_too_few_answers_and_the_page_says_so(
    order: Callable[..., Order], findings: dict[str, Any], language: str, words: str
) -> None:
    declare(findings)
    assert make_report(order(language)).cover.tiles[0].value == "77.9"
    hide(findings["csi"], "dimension_fewer_than_10", findings)
    report = make_report(order(language))
    tile = report.cover.tiles[0]
    assert (tile.name, tile.value, tile.mark) == (NAMES[language], "66.0", "no")
    assert words in tile.meaning
    assert NAMES[language] in report.cover.findings[0].text
    assert NAMES[language] in report.cover.sure
    trend = report.comparison.trend
    assert trend is not None
    assert trend.caption.find(NAMES[language]) >= 0


def test_it_says_why_a_composite_leads(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    declare(findings)
    hide(findings["csi"], "dimension_fewer_than_10", findings)
    assert "too few answers in at least one dimension" in make_report(order()).cover.findings[0].text
    findings["suppressed"][-1]["reason"] = "protects_another"
    assert "to protect a smaller group" in make_report(order()).cover.findings[0].text


def test_the_index_that_leads_is_shown_of_every_part_that_has_figures(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    declare(findings)
    lacking, hidden = deepcopy(findings), deepcopy(findings)
    for name, part in (("lacking", lacking), ("hidden", hidden)):
        part["unit"] = {"id": name, "path": f"network/{name}", "name": name, "kind": "station"}
        hide(part["csi"], "dimension_fewer_than_10", part)
    for block in (hidden["csat"], hidden["composites"]["loyalty"]):
        block.update(NOTHING)
    # A part of which nothing is shown decides nothing.
    assert make_report(order(kind="network", parts=[hidden])).cover.tiles[0].name == "Satisfaction index"
    report = make_report(order(kind="network", parts=[lacking, hidden]))
    assert report.cover.tiles[0].name == "Loyalty"
    assert "cannot be shown of every part of this report" in report.cover.findings[0].text
    assert report.network is not None
    assert report.network.index == "Loyalty"
    assert [row.index.value for row in report.network.rows] == ["66.0", "–", "66.0"]
    assert "Loyalty</th>" in draw_pages(report).partition(">The parts of the network</h2>")[2]


def test_the_index_leads_where_no_composite_does_better(findings: dict[str, Any]) -> None:
    survey = replace(made_survey("en"), composites=(Composite("loyalty", "Loyalty", {"overall": 1.0}),))
    declare(findings, value=None)
    assert led(read(findings, survey)).lead == "csi"
    findings["csi"]["value"] = None
    assert led(read(findings, survey)).lead == "csi"
