"""Responses as a table: who was asked where and how, then each question's answer and the state of that answer."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import get_args

from revisit.records.responses import Answer, ItemState, Mode, Response
from revisit.records.survey import FACTS, Question, Survey
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Column, Kind

STATES: dict[ItemState, str] = {
    "answered": "answered",
    "na": "not applicable",
    "blank": "left blank",
    "not_asked": "not asked",
    "invalid": "not valid",
}
HEAD: tuple[Column, ...] = (
    Column("response_id", "The answer's own number"),
    Column("visit_id", "The visit that was answered; empty for a poster or an import without an order"),
    Column("survey", "The survey"),
    Column("language", "The language it was answered in"),
    Column("unit", "The path of the unit that earned the answer"),
    Column("unit_name", "The unit's name"),
    Column("engineer", "The engineer"),
    Column("day", "The local day it counts in", "date"),
    Column("received_at", "When it came in", "moment"),
    Column("mode", "How it was answered", "code", tuple((mode, mode) for mode in get_args(Mode))),
    Column("duration", "Seconds from opening to sending", "number"),
    *(
        Column(fact, f"The order's {fact}", "code", tuple((value, value) for value in values))
        for fact, values in FACTS.items()
    ),
    Column("customer", "The same for the same customer of an import; nobody's number"),
    Column("flags", "What is unusual about it"),
    Column("form_hash", "The version of the questions"),
    Column("batch_id", "The import it came with"),
    Column("sample", "Whether it is made up", "flag"),
)
_KINDS: dict[str, Kind] = {
    "choices": "codes",
    "ranking": "ranks",
    "choice": "code",
    "yesno": "code",
    "contact": "code",
    "consent": "code",
    "text": "text",
    "date": "text",
}
PERSONAL = (".phone", ".email")


def columns(survey: Survey) -> list[Column]:
    """Give the columns: the fixed ones, then two for each answer, its value and its state."""
    held = [*HEAD]
    for question in survey.questions:
        for name in question.names:
            state = f"{name}.state"
            held.append(_column(question, name, state))
            held.append(Column(state, f"{question.label} – what became of it", "code", tuple(STATES.items())))
    return held


def _column(question: Question, name: str, state: str) -> Column:
    if name != question.id:
        return Column(name, f"{question.label} – {name.rpartition('.')[2]}", "text", state=state)
    if question.has_numbers:
        codes: tuple[tuple[str | int, str], ...] = tuple(
            (int(choice.code), choice.label) for choice in question.choices if choice.code != choice.label
        )
        return Column(name, question.label, "integer", codes, state)
    choices = tuple((choice.code, choice.label) for choice in question.choices)
    return Column(name, question.label, _KINDS.get(question.kind, "text"), choices, state)


def rows(
    survey: Survey,
    responses: Iterable[Response],
    cover: Cover,
    people: Callable[[Response], Collection[str]] = lambda _response: (),
) -> Iterator[Sequence[Cell]]:
    """Give a row for each response. ``people`` tells who may be named in its free words."""
    asked = [(question, name) for question in survey.questions for name in question.names]
    for response in responses:
        row = _head(response, cover)
        for question, name in asked:
            answer = response.answers.get(name)
            if answer is None and question.was and name == question.id:
                answer = response.answers.get(question.was)
            row += _cells(question, name, answer or Answer("not_asked"), cover, lambda: people(response))  # noqa: B023  called at once
        yield row


def _head(response: Response, cover: Cover) -> list[Cell]:
    return [
        response.id,
        response.visit_id or "",
        response.survey,
        response.language,
        *cover.place(response.unit),
        response.day,
        response.received_at,
        response.mode,
        response.duration,
        *(response.facts.get(fact) for fact in FACTS),
        response.customer,
        " ".join(response.flags),
        response.form_hash,
        response.batch_id,
        response.sample,
    ]


def _cells(
    question: Question, name: str, answer: Answer, cover: Cover, people: Callable[[], Collection[str]]
) -> tuple[Cell, Cell]:
    value = answer.value if answer.state == "answered" else None
    if isinstance(value, str) and value and not cover.names:
        if name.endswith(PERSONAL):
            value = cover.whole(value)
        elif question.kind == "text" or name != question.id:
            value = cover.free(value, people())
    if question.has_numbers and name == question.id and not isinstance(value, int):
        value = None
    return value, answer.state
