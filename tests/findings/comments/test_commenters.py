"""Those who wrote a comment beside those who did not."""

from datetime import date

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from revisit.findings.comments.commenters import compare
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from tests.findings.samples import REPAIR, answered, make_survey, response
from tests.findings.test_summary import of


def told(points: list[int], words: str = "", day: date = date(2026, 8, 3)) -> list[Response]:
    comment = {"comment": Answer("answered", words)} if words else {}
    return [
        response(f"{words[:1]}{day}{place:03}", {**answered(overall=point), **comment}, day=day)
        for place, point in enumerate(points)
    ]


def test_it_is_the_chi_square_of_the_points() -> None:
    wrote, silent = np.array([20, 15, 12, 30, 23]), np.array([10, 12, 25, 60, 93])
    found = compare(wrote, silent)
    known = chi2_contingency(np.array([wrote, silent]), correction=False)
    assert found is not None
    assert (found.chi2, found.df, found.p) == pytest.approx((known.statistic, 4, known.pvalue), rel=1e-9)
    assert found.v == pytest.approx((known.statistic / 300) ** 0.5, rel=1e-9)


def test_points_that_few_chose_are_taken_together() -> None:
    # One in four wrote: a group of points needs twenty answers for five expected.
    found = compare(np.array([1, 2, 7, 8, 7]), np.array([2, 4, 14, 25, 30]))
    known = chi2_contingency(np.array([[10, 8, 7], [20, 25, 30]]), correction=False)
    assert found is not None
    assert (found.df, found.chi2) == pytest.approx((2, known.statistic), rel=1e-9)
    # What is left above goes with the points below it.
    last = compare(np.array([0, 0, 10, 14, 1]), np.array([0, 0, 30, 40, 5]))
    assert last is not None
    assert last.df == 1


def test_equal_answers_cannot_be_compared() -> None:
    assert compare(np.array([0, 0, 0, 0, 20]), np.array([0, 0, 0, 0, 60])) is None


def test_the_findings_say_whether_they_differ() -> None:
    found = of([*told([1, 2, 2, 3, 4] * 8, "The wait was long"), *told([3, 4, 5, 5, 5] * 12)])
    block = found["commenters"]
    assert block["differ"] is True
    assert (block["commented"]["n"], block["silent"]["n"]) == (40, 60)
    assert (block["commented"]["score"], block["silent"]["score"]) == (35, 85)
    difference = block["difference"]
    assert difference["value"] == -50
    assert difference["low"] < -50 < difference["high"] < 0
    assert found["commenters"].keys() >= {"chi2", "df", "p", "v"}
    (said,) = (one for one in found["headline"] if one["kind"] == "commenters_differ")
    assert (said["n"], said["difference"], said["low"]) == (40, -50, difference["low"])


def test_nothing_is_said_of_commenters_who_do_not_differ() -> None:
    found = of([*told([1, 2, 3, 4, 5] * 8, "The wait was long"), *told([1, 2, 3, 4, 5] * 12)])
    assert found["commenters"]["differ"] is False
    assert "commenters_differ" not in {one["kind"] for one in found["headline"]}


@pytest.mark.parametrize(
    ("wrote", "silent", "reason"),
    [(9, 60, "fewer_than_10"), (60, 9, "fewer_than_10"), (0, 60, "no_answers"), (20, 60, "no_spread")],
)
def test_it_says_why_there_is_nothing(wrote: int, silent: int, reason: str) -> None:
    found = of([*told([5] * wrote, "Fine"), *told([5] * silent)])
    assert found["commenters"] is None
    assert {"path": "commenters", "reason": reason} in found["suppressed"]


def test_a_survey_without_words_has_no_commenters() -> None:
    wordless = make_survey([one for one in REPAIR.questions if one.kind != "text"])
    found = of(told([5, 4] * 20), survey=wordless)
    assert {"path": "commenters", "reason": "no_question"} in found["suppressed"]


def test_few_who_wrote_in_one_month_are_not_found_by_subtraction() -> None:
    # A quarter's forty less the months of twenty would leave the few of the third.
    months = [(date(2026, 7, 6), 20), (date(2026, 8, 3), 20), (date(2026, 9, 7), 4)]
    answers = [one for day, count in months for one in told([2, 5] * (count // 2), "Slow", day)]
    answers += [one for day, _ in months for one in told([3, 4] * 20, "", day)]
    shown = {word: of(answers, period=Period.parse(word))["commenters"] for word in ("2026-Q3", "2026-07", "2026-08")}
    assert shown["2026-Q3"] is not None
    assert shown["2026-07"] is None
