"""Copies: honest stock phrases accuse nobody; what staff copy is found, whoever did the work."""

import random
from dataclasses import replace

import numpy as np
import pytest

from revisit.findings.counts.columns import gather
from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.findings.trust.copies import repeated
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from tests.findings.samples import CUTOFF, REPAIR, made_answers, made_organisation, response

PHRASES = (
    "Excellent service",
    "非常满意，谢谢你们的服务",
    "Very good service",
    "Thank you very much",
    "Everything was fine",
)
COPIED = "The service was wonderful and the staff were very friendly and quick"
SCALES = [question.id for question in REPAIR.questions if question.is_scale]


def said(name: str, words: str, chance: random.Random, *, fives: bool, unit: str = "network/lakeside") -> Response:
    answers = made_answers(chance)
    if fives:
        answers |= {question: Answer("answered", 5) for question in SCALES}
        answers |= {"recommend": Answer("answered", 10), "fixed": Answer("answered", "yes")}
    answers["comment"] = Answer("answered", words) if words else Answer("blank")
    return response(name, answers, unit=unit)


def hits(made: list[Response]) -> list[str]:
    columns = gather(made, REPAIR)
    found = repeated(columns, columns.unit)
    return [one.id for one, hit in zip(made, found.tolist(), strict=True) if hit]


@pytest.mark.parametrize("seed", range(3))
def test_polite_phrases_with_all_fives_are_honest(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 — made-up customers
    made = [
        said(f"r{place}", chance.choice(PHRASES) if chance.random() < 0.25 else "", chance, fives=chance.random() < 0.4)
        for place in range(300)
    ]
    assert hits(made) == []


def test_a_sentence_that_all_outlets_customers_use_is_honest() -> None:
    chance = random.Random(5)  # noqa: S311 — made-up customers
    made = [
        said(f"{unit}{place}", COPIED if place < 6 else "", chance, fives=False, unit=f"network/{unit}")
        for unit in ("harbour", "hillside", "lakeside", "north", "riverside")
        for place in range(300)
    ]
    assert hits(made) == []
    alone = [one for one in made if one.unit == "network/lakeside" or one.answers["comment"].state == "blank"]
    assert len(hits(alone)) == 6


def test_rare_points_with_the_same_few_words_are_copied() -> None:
    chance = random.Random(3)  # noqa: S311 — made-up customers
    made = [said(f"r{place}", "", chance, fives=False) for place in range(200)]
    odd = said("x", "Good work, thanks", chance, fives=False)
    assert hits([*made, *(replace(odd, id=f"x{place}") for place in range(3))]) == ["x0", "x1", "x2"]


def test_another_full_stop_makes_no_other_words_and_one_customer_is_no_three() -> None:
    chance = random.Random(2)  # noqa: S311 — made-up customers
    made = [said(f"r{place}", COPIED + "." * (place + 1), chance, fives=True) for place in range(20)]
    assert len(hits(made)) == 20
    assert hits([replace(one, customer="c1") for one in made]) == []


@pytest.mark.parametrize("engineers", [1, 20])
def test_copies_of_an_outlet_are_found_whoever_did_the_work(engineers: int) -> None:
    chance = random.Random(4)  # noqa: S311 — made-up customers
    made = [
        said(
            f"r{place}", COPIED if place < 20 else "", chance, fives=place < 20,
            unit=f"network/lakeside/Engineer {place % engineers}",
        )
        for place in range(40)
    ]  # fmt: skip
    organisation = made_organisation()
    unit = organisation.unit("lakeside")
    assert unit is not None
    found = summarise(Evidence(REPAIR, organisation, unit, Period.parse("2026-08"), CUTOFF, made, []))
    assert found["integrity"]["repeated"] == 20
    assert np.isclose(found["integrity"]["without"]["csat"]["n"], 20)
