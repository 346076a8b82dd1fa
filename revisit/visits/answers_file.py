"""Answers from another tool: what each row of such a file says, in the words of a survey."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import lru_cache, partial
from pathlib import Path

from revisit.records.problems import CallError
from revisit.records.responses import Answer, Mode
from revisit.records.survey import Question, Survey
from revisit.settings import Settings
from revisit.visits.answer_cells import AnswerCells
from revisit.visits.answers_words import MODES, Vocabulary, columns_of
from revisit.visits.bad_rows import (
    LONGEST_ELSE,
    MOST_REMEMBERED,
    BadRow,
    BadSheet,
    Remembered,
    RowReader,
    order_number,
    sheet_of,
)
from revisit.visits.cells import CellFault
from revisit.visits.dates import read_day
from revisit.visits.fields import folded, language_of
from revisit.visits.phones import is_scientific
from revisit.visits.table import Row, Table, headers_shown, read_table

NOON = time(12)
BLANK = Answer("blank")
UNQUOTED = (
    "Put quotation marks around a cell that holds the sign between cells, or take away what stands behind the last."
)
TICKED = ("choices", "ranking")  # kinds whose options may each have a column
LONGEST_DURATION = 7 * 86_400.0  # seconds; a form left open longer than a week says nothing about answering it
_DURATION = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)\s*(?:s|sec|seconds|秒|秒鐘|秒钟)?", re.IGNORECASE)


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

    ``unit`` is its header of stations, empty where it has none: then every answer without an order is the root's;
    ``received`` that of times; ``unread`` are the headers of columns that nothing is read from.
    """

    rows: list[AnswerRow]
    bad: list[BadRow]
    number: str
    missing: tuple[str, ...]
    encoding: str = ""
    id: str = "id"
    unit: str = ""
    received: str = "received"
    unread: tuple[str, ...] = ()


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
    names = [name for question in survey.questions for name in columns_of(question)]
    if not any(name in table.columns for name in names):
        raise CallError(
            f'"{path.name}" has no column for any question of "{survey.name}". Its headers are: '
            f"{headers_shown(table.header)}. {words.columns.advise(names[:3])}"
        )
    if not {"number", "id"} & set(table.columns):
        raise CallError(
            f'"{path.name}" has neither order numbers nor numbers of answers, so a second import could not know what '
            f"is there already. {words.columns.advise(['id', 'number'])}"
        )
    for row in table.rows:
        reader.take(row)
    missing = tuple(
        question.id
        for question in survey.questions
        if columns_of(question) and not any(name in table.columns for name in columns_of(question))
    )
    unit = table.called("unit") if "unit" in table.columns else ""
    called = [table.called(name) for name in ("number", "id", "received")]
    return AnswersReading(
        *(reader.rows, reader.bad, called[0], missing, table.encoding, called[1], unit, called[2]), tuple(table.unread)
    )


class _Reader(RowReader):
    """Turns rows into answers."""

    def __init__(self, table: Table, survey: Survey, words: Vocabulary, settings: Settings) -> None:
        super().__init__(table)
        self.survey = survey
        self.words = words
        self.settings = settings
        self.rows: list[AnswerRow] = []
        # Thousands of rows name the same few stations, days and answers.
        self.units = Remembered(partial(unit_path, settings=settings))
        self.moment = lru_cache(MOST_REMEMBERED)(partial(moment, settings=settings))
        self.modes = Remembered(partial(_mode, words=words.words["mode"]))
        self.languages = Remembered(lambda text: language_of(text) or survey.language)
        self.durations = Remembered(_seconds)
        self.cells = AnswerCells(words, settings.orders.phone_region, settings.orders.dates)
        self.asked = [
            _Asked.of(question, self.cells, table)
            for question in survey.questions
            if any(name in table.columns for name in columns_of(question))
        ]

    def take(self, row: Row) -> None:
        """Read one row into ``rows`` or ``bad``."""
        if row.fault:
            self.bad.append(BadRow(row.number, "", row.fault, "Correct the row in the file."))
            return
        if any(cell.strip() for cell in row.cells[len(self.table.header) :]):
            what = f"The row has {len(row.cells)} cells under {len(self.table.header)} headers"
            self.bad.append(BadRow(row.number, "", what, UNQUOTED))
            return
        self.faults = []
        response_id = self.read(row, "id", _id) or ""
        number = self._number(row, response_id)
        unit = self.look_up(row, "unit", self.units)
        received = self.read(row, "received", lambda text: self.moment(text, unit=unit or ""))
        mode = self.look_up(row, "mode", self.modes)
        language = self.look_up(row, "language", self.languages)
        customer = self.read(row, "customer", lambda text: text) or ""
        duration = self.look_up(row, "duration", self.durations)
        answers: dict[str, Answer] = {}
        for asked in self.asked:
            self._answer(row, asked, answers)
        if self.faults or number is None or received is None or mode is None or language is None:
            self.bad += self.faults
            return
        self.rows.append(
            AnswerRow(
                *(row.number, number, unit or "", received, mode, language, answers),
                id=response_id,
                customer=customer,
                duration=duration,
            )
        )

    def _number(self, row: Row, response_id: str) -> str | None:
        """Read the number of an order; an answer that has a number of its own needs none."""
        if "number" in self.table.columns:
            return self.read(row, "number", lambda text: order_number(text) if text or not response_id else "")
        if not response_id:
            what = "The number of the answer is missing"
            self.fault(row, "id", CellFault(what, "Fill it in, or delete the row if it is a total."))
        return ""

    def _answer(self, row: Row, asked: "_Asked", answers: dict[str, Answer]) -> None:
        """Read all cells of a question; their faults are noted."""
        before = len(self.faults)
        read: dict[str, Answer] = {}
        for name, column in asked.columns.items():
            answer = self.look_up(row, name, column)
            if answer is not None:
                read[name] = answer
        if asked.options and read.get(asked.question.id, BLANK).state == "blank":
            self._ticks(row, asked, read)
        if asked.question.asks and len(self.faults) == before:
            try:
                self.cells.together(asked.question, read)
            except CellFault as fault:
                self.fault(row, asked.question.id, fault)
        answers |= read

    def _ticks(self, row: Row, asked: "_Asked", read: dict[str, Answer]) -> None:
        """Read a column for each option, where the question's own column is empty or not there."""
        question = asked.question
        cells = {code: self.table.cell(row, f"{question.id}.{code}") for code in asked.options}
        try:
            read[question.id] = self.cells.ticks(question, cells)
        except CellFault as fault:
            self.fault(row, f"{question.id}.{asked.options[0]}", fault)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question for which the file has columns: those that are read by themselves, and those of one option each."""

    question: Question
    columns: dict[str, Remembered[Answer]]
    options: tuple[str, ...]

    @classmethod
    def of(cls, question: Question, cells: AnswerCells, table: Table) -> "_Asked":
        """Find the columns of a question."""
        longest = max(question.max_length, LONGEST_ELSE)
        columns = {question.id: Remembered(partial(cells.value, question), longest, lines=True)}
        for name in (f"{question.id}.{what}" for what in question.asks):
            columns[name] = Remembered(partial(cells.beside, name))
        options = [choice.code for choice in question.choices if f"{question.id}.{choice.code}" in table.columns]
        ticked = [code for code in options if code not in question.asks] if question.kind in TICKED else []
        return cls(question, {name: one for name, one in columns.items() if name in table.columns}, tuple(ticked))


def _id(text: str) -> str:
    return order_number(text) if is_scientific(text) else text


def _mode(text: str, words: Mapping[str, str]) -> Mode:
    if not text:
        return "web"
    mode = words.get(folded(text))
    if mode is None:
        raise CellFault(f'"{text[:40]}" is no known way of answering', f"It may be: {', '.join(MODES)}.")
    found: Mode = next(known for known in MODES if known == mode)
    return found


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


def bad_sheet(path: Path, words: Vocabulary, encoding: str, bad: Sequence[BadRow]) -> BadSheet:
    """Read the bad rows of an answers file once more, as they stand there. Raises CallError as ``read_answers``."""
    return sheet_of(read_table(path, words.columns, encoding), {one.row for one in bad})
