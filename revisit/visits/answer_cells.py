"""Cells of answers: what a question's cells in one row say, by the rules that the web form has."""

import re
from collections.abc import Mapping

from revisit.records.numbers import read_number
from revisit.records.responses import Answer
from revisit.records.survey import NOT_APPLICABLE, OTHER, Question
from revisit.visits.answers_words import Vocabulary
from revisit.visits.cells import CellFault
from revisit.visits.dates import read_day
from revisit.visits.fields import said
from revisit.visits.phones import NOTHING, read_email, read_phone

# What stands between several answers in one cell: the first of these by which all parts are known.
_BETWEEN = (re.compile(r"\s*[;；|\n>＞]\s*"), re.compile(r"\s*[;；|\n>＞,，、]\s*"), re.compile(r"[;；|\n>＞,，、\s]+"))
_TICKED = frozenset(
    map(said, ("1", "yes", "y", "x", "true", "ticked", "checked", "selected", "是", "选中", "選中", "有"))
)
_UNTICKED = frozenset(map(said, ("", "0", "no", "n", "false", "unticked", "否", "未选", "未選", "无", "無")))
_MARKS = "✓✔√☑■"  # ticks and filled boxes


class AnswerCells:
    """Reads cells. ``region`` is the country of telephone numbers without a code, ``dates`` the order of their days."""

    def __init__(self, words: Vocabulary, region: str, dates: str) -> None:
        self.words = words
        self.region = region
        self.dates = dates

    def value(self, question: Question, text: str) -> Answer:
        """Say what a cell answers: the question's own words go before those that hold for every question.

        Raises CellFault.
        """
        if question.kind == "text":
            words = " ".join(text.split()) if question.short else text
            return given("" if words.casefold() in NOTHING else words)
        word = said(text)
        state = self.words.states[question.id].get(word)
        if state is not None:
            return Answer(state)
        if word not in self.words.words[question.id]:
            if word in self.words.blank and not _is_mark(text):
                return Answer("blank")
            if question.not_applicable and word in self.words.na:
                return Answer("na")
        return self._given(question, text)

    def beside(self, name: str, text: str) -> Answer:
        """Say what a cell holds that a question asks besides. Raises CellFault."""
        if name.endswith(".email"):
            return given(read_email(text))
        if name.endswith(".phone"):
            return given(read_phone(text, self.region))
        return given("" if text.casefold() in NOTHING else text)

    def _given(self, question: Question, text: str) -> Answer:
        if question.kind in ("choices", "ranking"):
            return self.several(question, self._codes(question, text))
        if question.kind == "date":
            return given(read_day(text, self.dates).isoformat())
        if question.kind == "number":
            return _number(question, text)
        if question.kind == "consent" and (_is_mark(text) or said(text) in _UNTICKED):
            return given("yes" if _is_mark(text) else "")
        code = self._codes(question, text)[0]
        return Answer("answered", int(code) if question.has_numbers else code)

    def several(self, question: Question, codes: list[str]) -> Answer:
        """Give several choices in the survey's order, or a ranking in the order given. Raises CellFault."""
        twice = next((code for at, code in enumerate(codes) if code in codes[:at]), "")
        if question.kind == "ranking":
            if twice:
                raise CellFault(f'"{twice}" stands twice in {question.id}', "Give each option one place.")
            return given(" ".join(codes))
        if question.exclusive in codes and len(set(codes)) > 1:
            raise CellFault(
                f'"{question.exclusive}" stands beside other answers to {question.id}', "Keep it alone, or take it out."
            )
        return given(" ".join(choice.code for choice in question.choices if choice.code in codes))

    def _codes(self, question: Question, text: str) -> list[str]:
        """Give the codes that a cell names, by code or by words; words may hold such signs themselves."""
        known = self.words.words[question.id]
        if said(text) in known or question.kind not in ("choices", "ranking"):
            return [self._code(question, known, text)]
        for between in _BETWEEN:
            parts = [part for part in between.split(text) if part.strip()]
            if parts and all(said(part) in known for part in parts):
                return [known[said(part)] for part in parts]
        parts = [part for part in _BETWEEN[1].split(text) if part.strip()] or [text]
        return [self._code(question, known, part) for part in parts]

    def _code(self, question: Question, known: Mapping[str, str], text: str) -> str:
        code = known.get(said(text))
        if code is None:
            allowed = ", ".join(choice.code for choice in question.choices)
            also = ", na" if question.not_applicable else ""
            raise CellFault(
                f'"{text[:40]}" is no answer to {question.id}',
                f"It may be: {allowed}{also}, or empty. Other words go under [values.{question.id}] in a --map file.",
            )
        return code

    def ticks(self, question: Question, cells: Mapping[str, str]) -> Answer:
        """Say what a column for each option answers, by code: ticks, or of a ranking places. Raises CellFault."""
        if question.kind == "ranking":
            return self._places(question, cells)
        chosen = []
        for code, text in cells.items():
            word = said(text)
            if word in _TICKED or _is_mark(text) or self.words.words[question.id].get(word) == code:
                chosen.append(code)
            elif word not in _UNTICKED | self.words.blank:
                raise CellFault(f'"{text[:40]}" does not say whether "{code}" was chosen', "Write 1, 0 or nothing.")
        return self.several(question, chosen)

    def _places(self, question: Question, cells: Mapping[str, str]) -> Answer:
        places: dict[int, str] = {}
        for code, text in cells.items():
            if said(text) in self.words.blank or not text:
                continue
            place = read_number(text)
            if place is None or not 1 <= place <= len(question.choices):
                raise CellFault(f'"{text[:40]}" is no place', f"Write a number from 1 to {len(question.choices)}.")
            if place in places:
                raise CellFault(f"Place {place} is given twice in {question.id}", "Give each option one place.")
            places[place] = code
        if sorted(places) != list(range(1, len(places) + 1)):
            raise CellFault(f"The places in {question.id} leave one out", "Begin with place 1 and leave none out.")
        return given(" ".join(places[place] for place in sorted(places)))

    def together(self, question: Question, answers: dict[str, Answer]) -> None:
        """Settle a question with what it asks besides, as the form does. Raises CellFault."""
        main = answers.get(question.id)
        if main is None:
            return
        besides = [f"{question.id}.{what}" for what in question.asks if f"{question.id}.{what}" in answers]
        filled = [name for name in besides if answers[name].state == "answered"]
        chosen = str(main.value).split() if main.state == "answered" else []
        if question.kind == "contact":
            if filled and main.state == "blank":
                raise CellFault(
                    "It is not said whether the customer may be contacted", f'Fill in "{question.id}": yes or no.'
                )
            opens = chosen == ["yes"]
        else:
            if filled and (not chosen or question.kind == "choices") and not {question.exclusive} & set(chosen):
                chosen = [choice.code for choice in question.choices if choice.code in {*chosen, OTHER}]
                if main.state == "blank" or chosen != str(main.value).split():
                    answers[question.id] = given(" ".join(chosen)) if main.state != NOT_APPLICABLE else main
            opens = OTHER in chosen and main.state != NOT_APPLICABLE
        if not opens:
            answers.update((name, Answer("blank")) for name in filled)


def _is_mark(text: str) -> bool:
    return bool(text) and not text.strip(_MARKS)


def given(text: str) -> Answer:
    """Give what somebody wrote, or that it is blank."""
    return Answer("answered", text) if text else Answer("blank")


def _number(question: Question, text: str) -> Answer:
    least, greatest = question.points
    value = read_number(text, question.unit)
    if value is None or not least <= value <= greatest:
        raise CellFault(
            f'"{text[:40]}" is no answer to {question.id}', f"It may be a whole number from {least} to {greatest}."
        )
    return Answer("answered", value)
