from typing import Any

import pytest

from revisit.records.survey import Survey
from revisit.reports.reading import read
from revisit.reports.sentences import Sentences
from revisit.reports.words import words

FELL = {"value": -6.2, "low": -9.0, "high": -3.4, "verdict": "down"}


def say(findings: dict[str, Any], survey: Survey, language: str = "en") -> Sentences:
    return Sentences(read(findings, survey), words(language))


def without_targets(findings: dict[str, Any], *names: str) -> None:
    for name in names:
        findings[name] |= {"met": None, "target": None}


def withhold(findings: dict[str, Any], *names: str) -> None:
    for name in names:
        block = findings["dimensions"].get(name, findings.get(name))
        block |= {"n": None, "score" if "score" in block else "value": None, "low": None, "high": None}
        block |= {"change": None, "met": None}


def test_it_says_below_target_only_with_the_whole_interval_below(findings: dict[str, Any], survey: Survey) -> None:
    assert (
        say(findings, survey).headline()
        == "Satisfaction is below its target of 80; no dimension is clearly the weakest"
    )
    without_targets(findings, "csat", "fixed")
    findings["csi"] |= {"low": 76.0, "high": 81.0, "met": "unclear"}
    assert say(findings, survey).headline().startswith("Satisfaction stands at 77.9 of 100;")
    assert "cannot be told" in say(findings, survey).findings()[0].text
    findings["csi"] |= {"low": 80.5, "high": 83.0, "met": "yes"}
    assert say(findings, survey).headline().startswith("Satisfaction meets its target of 80;")


def test_it_puts_a_fall_before_everything(findings: dict[str, Any], survey: Survey) -> None:
    findings["csi"]["change"] = FELL
    assert say(findings, survey).headline().startswith("Satisfaction fell by 6 points (probably 3–9);")
    assert "It fell since Q2 2026, by 3–9 points." in say(findings, survey).findings()[0].text


def test_it_joins_a_fall_and_the_weakest_dimension_when_they_are_one(findings: dict[str, Any], survey: Survey) -> None:
    findings["dimensions"]["price"] |= {"score": 50.0, "low": 46.0, "high": 54.0, "change": FELL}
    assert say(findings, survey).headline() == "Price fell by 6 points (probably 3–9) and is the weakest dimension"
    assert say(findings, survey, "zh-Hans").headline() == "价格下降6分（很可能在3～9之间），是最弱的维度"
    assert say(findings, survey, "zh-Hant").headline() == "價格下降6分（很可能在3～9之間），是最弱的構面"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"value": 6.2, "low": 3.0, "high": 9.0, "verdict": "up"}, "Satisfaction rose by 6 points"),
        ({"value": 2.2, "low": 0.1, "high": 4.0, "verdict": "up_small"}, "Satisfaction rose slightly, by 2 points"),
        ({"value": -1.2, "low": -2.0, "high": -0.1, "verdict": "down_small"}, "Satisfaction fell slightly, by 1 point"),
        ({"value": -0.3, "low": -0.5, "high": -0.1, "verdict": "down_small"}, "slightly, by less than one point"),
    ],
)
def test_it_says_how_large_a_change_is(
    findings: dict[str, Any], survey: Survey, change: dict[str, Any], wanted: str
) -> None:
    without_targets(findings, "csi", "csat", "fixed")
    findings["csi"]["change"] = change
    assert wanted in say(findings, survey).headline()


def test_it_calls_no_change_a_change(findings: dict[str, Any], survey: Survey) -> None:
    told = say(findings, survey).findings()[0].text
    assert "No change is shown since Q2 2026; a change of less than 2 points would not show." in told


def test_it_writes_changes_of_shares_in_percentage_points(findings: dict[str, Any], survey: Survey) -> None:
    findings["csat"]["change"] = {"value": -0.1, "low": -0.15, "high": -0.05, "verdict": "down"}
    assert say(findings, survey).headline().startswith("The share of satisfied customers fell by 10 percentage points")


def test_it_names_the_weakest_one_or_two(findings: dict[str, Any], survey: Survey) -> None:
    findings["dimensions"]["price"] |= {"score": 50.0, "low": 46.0, "high": 54.0}
    assert say(findings, survey).headline().endswith("price is the weakest dimension")
    assert "Price is clearly rated lowest, at 50.0 (probably 46.0–54.0)." in say(findings, survey).dimensions()
    findings["dimensions"]["quality"] |= {"score": 52.0, "low": 48.0, "high": 56.0}
    assert say(findings, survey).headline().endswith("price and quality are the weakest dimensions")
    assert (
        "Price and quality are rated lowest; the answers cannot tell them apart." in say(findings, survey).dimensions()
    )


def test_it_says_that_none_stands_out(findings: dict[str, Any], survey: Survey) -> None:
    for block in findings["dimensions"].values():
        block |= {"score": 75.0, "low": 70.0, "high": 80.0}
    told = say(findings, survey).dimensions()
    assert told.startswith("No dimension stands apart from all others: the scores lie between 75.0 and 75.0")
    assert "do differ" not in told


def test_it_says_of_the_ends_that_they_differ_where_only_those_between_meet_both(
    findings: dict[str, Any], survey: Survey
) -> None:
    limits = {"price": (67, 74), "speed": (70, 77), "channel": (73, 80), "quality": (76, 83), "attitude": (80.9, 85.5)}
    for name, (low, high) in limits.items():
        findings["dimensions"][name] |= {"score": (low + high) / 2, "low": low, "high": high}
    told = say(findings, survey).dimensions()
    assert told.startswith("No dimension stands apart from all others: ")
    assert "intervals meet" not in told
    assert told.endswith("The two ends do differ: price lies below attitude.")
    assert say(findings, survey, "zh-Hant").dimensions().endswith("但最低與最高的確有差別：價格低於態度。")


def test_it_scores_a_single_dimension_without_comparing_it(findings: dict[str, Any], survey: Survey) -> None:
    withhold(findings, *(name for name in findings["dimensions"] if name != "price"))
    assert say(findings, survey).dimensions() == "Price alone has enough answers for a score."


def test_it_gives_no_score_where_there_are_too_few_answers(findings: dict[str, Any], survey: Survey) -> None:
    withhold(findings, "csi", "csat", "fixed", "nps", *findings["dimensions"])
    said = say(findings, survey)
    assert said.headline() == "Too few answers for a score in every dimension"
    assert said.dimensions() == "No dimension has enough answers for a score."
    assert "The satisfaction index is not shown" in said.findings()[0].text
    findings["responses"]["n"] = 7
    assert say(findings, survey).headline() == "Too few answers for a finding: fewer than 10"
    findings["responses"]["n"] = 0
    assert say(findings, survey).headline() == "No customer has answered yet"
    assert "fewer" not in say(findings, survey).headline()


def test_it_falls_back_on_the_satisfied_share(findings: dict[str, Any], survey: Survey) -> None:
    withhold(findings, "csi")
    without_targets(findings, "csat", "fixed")
    assert say(findings, survey).headline().startswith("77.0% of the customers are satisfied;")


def test_it_warns_of_a_thin_response(findings: dict[str, Any], survey: Survey) -> None:
    assert "indication only" not in say(findings, survey).sure()
    findings["coverage"]["response_rate"] |= {"value": 0.12, "low": 0.1, "high": 0.14}
    assert (
        "Only 12.0% of those we tried to reach answered: read every score as an indication only."
        in say(findings, survey).sure()
    )


def test_it_says_how_sure_it_is(findings: dict[str, Any], survey: Survey) -> None:
    assert "known to about ±1 point; smaller differences may be chance." in say(findings, survey).sure()
    findings["csi"] |= {"low": 74.0, "high": 82.0}
    assert "known to about ±4 points;" in say(findings, survey).sure()


def test_it_counts_visits_that_nobody_tried(findings: dict[str, Any], survey: Survey) -> None:
    assert say(findings, survey).missed() == "Nobody tried to reach 22 customers; each visit counts as a miss."
    findings["coverage"]["never_tried"] = 1
    assert say(findings, survey).missed() == "Nobody tried to reach 1 customer; the visit counts as a miss."
    findings["coverage"]["never_tried"] = 0
    assert say(findings, survey).missed() == ""


def test_it_says_that_nothing_was_due(findings: dict[str, Any], survey: Survey) -> None:
    findings["coverage"]["due"] = 0
    assert say(findings, survey).who_answered() == "No visit was due in this period."


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("no_answers", "has no answers"),
        ("fewer_than_10", "fewer than 10 answers"),
        ("form_changed", "other questions"),
        ("mode_mix_differs", "in other ways"),
    ],
)
def test_it_says_why_there_is_no_comparison(findings: dict[str, Any], survey: Survey, reason: str, wanted: str) -> None:
    findings["comparable"] = {"value": False, "reason": reason}
    findings["csi"]["change"] = None
    assert wanted in say(findings, survey).findings()[0].text


def test_it_reads_the_series_for_signals(findings: dict[str, Any], survey: Survey) -> None:
    assert say(findings, survey).trend() == "No single month stands out."
    findings["csi"]["change"] = FELL
    assert say(findings, survey).trend() == (
        "No single month stands out. Taken as a whole, Q3 2026 differs from Q2 2026 in: satisfaction."
    )
    findings["csi"]["change"] = None
    findings["trend"][2]["signal"] = "outside"
    assert say(findings, survey).trend() == "Signals of a real change: December 2025."
    for row in findings["trend"]:
        row |= {"signal": None, "lower": None, "upper": None}
    assert say(findings, survey).trend().startswith("There are not enough months")
    findings["trend"][1] |= {"n": None, "value": None, "low": None, "high": None}
    assert say(findings, survey).trend().startswith("Too few months may be shown to judge single ones")


def test_it_marks_units_only_where_the_findings_do(findings: dict[str, Any], survey: Survey) -> None:
    assert say(findings, survey).units() == "Their intervals meet: no difference between them is shown."
    findings["units"][0] |= {"low": 50.0, "high": 60.0, "score": 55.0}
    assert say(findings, survey).units() == (
        "Harbour (55) lies below Lakeside (74) and Riverside (77): the intervals do not meet."
    )
    for row in findings["units"]:
        row["p"] = 0.5
    assert say(findings, survey).units() == "No unit is shown to differ from the others."
    findings["units"][0]["flag"], findings["units"][4]["flag"] = "materially_below", "above"
    findings["comparison"]["metrics"]["overall"]["centre"] = 75.0
    assert say(findings, survey).units() == (
        "Below the average of all units (75) by more than chance explains: Harbour (55). Above it: Riverside (77)."
    )
