"""Whom the figures stand for: silent groups, questions that concern few, weights, modes, writers, and bases."""

from collections.abc import Callable
from typing import Any

import pytest

from revisit.records.survey import LANGUAGES
from revisit.reports.orders import Order
from revisit.reports.pages import draw_pages
from revisit.reports.report import Report, make_report
from revisit.reports.sections.trust import Check
from tests.reports.test_parts import parted

SCORE = {"n": 200, "value": 76.4, "low": 72.1, "high": 80.2}


def check(report: Report, name: str) -> Check | None:
    assert report.trust is not None
    return next((one for one in report.trust.checks if one.name == name), None)


def test_it_names_the_groups_of_which_nobody_answered(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    assert check(make_report(order()), "Groups without answers") is None
    unit = findings["units"][0]
    findings["nonresponse"]["silent"] = [
        {"variable": "unit", "group": unit["unit"], "asked": 12},
        {"variable": "unit", "group": "network", "asked": 3},
        {"variable": "month", "group": "2026-08", "asked": 40},
        {"variable": "job", "group": "recall", "asked": 2},
        {"variable": "job", "group": "", "asked": 5},
    ]
    found = check(make_report(order(names={unit["path"]: "Lakeside Station"})), "Groups without answers")
    assert found is not None
    assert found.mark == "note"
    assert found.found == (
        "Nobody answered in: Lakeside Station (visits: 12), Example Motors itself (visits: 3), August 2026 (visits: "
        "40), recall (visits: 2), and not known (visits: 5)."
    )
    findings["nonresponse"]["silent"] *= 2
    told = check(make_report(order("zh-Hans")), "无人答复的组")
    assert told is not None
    assert "另外4组" in told.found


def test_it_says_that_some_outlets_stand_for_all(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["sampling"] = {"outlets": "all", "asked": None, "note": None}
    assert check(make_report(order()), "Outlets asked") is None
    findings["sampling"] = {"outlets": "sample", "asked": 9, "note": None}
    report = make_report(order())
    found = check(report, "Outlets asked")
    assert found is not None
    assert (found.found, found.mark) == ("9 outlets were asked and stand for all.", "")
    assert found.meaning == "The intervals hold the spread between outlets as well."
    assert "9 outlets were asked and stand for all." in report.cover.sure


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Too few outlets to measure the spread between outlets."),
        ("zh-Hans", "网点太少，无法衡量网点之间的差异。"),
        ("zh-Hant", "據點太少，無法衡量據點之間的差異。"),
    ],
)
def test_it_says_that_a_sample_is_too_small_to_tell_how_outlets_differ(
    order: Callable[..., Order], findings: dict[str, Any], language: str, words: str
) -> None:
    findings["sampling"] = {"outlets": "sample", "asked": 4, "note": "few_outlets"}
    report = make_report(order(language))
    assert words in report.cover.sure
    assert report.trust is not None
    assert [one.mark for one in report.trust.checks if words in one.found] == ["note"]


def test_it_says_why_a_sample_is_not_compared_with_all(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["comparable"] = {"value": False, "reason": "outlets_changed"}
    assert "in one of the periods all outlets were asked" in make_report(order()).cover.findings[0].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_marks_a_question_that_does_not_concern_many_who_met_it(
    order: Callable[..., Order], findings: dict[str, Any], language: str
) -> None:
    findings["items"]["tidy"] |= {"na": 60, "na_note": "not_concerned"}
    report = make_report(order(language))
    row = next(row for group in report.questions.groups for row in group.rows if row.base.startswith("▲"))
    assert "60" in row.base
    assert "262" in row.base  # 202 answers, and 60 to whom it does not apply
    assert "23%" in row.base
    told = check(
        report, {"en": "Questions that do not apply", "zh-Hans": "不适用的问题", "zh-Hant": "不適用的問題"}[language]
    )
    assert told is not None
    assert row.wording.rstrip(".。") in told.found
    findings["items"]["tidy"]["na_note"] = None
    report = make_report(order(language))
    assert not [row for group in report.questions.groups for row in group.rows if row.base.startswith("▲")]


def test_a_withheld_question_is_not_marked(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    nothing = dict.fromkeys(("n", "na", "blank", "invalid", "not_asked", "na_note", "mean", "score", "low", "high"))
    findings["items"]["tidy"] |= nothing | {"distribution": None, "top2": None}
    report = make_report(order())
    assert check(report, "Questions that do not apply") is None


def test_weighted_figures_stand_with_interval_and_base(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["weighted"] = {"n": 200, "matters": True, "weighted": SCORE, "unweighted": SCORE | {"value": 74.2}}
    found = check(make_report(order()), "Weighting")
    assert found is not None
    assert found.found == (
        "Overall satisfaction is 74.2 (72.1–80.2) as answered, and 76.4 (72.1–80.2) when every unit and month counts "
        "by its visits (n = 200)."
    )


def standardised(findings: dict[str, Any], **changed: Any) -> None:
    moved = {"value": -6.2, "low": -9.1, "high": -3.3, "verdict": "down", "previous": {"value": 82.6}}
    block = {**SCORE, "plain": 77.9, "matters": True, "mix": {"web": 0.6, "phone": 0.4}, "change": moved}
    findings["standardised"] = block | changed


def test_the_score_at_one_mix_of_modes_stands_with_interval_and_base(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    standardised(findings)
    found = check(make_report(order()), "Ways of answering")
    assert found is not None
    assert found.mark == "note"
    assert found.found == (
        "Overall satisfaction is 77.9 as answered, and 76.4 (72.1–80.2) at the mix of ways of answering of the whole "
        "organisation (n = 200)."
    )
    standardised(findings, mix={"web": 1.0})
    assert check(make_report(order()), "Ways of answering") is None


def test_where_modes_forbid_a_comparison_the_one_that_can_be_made_is_told(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    standardised(findings)
    assert "At one mix" not in " ".join(one.text for one in make_report(order()).cover.findings)
    findings["comparable"] = {"value": False, "reason": "mode_mix_differs"}
    said = "At one mix of them overall satisfaction moved since Q2 2026 by −6 points (probably −9 to −3; n = 200)."
    report = make_report(order())
    assert said in report.cover.findings[0].text
    found = check(report, "Ways of answering")
    assert found is not None
    assert said in found.found
    standardised(findings, change={"value": -1.0, "low": -4.0, "high": 2.0, "verdict": "none"})
    assert "no change of overall satisfaction is shown since Q2 2026" in make_report(order()).cover.findings[0].text


def writers(low: float, high: float, *, differ: bool) -> dict[str, Any]:
    wrote = {"n": 48, "score": 61.0, "low": 54.0, "high": 68.0}
    silent = {"n": 165, "score": 79.0, "low": 76.0, "high": 82.0}
    return {
        "commented": wrote,
        "silent": silent,
        "differ": differ,
        "difference": {"value": (low + high) / 2, "low": low, "high": high},
    }


def test_it_says_whose_words_the_comments_are(order: Callable[..., Order], findings: dict[str, Any]) -> None:
    findings["commenters"] = writers(-26.0, -10.0, differ=True)
    report = make_report(order())
    assert report.comments.takeaway.startswith("Those who wrote are less satisfied than the others")
    assert report.comments.writers == (
        "Overall satisfaction of those who wrote: 61 (54–68), n = 48; of those who did not: 79.0 (76.0–82.0), n = 165. "
        "Difference: −18 points, probably −26 to −10."
    )
    page = draw_pages(report)
    assert report.comments.takeaway in page
    assert "61 (" in page
    findings["commenters"] = writers(10.0, 26.0, differ=True)
    assert "more satisfied" in make_report(order()).comments.takeaway


@pytest.mark.parametrize("differ", [False, True])
def test_it_claims_no_difference_of_writers_that_is_not_shown(
    order: Callable[..., Order], findings: dict[str, Any], *, differ: bool
) -> None:
    findings["commenters"] = writers(-26.0, 4.0, differ=differ)
    report = make_report(order())
    assert report.comments.takeaway == ""
    assert "n = 48" in report.comments.writers


def test_it_says_that_tried_and_coverage_rest_on_two_bases(
    order: Callable[..., Order], findings: dict[str, Any]
) -> None:
    said = make_report(order()).answered.bases
    assert said.startswith("Two bases: 351 tried are 88% of all 399 visits due. The coverage, 90.9%, rests on 386")
    page = draw_pages(parted(order, findings, 2))
    assert "rests on 386" in page
    assert "the coverage in the table leaves out visits" in page
    findings["coverage"]["coverage"]["n"] = findings["coverage"]["due"]
    assert make_report(order()).answered.bases == ""
