"""Units: who is named on the first page as below or above the others, by which rule, and who is not."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from revisit.records.survey import LANGUAGES
from revisit.reports.figures import Figure
from revisit.reports.orders import Order
from revisit.reports.report import Report, make_report
from revisit.reports.units import stand_apart

FELL = {"value": -16.0, "low": -22.0, "high": -10.0, "verdict": "down", "previous": {"value": 83.0}}
STEADY = {"value": -1.0, "low": -6.0, "high": 4.0, "verdict": "none", "previous": {"value": 80.0}}
OUTLETS = (("Hill", 68.0, "materially_below"), ("East", 70.0, "below"), ("Gate", 77.0, None), ("Shore", 84.0, "above"))


def with_outlets(findings: dict[str, Any], rows: Any = OUTLETS) -> None:
    """Let an exact test over six outlets mark some of them."""
    plain = {"n": 90, "base": 90, "shrunken": None, "csat": None, "method": "score_t"}
    findings["outlets"] = {
        "units": [
            {"unit": name, "path": f"network/r/{name}", "name": name, "flag": flag, "p": 0.01, **plain}
            | {"score": score, "low": score - 4, "high": score + 4}
            for name, score, flag in rows
        ],
        "comparison": {"metrics": {"overall": {"units": len(rows), "centre": 77.2, "differ": 0.001}}},
    }


def parted(order: Callable[..., Order], findings: dict[str, Any], scores: dict[str, float], **changed: Any) -> Report:
    """Make a report of parts whose index is four points to either side of these scores."""
    parts = []
    for name, score in scores.items():
        part = deepcopy(findings)
        part["unit"] = {"id": name, "path": f"network/{name}", "name": name, "kind": "region"}
        part["csi"] |= {"n": 90, "value": score, "low": score - 4, "high": score + 4, "change": None}
        parts.append(part)
    return make_report(order(kind="network", parts=parts, **changed))


def without_targets(findings: dict[str, Any]) -> None:
    for name in ("csi", "csat", "fixed"):
        findings[name] |= {"met": None, "target": None}


def test_its_headline_names_the_outlets_that_the_test_puts_below(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    with_outlets(findings)
    cover = make_report(order(kind="network")).cover
    assert (
        cover.headline == "Satisfaction is below its target of 80; Hill and East lie below the average of all outlets"
    )
    assert cover.findings[1].lead == "Outlets"
    assert cover.findings[1].text == (
        "Below the average of all outlets (77) by more than chance explains: Hill (68) and East (70). Above it: "
        "Shore (84)."
    )
    without_targets(findings)
    assert make_report(order(kind="network")).cover.headline.startswith("Hill and East lie below the average of all")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-Hans", "低于全体网点平均水平（77），且超出偶然范围：Hill（68）和East（70）。高于平均：Shore（84）。"),
        ("zh-Hant", "低於全體據點平均水準（77），且超出偶然範圍：Hill（68）和East（70）。高於平均：Shore（84）。"),
    ],
)
def test_it_names_them_in_chinese(
    order: Callable[..., Order], findings: dict[str, Any], language: str, said: str
) -> None:
    with_outlets(findings)
    assert make_report(order(language, kind="network")).cover.findings[1].text == said


def test_its_headline_counts_those_below_where_they_are_many(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    with_outlets(findings, [(f"O{place}", 60.0, "below") for place in range(4)])
    assert "4 units lie below the average of all outlets" in make_report(order(kind="network")).cover.headline


def test_it_sends_somebody_to_see_what_is_done_otherwise(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    with_outlets(findings)
    findings["proposals"] = [{"kind": "keep_watching", "move": "keep_watching"}]
    (one,) = make_report(order(kind="network")).cover.proposals
    assert (one.move, one.step) == ("Go and see", "Go to Hill and East and see what is done otherwise than at Shore.")
    with_outlets(findings, OUTLETS[:3])
    (one,) = make_report(order(kind="network")).cover.proposals
    assert one.step == "Go to Hill and East and see what is done otherwise there."
    with_outlets(findings, OUTLETS[2:])
    (one,) = make_report(order(kind="network")).cover.proposals
    assert one.move == "Talk"


def test_it_names_units_above_alone_without_a_place_in_the_headline(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    with_outlets(findings, OUTLETS[2:])
    cover = make_report(order(kind="network")).cover
    assert "outlets" not in cover.headline
    assert cover.findings[1].text == ("Above the average of all outlets (77) by more than chance explains: Shore (84).")


def test_of_fewer_than_five_it_names_those_whose_intervals_do_not_meet(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    report = parted(order, findings, {"East": 82.0, "West": 70.0, "South": 76.0})
    said = "West (70) lies below East (82): the intervals do not meet."
    assert report.cover.headline.endswith("; West lies below East")
    assert report.cover.findings[1].text == f"Satisfaction: {said}"
    assert report.network is not None
    assert report.network.takeaway == said
    assert report.cover.proposals[0].step == "Go to West and see what is done otherwise than at East."
    report = parted(order, findings, {"East": 82.0, "West": 77.0})
    assert "lies below" not in report.cover.headline
    assert report.network is not None
    assert report.network.takeaway == "Their intervals meet: no difference between them is shown."


def test_where_units_were_tested_no_pair_of_intervals_marks_any(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    for row in findings["units"]:
        row["p"] = 0.2
    report = parted(order, findings, {"East": 82.0, "West": 70.0})
    assert "lies below" not in report.cover.headline + "".join(one.text for one in report.cover.findings)
    assert report.network is not None
    assert report.network.takeaway == "No unit is shown to differ from the others."


def test_units_are_called_by_the_names_of_the_language(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    for row, value in zip((findings["units"][0], findings["units"][2]), (60.0, 80.0), strict=True):
        row |= {"score": value, "low": value - 5, "high": value + 5, "n": 60}
    findings["units"][4] |= {"score": None, "low": None, "high": None, "n": None}
    names = {findings["units"][0]["path"]: "海港站", findings["units"][2]["path"]: "湖滨站"}
    for language in LANGUAGES[1:]:
        cover = make_report(order(language, names=names)).cover
        assert "海港站（60）" in cover.findings[1].text
        assert "湖滨站（80）" in cover.findings[1].text


def test_intervals_that_touch_are_not_apart() -> None:
    low, high = Figure("score", 60, 55, 65, 50), Figure("score", 70, 65, 75, 50)
    assert stand_apart([("low", low), ("high", high)]) == ()
    (one,) = stand_apart([("low", low), ("high", Figure("score", 71, 65.1, 76, 50)), ("hidden", Figure("score"))])
    assert [[name for name, _figure in rows] for rows in (one.units, one.others)] == [["low"], ["high"]]


def test_those_below_the_same_others_are_named_together() -> None:
    rows = [
        (name, Figure("score", value, value - 3, value + 3, 50)) for name, value in (("a", 61), ("b", 60), ("c", 70))
    ]
    (one,) = stand_apart(rows)
    assert [name for name, _figure in one.units] == ["b", "a"]


def test_it_says_in_which_parts_a_fall_shows(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    def parts(**changes: Any) -> list[dict[str, Any]]:
        made = []
        for name, change in changes.items():
            part = deepcopy(findings)
            part["unit"] = {"id": name, "path": f"network/{name}", "name": name, "kind": "station"}
            part["dimensions"]["quality"] |= {"n": 90, "score": 67.0, "low": 62.0, "high": 72.0, "change": change}
            made.append(part)
        return made

    findings["dimensions"]["quality"]["change"] = FELL | {"value": -7.0, "low": -11.0, "high": -3.0}
    findings["proposals"] = [
        {"kind": "improve_dimension", "move": "process", "dimension": "quality", "because": ["fell"], "reasons": []}
        | {"n": 90, "score": 67.0, "low": 62.0, "high": 72.0, "change": FELL, "question": None}
    ]

    def changed(**changes: Any) -> tuple[str, str]:
        cover = make_report(order(kind="network", parts=parts(**changes))).cover
        return next(one.text for one in cover.findings if one.lead.startswith("Changed")), cover.proposals[0].step

    told, step = changed(Harbour=FELL, Lakeside=STEADY, Airport=STEADY, Closed=None)
    assert told.endswith("By itself it fell in Harbour (from 83 to 67); 2 other units show no fall.")
    assert step.endswith("Begin at Harbour.")
    told, step = changed(Harbour=FELL, Lakeside=FELL)
    assert told.endswith(
        "It fell in every unit that can be compared: Harbour (from 83 to 67) and Lakeside (from 83 to 67)."
    )
    told, step = changed(Harbour=STEADY, Lakeside=STEADY)
    assert told.endswith("No unit by itself shows a fall: the answers of each are too few for that.")
    assert "Begin at" not in step
    told, step = changed(Harbour=None)
    assert "unit" not in told
