"""Reasons after low answers, and the proposals that rest on figures."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from revisit.findings.evidence import Evidence
from revisit.findings.reasons import leading, reason_questions
from revisit.findings.summary import summarise
from revisit.records.conditions import Condition, Tree
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from revisit.records.survey import Choice, Question, Section, Survey, Targets
from revisit.records.visits import Visit
from tests.findings.samples import CUTOFF, made_organisation, make_survey, response, scale, visit
from tests.findings.test_summary import check

WHY = tuple(Choice(code, code) for code in ("slow", "parts", "late", "other"))


def asks(name: str, tree: Tree, kind: str = "choices", choices: Sequence[Choice] = WHY) -> Question:
    return Question(name, kind, name, choices=tuple(choices), show_if=Condition("", tree))


SPEED = scale("on_time", "speed")
SURVEY = make_survey(
    [
        SPEED,
        asks("why_slow", ["<=", ["item", "on_time"], 3]),
        scale("mended", "quality"),
        scale("polite", "attitude"),
        scale("easy", "channel"),
        scale("overall"),
        Question("fixed", "choice", "Fixed?", choices=(Choice("yes", "Yes"), Choice("no", "No"))),
    ],
    targets=Targets(fixed=0.9, coverage=1.0),
)


def found(responses: list[Response], survey: Survey = SURVEY, visits: Sequence[Visit] = ()) -> dict[str, Any]:
    organisation = made_organisation()
    unit = organisation.unit("lakeside")
    assert unit is not None
    return check(summarise(Evidence(survey, organisation, unit, Period.parse("2026-Q3"), CUTOFF, responses, visits)))


def replies(*reasons: str, **values: int | str) -> list[Response]:
    """Give one response for each of these reasons; without a reason the question was not asked."""
    base: dict[str, int | str] = {"on_time": 2, "mended": 5, "polite": 5, "easy": 5, "overall": 4, "fixed": "yes"}
    made = []
    for place, why in enumerate(reasons):
        answers = {name: Answer("answered", value) for name, value in {**base, **values}.items()}
        answers["why_slow"] = Answer("answered", why) if why else Answer("not_asked")
        made.append(response(f"r{place:04}", answers))
    return made


def test_it_counts_the_reasons_of_a_dimension_for_a_pareto_chart() -> None:
    given = ["slow"] * 9 + ["slow parts"] * 6 + ["parts"] * 3 + ["other"] * 2 + [""] * 5 + ["gone"]
    (block,) = found(replies(*given))["reasons"]
    told = {name: block[name] for name in ("question", "dimension", "n", "base", "not_asked", "invalid", "named")}
    assert told == {
        "question": "why_slow",
        "dimension": "speed",
        "n": 20,
        "base": "small",
        "not_asked": 5,
        "invalid": 1,
        "named": 26,
    }
    rows = [(row["code"], row["count"], row["value"]) for row in block["options"]]
    assert rows == [("slow", 15, 0.75), ("parts", 9, 0.45), ("other", 2, 0.1), ("late", 0, 0)]
    assert [row["cumulative"] for row in block["options"]] == pytest.approx([15 / 26, 24 / 26, 1, 1])
    assert all(row["low"] < row["value"] + 1e-12 <= row["high"] + 1e-12 for row in block["options"])


def test_fewer_than_ten_who_named_a_reason_are_not_shown() -> None:
    told = found(replies(*["slow"] * 9, *[""] * 20))
    (block,) = told["reasons"]
    assert (block["n"], block["base"], block["options"], block["not_asked"]) == (None, "hidden", None, None)
    assert {"path": "reasons.why_slow", "reason": "fewer_than_10"} in told["suppressed"]


def test_it_knows_a_reason_question_by_its_condition() -> None:
    turned = scale("hard", "channel", reverse=True)
    kept = [
        asks("low", ["<", ["item", "on_time"], 4]),
        asks("any_low", ["or", ["<=", ["item", "on_time"], 2], ["!=", ["item", "fixed"], "yes"]], "choice"),
        asks("turned", [">=", ["item", "hard"], 4]),
        asks("whole", ["<=", ["item", "overall"], 3]),
        asks("mixed", ["<=", ["any", "on_time", "mended"], 3]),
    ]
    left = [
        asks("high", [">=", ["item", "on_time"], 4]),
        asks("turned_low", ["<=", ["item", "hard"], 2]),
        asks("of_order", ["=", ["fact", "payer"], "customer"]),
        asks("after", ["answered", "on_time"]),
        asks("words", ["<=", ["item", "on_time"], 3], "text"),
        Question("free", "choices", "free", choices=WHY),
    ]
    survey = make_survey([SPEED, scale("mended", "quality"), scale("overall"), turned, *kept, *left])
    assert {one.question.id: one.dimension for one in reason_questions(survey)} == {
        "low": "speed",
        "any_low": "speed",
        "turned": "channel",
        "whole": None,
        "mixed": None,
    }
    section = Section("s", "S", (asks("in_section", ["<=", ["item", "overall"], 3]),), dimension="price")
    inside = replace(survey, sections=(*survey.sections, section))
    assert reason_questions(inside)[-1].dimension == "price"


def test_a_reason_of_one_choice_is_counted_as_well() -> None:
    survey = make_survey([SPEED, asks("why_slow", ["<=", ["item", "on_time"], 3], "choice"), scale("overall")])
    (block,) = found(replies(*["parts"] * 8, *["slow"] * 4), survey)["reasons"]
    assert [(row["code"], row["count"]) for row in block["options"]][:2] == [("parts", 8), ("slow", 4)]


def test_the_commonest_reasons_are_named_only_where_they_can_be_told_from_the_others() -> None:
    def block(*limits: tuple[str, int, float, float]) -> dict[str, Any]:
        return {"options": [dict(zip(("code", "count", "low", "high"), one, strict=True)) for one in limits]}

    assert leading(block(("a", 50, 0.4, 0.6), ("b", 10, 0.05, 0.15), ("c", 0, 0, 0.02))) == ["a"]
    assert leading(block(("a", 50, 0.4, 0.6), ("b", 40, 0.3, 0.5), ("c", 5, 0.01, 0.1), ("d", 4, 0.01, 0.1))) == [
        "a",
        "b",
    ]
    assert leading(block(("a", 50, 0.4, 0.6), ("b", 40, 0.3, 0.5))) == []
    assert leading(block(("a", 12, 0.8, 1.0))) == ["a"]
    assert leading({"options": None}) == []


def drawn(count: int, **low: float) -> list[Response]:
    """Draw customers; ``low`` gives the share of low answers of a question."""
    chance = random.Random(5)  # noqa: S311 — made-up customers
    made = []
    for place in range(count):
        answers = {
            name: Answer("answered", chance.choice((1, 2, 3)) if chance.random() < low.get(name, 0.05) else 5)
            for name in ("on_time", "mended", "polite", "easy", "overall")
        }
        answers["fixed"] = Answer("answered", "no" if chance.random() < low.get("fixed", 0.02) else "yes")
        slow = answers["on_time"].value in {1, 2, 3}
        answers["why_slow"] = Answer("answered", "parts") if slow else Answer("not_asked")
        made.append(response(f"r{place:04}", answers))
    return made


def test_a_weak_dimension_gets_a_proposal_with_its_question_and_reasons() -> None:
    (one,) = found(drawn(120, on_time=0.6))["proposals"]
    assert (one["kind"], one["move"], one["dimension"], one["because"]) == (
        "improve_dimension",
        "process",
        "speed",
        ["weakest"],
    )
    assert one["change"] is None
    assert one["question"]["id"] == "on_time"
    assert one["question"]["share"] == pytest.approx(one["question"]["count"] / 120)
    (reason,) = one["reasons"]
    assert (reason["code"], reason["count"], reason["value"]) == ("parts", reason["n"], 1)


def test_nothing_is_proposed_where_the_intervals_carry_nothing() -> None:
    assert found(drawn(120))["proposals"] == [{"kind": "keep_watching", "move": "keep_watching"}]
    assert found(drawn(9, on_time=0.9))["proposals"] == []


def test_a_missed_share_of_repairs_and_untried_visits_are_proposals() -> None:
    expired = [visit(f"v{place}") for place in range(12)]
    told = found(drawn(120, fixed=0.4), visits=expired)["proposals"]
    assert [(one["kind"], one["move"]) for one in told] == [
        ("try_every_visit", "process"),
        ("fix_first_time", "training"),
    ]
    assert (told[0]["count"], told[0]["n"], told[0]["value"], told[0]["target"]) == (12, 12, 0, 1)
    assert told[1]["high"] < told[1]["target"] == 0.9


EVERYTHING = ("parts", "late", "rude", "dirty")
OF = {"parts": "speed", "late": "speed", "rude": "attitude"}
MIXED = make_survey(
    [
        SPEED,
        scale("mended", "quality"),
        scale("polite", "attitude"),
        scale("easy", "channel"),
        scale("overall"),
        replace(
            asks("why_slow", ["<=", ["any", "on_time", "polite"], 3]),
            choices=tuple(Choice(code, code, OF.get(code)) for code in EVERYTHING),
            reasons=True,
        ),
    ]
)


def test_one_question_may_hold_the_reasons_of_several_dimensions() -> None:
    given = [*["parts"] * 30, *["parts rude"] * 3, *["late"] * 4, *["rude"] * 5, *["dirty"] * 9]
    told = found([*replies(*given, polite=3), *replies(*[""] * 60, on_time=5)], MIXED)
    (block,) = told["reasons"]
    assert (block["question"], block["dimension"], block["n"], block["named"]) == ("why_slow", None, 51, 54)
    assert [(row["code"], row["dimension"], row["count"]) for row in block["options"]] == [
        ("parts", "speed", 33),
        ("dirty", None, 9),
        ("rude", "attitude", 8),
        ("late", "speed", 4),
    ]
    assert leading(block) == leading(block, "speed") == ["parts"]
    assert leading(block, "attitude") == ["rude"]
    assert leading(block, "price") == []
