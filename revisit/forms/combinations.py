"""Combinations: the pages of a survey whose conditions name order facts, one for each set of facts that matters."""

import itertools
import string
from collections.abc import Mapping

from revisit.records.conditions import Condition, facts_in, simplify
from revisit.records.survey import FACTS, Survey

MOST_PAGES = 12


def combinations(survey: Survey) -> dict[str, dict[str, str]]:
    """Give the short name of each page with facts that stand for all that lead to it; ``{"": {}}`` when none matters.

    The names are a, b, c … in the order of the facts' closed lists, so that nothing of the order shows in the address.
    The page that is shown where no fact is known is one of them and is represented by no facts.
    """
    groups = _groups(survey)
    if len(groups) == 1:
        return {"": {}}
    return dict(zip(_names(len(groups)), groups.values(), strict=True))


def combination(survey: Survey, facts: Mapping[str, str]) -> str:
    """Give the short name of the page for an order's facts."""
    groups = _groups(survey)
    if len(groups) == 1:
        return ""
    known = {name: value for name, value in facts.items() if value in FACTS.get(name, ())}
    place = list(groups).index(_signature(survey, known))
    return _names(len(groups))[place]


def empty_pages(survey: Survey) -> list[dict[str, str]]:
    """Give the facts of the pages on which no question is left."""
    return [facts for facts in _groups(survey).values() if not _is_asked(survey, facts)]


def _is_asked(survey: Survey, facts: Mapping[str, str]) -> bool:
    for section in survey.sections:
        for question in section.questions:
            conditions = [holder.show_if for holder in (section, question) if holder.show_if is not None]
            if question.kind != "statement" and all(simplify(each.tree, facts) is not False for each in conditions):
                return True
    return False


def _names(size: int) -> list[str]:
    letters = string.ascii_lowercase
    pairs = ("".join(pair) for pair in itertools.product(letters, repeat=2))
    return list(itertools.islice(itertools.chain(letters, pairs), size))


def _conditions(survey: Survey) -> list[Condition]:
    of_sections = [section.show_if for section in survey.sections]
    of_questions = [question.show_if for question in survey.questions]
    return [condition for condition in (*of_sections, *of_questions) if condition is not None]


def _groups(survey: Survey) -> dict[str, dict[str, str]]:
    """Gather all sets of values by what they leave of the survey's conditions."""
    used = sorted({name for condition in _conditions(survey) for name in facts_in(condition.tree)})
    groups: dict[str, dict[str, str]] = {}
    for values in itertools.product(*([*FACTS[name], ""] for name in used)):
        facts = {name: value for name, value in zip(used, values, strict=True) if value}
        groups.setdefault(_signature(survey, facts), facts)
    groups[_signature(survey, {})] = {}
    return groups


def _signature(survey: Survey, facts: Mapping[str, str]) -> str:
    return repr([simplify(condition.tree, facts) for condition in _conditions(survey)])
