"""Answers from another tool: what each row of such a file says, in the words of a survey."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path

from revisit.records.problems import CallError
from revisit.records.responses import Answer, Mode
from revisit.records.survey import Question, Survey
from revisit.settings import Settings
from revisit.visits.bad_rows import LONGEST_ELSE, BadRow, RowReader, order_number
from revisit.visits.cells import CellFault
from revisit.visits.dates import read_day
from revisit.visits.fields import COLUMNS, Columns, folded, headers, language_of
from revisit.visits.phones import NOTHING, read_email, read_phone
from revisit.visits.table import Row, Table, read_table

RECEIVED = (
    *("received_at", "received", "submitted", "submitted at", "answered at", "answered on", "date", "time"),
    *("提交时间", "答题时间", "填写时间", "回收时间", "回访日期", "提交時間", "填答時間", "填寫時間", "回訪日期"),
)
MODE = ("mode", "channel used", "方式", "回访方式", "填写方式", "回訪方式", "填答方式")
MODES: dict[Mode, tuple[str, ...]] = {
    "web": ("online", "link", "网页", "链接", "在线", "網頁", "連結", "線上"),
    "qr": ("qr code", "poster", "二维码", "扫码", "掃碼"),
    "phone": ("telephone", "call", "电话", "电话回访", "電話", "電話回訪"),
    "interview": ("in person", "face to face", "面访", "当面", "面訪", "當面"),
    "paper": ("letter", "纸质", "书面", "紙本", "書面"),
    "kiosk": ("tablet", "平板", "自助机", "自助機"),
}
NA_WORDS = ("na", "not applicable", "does not apply", "不适用", "不清楚", "不適用", "無此項", "无此项")
BLANK_WORDS = ("", "blank", "null", "none", "skipped", "未答", "未作答", "未填", "空")
OTHER_WORDS = ("disposition", "reason")  # words of a map file that are not for answers
NOON = time(12)
_SEVERAL = re.compile(r"[;,、|；，\s]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How an answers file is understood: its columns, and the words for codes by question, in ``folded`` form."""

    columns: Columns
    words: Mapping[str, Mapping[str, str]]
    na: frozenset[str]
    blank: frozenset[str]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One person's answers as their row says them: every question that has a cell is answered, na or blank.

    ``unit`` is a path, empty where the file names none; ``received_at`` is aware UTC.
    """

    row: int
    number: str
    unit: str
    received_at: datetime
    mode: Mode
    language: str
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswersReading:
    """What an answers file holds; ``number`` is its header of order numbers, ``missing`` are questions it lacks."""

    rows: list[AnswerRow]
    bad: list[BadRow]
    number: str
    missing: tuple[str, ...]
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class AnswerMap:
    """What a map file says: the headers of columns, the words for codes by question, the words for na and blank."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    na: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()


def read_map(path: Path) -> AnswerMap:
    """Read a map file (TOML). Raises CallError with its fault."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        values = table.get("values", {})
        return AnswerMap(
            columns={name: _listed(name, words) for name, words in table.get("columns", {}).items()},
            values={
                name: {code: _listed(f"{name}.{code}", words) for code, words in codes.items()}
                for name, codes in values.items()
            },
            na=_listed("na", table.get("na", [])),
            blank=_listed("blank", table.get("blank", [])),
        )
    except OSError as error:
        raise CallError(f'The map file "{path}" cannot be read: {error.strerror}.') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError) as error:
        raise CallError(
            f'The map file "{path.name}" cannot be understood ({error}). It has tables [columns] and [values.NAME] '
            "with lists of words."
        ) from None


def _listed(name: str, words: object) -> tuple[str, ...]:
    listed = [words] if isinstance(words, str | int) else words
    if isinstance(listed, list) and all(isinstance(word, str | int) for word in listed):
        return tuple(map(str, listed))
    raise CallError(f'The map file\'s "{name}" must be a list of words, such as ["one", "another"].')


def vocabulary(surveys: Sequence[Survey], own: AnswerMap) -> Vocabulary:
    """Learn the words of a survey in all its languages: headers may be ids or questions, cells codes or choices.

    Raises CallError for a column or question in the map that the survey does not have.
    """
    names = [name for question in surveys[0].questions for name in names_of(question)]
    words = {question.id: _choices(question.id, surveys) for question in surveys[0].questions}
    words["mode"] = {folded(word): mode for mode, said in MODES.items() for word in (mode, *said)}
    for name, codes in own.values.items():
        if name in OTHER_WORDS:
            continue
        if name not in words:
            raise CallError(f'The map file gives words for "{name}". Known are: {", ".join((*words, *OTHER_WORDS))}.')
        words[name] |= {folded(word): code for code, said in codes.items() for word in said}
    columns = Columns(_columns(names, surveys, own), ("number",), "[columns] in a file given with --map")
    return Vocabulary(
        columns,
        words,
        frozenset(map(folded, (*NA_WORDS, *own.na))),
        frozenset(map(folded, (*BLANK_WORDS, *own.blank))),
    )


def names_of(question: Question) -> tuple[str, ...]:
    """Give the names of a question's answers: its id, and those of what a contact question asks besides."""
    return (question.id, *(f"{question.id}.{what}" for what in question.asks)) if question.kind != "statement" else ()


def _columns(names: Sequence[str], surveys: Sequence[Survey], own: AnswerMap) -> dict[str, tuple[str, ...]]:
    standing = {
        "number": COLUMNS["number"],
        "unit": COLUMNS["unit"],
        "received": RECEIVED,
        "mode": MODE,
        "language": COLUMNS["language"],
    }
    for name in own.columns:
        if name not in standing and name not in names:
            raise CallError(f'The map file names a column "{name}". Known are: {", ".join((*standing, *names))}.')
    labels = {name: [found.label for survey in surveys if (found := survey.question(name))] for name in names}
    return {
        **{name: headers(*own.columns.get(name, ()), *words, name) for name, words in standing.items()},
        **{name: headers(*own.columns.get(name, ()), name, *labels[name]) for name in names},
    }


def _choices(name: str, surveys: Sequence[Survey]) -> dict[str, str]:
    """Give the codes of a question by code and by label in every language; a code goes before a label like it."""
    questions = [found for survey in surveys if (found := survey.question(name))]
    labels = {folded(choice.label): choice.code for question in questions for choice in question.choices}
    return labels | {folded(choice.code): choice.code for choice in questions[0].choices}


def read_answers(
    path: Path, survey: Survey, words: Vocabulary, settings: Settings, *, encoding: str = ""
) -> AnswersReading:
    """Read a CSV or spreadsheet file of answers. Raises CallError where the file as a whole cannot be read."""
    table = read_table(path, words.columns, encoding)
    reader = _Reader(table, survey, words, settings)
    names = [name for question in survey.questions for name in names_of(question)]
    if not any(name in table.columns for name in names):
        raise CallError(
            f'"{path.name}" has no column for any question of "{survey.name}". {words.columns.advise(names[:3])}'
        )
    for row in table.rows:
        reader.take(row)
    missing = tuple(name for name in names if name not in table.columns and "." not in name)
    return AnswersReading(reader.rows, reader.bad, table.called("number"), missing, table.encoding)


class _Reader(RowReader):
    """Turns rows into answers."""

    def __init__(self, table: Table, survey: Survey, words: Vocabulary, settings: Settings) -> None:
        super().__init__(table)
        self.survey = survey
        self.words = words
        self.settings = settings
        self.rows: list[AnswerRow] = []

    def take(self, row: Row) -> None:
        """Read one row into ``rows`` or ``bad``."""
        if row.fault:
            self.bad.append(BadRow(row.number, "", row.fault, "Correct the row in the file."))
            return
        self.faults = []
        number = self.read(row, "number", order_number)
        unit = self.read(row, "unit", lambda text: unit_path(text, self.settings))
        received = self.read(row, "received", lambda text: self._moment(text, unit or ""))
        mode = self.read(row, "mode", self._mode)
        answers = {
            name: answer
            for question in self.survey.questions
            for name in names_of(question)
            if name in self.table.columns and (answer := self._answer(row, question, name)) is not None
        }
        if self.faults or number is None or received is None or mode is None:
            self.bad += self.faults
            return
        language = language_of(self.table.cell(row, "language")) or self.survey.language
        self.rows.append(AnswerRow(row.number, number, unit or "", received, mode, language, answers))

    def _answer(self, row: Row, question: Question, name: str) -> Answer | None:
        if name != question.id:
            read = read_email if name.endswith(".email") else self._phone
            return self.read(row, name, lambda text: _given(read(text)))
        longest = max(question.max_length, LONGEST_ELSE)
        return self.read_lines(row, name, lambda text: self._value(question, text), longest=longest)

    def _phone(self, text: str) -> str:
        return read_phone(text, self.settings.orders.phone_region)

    def _value(self, question: Question, text: str) -> Answer:
        if question.kind == "text":
            return _given("" if text.casefold() in NOTHING else text)
        word = folded(text)
        if word in self.words.blank:
            return Answer("blank")
        if question.not_applicable and word in self.words.na:
            return Answer("na")
        codes = self.words.words[question.id]
        if question.kind == "choices":
            chosen = {self._code(question, codes, part) for part in _SEVERAL.split(text) if part}
            return _given(" ".join(choice.code for choice in question.choices if choice.code in chosen))
        code = self._code(question, codes, text)
        return Answer("answered", int(code) if question.has_numbers else code)

    def _code(self, question: Question, codes: Mapping[str, str], text: str) -> str:
        code = codes.get(folded(text.removesuffix(".0")))
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

    def _moment(self, text: str, unit: str) -> datetime:
        return moment(text, self.settings, unit)


def _given(text: str) -> Answer:
    return Answer("answered", text) if text else Answer("blank")


def unit_path(text: str, settings: Settings) -> str:
    """Read a station; empty where none is named. Raises CellFault."""
    if not text:
        return ""
    found = settings.organisation.named(text)
    if found is None:
        known = ", ".join(unit.name for unit in settings.organisation.units)
        raise CellFault(f'There is no station "{text}"', f"Known are: {known}.")
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
