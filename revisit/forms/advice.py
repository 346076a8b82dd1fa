"""Advice: wording that bends answers, and questions whose answers will not be of use. Warnings, never faults."""

import re
from collections.abc import Collection, Iterator, Mapping

from revisit.forms.catalogue import Place
from revisit.forms.combinations import empty_pages
from revisit.forms.scales import has_words
from revisit.records.problems import Problem
from revisit.records.survey import Question, Section, Survey

# The one scale without a dimension that every survey may have: the summary of all of them.
OVERALL = "overall"

_PUSHING: dict[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:full marks|top marks|(?:five|5)[ -]stars?|10 out of 10|don['’]t you|wouldn['’]t you|as you know"
        r"|(?:excellent|great|perfect|outstanding|wonderful|superb) (?:service|work|job|team|people|repair)"
        r"|how much (?:did|do) you (?:like|love|enjoy)|hope you (?:are|were) (?:very |fully )?satisfied"
        r"|(?:give|rate) us (?:a |the )?(?:good|high|best|top)|(?:pay|bonus|salary) depends?)\b",
        re.IGNORECASE,
    ),
    "zh-Hans": re.compile(r"满分|五星|好评|高分|优质(?:的)?服务|难道|是不是很|您一定|相信您|奖金|绩效"),
    "zh-Hant": re.compile(r"滿分|五星|好評|高分|優質(?:的)?服務|難道|是不是很|您一定|相信您|獎金|績效"),
}
_TWO_AT_ONCE: dict[str, re.Pattern[str]] = {
    "en": re.compile(r"(?<=\s)(?:and|as well as)\b|&", re.IGNORECASE),
    "zh-Hans": re.compile(r"(?<![温平缓谐柔])和(?![气善谐蔼平睦])|以及|并且"),
    "zh-Hant": re.compile(r"(?<![溫平緩諧柔])和(?![氣善諧藹平睦])|以及|並且"),
}
_TAGS = re.compile(r"<[^>]+>")


def advise_words(survey: Survey, place: Place) -> list[Problem]:
    """Warn about wording in one language: what pushes, what asks two things at once, points that say nothing."""
    known = has_words(survey.language)
    pushing = _PUSHING.get(survey.house_language) if known else None
    two_at_once = _TWO_AT_ONCE.get(survey.house_language) if known else None
    found = [problem for text in (survey.title, survey.intro) for problem in _pushes(text, pushing, place.at(1))]
    groups = set() if known else {""}
    for question in survey.questions:
        here = place.at(question.line)
        if groups and question.group not in groups:
            found.append(here.problem("L008", language=survey.language, name=question.group))
            groups.add(question.group)
        for text in (question.label, question.help):
            found += _pushes(text, pushing, here)
        if question.is_scale:
            found += _doubles(question, two_at_once, here)
            if any(not re.search(r"[^\W\d_]", choice.label) for choice in question.choices):
                found.append(here.problem("L005", name=question.id))
    return found


def advise_use(survey: Survey, given: Collection[str], place: Place) -> list[Problem]:
    """Warn about questions whose answers are of no use; ``given`` are those that say their dimension, even none."""
    found = [place.problem("L009", whom=_whom(facts)) for facts in empty_pages(survey)]
    is_scored = bool(survey.dimensions)
    for section in survey.sections:
        for question in section.questions:
            here = place.at(question.line)
            if is_scored and question.is_scale and question.dimension is None and question.id not in {OVERALL, *given}:
                found.append(here.problem("L006", name=question.id))
            if question.is_item and question.dimension == "price" and not _is_conditional(question, section):
                found.append(here.problem("L007", name=question.id))
    return found


def _whom(facts: Mapping[str, str]) -> str:
    known = " and ".join(f"order.{name} = {value}" for name, value in facts.items())
    return known or "whoever comes without an order, from a poster say,"


def _pushes(text: str, pattern: re.Pattern[str] | None, here: Place) -> Iterator[Problem]:
    match = pattern and pattern.search(_TAGS.sub(" ", text))
    if match:
        yield here.problem("L003", text=match.group())


def _doubles(question: Question, pattern: re.Pattern[str] | None, here: Place) -> Iterator[Problem]:
    match = pattern and pattern.search(question.label)
    if match:
        yield here.problem("L004", name=question.id, text=match.group())


def _is_conditional(question: Question, section: Section) -> bool:
    return question.show_if is not None or section.show_if is not None
