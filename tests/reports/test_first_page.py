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
    assert (covered.base, covered.target) == ("4 of 4; 6 still open", "Target 100%: not decided yet")
    assert (response.base, response.target) == ("4 of 4; 6 still open", "Target 45%: not decided yet")
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


def test_its_headline_does_not_take_itself_back(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    fell = {"value": -24.0, "low": -31.0, "high": -16.0, "verdict": "down", "previous": {"value": 84.0}}
    for block in findings["dimensions"].values():
        block |= {"score": 75.0, "low": 70.0, "high": 80.0, "change": None}
    findings["dimensions"]["quality"] |= {"score": 70.0, "low": 65.0, "high": 77.0, "change": fell}
    assert make_report(order()).cover.headline == "Quality fell by 24 points (probably 16–31)"


def test_its_proposals_begin_with_what_fell(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    block: dict[str, Any] = {
        "n": 90,
        "score": 60.0,
        "low": 55.0,
        "high": 65.0,
        "change": None,
        "question": None,
        "reasons": [],
    }
    findings["proposals"] += [
        {"kind": "improve_dimension", "move": "process", "dimension": "quality", "because": ["fell"], **block}
    ]
    assert [one.why[:7] for one in make_report(order()).cover.proposals] == ["Quality", "Nobody "]


def test_few_answers_are_told_in_the_headline_and_among_what_weakens_the_report(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["responses"]["n"] = 13
    for name in ("csi", "fixed"):
        findings[name] |= {"n": None, "value": None, "low": None, "high": None, "met": None, "change": None}
    findings["csat"] |= {"n": 13, "value": 11 / 13, "low": 0.58, "high": 0.96, "met": "unclear", "change": None}
    for block in findings["dimensions"].values():
        block |= {"n": 13, "score": 75.0, "low": 60.0, "high": 86.0, "change": None}
    report = make_report(order())
    assert report.cover.headline == "11 of 13 customers are satisfied (only 13 answers: an indication)"
    assert report.trust is not None
    assert report.trust.takeaway.startswith("Read with care: Small base")
    assert "No sign of a gap" not in "".join(one.meaning for one in report.trust.checks)


def test_it_counts_visits_where_it_estimates_everything_else(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["coverage"]["coverage"] |= {"n": 14, "value": 1.0, "low": 0.78, "high": 1.0, "met": "yes"}
    tile = make_report(order()).cover.tiles[3]
    assert (tile.interval, tile.base.partition(";")[0], tile.small) == ("", "14 of 14", False)


def test_it_writes_the_change_of_a_share_in_percentage_points(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["csat"]["change"] = {"value": -0.22, "low": -0.36, "high": -0.06, "verdict": "down"}
    assert make_report(order()).cover.tiles[1].change == "\N{MINUS SIGN}22 percentage points since Q2 2026"


def test_it_tells_of_months_that_signal_a_change(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    rows = [row for row in findings["trend"] if row["metric"] == "quality"]
    for row in findings["trend"]:
        row["signal"] = None
    assert "Single months" not in [one.lead for one in make_report(order()).cover.findings]
    rows[-1] |= {"period": "2026-09", "value": 60.0, "centre": 80.0, "signal": "outside"}
    rows[0] |= {"period": "2025-10", "value": 60.0, "centre": 80.0, "signal": "outside"}
    (told,) = [one.text for one in make_report(order()).cover.findings if one.lead == "Single months"]
    assert told == "Quality lay below its ordinary range in September 2026."
    rows[-1]["value"] = 95.0
    (told,) = [one.text for one in make_report(order()).cover.findings if one.lead == "Single months"]
    assert told == "Quality lay above its ordinary range in September 2026."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_of_an_engineer_is_about_the_person_and_for_the_manager_alone(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    findings["unit"] |= {"path": "network/h2/Lin", "name": "Lin", "kind": "engineer"}
    long = "Technician Abdurehman Maimaitijiang Tursun (Senior Diagnostic Technician, High-Voltage Systems)"
    findings["sample"] = True
    made = order(language, kind="engineer", unit_name=long, names={"network/h2": "Lakeside Central"}, comments=[])
    report = make_report(made)
    assert report.unit == f"Lakeside Central · {long}"
    assert len(report.cover.tiles) == 3
    assert [one.move for one in report.cover.proposals] == [
        {"en": "Talk", "zh-Hans": "面谈", "zh-Hant": "面談"}[language]
    ]
    assert report.cover.only
    assert report.cover.only in draw_pages(report).replace("\u2009", "")
    basis = {"en": "no basis for a rating", "zh-Hans": "不作考核依据", "zh-Hant": "不作考核依據"}[language]
    assert basis in report.cover.sure
    assert len(pypdfium2.PdfDocument(write_pdf(draw_pages(report), moment=AT))) == 1


@pytest.mark.parametrize(
    ("kind", "level", "said"),
    [
        ("region", "station", "Follow-up report of the region"),
        ("station", "region", "Follow-up report of the station · regional edition"),
        ("headquarters", "public", "Follow-up report of the network · public edition"),
    ],
)
def test_its_head_says_what_it_is_about_and_whom_it_is_for(
    order: Callable[..., Order], findings: dict[str, Any], kind: str, level: str, said: str
) -> None:
    findings["unit"]["kind"] = kind
    assert make_report(order(kind="network", level=level)).kind == said


def test_a_sentence_repeats_the_figure_of_its_tile(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["csi"] |= {"n": 213, "value": 78.5, "low": 76.4, "high": 80.6, "target": None, "met": None}
    cover = make_report(order()).cover
    assert (cover.tiles[0].value, cover.tiles[0].interval) == ("78.5", "probably 76.4–80.6")
    assert cover.findings[0].text.startswith("The satisfaction index is 78.5 of 100, probably 76.4–80.6.")


def test_one_table_has_one_precision(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    for block in findings["dimensions"].values():
        block |= {"n": 97}
    rows = make_report(order()).dimensions.rows
    assert {"." in row.score for row in rows if row.score} == {False}
    for block in findings["dimensions"].values():
        block |= {"n": 240}
    rows = make_report(order()).dimensions.rows
    assert {"." in row.score for row in rows if row.score} == {True}


def test_a_year_that_is_held_back_shows_no_months_and_sends_on_to_its_quarters(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    for name in ("csi", "csat", "fixed", "nps"):
        findings[name] |= {"n": None, "value": None, "low": None, "high": None, "met": None, "change": None}
    for block in findings["dimensions"].values():
        block |= {"n": None, "score": None, "low": None, "high": None, "change": None}
    findings["suppressed"].append({"path": "csat", "reason": "protects_another"})
    quarter = make_report(order())
    assert quarter.cover.findings[0].text.endswith("A longer period, or the report of the unit above, shows them.")
    findings["period"] |= {"from": "2026-01-01", "to": "2026-12-31"}
    year = make_report(order())
    assert year.cover.findings[0].text.endswith("Read the reports of its quarters, or that of the unit above, instead.")
    assert (year.comparison.trend, year.comparison.multiples) == (None, ())
