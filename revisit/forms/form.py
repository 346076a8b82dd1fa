"""The form: one set of WTForms fields that draws the page and checks what comes back."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of 3.2
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import ValidationError

from revisit.records.conditions import evaluate
from revisit.records.responses import Answer
from revisit.records.survey import NOT_APPLICABLE, Question, Section, Survey
from revisit.texts import translations

HASH_FIELDS: tuple[str, ...] = ("form_hash", "text_hash")
HONEYPOT = "website"
SWITCH = "switch"
MOST_PHONE = 40
MOST_EMAIL = 254

_PHONE = re.compile(r"[+0-9()./ \-－（）]+(?:(?:ext|x|转|轉|#)\.? ?[0-9]{1,6})?", re.IGNORECASE)
_LEAST_DIGITS = 5
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


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
        self._translations = translations("form", survey.language)
        # BaseForm takes its fields by name alone: a question called "validate" or "data" harms nothing.
        fields = {
            name: field for question in survey.questions for name, field in _fields(question, self._gettext).items()
        }
        self.form = BaseForm(fields, meta=DefaultMeta())
        self.form.process(formdata)

    def _gettext(self, words: str) -> str:
        return self._translations.gettext(words)

    def __getitem__(self, name: str) -> Field:
        """Give the field of a question, or of its phone number or e-mail address."""
        return self.form[name]

    def check(self) -> bool:
        """Check every question that is asked; fills ``errors`` and says whether there are none."""
        self._answers = self._decide()
        return not self.errors

    def answers(self) -> dict[str, Answer]:
        """Give the state of every question, decided once: answered, na, blank or not_asked.

        A contact question adds ``<id>.phone`` and ``<id>.email`` for what it asks besides. Several choices are the
        codes in the survey's order, joined by a space.
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
                for name in _names(question):
                    decided[name] = Answer("not_asked")
                if asked:
                    self._check(question)
                    decided.update(self._read(question))
        return decided

    def _check(self, question: Question) -> None:
        for name in _names(question):
            field = self.form[name]
            if name != question.id and self.form[question.id].data != "yes":
                continue
            if not field.validate(self.form):
                self.errors.setdefault(question.id, str(field.errors[0]))
                self.wrong_fields.setdefault(question.id, name)

    def _read(self, question: Question) -> dict[str, Answer]:
        data = self.form[question.id].data
        failed = question.id in self.errors
        if question.kind == "choices":
            return {question.id: _several(question, data or [], failed=failed)}
        if question.kind == "text":
            return {question.id: Answer("answered", data) if data and not failed else Answer("blank")}
        if data == NOT_APPLICABLE and question.not_applicable:
            return {question.id: Answer("na")}
        codes = {choice.code for choice in question.choices}
        if data not in codes:
            return {name: Answer("blank") for name in _names(question)}
        found = {question.id: Answer("answered", int(data) if question.has_numbers else data)}
        for name in _names(question)[1:]:
            given = self.form[name].data if data == "yes" and not failed else ""
            found[name] = Answer("answered", given) if given else Answer("blank")
        return found


def answer_form(survey: Survey, facts: Mapping[str, str], formdata: FormData | None) -> AnswerForm:
    """Make the form of a survey for an order's facts, filled with what a browser sent."""
    return AnswerForm(survey, facts, formdata)


def is_asked(section: Section, question: Question, answers: Mapping[str, Answer], facts: Mapping[str, str]) -> bool:
    """Say whether a question is asked, given the answers to those above it."""
    conditions = [holder.show_if for holder in (section, question) if holder.show_if is not None]
    return all(evaluate(condition.tree, answers, facts) for condition in conditions)


def _several(question: Question, data: list[str], *, failed: bool) -> Answer:
    chosen = [choice.code for choice in question.choices if choice.code in data]
    if failed or not data:
        return Answer("blank")
    if NOT_APPLICABLE in data and question.not_applicable and not chosen:
        return Answer("na")
    return Answer("answered", " ".join(chosen)) if chosen else Answer("blank")


def _names(question: Question) -> list[str]:
    return [question.id, *(f"{question.id}.{what}" for what in question.asks)]


def clean(text: str | None) -> str:
    """Make typed text storable: one sort of line end, no control characters, no space around it."""
    unified = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in unified if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return kept.strip()


def clean_line(text: str | None) -> str:
    """Make typed text storable as one line."""
    return " ".join(clean(text).split())


def offered(question: Question, gettext: Callable[[str], str]) -> list[tuple[str, str]]:
    """Give the codes and labels that can be chosen, "does not apply" last where the question allows it."""
    choices = [(choice.code, choice.label) for choice in question.choices]
    return [*choices, (NOT_APPLICABLE, gettext("Does not apply"))] if question.not_applicable else choices


def _fields(question: Question, gettext: Callable[[str], str]) -> dict[str, Any]:
    """Give the unbound fields of a question by name."""
    check = _Check(question, gettext)
    if question.kind == "statement":
        return {}
    if question.kind == "text":
        if question.short:
            return {question.id: StringField(question.label, [check], filters=[clean_line], name=question.id)}
        return {question.id: TextAreaField(question.label, [check], filters=[clean], name=question.id)}
    choices = [SelectChoice(code, label) for code, label in offered(question, gettext)]
    kind = SelectMultipleField if question.kind == "choices" else RadioField
    found: dict[str, Any] = {
        question.id: kind(question.label, [check], choices=choices, validate_choice=False, name=question.id)
    }
    for what in question.asks:
        name = f"{question.id}.{what}"
        found[name] = StringField(what, [_contact_check(what, gettext)], filters=[clean_line], name=name)
    return found


class _Check:
    """The rules of one question as a WTForms validator; its sentences name the question, as the error summary needs."""

    def __init__(self, question: Question, gettext: Callable[[str], str]) -> None:
        self.question = question
        self.gettext = gettext

    def __call__(self, _form: BaseForm, field: Field) -> None:
        """Raise ValidationError with what to do."""
        _ = self.gettext
        label = self.question.label
        if self.question.kind == "text":
            if self.question.required and not field.data:
                raise ValidationError(_("Write an answer to “%(question)s”") % {"question": label})
            over = len(field.data) - self.question.max_length
            if over > 0:
                words = {"question": label, "most": self.question.max_length, "over": over}
                sentence = _("Shorten your answer to “%(question)s” by %(over)s: it may have %(most)s characters")
                raise ValidationError(sentence % words)
            return
        sent = [value for value in field.raw_data or [] if value]
        allowed = {code for code, _label in offered(self.question, _)}
        if any(value not in allowed for value in sent) or (self.question.kind != "choices" and len(sent) > 1):
            raise ValidationError(_("Choose one of the answers to “%(question)s”") % {"question": label})
        if self.question.kind == "choices" and NOT_APPLICABLE in sent and len(set(sent)) > 1:
            raise ValidationError(
                _("Choose either “Does not apply” or other answers to “%(question)s”") % {"question": label}
            )
        if self.question.required and not sent:
            raise ValidationError(_("Choose an answer to “%(question)s”") % {"question": label})


def _contact_check(what: str, gettext: Callable[[str], str]) -> Callable[[BaseForm, Field], None]:
    """Make the validator of a phone number or an e-mail address: kind about its form, strict about what it could be."""

    def check(_form: BaseForm, field: Field) -> None:
        if not field.data:
            return
        if what == "phone" and (len(field.data) > MOST_PHONE or not _is_phone(field.data)):
            raise ValidationError(gettext("Write a phone number such as +86 130 0000 0012, or leave it empty"))
        if what == "email" and (len(field.data) > MOST_EMAIL or not _EMAIL.fullmatch(field.data)):
            raise ValidationError(gettext("Write an e-mail address such as name@example.com, or leave it empty"))

    return check


def _is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None and sum(sign.isdigit() for sign in text) >= _LEAST_DIGITS
