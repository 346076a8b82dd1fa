"""One condition, two evaluators: what Python decides and what the page's script decides are the same."""

import random
from collections.abc import Mapping

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser

from revisit.forms.script import stripped
from revisit.records.conditions import Tree, evaluate, simplify
from revisit.records.grammar import parse
from revisit.records.responses import Answer
from revisit.records.survey import FACTS, Choice, Question
from revisit.settings import defaults

pytestmark = pytest.mark.browser

CODES = ("yes", "partly", "no", "1", "2")
SCALE = tuple(Choice(str(point), str(point)) for point in range(1, 6))
QUESTIONS: dict[str, Question] = {
    **{name: Question(name, "satisfaction", name, choices=SCALE) for name in ("speed", "care", "price")},
    "recommend": Question("recommend", "nps", "recommend", choices=tuple(Choice(str(n), str(n)) for n in range(11))),
    **{
        name: Question(name, kind, name, choices=tuple(Choice(code, code) for code in CODES))
        for name, kind in (("fixed", "choice"), ("reasons", "choices"))
    },
    "words": Question("words", "text", "words"),
    "age": Question("age", "number", "age", least=-5, greatest=20),
}
SCALES, NUMBERS, CHOICES = (
    ("speed", "care", "price"),
    ("speed", "care", "price", "recommend", "age"),
    ("fixed", "reasons"),
)


class Author:
    """Writes conditions at random: everything the grammar has."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a test's choices need be repeatable, not secret

    def some(self, names: tuple[str, ...]) -> str:
        return ", ".join(self.chance.choice(names) for _name in range(self.chance.randint(1, 4)))

    def leaf(self) -> str:
        pick, sign = self.chance.choice, self.chance.choice(("=", "!=", "<", "<=", ">", ">="))
        number, alike = self.chance.randint(1, 5), self.chance.choice(("=", "!="))
        fact = pick(list(FACTS))
        return str(
            pick(
                (
                    f"{pick(NUMBERS)} {sign} {number}",
                    f"{pick(NUMBERS)} in ({number}, {self.chance.randint(1, 5)})",
                    f"{pick(('any', 'all'))}({self.some(NUMBERS)}) {sign} {number}",
                    f"{pick(('any', 'all'))}({pick(SCALES)}, fixed) {alike} {self.chance.randint(1, 2)}",
                    f"mean({self.some(SCALES)}) {sign} {number}{pick(('', '.5', '.3'))}".replace("5.5", "4.5").replace(
                        "5.3", "4.3"
                    ),
                    f"{pick(CHOICES)} {alike} {pick(CODES)}",
                    f"{pick(CHOICES)} in ({pick(CODES)}, {pick(CODES)})",
                    f"{pick(('any', 'all'))}({self.some(CHOICES)}) {alike} {pick(CODES)}",
                    f"answered({pick(list(QUESTIONS))})",
                    f"order.{fact} {alike} {pick(FACTS[fact])}",
                )
            )
        )

    def condition(self, depth: int = 4) -> str:
        kind = self.chance.random()
        if depth == 0 or kind < 0.25:
            return self.leaf()
        if kind < 0.45:
            return (
                f"not {self.condition(depth - 1)}" if self.chance.random() < 0.5 else f"({self.condition(depth - 1)})"
            )
        return f"({self.condition(depth - 1)}) {self.chance.choice(('and', 'or'))} {self.condition(depth - 1)}"

    def answer(self, question: Question) -> Answer:
        state = self.chance.choice(("answered",) * 4 + ("blank", "na", "not_asked"))
        if state != "answered":
            return Answer(state)  # type: ignore[arg-type]  # one of the four, chosen above
        if question.has_numbers:
            return Answer("answered", self.chance.randint(*question.points))
        if question.kind == "choices":
            chosen = [code for code in CODES if self.chance.random() < 0.4]
            return Answer("answered", " ".join(chosen or CODES[:1]))
        return Answer("answered", "some words" if question.kind == "text" else self.chance.choice(CODES))

    def facts(self) -> dict[str, str]:
        return {name: self.chance.choice(values) for name, values in FACTS.items() if self.chance.random() < 0.7}


def known(answers: Mapping[str, Answer]) -> dict[str, int | str]:
    """Give the answers as the page's script finds them: what was not answered is not there."""
    return {name: answer.value for name, answer in answers.items() if answer.value is not None}


def by_the_script(chromium: Browser, cases: list[tuple[Tree, dict[str, int | str]]]) -> list[bool]:
    loader = Environment(loader=FileSystemLoader(defaults() / "site_templates"), autoescape=False)  # noqa: S701 - a script
    script = stripped(loader.get_template("form/conditions.js").render())
    page = chromium.new_page()
    try:
        decide = "return cases.map(([tree, answers]) => holds(tree, id => id in answers ? answers[id] : null));"
        return list(page.evaluate(f"cases => {{ {script}\n{decide} }}", cases))
    finally:
        page.close()


def compare(chromium: Browser, size: int, seed: int) -> None:
    author = Author(seed)
    asked: list[tuple[Tree, dict[str, int | str]]] = []
    expected: list[tuple[bool, str]] = []
    sides = set()
    while len(asked) < size:
        source = author.condition()
        tree, flaws = parse(source, QUESTIONS)
        if tree is None:
            assert {flaw.code for flaw in flaws} == {"C008"}, (source, flaws)  # too long: the author's own fault
            continue
        answers = {name: author.answer(question) for name, question in QUESTIONS.items()}
        facts = author.facts()
        held, left = evaluate(tree, answers, facts), simplify(tree, facts)
        if isinstance(left, bool):
            assert left == held, source
            continue
        asked.append((left, known(answers)))
        expected.append((held, source))
        sides.add(held)
    found = by_the_script(chromium, asked)
    assert [(held, source) for held, (_one, source) in zip(found, expected, strict=True)] == expected
    assert sides == {True, False}


def test_it_decides_two_thousand_conditions_as_python_does(chromium: Browser) -> None:
    compare(chromium, 2000, seed=3)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10))
def test_it_decides_a_hundred_thousand_conditions_as_python_does(chromium: Browser, seed: int) -> None:
    compare(chromium, 10_000, seed=100 + seed)
