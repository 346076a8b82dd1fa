"""Answers from another tool: what each row of such a file says, in the words of a survey."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

from revisit.records.problems import CallError
from revisit.records.responses import Answer, Mode
from revisit.records.survey import Question, Survey
from revisit.settings import Settings
from revisit.visits.answers_words import MODES, Vocabulary, names_of
from revisit.visits.bad_rows import LONGEST_ELSE, BadRow, RowReader, order_number
from revisit.visits.cells import CellFault
from revisit.visits.dates import read_day
from revisit.visits.fields import folded, language_of
from revisit.visits.phones import NOTHING, is_scientific, read_email, read_phone
from revisit.visits.table import Row, Table, read_table

NOON = time(12)
LONGEST_DURATION = 7 * 86_400.0  # seconds; a form left open longer than a week says nothing about answering it
_SEVERAL = re.compile(r"[;,、|；，\s]+")
_DURATION = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)\s*(?:s|sec|seconds|秒|秒鐘|秒钟)?", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One person's answers as their row says them: every question that has a cell is answered, na, blank or not asked.

    A row has an order's ``number``, an ``id`` of its own from the other tool, or both. ``unit`` is a path, empty where
    the file names none; ``received_at`` is aware UTC; ``customer`` is what the other tool calls the person;
    ``duration`` is in seconds.
    """

    row: int
    number: str
    unit: str
    received_at: datetime
    mode: Mode
    language: str
    answers: dict[str, Answer] = field(default_factory=dict)
    id: str = ""
    customer: str = ""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class AnswersReading:
    """What an answers file holds; ``number`` and ``id`` are its headers for these, ``missing`` are questions it lacks.

    ``unit`` is its header of stations, empty where it has none: then every answer without an order is the root's.
    """

    rows: list[AnswerRow]
    bad: list[BadRow]
    number: str
    missing: tuple[str, ...]
    encoding: str = ""
    id: str = "id"
    unit: str = ""


def read_answers(
    path: Path,
    survey: Survey,
    words: Vocabulary,
    settings: Settings,
    *,
    encoding: str = "",
) -> AnswersReading:
    """Read a CSV or spreadsheet file of answers. Raises CallError where the file as a whole cannot be read."""
    table = read_table(path, words.columns, encoding)
    reader = _Reader(table, survey, words, settings)
    names = [name for question in survey.questions for name in names_of(question)]
    if not any(name in table.columns for name in names):
        raise CallError(
            f'"{path.name}" has no column for any question of "{survey.name}". {words.columns.advise(names[:3])}'
        )
    if not {"number", "id"} & set(table.columns):
        raise CallError(
            f'"{path.name}" has neither order numbers nor numbers of answers, so a second import could not know what '
            f"is there already. {words.columns.advise(['id', 'number'])}"
        )
    for row in table.rows:
        reader.take(row)
    missing = tuple(name for name in names if name not in table.columns and "." not in name)
    unit = table.called("unit") if "unit" in table.columns else ""
    return AnswersReading(
        reader.rows, reader.bad, table.called("number"), missing, table.encoding, table.called("id"), unit
    )


class _Reader(RowReader):
    """Turns rows into answers."""

    def __init__(self, table: Table, survey: Survey, words: Vocabulary, settings: Settings) -> None:
        super().__init__(table)
        self.survey = survey
        self.words = words
        self.settings = settings
        self.rows: list[AnswerRow] = []
        # Thousands of rows name the same few stations and days.
        self.unit = cache(lambda text: unit_path(text, settings))
        self.moment = cache(lambda text, unit: moment(text, settings, unit))
        self.asked = [
            (question, name) for question in survey.questions for name in names_of(question) if name in table.columns
        ]

    def take(self, row: Row) -> None:
        """Read one row into ``rows`` or ``bad``."""
        if row.fault:
            self.bad.append(BadRow(row.number, "", row.fault, "Correct the row in the file."))
            return
        self.faults = []
        response_id = self.read(row, "id", self._id) or ""
        number = self.read(row, "number", lambda text: order_number(text) if text or not response_id else "")
        unit = self.read(row, "unit", self.unit)
        received = self.read(row, "received", lambda text: self.moment(text, unit or ""))
        mode = self.read(row, "mode", self._mode)
        customer = self.read(row, "customer", lambda text: text) or ""
        duration = self.read(row, "duration", _seconds)
        answers = {
            name: answer for question, name in self.asked if (answer := self._answer(row, question, name)) is not None
        }
        if self.faults or number is None or received is None or mode is None:
            self.bad += self.faults
            return
        language = language_of(self.table.cell(row, "language")) or self.survey.language
        self.rows.append(
            AnswerRow(
                *(row.number, number, unit or "", received, mode, language, answers),
                id=response_id,
                customer=customer,
                duration=duration,
            )
        )

    def _id(self, text: str) -> str:
        return order_number(text) if is_scientific(text) else text

    def _answer(self, row: Row, question: Question, name: str) -> Answer | None:
        longest = max(question.max_length, LONGEST_ELSE)
        if name == question.id:
            return self.read_lines(row, name, lambda text: self._value(question, text), longest=longest)
        if name.endswith(".email"):
            return self.read(row, name, lambda text: _given(read_email(text)))
        if name.endswith(".phone"):
            return self.read(row, name, lambda text: _given(read_phone(text, self.settings.orders.phone_region)))
        return self.read(row, name, _given)

    def _value(self, question: Question, text: str) -> Answer:
        """Say what a cell answers: the question's own words go before those that hold for every question."""
        if question.kind == "text":
            return _given("" if text.casefold() in NOTHING else text)
        word = folded(text)
        state = self.words.states[question.id].get(word)
        if state is not None:
            return Answer(state)
        if _plain(text) not in self.words.words[question.id]:
            if word in self.words.blank:
                return Answer("blank")
            if question.not_applicable and word in self.words.na:
                return Answer("na")
        return self._given(question, text)

    def _given(self, question: Question, text: str) -> Answer:
        codes = self.words.words[question.id]
        if question.kind in ("choices", "ranking"):
            chosen = list(dict.fromkeys(self._code(question, codes, part) for part in _SEVERAL.split(text) if part))
            if question.kind == "choices":
                chosen = [choice.code for choice in question.choices if choice.code in chosen]
            return _given(" ".join(chosen))
        if question.kind == "date":
            return _given(read_day(text, self.settings.orders.dates).isoformat())
        if question.choices:
            code = self._code(question, codes, text)
            return Answer("answered", int(code) if question.has_numbers else code)
        return _number(question, text)

    def _code(self, question: Question, codes: Mapping[str, str], text: str) -> str:
        code = codes.get(_plain(text))
        if code is None:
            allowed = ", ".join(choice.code for choice in question.choices)
            also = ", na" if question.not_applicable else ""
            raise CellFault(
                f'"{text[:40]}" is no answer to {question.id}',
                f"It may be: {allowed}{also}, or empty. Other words go under [values.{question.id}] in a --map file.",
            )
        return code

    def _mode(self, text: str) -> Mode:
        if not text:
            return "web"
        mode = self.words.words["mode"].get(folded(text))
        if mode is None:
            raise CellFault(f'"{text[:40]}" is no known way of answering', f"It may be: {', '.join(MODES)}.")
        found: Mode = next(known for known in MODES if known == mode)
        return found


def _plain(text: str) -> str:
    """Give a cell as codes are compared: tables like to write the whole number 4 as 4.0."""
    return folded(text.removesuffix(".0"))


def _number(question: Question, text: str) -> Answer:
    least, greatest = question.points
    value = int(float(text)) if _WHOLE.fullmatch(text) else None
    if value is None or not least <= value <= greatest:
        raise CellFault(
            f'"{text[:40]}" is no answer to {question.id}', f"It may be a whole number from {least} to {greatest}."
        )
    return Answer("answered", value)


def _given(text: str) -> Answer:
    return Answer("answered", text) if text else Answer("blank")


def _seconds(text: str) -> float | None:
    """Read how long the answering took: seconds, or minutes and hours before a colon. Raises CellFault."""
    if not text:
        return None
    match = _DURATION.fullmatch(text)
    if match is None:
        raise CellFault(f'"{text[:40]}" is no duration', "Write seconds, such as 75, or 1:15, or leave it empty.")
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    if total > LONGEST_DURATION:
        raise CellFault(f'"{text[:40]}" is longer than a week', "Write seconds, or leave it empty.")
    return total


def unit_path(text: str, settings: Settings) -> str:
    """Read a station; empty where none is named. Raises CellFault."""
    if not text:
        return ""
    found = settings.organisation.named(text)
    if found is None:
        known = ", ".join(unit.name for unit in settings.organisation.units[:20])
        more = " …" if len(settings.organisation.units) > 20 else "."
        raise CellFault(
            f'There is no station "{text}"', f"Known are: {known}{more} Others come in with a file given with --units."
        )
    return found.path


def moment(text: str, settings: Settings, unit: str) -> datetime:
    """Read a moment: ISO, or any form of a day, which stands for its local noon. Raises CellFault."""
    if not text:
        raise CellFault("The time of the answer is missing", "Fill in the day at least, such as 2026-08-03.")
    zone = settings.zone(unit) if unit else settings.timezone
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = datetime.combine(read_day(text, settings.orders.dates), NOON)
    if len(text) <= len("2026-08-03"):
        read = datetime.combine(read.date(), NOON)
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
