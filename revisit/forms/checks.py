"""Checks: the rules of each kind of question as WTForms validators; each sentence says what to do."""

from collections.abc import Callable, Mapping

from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from revisit.forms.typed import is_email, is_phone, read_date
from revisit.records.numbers import read_number
from revisit.records.survey import NOT_APPLICABLE, Question

MOST_OTHER = 200

Gettext = Callable[[str], str]
Validator = Callable[[BaseForm, Field], None]


def offered(question: Question, gettext: Gettext) -> list[tuple[str, str]]:
    """Give the codes and labels that can be chosen, "does not apply" last where the question allows it."""
    choices = [(choice.code, choice.label) for choice in question.choices]
    return [*choices, (NOT_APPLICABLE, gettext("Does not apply"))] if question.not_applicable else choices


def check_of(question: Question, gettext: Gettext) -> Validator:
    """Give the validator of a question's own field. Its sentences name the question, as the error summary needs."""
    check = _Check(question, gettext)
    return {"text": check.text, "number": check.number, "date": check.date}.get(question.kind, check.choice)


class _Check:
    """The rules of one question."""

    def __init__(self, question: Question, gettext: Gettext) -> None:
        self.question = question
        self.gettext = gettext
        self.allowed = dict(offered(question, gettext))

    def refuse(self, sentence: str, **words: object) -> None:
        raise ValidationError(sentence % {"question": self.question.label, **words})

    def filled(self, field: Field) -> bool:
        """Say whether anything was written; refuse nothing where something is needed."""
        if field.data:
            return True
        if self.question.required:
            self.refuse(self.gettext("Write an answer to “%(question)s”"))
        return False

    def text(self, _form: BaseForm, field: Field) -> None:
        if self.filled(field):
            refuse_long(field.data, self.question, self.question.max_length, self.gettext)

    def number(self, _form: BaseForm, field: Field) -> None:
        _ = self.gettext
        if not self.filled(field) or (self.question.not_applicable and field.data == NOT_APPLICABLE):
            return
        number = read_number(field.data, self.question.unit)
        least, greatest = self.question.points
        if number is None or not least <= number <= greatest:
            sentence = _("Write a whole number from %(least)s to %(greatest)s for “%(question)s”")
            self.refuse(sentence, least=least, greatest=greatest)

    def date(self, _form: BaseForm, field: Field) -> None:
        if not self.filled(field) or (self.question.not_applicable and field.data == NOT_APPLICABLE):
            return
        if read_date(field.data) is None:
            self.refuse(self.gettext("Write a date such as 2026-08-05 for “%(question)s”"))

    def choice(self, _form: BaseForm, field: Field) -> None:
        _ = self.gettext
        question = self.question
        sent = [value for value in field.raw_data or [] if value]
        if any(value not in self.allowed for value in sent) or (question.kind != "choices" and len(sent) > 1):
            self.refuse(_("Choose one of the answers to “%(question)s”"))
        if question.kind == "choices" and len(set(sent)) > 1:
            if NOT_APPLICABLE in sent:
                self.refuse(_("Choose either “Does not apply” or other answers to “%(question)s”"))
            if question.exclusive in sent:
                alone = self.allowed[question.exclusive]
                self.refuse(_("Choose either “%(alone)s” or other answers to “%(question)s”"), alone=alone)
        if question.required and not sent:
            consent = question.kind == "consent"
            self.refuse(
                _("Tick the box to agree to “%(question)s”") if consent else _("Choose an answer to “%(question)s”")
            )


def refuse_long(text: str, question: Question, most: int, gettext: Gettext) -> None:
    """Refuse a text that is too long, and say by how much."""
    over = len(text) - most
    if over > 0:
        words = {"question": question.label, "most": most, "over": over}
        sentence = gettext("Shorten your answer to “%(question)s” by %(over)s: it may have %(most)s characters")
        raise ValidationError(sentence % words)


def check_besides(question: Question, what: str, gettext: Gettext) -> Validator:
    """Give the validator of what a question asks besides: kind about its form, strict about what it could be."""

    def check(_form: BaseForm, field: Field) -> None:
        if not field.data:
            return
        if what == "phone" and not is_phone(field.data):
            raise ValidationError(gettext("Write a phone number such as +86 130 0000 0012, or leave it empty"))
        if what == "email" and not is_email(field.data):
            raise ValidationError(gettext("Write an e-mail address such as name@example.com, or leave it empty"))
        if what == "other":
            refuse_long(field.data, question, MOST_OTHER, gettext)

    return check


def ranking_fault(question: Question, places: Mapping[str, str], gettext: Gettext) -> tuple[str, str] | None:
    """Give the code whose place is wrong and the sentence about it; ``places`` are the places chosen, by code."""
    _ = gettext
    words = {"question": question.label}
    seen: set[str] = set()
    allowed = {str(place) for place in range(1, len(question.choices) + 1)}
    for code, place in places.items():
        if place and place not in allowed:
            return code, _("Choose one of the answers to “%(question)s”") % words
        if place in seen:
            return code, _("Give place %(place)s only once in “%(question)s”") % {**words, "place": place}
        seen |= {place} - {""}
    empty = next((code for code, place in places.items() if not place), "")
    if empty and question.required:
        return empty, _("Give every line a place in “%(question)s”") % words
    if seen != {str(place) for place in range(1, len(seen) + 1)}:
        wrong = max((code for code in places if places[code]), key=lambda code: int(places[code]))
        return wrong, _("Begin with place 1 and leave no place out in “%(question)s”") % words
    return None
