"""Responses as a table: who was asked where and how, then each question's answer and the state of that answer."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date

from revisit.records.responses import Answer, Response
from revisit.records.survey import FACTS, Question, Survey
from revisit.reports.exports import words
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Column, Kind
from revisit.reports.exports.words import MODES, N_, VALUES, Words

HEAD: tuple[Column, ...] = (
    Column("response_id", N_("The answer's own number")),
    Column("visit_id", N_("The visit that was answered; empty for a poster or an import without an order")),
    Column("survey", N_("The survey"), few=True),
    Column("language", N_("The language it was answered in"), few=True),
    Column("unit", N_("The path of the unit that earned the answer"), few=True),
    Column("unit_name", N_("The unit's name"), few=True),
    Column("engineer", N_("The engineer"), few=True),
    Column("day", N_("The local day it counts in"), "date"),
    Column("received_at", N_("When it came in"), "moment"),
    Column("mode", N_("How it was answered"), "code", tuple(MODES.items())),
    Column("duration", N_("Seconds from opening to sending"), "number"),
    *(
        Column(fact, words.FACTS[fact], "code", tuple((value, VALUES[value]) for value in values))
        for fact, values in FACTS.items()
    ),
    Column("customer", N_("The same for the same customer of an import; nobody's number")),
    Column("flags", N_("What is unusual about it"), few=True),
    Column("form_hash", N_("The version of the questions"), few=True),
    Column("batch_id", N_("The import it came with"), few=True),
    Column("sample", N_("Whether it is made up"), "flag"),
)
_KINDS: dict[str, Kind] = {
    "choices": "codes",
    "ranking": "ranks",
    "choice": "code",
    "yesno": "code",
    "contact": "code",
    "consent": "code",
    "text": "text",
    "date": "date",
}
PERSONAL = (".phone", ".email")


def columns(survey: Survey, language: str = "en") -> list[Column]:
    """Give the columns: the fixed ones, then two for each answer, its value and its state.

    ``language`` is that of the house's words; a survey brings its own.
    """
    said = Words(language)
    held = said.columns(HEAD)
    for question in survey.questions:
        about = f"{question.stem} – {question.label}" if question.stem else question.label
        for name in question.names:
            label = about if name == question.id else said.asked(about, name.rpartition(".")[2])
            state = f"{name}.state"
            held.append(_column(question, name, label, state))
            held.append(Column(state, said.state(label), "code", said.states()))
    return held


def _column(question: Question, name: str, label: str, state: str) -> Column:
    if name != question.id:
        return Column(name, label, state=state)
    if question.has_numbers:
        codes: tuple[tuple[str | int, str], ...] = tuple(
            (int(choice.code), choice.label) for choice in question.choices if choice.code != choice.label
        )
        return Column(name, label, "integer", codes, state, question.points)
    choices = tuple((choice.code, choice.label) for choice in question.choices)
    return Column(name, label, _KINDS.get(question.kind, "text"), choices, state)


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
    value: Cell = answer.value if answer.state == "answered" else None
    if isinstance(value, str) and value and not cover.names:
        if name.endswith(PERSONAL):
            value = cover.whole(value)
        elif question.kind == "text" or name != question.id:
            value = cover.free(value, people())
    if question.has_numbers and name == question.id and not isinstance(value, int):
        value = None
    if question.kind == "date" and isinstance(value, str):
        value = date.fromisoformat(value)
    return value, answer.state
