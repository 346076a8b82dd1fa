from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest

from revisit.flows.reporting.report_data import nameless, restrict
from revisit.records.survey import LANGUAGES
from revisit.reports.comments import Said, together
from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.report import make_report
from revisit.reports.sections.comments import chosen

FELL = {"value": -8.0, "low": -14.0, "high": -3.0, "verdict": "down", "previous": {"n": 180, "value": 83.0}}


def funnel(n: int, value: float, flag: str | None = None) -> dict[str, Any]:
    """Give a satisfied share with the limits of chance around 77 %."""
    half = sqrt(0.77 * 0.23 / n)
    limits = {"low_95": 0.77 - 2 * half, "high_95": min(1.0, 0.77 + 2 * half)}
    limits |= {"low_99_8": 0.77 - 3 * half, "high_99_8": min(1.0, 0.77 + 3 * half)}
    return {"n": n, "value": value, "low": value - 0.1, "high": value + 0.1, "p": 0.2, "flag": flag, "funnel": limits}


def test_it_tells_a_change_with_its_interval_and_base(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["dimensions"]["quality"] |= {"score": 75.0, "low": 72.0, "high": 78.0, "n": 239, "change": FELL}
    cover = make_report(order()).cover
    assert cover.headline.startswith("Quality fell by 8 points (probably 3–14)")
    assert [one.text for one in cover.findings if one.lead.startswith("Changed")] == [
        "Quality fell from 83.0 to 75.0 (−8.0, probably −14.0 to −3.0; n = 239)."
    ]


def test_it_proposes_a_step_for_what_fell_and_keeps_watching_where_nothing_did(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["proposals"] = [{"kind": "keep_watching", "move": "keep_watching"}]
    assert [one.move for one in make_report(order()).cover.proposals] == ["Talk"]
    reason = {"question": "overall", "n": 20, "code": "2", "count": 9, "value": 0.45, "low": 0.26, "high": 0.66}
    findings["proposals"] = [
        {
            "kind": "improve_dimension",
            "move": "process",
            "dimension": "quality",
            "because": ["fell"],
            "n": 120,
            "score": 80.0,
            "low": 75.0,
            "high": 85.0,
            "change": FELL,
            "reasons": [reason],
            "question": {"id": "mended", "n": 120, "count": 12, "share": 0.1},
        }
    ]
    proposals = make_report(order()).cover.proposals
    assert [one.move for one in proposals] == ["Process"]
    assert proposals[0].step == "Have a second person check each repair before hand-over."
    figures = "Quality 80.0 (75.0–85.0); 12 of 120 answers in the two lowest points"
    assert proposals[0].why == f"{figures}; of the 20 customers who gave a reason most named “Dissatisfied” (45%)"


def test_it_puts_the_same_comment_together() -> None:
    assert together(["Too slow.", "too slow", "Fine!", ""]) == [Said("Too slow.", 2), Said("Fine!")]
    texts, more = chosen(["a", "A.", *(f"comment {number}" for number in range(14))])
    assert (len(texts), texts[:2], more) == (13, ["a", "a"], 3)
    assert together(texts)[0] == Said("a", 2)


def test_it_counts_low_answers_of_each_question(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    item = next(one for one in findings["items"].values() if one.get("distribution"))
    item["distribution"] = {"1": 3, "2": 7, "3": 10, "4": 60, "5": 20}
    rows = [row for group in make_report(order()).questions.groups for row in group.rows]
    assert [row for row in rows if (row.low, row.low_share) == ("10", "10%")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_draws_units_and_engineers_against_chance_and_names_no_engineer(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    shares = [(15, 0.8, None), (30, 0.7, None), (50, 0.86, None), (64, 0.5, "below"), (80, 0.78, None)]
    for row, share in zip(findings["units"], shares, strict=True):
        row["csat"] = funnel(*share)
    people = [{"path": f"all/a/Engineer {n}", "name": f"Engineer {n}", "csat": funnel(n, 0.8)} for n in range(12, 17)]
    people.append({"path": "all/a/Engineer few", "name": "Engineer few", "csat": {"n": None, "funnel": None}})
    findings["engineers"] = nameless(people)
    assert len(findings["engineers"]) == 5
    report = make_report(order(language))
    assert report.funnels.units is not None
    assert report.funnels.engineers is not None
    assert findings["units"][3]["name"] in report.funnels.units.takeaway
    assert "Engineer" not in draw_pages(report)


def test_it_lays_out_a_network_with_a_row_for_each_part_and_one_for_all(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    report = make_report(order(kind="network", parts=[findings, findings]))
    assert report.network is not None
    assert [row.name for row in report.network.rows][-1] == "All together"
    assert len(report.network.rows) == 3
    assert len(report.network.dimensions) == len(report.network.rows[0].cells) == 5
    html = draw_pages(report)
    assert "Each dimension in each part" in html
    assert "Follow-up report of the network" in html


@pytest.mark.parametrize("kind", ["engineer", "weekly"])
def test_it_keeps_comments_and_units_out_of_sheets_and_notes(order: Callable[..., Order], kind: str) -> None:
    html = draw_pages(make_report(order(kind=kind)))
    assert "Nobody called me back." not in html
    assert "The units beside each other" not in html
    assert "What to do next" in html


def test_it_leaves_out_what_a_level_must_not_see(findings: dict[str, Any]) -> None:
    findings["engineers"] = [{"unit": "1"}]
    assert restrict(findings, "station") == findings
    assert restrict(findings, "region")["engineers"] == []
    assert restrict(findings, "region")["units"] == findings["units"]
    assert restrict(findings, "public")["units"] == []
    silent = [{"variable": "unit", "group": "north", "asked": 4}, {"variable": "month", "group": "2026-07", "asked": 9}]
    findings["nonresponse"]["silent"] = silent
    assert restrict(findings, "region")["nonresponse"]["silent"] == silent
    assert restrict(findings, "public")["nonresponse"]["silent"] == silent[1:]
