from typing import Any

from revisit.records.survey import Survey
from revisit.reports.figures import Figure
from revisit.reports.reading import Dimension, read
from revisit.reports.standing import stand, worst_question


def dimension(name: str, low: float, high: float, *, shown: bool = True) -> Dimension:
    middle = (low + high) / 2
    score = Figure("score", middle, low, high, n=50) if shown else Figure("score", reason="fewer_than_10")
    return Dimension(name, score, Figure("share"))


def names(found: tuple[Dimension, ...]) -> list[str]:
    return [one.name for one in found]


def test_it_names_one_whose_interval_meets_no_other() -> None:
    dimensions = [dimension("speed", 70, 78), dimension("price", 50, 60), dimension("quality", 75, 85)]
    assert names(stand(dimensions, "weakest").dimensions) == ["price"]
    assert stand(dimensions, "strongest").dimensions == ()


def test_it_names_two_together_that_cannot_be_told_apart() -> None:
    dimensions = [dimension("speed", 80, 88), dimension("price", 50, 60), dimension("quality", 55, 65)]
    dimensions += [dimension("attitude", 81, 89)]
    assert names(stand(dimensions, "weakest").dimensions) == ["price", "quality"]


def test_it_names_none_where_more_than_half_meet() -> None:
    assert not stand([dimension("speed", 60, 70), dimension("price", 65, 75)], "weakest").clear


def test_it_leaves_withheld_dimensions_out_and_needs_two() -> None:
    assert not stand([dimension("speed", 60, 70), dimension("price", 10, 20, shown=False)], "weakest").clear


def test_it_agrees_with_the_findings_where_they_name_the_lowest_dimension(
    survey: Survey, findings: dict[str, Any]
) -> None:
    kinds = {told["kind"] for told in findings["headline"]}
    alone = len(stand(read(findings, survey).dimensions, "weakest").dimensions) == 1
    assert alone == ("lowest_dimension" in kinds)
    findings["dimensions"]["price"] |= {"score": 50.0, "low": 46.0, "high": 54.0}
    assert names(stand(read(findings, survey).dimensions, "weakest").dimensions) == ["price"]


def test_it_finds_the_question_with_most_low_answers_in_the_lowest_dimension(
    survey: Survey, findings: dict[str, Any]
) -> None:
    def question() -> str:
        worst = worst_question(read(findings, survey))
        return worst.item.question.id if worst else ""

    for block in findings["dimensions"].values():
        block |= {"score": 75.0, "low": 70.0, "high": 80.0}
    assert question() == ""  # nothing is told to be lowest: a question of any other dimension would contradict that
    findings["dimensions"]["quality"] |= {"score": 65.0, "low": 60.0, "high": 73.0}
    findings["dimensions"]["speed"] |= {"score": 79.0, "low": 74.0, "high": 84.0}
    assert question() == "mended"  # its two ends do differ
    findings["dimensions"]["price"] |= {"score": 50.0, "low": 46.0, "high": 54.0}
    assert question() == "price_fair"
    counts = findings["items"]["price_fair"]["distribution"]
    findings["items"]["price_fair"]["distribution"] = dict(zip(counts, (4, 5, 60, 60, 60), strict=True))
    assert question() == ""  # nine low answers would point to single customers
