"""Two hashes of a survey: one over what is asked (all languages alike), one over the words of a language."""

import hashlib
from dataclasses import astuple, replace
from typing import Any

import orjson

from revisit.records.conditions import Condition
from revisit.records.survey import Question, Survey

DIGITS = 16


def with_hashes(survey: Survey) -> Survey:
    """Give the survey with both hashes filled in."""
    return replace(survey, form_hash=form_hash(survey), text_hash=text_hash(survey))


def form_hash(survey: Survey) -> str:
    """Hash ids, kinds, codes, scales, what may stay blank, dimensions and conditions, in the order of the page."""
    return _digest(
        [
            [section.dimension, _tree(section.show_if), [_asked(question) for question in section.questions]]
            for section in survey.sections
        ]
    )


def _asked(question: Question) -> list[Any]:
    return [
        question.id,
        question.kind,
        [choice.code for choice in question.choices],
        question.required,
        question.not_applicable,
        question.reversed,
        question.dimension,
        _tree(question.show_if),
        question.max_length if question.kind == "text" else 0,
        question.short,
        list(question.asks),
        # What came later stands here only where it says something, so that older forms keep their hash.
        *(_later(question)),
    ]


def _later(question: Question) -> list[Any]:
    said = {
        "exclusive": question.exclusive,
        "bounds": [question.least, question.greatest] if question.kind == "number" else "",
        "group": question.group,
        "reasons": [choice.dimension for choice in question.choices] if question.reasons else "",
    }
    return [[name, value] for name, value in said.items() if value]


def _tree(condition: Condition | None) -> list[Any] | None:
    return None if condition is None else condition.tree


def text_hash(survey: Survey) -> str:
    """Hash every word that a customer reads in this language, and what the author says of themes and composites."""
    privacy = survey.privacy
    sections = [
        [
            section.title,
            section.intro,
            [
                [question.label, question.help, [choice.label for choice in question.choices], *_also(question)]
                for question in section.questions
            ],
        ]
        for section in survey.sections
    ]
    notice = [privacy.who, privacy.contact, privacy.purpose, privacy.kept]
    # Themes and composites came later: without any of the author's own a text keeps its hash.
    themes = [[astuple(theme) for theme in survey.themes]] if survey.themes else []
    named = [{one.id: one.name for one in survey.composites}] if survey.composites else []
    return _digest([survey.language, survey.title, survey.intro, notice, sections, *themes, *named])


def _also(question: Question) -> list[Any]:
    quotes = [[quote.source, quote.start, quote.end] for quote in question.quotes]
    return [words for words in (question.stem, question.unit, quotes) if words]


def consent_hash(question: Question) -> str:
    """Hash the words that a consent box agrees to: what stands beside it and the text below."""
    return _digest([question.label, question.help])


def _digest(plain: list[Any]) -> str:
    return hashlib.sha256(orjson.dumps(plain)).hexdigest()[:DIGITS]
