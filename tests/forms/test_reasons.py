"""Reasons after low answers: the shipped tree, an author's own, what is offered to whom and what is stored."""

import re
from collections.abc import Callable
from itertools import product

import pytest

from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.forms.page import draw
from revisit.forms.reason_tree import TREE, reason_words, standard_reasons
from revisit.forms.renderings.sheet import draw_sheet
from revisit.records.conditions import evaluate
from revisit.records.problems import Problem
from revisit.records.reasons import reason_trees
from revisit.records.responses import Answer
from revisit.records.survey import DIMENSIONS, Survey
from revisit.settings import Settings, defaults

Read = Callable[..., Survey]
Faults = Callable[..., tuple[Survey | None, list[Problem]]]

SCALES = """
### How quick? {: #fast .satisfaction na dimension=speed }

### How kind? {: #kind .satisfaction na dimension=attitude }

### How cheap? {: #cheap .satisfaction na dimension=price show-if="order.payer = customer" }

### Overall? {: #overall .satisfaction }
"""
WHY = '### What went wrong? {: #why .choices reasons other show-if="any(fast, kind, cheap) <= 3" }\n'
PAYS = {"payer": "customer"}


def stored(survey: Survey, *sent: tuple[str, str], facts: dict[str, str] | None = None) -> Answer:
    return answer_form(survey, facts or {}, Posted(sent)).answers()["why"]


def test_the_tree_has_each_reason_once_with_words_and_every_dimension() -> None:
    codes = [code for branch in TREE for code in branch.codes]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(reason_words(str))
    assert {branch.dimension for branch in TREE} == set(DIMENSIONS)
    assert [choice.code for choice in standard_reasons(str, ("channel", "speed"))] == [
        *("wait", "slow", "parts", "late", "tedious", "opaque", "coverage", "records"),
    ]


def test_it_offers_the_reasons_of_the_dimensions_that_its_condition_names(survey: Read) -> None:
    question = survey(SCALES + WHY).question("why")
    assert question is not None
    assert question.reasons
    assert [(choice.code, choice.dimension) for choice in question.choices] == [
        *((code, "speed") for code in ("wait", "slow", "parts", "late")),
        *((code, "attitude") for code in ("cold", "unheard", "unskilled")),
        *((code, "price") for code in ("above_quote", "not_explained", "unwanted")),
        ("other", None),
    ]


def test_an_author_adds_reasons_and_words_of_their_own(survey: Read) -> None:
    lines = "- queue: A long queue {: dimension=speed }\n- cold: Grumpy\n- weather: The weather\n"
    question = survey(SCALES + WHY + lines).question("why")
    assert question is not None
    found = {choice.code: (choice.label, choice.dimension) for choice in question.choices}
    assert found["queue"] == ("A long queue", "speed")
    assert found["cold"] == ("Grumpy", "attitude")
    assert found["weather"] == ("The weather", None)
    assert list(found)[4:6] == ["queue", "cold"]
    alone = survey(SCALES + WHY.replace("reasons", "reasons=own").replace(" other", "") + lines).question("why")
    assert alone is not None
    assert [choice.code for choice in alone.choices] == ["queue", "cold", "weather"]


def test_it_says_what_is_wrong_with_a_question_for_reasons(read: Faults) -> None:
    for heading, code in (
        (WHY.replace(' show-if="any(fast, kind, cheap) <= 3"', ""), "Q032"),
        (WHY.replace("any(fast, kind, cheap) <= 3", "overall <= 3"), "Q032"),
        (WHY.replace("any(fast, kind, cheap) <= 3", "fast >= 4"), "Q032"),
        (WHY.replace("any(fast, kind, cheap) <= 3", "quick <= 3"), "C002"),
        (WHY.replace("reasons", "reasons=mine"), "Q015"),
        (WHY + "- wash: Not washed {: dimension=quality }\n", "Q033"),
        (WHY + "- wash: Not washed {: dimension=sped }\n", "F011"),
        (WHY + "- wash: Not washed {: required }\n", "Q009"),
        (WHY.replace("reasons", "reasons=own") + "- queue: A queue {: dimension=speed }\n", "Q019"),
        (WHY.replace(".choices reasons", ".text reasons").replace(" other", ""), "Q009"),
    ):
        found = [problem.code for problem in read(SCALES + heading)[1] if problem.severity == "error"]
        assert found == [code], heading


def test_it_keeps_only_reasons_of_what_was_low(survey: Read) -> None:
    found = survey(SCALES + WHY)
    ticked = [("why", code) for code in ("parts", "cold", "above_quote", "other")]
    assert stored(found, ("fast", "2"), ("kind", "5"), *ticked) == Answer("answered", "parts other")
    assert stored(found, ("fast", "2"), ("kind", "3"), *ticked) == Answer("answered", "parts cold other")
    assert stored(found, ("fast", "5"), ("kind", "5"), *ticked) == Answer("not_asked")
    assert stored(found, ("cheap", "1"), *ticked) == Answer("not_asked")
    assert stored(found, ("cheap", "1"), *ticked, facts=PAYS) == Answer("answered", "above_quote other")
    assert stored(found, ("fast", "1"), ("why", "cold")) == Answer("blank")


CONDITIONS = (
    "any(fast, kind, cheap) <= 3",
    "all(fast, kind) <= 3",
    "mean(fast, kind) < 2.5",
    "fast <= 2 or kind <= 3",
    "any(fast, kind, overall) <= 2",
    "overall <= 2 or fast <= 1",
    "not answered(overall) and any(fast, kind) <= 3",
    "order.payer = customer and fast <= 3",
)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_whoever_is_asked_is_offered_something(survey: Read, condition: str) -> None:
    found = survey(SCALES + WHY.replace("any(fast, kind, cheap) <= 3", condition))
    question = found.question("why")
    assert question is not None
    assert question.show_if is not None
    trees = reason_trees(question, {one.id: one for one in found.questions})
    for values in product((None, 1, 2, 3, 4), repeat=4):
        answers = {
            name: Answer("answered", value) if value else Answer("blank")
            for name, value in zip(("fast", "kind", "cheap", "overall"), values, strict=True)
        }
        if evaluate(question.show_if.tree, answers, PAYS):
            assert any(evaluate(tree, answers, PAYS) for tree in trees.values()), values


def test_the_page_puts_them_under_their_dimensions_and_leaves_out_what_it_does_not_ask(
    survey: Read, settings: Settings
) -> None:
    found = survey(SCALES + WHY)
    for facts, headings in ((PAYS, ["Speed", "Our people", "The price"]), ({}, ["Speed", "Our people"])):
        page = draw(settings, found, facts, None).decode()
        assert re.findall(r'<p class="hint" id="why-\w+">(.+?)</p>', page) == headings
        assert ("above_quote" in page) is ("The price" in headings)
        numbers = ", ".join(str(number) for number in range(1, len(headings) + 1))
        assert f"Only if any of your answers to questions {numbers} is" in page
    sheet = draw_sheet(settings, found, "phone", PAYS)
    assert sheet.index("Speed") < sheet.index("Parts were not in stock") < sheet.index("Our people")


def test_a_translation_gets_the_words_of_its_language_and_writes_its_own(read: Faults) -> None:
    read(SCALES + WHY + "- queue: A long queue {: dimension=speed }\n")
    privacy = "{who: 示例, contact: a@example.com, purpose: 改进, kept: 两年}"
    front = f"---\ntitle: 怎么样？\nlanguage: zh-Hans\nprivacy: {privacy}\n---\n"
    scales = "".join(f"### 满意吗？ {{: #{name} .satisfaction }}\n" for name in ("fast", "kind", "cheap", "overall"))
    why = "### 哪里没做好？ {: #why .choices }\n"
    found, problems = read(front + scales + why + "- queue: 排队太长\n", "visit.zh-Hans.md")
    assert problems == []
    assert found is not None
    question = found.question("why")
    assert question is not None
    labels = {choice.code: (choice.label, choice.dimension) for choice in question.choices}
    assert labels["parts"] == ("缺配件，要等货", "speed")
    assert labels["queue"] == ("排队太长", "speed")
    assert [problem.code for problem in read(front + scales + why, "visit.zh-Hans.md")[1]] == ["T006"]


@pytest.mark.parametrize("name", ["repair", "repair-full"])
def test_the_shipped_surveys_ask_for_reasons_of_every_dimension(name: str) -> None:
    for language in ("en", "zh-Hans", "zh-Hant"):
        found = read_library(defaults() / "surveys")[0].survey(name, language)
        assert found is not None
        question = found.question("reasons")
        assert question is not None
        assert len(question.choices) == sum(len(branch.codes) for branch in TREE) + 1
        trees = reason_trees(question, {one.id: one for one in found.questions})
        assert list(trees) == list(DIMENSIONS)
        for dimension, tree in trees.items():
            assert set(tree[1][1:]) == {item.id for item in found.items(dimension)}
