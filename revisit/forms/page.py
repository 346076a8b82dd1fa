"""The page: a survey's form as bytes, drawn by ``build`` and again after a fault; and the small message pages."""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from revisit.forms.checks import offered
from revisit.forms.form import HONEYPOT, SWITCH, AnswerForm, answer_form
from revisit.forms.groups import Group, Option, reason_groups
from revisit.forms.press import render
from revisit.forms.quotes import with_quotes
from revisit.forms.scales import has_words
from revisit.forms.script import layout, rule, words_of_form, words_of_thanks
from revisit.forms.typed import read_date
from revisit.forms.wording import words
from revisit.records.conditions import simplify
from revisit.records.languages import direction, house_language, own_name
from revisit.records.survey import NOT_APPLICABLE, Question, Survey
from revisit.settings import Settings
from revisit.texts import translations

Gettext = Callable[[str], str]

LANGUAGE_NAMES: dict[str, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
PROBLEMS: tuple[str, ...] = (
    "invalid",
    "full",
    "busy",
    "too_many",
    "unknown",
    "closed",
    "conflict",
    "new_version",
    "stale",
)
MESSAGES: tuple[str, ...] = (
    "thanks",
    "answered",
    "expired",
    "voided",
    "survey_closed",
    "unknown",
    "received",
    "too_big",
    "too_many",
    "full",
    "busy",
    "conflict",
    "fault",
)


@dataclass(frozen=True, slots=True)
class Input:
    """One line for typing under a question, or one line of a ranking with its words."""

    id: str
    name: str
    what: str
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is drawn; ``number`` is None for a statement; the items of a matrix share one."""

    question: Question
    number: int | None
    condition: str
    options: tuple[Option, ...] = ()
    inputs: tuple[Input, ...] = ()
    value: str = ""
    error: str = ""
    wrong_field: str = ""
    unreadable: bool = False
    rule: str = ""
    groups: tuple[Group, ...] = ()

    @property
    def words(self) -> Markup:
        """Give the words of the heading, with what the script fills with earlier answers."""
        return with_quotes(self.question.label, () if self.question.group else self.question.quotes)

    @property
    def labels(self) -> tuple[str, ...]:
        """Give no labels: only a matrix heads its columns."""
        return ()

    @property
    def questions(self) -> "tuple[Asked, ...]":
        """Give this question, as a matrix gives its items."""
        return (self,)

    @property
    def focus(self) -> str:
        """Give the id of what the error summary leads to: the field that is wrong, of a group its first choice."""
        return self.wrong_field.replace(".", "-")

    @property
    def described_by(self) -> str:
        """Give the ids of what describes the question, for ``aria-describedby``."""
        parts = {"c": self.condition, "h": self.question.help, "e": self.error}
        return " ".join(f"{self.question.id}-{mark}" for mark, there in parts.items() if there)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Several questions on one scale as they are drawn: under one heading, a table where there is room."""

    id: str
    stem: str
    help: str
    condition: str
    labels: tuple[str, ...]
    number: int
    rule: str
    questions: tuple[Asked, ...] = ()

    @property
    def words(self) -> Markup:
        """Give the words above all items, with what the script fills with earlier answers."""
        return with_quotes(self.stem, self.questions[0].question.quotes)

    @property
    def optional(self) -> bool:
        """Say whether all items may be left out, so that it is said once."""
        return not any(asked.question.required for asked in self.questions)

    @property
    def described_by(self) -> str:
        """Give the ids of what describes the matrix, for ``aria-describedby``."""
        parts = {"c": self.condition, "h": self.help}
        return " ".join(f"{self.id}-{mark}" for mark, there in parts.items() if there)


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is drawn."""

    title: str
    intro: Markup
    condition: str
    rule: str = ""
    asked: list[Asked | Matrix] = field(default_factory=list)


def draw(  # noqa: PLR0913 - what differs between the build and a redrawn page, each by its name
    settings: Settings,
    survey: Survey,
    facts: Mapping[str, str],
    form: AnswerForm | None,
    *,
    problem: str = "",
    languages: Sequence[tuple[str, str]] = (),
    action: str = "",
) -> bytes:
    """Draw a survey's page for an order's facts.

    With ``form`` its values stand in the fields and its errors in a summary at the top; ``problem`` is one of PROBLEMS
    and puts a banner above the form. ``languages`` are those to switch to: pairs of language tag and name. ``action``
    is where the form posts to; without it, to the very address it has.
    """
    filled = form or answer_form(survey, facts, None)
    parts = parts_of(survey, facts, filled)
    errors = [
        (asked.focus, asked.error) for part in parts for block in part.asked for asked in block.questions if asked.error
    ]
    return render(
        settings,
        survey.house_language,
        "form/page.html",
        **tongue(survey),
        survey=survey,
        intro=Markup(survey.intro),  # noqa: S704 - sanitised by the reader
        parts=parts,
        errors=errors,
        problem=problem if problem != "invalid" else "",
        action=action,
        languages=[(code, name) for code, name in languages if code != survey.language],
        honeypot=HONEYPOT,
        switch=SWITCH,
        contact=link_of(survey.privacy.contact),
        say=words_of_form(translations("form", survey.house_language).gettext),
        layout=layout(survey),
    )


def message(
    settings: Settings, language: str, kind: str, elsewhere: Mapping[str, str] | None = None, /, **facts: str
) -> bytes:
    """Draw a small page that says what happened and what comes next; ``kind`` is one of MESSAGES.

    ``elsewhere`` holds the address of the same page in each language, by its tag.
    ``facts`` may hold ``who`` (the house that asks), ``contact`` (where to write), ``kept`` (how long answers are
    kept) and when a survey opens (``opens``) or was closed (``closed``).
    """
    known = {name: facts.get(name, "") for name in ("who", "contact", "kept", "opens", "closed")}
    known["who"] = known["who"] or settings.brand.get("name", "")
    shown = house_language(language, settings.default_language)
    ended = kind in ("thanks", "answered", "received")
    speech = words_of_thanks(translations("form", shown).gettext) if ended else ""
    known["speech"] = speech
    others = [(tag, own_name(tag), address) for tag, address in (elsewhere or {}).items() if tag != shown]
    contact = link_of(known["contact"])
    return render(settings, shown, "form/message.html", kind=kind, link=contact, languages=others, **known)


def link_of(contact: str) -> str:
    """Give the address that a contact leads to when it is tapped, or "" for plain words."""
    if contact.startswith(("https://", "http://")):
        return contact
    if "@" in contact and " " not in contact:
        return f"mailto:{contact}"
    digits = "".join(sign for sign in contact if sign in "+0123456789")
    plain = all(sign in "+0123456789 ()-./" for sign in contact)
    return f"tel:{digits}" if plain and len(digits) >= 5 else ""


def tongue(survey: Survey) -> dict[str, str]:
    """Give the language and direction of a survey's page, and the attributes of what the house says in another one."""
    own = survey.house_language
    differs = not has_words(survey.language)
    house = Markup(' lang="{}" dir="{}"').format(own, direction(own)) if differs else ""
    return {"lang": survey.language, "dir": direction(survey.language), "house": house, "ours": own if differs else ""}


def parts_of(survey: Survey, facts: Mapping[str, str], form: AnswerForm) -> list[Part]:
    """Give the sections that are drawn: what the order's facts decide is decided, the rest is said in words."""
    gettext = translations("form", survey.house_language).gettext
    numbers: dict[str, str] = {}
    parts: list[Part] = []
    for section in survey.sections:
        left = True if section.show_if is None else simplify(section.show_if.tree, facts)
        if left is False:
            continue
        said = "" if left is True else words(left, survey, numbers, gettext)
        intro = Markup(section.intro)  # noqa: S704 - sanitised by the reader
        part = Part(section.title, intro, said, rule(section, facts))
        drawn: list[Asked] = []
        for question in section.questions:
            open_part = True if question.show_if is None else simplify(question.show_if.tree, facts)
            if open_part is False:
                continue
            condition = "" if open_part is True else words(open_part, survey, numbers, gettext)
            asked = _asked(question, condition, form)
            if question.reasons:
                asked = replace(asked, groups=reason_groups(question, asked.options, survey, numbers, gettext))
            asked = replace(asked, number=_number(question, numbers))
            drawn.append(replace(asked, rule=rule(question, facts)))
        part.asked.extend(_together(drawn, gettext))
        if part.asked:
            parts.append(part)
    return parts


def _number(question: Question, numbers: dict[str, str]) -> int | None:
    """Count a question and note how conditions call it; a matrix counts once and its items are told by their words."""
    if question.kind == "statement":
        return None
    last = len({said.partition(" ")[0] for said in numbers.values()})
    seen = any(name.startswith(f"{question.group}_") for name in numbers) if question.group else False
    number = last if seen else last + 1
    numbers[question.id] = f"{number} ({question.label})" if question.group else f"{number}"
    return number


def _together(drawn: Sequence[Asked], gettext: Gettext) -> Iterator[Asked | Matrix]:
    """Put the items of each matrix together; what holds for all of them is said once."""
    for group, run in itertools.groupby(drawn, lambda asked: asked.question.group):
        if not group:
            yield from run
            continue
        items = tuple(run)
        first = items[0]
        na = gettext("Does not apply") if any(item.question.not_applicable for item in items) else ""
        labels = (*(choice.label for choice in first.question.choices), *([na] if na else []))
        said = (first.question.stem, first.question.help, first.condition, labels, first.number or 0, first.rule)
        bare = (replace(item, condition="", rule="", question=replace(item.question, help="")) for item in items)
        yield Matrix(group, *said, tuple(bare))


def _asked(question: Question, condition: str, form: AnswerForm) -> Asked:
    if question.kind == "statement":
        return Asked(question, None, condition)
    gettext = translations("form", form.survey.house_language).gettext
    made = Asked(
        question,
        None,
        condition,
        error=form.errors.get(question.id, ""),
        wrong_field=form.wrong_fields.get(question.id, ""),
    )
    if question.kind == "ranking":
        places = form.places(question)
        lines = (
            Input(f"{question.id}-{choice.code}", f"{question.id}.{choice.code}", "", places[choice.code], choice.label)
            for choice in question.choices
        )
        return replace(made, inputs=tuple(lines))
    data = form[question.id].data
    if question.kind in ("text", "number", "date"):
        return replace(made, **_typed_in(question, data or "", gettext))
    chosen = form.chosen(question)
    inputs = tuple(
        Input(f"{question.id}-{what}", f"{question.id}.{what}", what, form[f"{question.id}.{what}"].data or "")
        for what in question.asks
    )
    return replace(made, options=_options(question, chosen, gettext), inputs=inputs)


def _typed_in(question: Question, text: str, gettext: Gettext) -> dict[str, Any]:
    """Give what a line for typing shows: a date that browsers can show, and "does not apply" where that may be."""
    na = question.not_applicable and text == NOT_APPLICABLE
    day = read_date(text) if question.kind == "date" else None
    shown = "" if na else day.isoformat() if day else text
    options: tuple[Option, ...] = ()
    if question.not_applicable:
        options = (Option("", NOT_APPLICABLE, gettext("Does not apply"), "", checked=na, apart=True, ours=True),)
    return {"value": shown, "options": options, "unreadable": question.kind == "date" and bool(shown) and day is None}


def _options(question: Question, chosen: Collection[str], gettext: Gettext) -> tuple[Option, ...]:
    return tuple(
        Option(
            question.id if at == 0 else "",
            code,
            label,
            _end_of_scale(question, code, gettext),
            checked=code in chosen,
            apart=code in (NOT_APPLICABLE, question.exclusive),
            ours=code == NOT_APPLICABLE or question.kind in ("contact", "consent") or bool(question.group),
        )
        for at, (code, label) in enumerate(offered(question, gettext))
    )


def _end_of_scale(question: Question, code: str, gettext: Gettext) -> str:
    """Give the words that a screen reader adds to the ends of the 0-10 question."""
    if question.kind != "nps":
        return ""
    return {"0": gettext("not at all likely"), "10": gettext("extremely likely")}.get(code, "")
