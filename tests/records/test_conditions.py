"""Conditions: read, evaluated, simplified."""

import pytest

from revisit.records.conditions import evaluate, facts_in, items_in, simplify
from revisit.records.grammar import parse
from revisit.records.responses import Answer
from revisit.records.survey import Choice, Question

SCALE = tuple(Choice(str(code), f"Point {code}") for code in range(1, 6))
QUESTIONS = {
    "overall": Question("overall", "satisfaction", "Overall?", choices=SCALE),
    "speed": Question("speed", "quality", "Speed?", choices=SCALE),
    "fixed": Question("fixed", "choice", "Fixed?", choices=(Choice("yes", "Yes"), Choice("partly", "Partly"))),
    "ways": Question("ways", "choices", "Ways?", choices=(Choice("phone", "Phone"), Choice("web", "Web"))),
    "recommend": Question("recommend", "nps", "Recommend?", choices=tuple(Choice(str(n), str(n)) for n in range(11))),
    "comment": Question("comment", "text", "Comment?"),
}
ANSWERS = {
    "overall": Answer("answered", 3),
    "speed": Answer("na"),
    "fixed": Answer("answered", "partly"),
    "ways": Answer("answered", "phone web"),
    "recommend": Answer("blank"),
    "comment": Answer("not_asked"),
}
FACTS = {"payer": "customer"}


def tree(source: str) -> list[object]:
    found, flaws = parse(source, QUESTIONS)
    assert flaws == []
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("overall = 3", True),
        ("overall != 3", False),
        ("overall < 3", False),
        ("overall <= 3", True),
        ("overall > 3", False),
        ("overall >= 3", True),
        ("overall in (1, 3)", True),
        ("overall in (1, 2)", False),
        ("fixed = partly", True),
        ("fixed != yes", True),
        ("fixed in (yes, partly)", True),
        ("ways = web", True),
        ("ways != web", False),
        ("ways in (web)", True),
        ("order.payer = customer", True),
        ("order.payer != customer", False),
        ("order.payer in (warranty, insurance)", False),
        # what is not known holds no comparison, not even "is not"
        ("speed = 3", False),
        ("speed != 3", False),
        ("recommend >= 0", False),
        ("order.kind = repair", False),
        ("order.kind != repair", False),
        ("not speed = 3", True),
        ("answered(overall)", True),
        ("answered(speed)", False),
        ("answered(comment)", False),
        ("not answered(recommend)", True),
        # and binds closer than or
        ("overall = 3 or overall = 3 and overall = 1", True),
        ("(overall = 3 or overall = 3) and overall = 1", False),
        ("not (overall = 1 or fixed = yes)", True),
        ("any(overall, speed) <= 3", True),
        ("all(overall, speed) <= 3", False),
        ("all(overall) <= 3", True),
        ("mean(overall, speed) = 3", True),
        ("mean(overall, speed) < 2.5", False),
        ("mean(speed) <= 5", False),
    ],
)
def test_it_evaluates(source: str, *, holds: bool) -> None:
    assert evaluate(tree(source), ANSWERS, FACTS) is holds


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("overall", "C001", 7),
        ("overall = ", "C001", 10),
        ("overall <= 3 4", "C001", 13),
        ("(overall = 3", "C001", 12),
        ("= 3", "C001", 0),
        ("", "C001", 0),
        ("overall in 3", "C001", 11),
        ("overall = 3 and", "C001", 15),
        ("overall == 3", "C001", 8),
        ("overall ~ 3", "C001", 8),
        ("answered(1)", "C001", 9),
        ("mean(overall) in ()", "C001", 18),
        ("nothing = 3", "C002", 0),
        ("later = 3", "C003", 0),
        ("order.payed = customer", "C004", 6),
        ("order.payer = me", "C005", 14),
        ("overall = 6", "C005", 10),
        ("overall = 2.5", "C005", 10),
        ("overall = yes", "C005", 10),
        ("fixed = no", "C005", 8),
        ("recommend = 11", "C005", 12),
        ("overall = na", "C006", 10),
        ("fixed < yes", "C007", 6),
        ("mean(fixed) = yes", "C007", 12),
        ("comment = yes", "C007", 8),
        ("order.payer < customer", "C007", 12),
        (" or ".join(["overall = 1"] * 60), "C008", 0),
        ("(" * 300, "C008", 0),
    ],
)
def test_it_says_what_is_wrong_and_where(source: str, code: str, column: int) -> None:
    found, flaws = parse(source, QUESTIONS, ["later"])
    assert found is None
    assert [(flaw.code, flaw.offset) for flaw in flaws] == [(code, column)]


def test_it_reports_all_wrong_names_at_once() -> None:
    _tree, flaws = parse("nothing = 3 or order.payed = me and fixed = no", QUESTIONS)
    assert [flaw.code for flaw in flaws] == ["C002", "C004", "C005"]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("order.payer = customer", True),
        ("order.payer = warranty", False),
        ("order.kind = repair", False),
        ("not order.kind = repair", True),
        ("order.payer = customer and overall <= 3", ["<=", ["item", "overall"], 3]),
        ("order.payer = warranty and overall <= 3", False),
        ("order.payer = customer or overall <= 3", True),
        ("order.payer = warranty or not overall <= 3", ["not", ["<=", ["item", "overall"], 3]]),
        ("answered(overall)", ["answered", "overall"]),
    ],
)
def test_it_leaves_what_the_order_does_not_decide(source: str, left: object) -> None:
    assert simplify(tree(source), FACTS) == left


def test_it_names_what_a_condition_depends_on() -> None:
    found = tree("order.payer = customer and (mean(overall, speed) > 2 or answered(comment))")
    assert facts_in(found) == {"payer"}
    assert items_in(found) == {"overall", "speed", "comment"}
