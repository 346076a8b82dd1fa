"""Conditions: when a question is asked. One parsed tree serves Python, the page and the words on it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from revisit.records.responses import Answer

Tree = list[Any]

COMPARISONS: tuple[str, ...] = ("=", "!=", "<", "<=", ">", ">=")
GROUPS: tuple[str, ...] = ("any", "all", "mean")


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed ``show-if``.

    ``tree`` is a nested list of JSON values: ``["and", a, b, …]``, ``["or", a, b, …]``, ``["not", a]``,
    ``["=", ["fact", "payer"], "customer"]``, ``["<=", ["item", "overall"], 3]``, ``["in", x, [..]]``,
    ``["answered", id]``, ``["<=", ["mean", "speed", "care"], 3]`` (likewise ``any`` and ``all``).
    A comparison with an answer that is blank, not applicable or not asked, or with a fact that is not known, is false.
    """

    source: str
    tree: Tree


def evaluate(tree: Tree, answers: Mapping[str, Answer], facts: Mapping[str, str]) -> bool:
    """Say whether a condition holds for these answers and order facts."""
    head: str = tree[0]
    if head == "and":
        return all(evaluate(part, answers, facts) for part in tree[1:])
    if head == "or":
        return any(evaluate(part, answers, facts) for part in tree[1:])
    if head == "not":
        return not evaluate(tree[1], answers, facts)
    if head == "answered":
        return _value(answers, tree[1]) is not None
    return _holds(tree, answers, facts)


def _holds(tree: Tree, answers: Mapping[str, Answer], facts: Mapping[str, str]) -> bool:
    head, operand, wanted = tree
    if operand[0] == "fact":
        value = facts.get(operand[1])
        return value is not None and compare(head, value, wanted)
    values = [_value(answers, name) for name in operand[1:]]
    if operand[0] == "mean":
        known = [value for value in values if isinstance(value, int)]
        return bool(known) and compare(head, sum(known) / len(known), wanted)
    holds = [value is not None and compare(head, value, wanted) for value in values]
    return any(holds) if operand[0] == "any" else all(holds)


def _value(answers: Mapping[str, Answer], name: str) -> int | str | None:
    answer = answers.get(name)
    return answer.value if answer is not None and answer.state == "answered" else None


def compare(operator: str, value: float | str, wanted: Any) -> bool:
    """Compare a known value with a literal.

    A text of several codes (the answer to a several-choices question) equals a code when the code is among them. Values
    of different sorts never hold, not even under ``!=``.
    """
    if operator == "in":
        return any(compare("=", value, one) for one in wanted)
    if isinstance(value, str) or isinstance(wanted, str):
        if not (isinstance(value, str) and isinstance(wanted, str)):
            return False
        found = wanted in value.split()
        return (operator == "=" and found) or (operator == "!=" and not found)
    return _ORDER[operator](value, wanted)


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def simplify(tree: Tree, facts: Mapping[str, str]) -> Tree | bool:
    """Decide every comparison with an order fact; give what is left to be decided by answers, or True or False."""
    head = tree[0]
    if head in ("and", "or"):
        decided = head == "or"  # the value that settles the whole
        parts = [simplify(part, facts) for part in tree[1:]]
        if any(part is decided for part in parts):
            return bool(decided)
        left: list[Tree] = [part for part in parts if not isinstance(part, bool)]
        if not left:
            return not decided
        return left[0] if len(left) == 1 else [head, *left]
    if head == "not":
        part = simplify(tree[1], facts)
        return not part if isinstance(part, bool) else ["not", part]
    if head != "answered" and tree[1][0] == "fact":
        return evaluate(tree, {}, facts)
    return tree


def comparisons(tree: Tree) -> Iterator[Tree]:
    """Give the leaves of a condition: its comparisons and its ``answered``."""
    if tree[0] in ("and", "or", "not"):
        for part in tree[1:]:
            yield from comparisons(part)
    else:
        yield tree


def facts_in(tree: Tree) -> set[str]:
    """Give the names of the order facts that a condition asks for."""
    return {leaf[1][1] for leaf in comparisons(tree) if leaf[0] != "answered" and leaf[1][0] == "fact"}


def items_in(tree: Tree) -> set[str]:
    """Give the ids of the questions that a condition depends on."""
    found: set[str] = set()
    for leaf in comparisons(tree):
        if leaf[0] == "answered":
            found.add(leaf[1])
        elif leaf[1][0] != "fact":
            found.update(leaf[1][1:])
    return found
