"""Answers that came without orders: what a report says where no visit was due, and what it does not claim."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.report import Report, make_report

COUNTS = (
    "orders",
    "merged",
    "waiting",
    "due",
    "answered",
    "declined",
    "unreachable",
    "excluded",
    "expired",
    "open",
    "attempted",
    "never_tried",
    "not_asked",
)


def without_visits(order: Callable[..., Order], findings: dict[str, Any], **changed: Any) -> Report:
    """Make the report of the same answers as if another tool had gathered them, with no order behind any."""
    findings["coverage"] |= dict.fromkeys(COUNTS, 0) | {"exclusions": {}}
    for name in ("coverage", "response_rate", "effective"):
        findings["coverage"][name] |= {"n": 0, "value": None, "low": None, "high": None, "met": None}
        findings["suppressed"].append({"path": f"coverage.{name}", "reason": "no_visits"})
    findings["nonresponse"] = {"asked": 0, "answered": 0, "variables": {"unit": None, "month": None}}
    part = deepcopy(findings)
    part["unit"] = {"id": "p", "path": "network/p", "name": "Part", "kind": "region"}
    return make_report(order(parts=[part, part], **changed))


def test_it_does_not_say_that_those_who_answered_are_like_the_others(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    found = without_visits(order, findings).trust
    assert found is not None
    missing = next(check for check in found.checks if check.name == "Who is missing")
    assert missing.found == "No visit was due in this period."
    assert missing.meaning == "What the others think cannot be seen here."


def test_it_does_not_say_so_either_where_the_visits_could_not_be_told_apart(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["nonresponse"]["variables"] = {"unit": None, "month": None}
    found = make_report(order()).trust
    assert found is not None
    assert "Who is missing" not in {check.name for check in found.checks}


def test_it_does_not_say_that_every_visit_was_tried(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    found = without_visits(order, findings, kind="network").regions
    assert found is not None
    assert found.steps == ()
    assert found.steps_say == "No visit was due in this period."


def test_it_counts_the_answers_of_parts_without_a_column_of_visits(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    report = without_visits(order, findings, kind="network")
    assert report.network is not None
    assert {row.answers for row in report.network.rows} == {str(findings["responses"]["n"])}
    page = draw_pages(report).partition(">The parts of the network</h2>")[2].partition("</table>")[0]
    assert "Answered</th>" in page
    assert "Visits due" not in page
    assert "Response rate" not in page


def test_it_says_of_a_part_alone_that_it_had_no_visits(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    asked = deepcopy(findings)
    silent = without_visits(order, findings, kind="network").network
    assert silent is not None
    report = make_report(order(kind="network", findings=asked, parts=[part_of(asked, "a"), part_of(findings, "b")]))
    assert report.network is not None
    one, other, _whole = report.network.rows
    assert (one.due, one.answers) == (str(asked["coverage"]["due"]), str(asked["coverage"]["answered"]))
    assert (other.due, other.answers, other.coverage.value) == ("no visits", "–", "–")


def part_of(findings: dict[str, Any], name: str) -> dict[str, Any]:
    return {**findings, "unit": {"id": name, "path": f"network/{name}", "name": name, "kind": "region"}}


def test_it_counts_no_dimensions_in_a_heading(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    for name in ("price", "channel"):
        del findings["dimensions"][name]
    assert ">Dimensions</h2>" in draw_pages(without_visits(order, findings))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "no response rate"), ("zh-Hans", "没有回访率"), ("zh-Hant", "沒有回訪率")]
)
def test_it_adds_up_no_orders_and_shows_no_rates_where_there_are_none(
    order: Callable[..., Order], findings: dict[str, Any], language: str, said: str
) -> None:
    report = without_visits(order, findings, language=language)
    assert len(report.cover.tiles) == 3
    assert said in report.answered.takeaway
    assert 'class="sum"' not in draw_pages(report)
    assert 'class="rates"' not in draw_pages(report)


def test_it_speaks_of_no_repairs_where_no_order_stands_behind_the_answers(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    low: dict[str, Any] = {
        "kind": "improve_dimension",
        "move": "process",
        "dimension": "quality",
        "because": ["weakest"],
    }
    low |= {"n": 50, "score": 60.0, "low": 55.0, "high": 65.0, "change": None, "question": None, "reasons": []}
    findings["proposals"] = [low]
    (told,) = make_report(order()).cover.proposals
    assert "repair" in told.step
    (alone,) = without_visits(order, findings).cover.proposals
    assert alone.step.startswith("Go through the low answers on quality one by one.")


def test_it_does_not_advise_to_change_nothing_where_a_target_is_missed(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    findings["proposals"] = [{"kind": "keep_watching", "move": "keep_watching"}]
    for met, begins in (("no", "A target is missed"), ("yes", "Change nothing")):
        findings["csat"]["met"], findings["csi"]["met"] = met, "yes"
        (told,) = without_visits(order, findings).cover.proposals
        assert told.step.startswith(begins)
