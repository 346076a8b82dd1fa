"""Reasons: which low answers a condition asks about, and which of a question's reasons they call for."""

from collections.abc import Iterator, Mapping

from revisit.records.conditions import Tree, comparisons, evaluate
from revisit.records.responses import Answer
from revisit.records.survey import DIMENSIONS, Question

# Comparisons that a low answer fulfils; where the item is worded the other way, a high one is low.
LOW, HIGH = ("<", "<="), (">", ">=")


def low_comparisons(tree: Tree, items: Mapping[str, Question]) -> Iterator[tuple[str, list[str], float]]:
    """Give the comparisons of a condition that low answers fulfil: sign, scale questions it is about, and bound."""
    for leaf in comparisons(tree):
        if leaf[0] == "answered" or leaf[1][0] == "fact":
            continue
        sign, operand, bound = leaf
        names = [
            name
            for name in operand[1:]
            if name in items and items[name].is_scale and sign in (HIGH if items[name].reversed else LOW)
        ]
        if names:
            yield sign, names, bound


def low_dimensions(tree: Tree, items: Mapping[str, Question]) -> tuple[str, ...]:
    """Give the dimensions about whose low answers a condition asks, in the house's order."""
    found = {items[name].dimension for _sign, names, _bound in low_comparisons(tree, items) for name in names}
    return tuple(dimension for dimension in DIMENSIONS if dimension in found)


def reason_trees(question: Question, items: Mapping[str, Question]) -> dict[str, Tree]:
    """Give for each dimension of a question's reasons the condition under which they are offered.

    They are offered where an answer about their dimension was low in the sense of the question's own condition. Where
    that condition has other parts, a fault that came back say, and none of the answers it names was low, all are.
    """
    if not question.reasons or question.show_if is None:
        return {}
    tree = question.show_if.tree
    bounds = list(low_comparisons(tree, items))
    trees: dict[str, Tree] = {}
    for dimension in dict.fromkeys(choice.dimension for choice in question.choices if choice.dimension):
        parts = [
            [sign, ["any", *about], bound]
            for sign, names, bound in bounds
            if (about := [name for name in names if items[name].dimension == dimension])
        ]
        if parts:
            trees[dimension] = _either(parts)
    needed = tree[1:] if tree[0] == "and" else [tree]
    if any(_calls_for_one(part, items, trees) for part in needed):
        return trees
    return {name: ["or", one, ["not", _either(list(trees.values()))]] for name, one in trees.items()}


def offered_codes(
    question: Question, items: Mapping[str, Question], answers: Mapping[str, Answer], facts: Mapping[str, str]
) -> tuple[str, ...]:
    """Give the codes of a question's choices without the reasons that are not offered: what names these is stale."""
    trees = reason_trees(question, items)
    shut = {name for name, tree in trees.items() if not evaluate(tree, answers, facts)}
    return tuple(choice.code for choice in question.choices if choice.dimension not in shut)


def _calls_for_one(part: Tree, items: Mapping[str, Question], trees: Mapping[str, Tree]) -> bool:
    """Say whether some dimension's reasons are offered wherever this part holds."""
    found = list(low_comparisons(part, items)) if part[0] in (*LOW, *HIGH) else []
    return bool(found) and all(items[name].dimension in trees for name in part[1][1:] if name in items)


def _either(parts: list[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else ["or", *parts]
