"""Groups: the options of a question as they are drawn, and reasons under the dimensions they are of."""

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import orjson

from revisit.forms.reason_tree import dimension_words
from revisit.records.conditions import items_in
from revisit.records.reasons import reason_trees
from revisit.records.survey import Question, Survey


@dataclass(frozen=True, slots=True)
class Option:
    """One radio or checkbox as it is drawn; the first of a question bears its id. ``ours`` are the house's words."""

    id: str
    value: str
    label: str
    spoken: str
    checked: bool
    apart: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The reasons of one dimension as they are drawn: their heading and its id, the script's rule, the options.

    Those of no dimension have neither heading nor rule.
    """

    id: str
    title: str
    rule: str
    options: tuple[Option, ...]


def reason_groups(
    question: Question,
    options: Sequence[Option],
    survey: Survey,
    asked: Collection[str],
    gettext: Callable[[str], str],
) -> tuple[Group, ...]:
    """Put the options of a question for reasons under their dimensions; ``asked`` are the questions of the page above.

    Reasons of a dimension about which the page asks nothing are left out.
    """
    return tuple(_groups(question, options, survey, asked, dimension_words(gettext)))


def _groups(
    question: Question, options: Sequence[Option], survey: Survey, asked: Collection[str], words: dict[str, str]
) -> Iterator[Group]:
    trees = reason_trees(question, {one.id: one for one in survey.questions if one.is_scale})
    of = {choice.code: choice.dimension for choice in question.choices}
    for dimension, run in itertools.groupby(options, lambda option: of.get(option.value)):
        if dimension is None:
            yield Group("", "", "", tuple(run))
            continue
        tree = trees.get(dimension)
        if tree is None or not items_in(tree).isdisjoint(asked):
            rule = "" if tree is None else orjson.dumps(tree).decode()
            yield Group(f"{question.id}-{dimension}", words[dimension], rule, tuple(run))
