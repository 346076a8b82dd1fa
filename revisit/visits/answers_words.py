"""The words of an answers file: which headers stand for what, and what the cells of each question may say."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from revisit.records.problems import CallError
from revisit.records.responses import ItemState, Mode
from revisit.records.survey import Question, Survey
from revisit.visits.fields import COLUMNS, Columns, headers, said

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
YES_NO: dict[str, tuple[str, ...]] = {
    "yes": ("yes", "y", "true", "1", "是", "同意", "agree", "agreed"),
    "partly": ("partly", "部分", "一部分"),
    "no": ("no", "n", "false", "0", "否", "不同意"),
}
BLANK_WORDS = ("", "blank", "null", "none", "skipped", "未答", "未作答", "未填", "空")
OTHER_WORDS = ("disposition", "reason")  # words of a map file that are not for answers
# States that a map file may give words for, beside the codes of a question.
STATES: tuple[ItemState, ...] = ("na", "blank", "not_asked")

# What a message says of a column that is missing.
MEANINGS: dict[str, str] = {
    "received": "the day or time of each answer",
    "id": "a number that each answer has in the other tool",
    "number": "the number of the repair order that the answer is about",
}
# Columns that say of whom and how the answer is.
RESPONSE_ID = (
    *("response id", "response number", "response no", "respondent", "respondent id", "submission id", "record id"),
    *("答卷编号", "答卷序号", "问卷编号", "样本编号", "填答編號", "問卷編號", "樣本編號"),
)
CUSTOMER = (
    *("customer", "customer id", "customer number", "person id", "客户编号", "会员号", "会员编号"),
    *("客戶編號", "會員編號", "顧客編號"),
)
DURATION = (
    *("duration", "duration in seconds", "seconds", "time taken", "所用时间", "答题时长", "填写时长"),
    *("填答時長", "作答時間", "作答时间"),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How an answers file is understood: its columns, and for each question the words for its codes and its states.

    Words are in the form of ``said``. ``na`` and ``blank`` hold for every question whose own words say nothing else.
    """

    columns: Columns
    words: Mapping[str, Mapping[str, str]]
    states: Mapping[str, Mapping[str, ItemState]]
    na: frozenset[str]
    blank: frozenset[str]


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

    Raises CallError for a column, question or code in the map that the survey does not have.
    """
    names = [name for question in surveys[0].questions for name in columns_of(question)]
    words = {question.id: _choices(question.id, surveys) for question in surveys[0].questions}
    words["mode"] = {said(word): mode for mode, listed in MODES.items() for word in (mode, *listed)}
    states: dict[str, dict[str, ItemState]] = {question.id: {} for question in surveys[0].questions}
    for name, codes in own.values.items():
        if name in OTHER_WORDS:
            continue
        if name not in words:
            raise CallError(f'The map file gives words for "{name}". Known are: {", ".join((*words, *OTHER_WORDS))}.')
        known = set(words[name].values())
        for code, listed in codes.items():
            state = next((one for one in STATES if one == code and code not in known), None)
            if state is None:
                _check_code(surveys[0].question(name), name, code, known)
                words[name] |= {said(word): code for word in listed}
            else:
                _check_state(surveys[0].question(name), name, state)
                states[name] |= {said(word): state for word in listed}
    columns = Columns(
        _columns(names, surveys, own), ("received",), "[columns] in a file given with --map", meanings=MEANINGS
    )
    return Vocabulary(
        columns,
        words,
        states,
        frozenset(map(said, (*NA_WORDS, *own.na))),
        frozenset(map(said, (*BLANK_WORDS, *own.blank))),
    )


def _check_code(question: Question | None, name: str, code: str, known: set[str]) -> None:
    """Refuse a code that the survey does not have; a question without choices has none to name."""
    if code not in known and (question is None or question.choices):
        also = "" if question is None else f", and {', '.join(STATES)} for answers that have no value"
        raise CallError(
            f'The map file\'s [values.{name}] has "{code}". Known there are: {", ".join(sorted(known))}{also}.'
        )


def _check_state(question: Question | None, name: str, state: str) -> None:
    if question is None:
        raise CallError(f'The map file\'s [values.{name}] has "{state}", which is for questions only.')
    if state == "na" and not question.not_applicable:
        raise CallError(
            f'The map file says which answers to "{name}" mean "does not apply", but the survey has no such answer to '
            f"it. Add na to the question and run: revisit build"
        )


def names_of(question: Question) -> tuple[str, ...]:
    """Give the names of a question's answers: its id, and those of what a contact question asks besides."""
    return (question.id, *(f"{question.id}.{what}" for what in question.asks)) if question.kind != "statement" else ()


def columns_of(question: Question) -> tuple[str, ...]:
    """Give the columns that may hold a question's answers: its id, what it asks besides, and one for each option.

    Only of several choices and of rankings may each option have a column, ``<id>.<code>``.
    """
    if question.kind == "statement":
        return ()
    names = [question.id, *(f"{question.id}.{what}" for what in question.asks)]
    if question.kind in ("choices", "ranking"):
        names += [f"{question.id}.{choice.code}" for choice in question.choices if choice.code not in question.asks]
    return tuple(names)


def _columns(names: Sequence[str], surveys: Sequence[Survey], own: AnswerMap) -> dict[str, tuple[str, ...]]:
    standing: dict[str, tuple[str, ...]] = {
        "id": RESPONSE_ID,
        "number": COLUMNS["number"],
        "unit": COLUMNS["unit"],
        "received": RECEIVED,
        "mode": MODE,
        "language": COLUMNS["language"],
        "customer": CUSTOMER,
        "duration": DURATION,
    }
    for name in own.columns:
        if name not in standing and name not in names:
            raise CallError(f'The map file names a column "{name}". Known are: {", ".join((*standing, *names))}.')
    labels = {name: _headings(name, surveys) for name in names}
    return {
        **{name: headers(*own.columns.get(name, ()), *words, name) for name, words in standing.items()},
        **{name: headers(*own.columns.get(name, ()), name, *labels[name]) for name in names},
    }


def _headings(name: str, surveys: Sequence[Survey]) -> list[str]:
    """Give what a column may be headed by besides its name: the words of the question, of a matrix with its item's."""
    question_id, _dot, code = name.partition(".")
    found: list[str] = []
    for survey in surveys:
        question = survey.question(question_id)
        if question is None:
            continue
        option = next((choice.label for choice in question.choices if choice.code == code), "")
        if option:
            found.append(f"{question.label}: {option}")
        elif not code:
            found += [f"{question.stem}: {question.label}"] if question.stem else []
            found.append(question.label)
    return found


def _choices(name: str, surveys: Sequence[Survey]) -> dict[str, str]:
    """Give the codes of a question by code and by label in every language; a code goes before a label like it."""
    questions = [found for survey in surveys if (found := survey.question(name))]
    labels = {said(choice.label): choice.code for question in questions for choice in question.choices}
    codes = {choice.code for choice in questions[0].choices}
    if codes and codes <= {"yes", "partly", "no"}:
        labels = {word: code for code, words in YES_NO.items() if code in codes for word in map(said, words)} | labels
    return labels | {said(choice.code): choice.code for choice in questions[0].choices}
