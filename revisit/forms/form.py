"""The form: one set of WTForms fields that draws the page and checks what comes back."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of 3.2
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from revisit.forms.checks import check_besides, check_of, offered, ranking_fault
from revisit.forms.hashes import consent_hash
from revisit.forms.typed import clean, clean_line, read_date
from revisit.records.conditions import evaluate
from revisit.records.languages import direction
from revisit.records.numbers import read_number
from revisit.records.reasons import offered_codes
from revisit.records.responses import Answer
from revisit.records.survey import NOT_APPLICABLE, OTHER, Question, Section, Survey
from revisit.texts import translations

HASH_FIELDS: tuple[str, ...] = ("form_hash", "text_hash")
HONEYPOT = "website"
SWITCH = "switch"


class FormData(Protocol):
    """What a browser sent: names with one or more values each."""

    def __contains__(self, key: Any) -> bool:
        """Say whether a name was sent."""

    def __iter__(self) -> Iterator[str]:
        """Give the names."""

    def __len__(self) -> int:
        """Count the names."""

    def getlist(self, key: str) -> list[Any]:
        """Give every value of a name, in the order sent."""


class Posted:
    """Form data from plain pairs, for callers that have no web framework at hand."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.values: dict[str, list[str]] = {}
        for name, value in pairs:
            self.values.setdefault(name, []).append(value)

    def __contains__(self, key: Any) -> bool:
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def getlist(self, key: str) -> list[Any]:
        """Give every value of a name, in the order sent."""
        return list(self.values.get(key, []))


class AnswerForm:
    """A survey's questions as form fields, for one set of order facts.

    ``errors`` maps a question's id to the sentence that says what to do, in the order of the page, once ``check`` ran;
    ``wrong_fields`` maps it to the name of the field that is wrong.
    """

    def __init__(self, survey: Survey, facts: Mapping[str, str], formdata: FormData | None) -> None:
        self.survey = survey
        self.facts = dict(facts)
        self.errors: dict[str, str] = {}
        self.wrong_fields: dict[str, str] = {}
        self._answers: dict[str, Answer] | None = None
        self._gettext = _gettext(survey)
        # BaseForm takes its fields by name alone: a question called "validate" or "data" harms nothing.
        self.form = BaseForm(_unbound(_This(survey)), meta=DefaultMeta())
        self.form.process(formdata)

    def __getitem__(self, name: str) -> Field:
        """Give the field of a question, or of its phone number or e-mail address."""
        return self.form[name]

    def check(self) -> bool:
        """Check every question that is asked; fills ``errors`` and says whether there are none."""
        self._answers = self._decide()
        return not self.errors

    def answers(self) -> dict[str, Answer]:
        """Give the state of every question, decided once: answered, na, blank or not_asked.

        What a question asks besides has a state of its own: ``<id>.phone``, ``<id>.email``, ``<id>.other``. Several
        choices are the codes in the survey's order, joined by a space; a ranking is the codes in the order that was
        given, the first place first. A number is an int, a date its ISO form. A consent keeps the hash of the words
        agreed to under ``<id>.text``.
        """
        if self._answers is None:
            self._answers = self._decide()
        return dict(self._answers)

    def _decide(self) -> dict[str, Answer]:
        self.errors, self.wrong_fields = {}, {}
        decided: dict[str, Answer] = {}
        for section in self.survey.sections:
            for question in section.questions:
                if question.kind == "statement":
                    continue
                asked = is_asked(section, question, decided, self.facts)
                for name in question.names:
                    decided[name] = Answer("not_asked")
                if asked:
                    self._check(question)
                    decided.update(self._read(question, self._offered(question, decided)))
        return decided

    def _offered(self, question: Question, decided: Mapping[str, Answer]) -> Collection[str]:
        """Give the codes that can be chosen after the answers above; where none is, none need be shut out."""
        if not question.reasons or not self.chosen(question):
            return [choice.code for choice in question.choices]
        scales = {one.id: one for one in self.survey.questions if one.is_scale}
        return offered_codes(question, scales, decided, self.facts)

    def _check(self, question: Question) -> None:
        if question.kind == "ranking":
            fault = ranking_fault(_named(self.survey, question), self.places(question), self._gettext)
            if fault is not None:
                self.errors[question.id] = fault[1]
                self.wrong_fields[question.id] = f"{question.id}.{fault[0]}"
            return
        if question.kind == "contact" and not self.chosen(question):
            # A number alone is no leave to ring it: it must not be dropped without a word either.
            typed = next((name for name in _besides(question) if self.form[name].data), "")
            if typed:
                sentence = self._gettext("Choose an answer to “%(question)s”")
                self.errors[question.id] = sentence % {"question": _named(self.survey, question).label}
                self.wrong_fields[question.id] = question.id
                return
        for name in (question.id, *_besides(question)):
            field = self.form[name]
            if name != question.id and not self._opens(question, name):
                continue
            if not field.validate(self.form):
                self.errors.setdefault(question.id, str(field.errors[0]))
                self.wrong_fields.setdefault(question.id, name)

    def _opens(self, question: Question, name: str) -> bool:
        """Say whether the answer leads to what is asked besides."""
        if name.endswith(f".{OTHER}"):
            return OTHER in self.chosen(question)
        return bool(self.form[question.id].data == "yes")

    def places(self, question: Question) -> dict[str, str]:
        """Give the places of a ranking as they were sent, by code, "" where none was."""
        return {choice.code: self.form[f"{question.id}.{choice.code}"].data or "" for choice in question.choices}

    def chosen(self, question: Question) -> set[str]:
        """Give the codes that were chosen. Words beside "something else" choose it where nothing else was chosen."""
        data = self.form[question.id].data
        found = {value for value in (data if isinstance(data, list) else [data]) if value}
        words = OTHER in question.asks and self.form[f"{question.id}.{OTHER}"].data
        if words and (not found or (question.kind == "choices" and not found & {question.exclusive, NOT_APPLICABLE})):
            found.add(OTHER)
        return found

    def _read(self, question: Question, allowed: Collection[str]) -> dict[str, Answer]:
        blank = {name: Answer("blank") for name in question.names}
        if question.id in self.errors and self.wrong_fields[question.id] in (question.id, *self._fields_of(question)):
            return blank
        if question.kind == "ranking":
            places = {place: code for code, place in self.places(question).items() if place}
            return {question.id: _answered(" ".join(places[place] for place in sorted(places)))}
        if question.kind in ("text", "number", "date"):
            return {question.id: _typed(question, self.form[question.id].data)}
        chosen = self.chosen(question)
        if chosen == {NOT_APPLICABLE} and question.not_applicable:
            return {**blank, question.id: Answer("na")}
        codes = [choice.code for choice in question.choices if choice.code in chosen and choice.code in allowed]
        if not codes:
            return blank
        value = " ".join(codes)
        found = {**blank, question.id: Answer("answered", int(value) if question.has_numbers else value)}
        for name in _besides(question):
            if self._opens(question, name) and question.id not in self.errors:
                found[name] = _answered(self.form[name].data)
        if question.kind == "consent":
            found[question.names[1]] = Answer("answered", consent_hash(question))
        return found

    def _fields_of(self, question: Question) -> list[str]:
        """Give the fields whose fault leaves the whole question blank: not those of what is asked besides."""
        return [f"{question.id}.{choice.code}" for choice in question.choices] if question.kind == "ranking" else []


def answer_form(survey: Survey, facts: Mapping[str, str], formdata: FormData | None) -> AnswerForm:
    """Make the form of a survey for an order's facts, filled with what a browser sent."""
    return AnswerForm(survey, facts, formdata)


def is_asked(section: Section, question: Question, answers: Mapping[str, Answer], facts: Mapping[str, str]) -> bool:
    """Say whether a question is asked, given the answers to those above it."""
    above, own = section.show_if, question.show_if
    return (above is None or evaluate(above.tree, answers, facts)) and (
        own is None or evaluate(own.tree, answers, facts)
    )


def _answered(value: str | None) -> Answer:
    return Answer("answered", value) if value else Answer("blank")


def _typed(question: Question, text: str) -> Answer:
    if text == NOT_APPLICABLE and question.not_applicable:
        return Answer("na")
    if question.kind == "number":
        number = read_number(text, question.unit) if text else None
        return Answer("blank") if number is None else Answer("answered", number)
    if question.kind == "text":
        return _answered(text)
    day = read_date(text) if text else None
    return Answer("blank") if day is None else Answer("answered", day.isoformat())


def _besides(question: Question) -> list[str]:
    return [f"{question.id}.{what}" for what in question.asks]


class _LineField(StringField):
    """A line for typing that may have "does not apply" under the same name; what was typed goes before."""

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = [value for value in valuelist if value.strip()]
        self.data = next((value for value in sent if value != NOT_APPLICABLE), sent[0] if sent else "")


@dataclass(frozen=True, slots=True, eq=False)
class _This:
    """A very survey, told from others by being itself: comparing all that it holds would cost more."""

    survey: Survey

    def __hash__(self) -> int:
        return id(self.survey)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and other.survey is self.survey


@lru_cache(maxsize=64)
def _unbound(this: _This) -> dict[str, Any]:
    """Give the unbound fields of a survey by name: made once for each version, every form binds its own."""
    survey = this.survey
    named = (_named(survey, question) for question in survey.questions)
    return {name: field for question in named for name, field in _fields(question, _gettext(survey)).items()}


def _gettext(survey: Survey) -> Callable[[str], str]:
    return translations("form", survey.house_language).gettext


def _named(survey: Survey, question: Question) -> Question:
    """Keep the words of a question together in a sentence that runs the other way (U+2068 and U+2069)."""
    if direction(survey.language) == direction(survey.house_language):
        return question
    return replace(question, label=f"\u2068{question.label}\u2069")


def _fields(question: Question, gettext: Callable[[str], str]) -> dict[str, Any]:
    """Give the unbound fields of a question by name."""
    name, label, check = question.id, question.label, check_of(question, gettext)
    if question.kind == "statement":
        return {}
    if question.kind == "text" and not question.short:
        return {name: TextAreaField(label, [check], filters=[clean], name=name)}
    if question.kind in ("text", "date", "number"):
        return {name: _LineField(label, [check], filters=[clean_line], name=name)}
    if question.kind == "ranking":
        names = [f"{name}.{choice.code}" for choice in question.choices]
        return {each: StringField(label, filters=[clean_line], name=each) for each in names}
    choices = [SelectChoice(code, words) for code, words in offered(question, gettext)]
    kind = SelectMultipleField if question.kind == "choices" else RadioField
    found: dict[str, Any] = {name: kind(label, [check], choices=choices, validate_choice=False, name=name)}
    for what in question.asks:
        each = f"{name}.{what}"
        found[each] = StringField(what, [check_besides(question, what, gettext)], filters=[clean_line], name=each)
    return found
