"""The page: a survey's form as bytes, drawn by ``build`` and again after a fault; and the small message pages."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from revisit.forms.colours import LIGHT_PAPER, palette
from revisit.forms.form import HONEYPOT, SWITCH, AnswerForm, answer_form, offered
from revisit.forms.wording import words
from revisit.records.conditions import simplify
from revisit.records.survey import LANGUAGES, NOT_APPLICABLE, Question, Survey
from revisit.settings import Settings, Workspace
from revisit.texts import environment, translations

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
class Option:
    """One radio or checkbox as it is drawn; the first of a question bears its id."""

    id: str
    value: str
    label: str
    spoken: str
    checked: bool
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """One line for typing under a contact question."""

    id: str
    name: str
    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is drawn; ``number`` is None for a statement."""

    question: Question
    number: int | None
    condition: str
    options: tuple[Option, ...] = ()
    inputs: tuple[Input, ...] = ()
    value: str = ""
    error: str = ""
    wrong_field: str = ""

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
class Part:
    """A section as it is drawn."""

    title: str
    intro: Markup
    condition: str
    asked: list[Asked] = field(default_factory=list)


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
    parts = _parts(survey, facts, filled)
    errors = [(asked.focus, asked.error) for part in parts for asked in part.asked if asked.error]
    return _render(
        settings,
        survey.language,
        "form/page.html",
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
    )


def message(settings: Settings, language: str, kind: str, **facts: str) -> bytes:
    """Draw a small page that says what happened and what comes next; ``kind`` is one of MESSAGES.

    ``facts`` may hold ``who`` (the house that asks), ``contact`` (where to write) and ``kept`` (how long answers are
    kept).
    """
    known = {name: facts.get(name, "") for name in ("who", "contact", "kept")}
    known["who"] = known["who"] or settings.brand.get("name", "")
    shown = language if language in LANGUAGES else settings.default_language
    return _render(settings, shown, "form/message.html", kind=kind, link=link_of(known["contact"]), **known)


def link_of(contact: str) -> str:
    """Give the address that a contact leads to when it is tapped, or "" for plain words."""
    if contact.startswith(("https://", "http://")):
        return contact
    if "@" in contact and " " not in contact:
        return f"mailto:{contact}"
    digits = "".join(sign for sign in contact if sign in "+0123456789")
    plain = all(sign in "+0123456789 ()-./" for sign in contact)
    return f"tel:{digits}" if plain and len(digits) >= 5 else ""


def _render(settings: Settings, language: str, template: str, **words: Any) -> bytes:
    drawn = (
        _environment(language, settings.workspace)
        .get_template(template)
        .render(colours=palette(settings), paper=LIGHT_PAPER, brand=settings.brand.get("name", ""), dir="ltr", **words)
    )
    # Indentation is for whoever reads the template; every byte of it would travel to every phone. What people typed is
    # safe: the template writes its line ends as character references.
    return ("\n".join(line.strip() for line in drawn.split("\n") if line.strip()) + "\n").encode()


@lru_cache(maxsize=16)
def _environment(language: str, workspace: Workspace) -> Environment:
    """Keep the compiled templates: a page drawn again after a fault must not wait for them."""
    made = environment("form", language, workspace)
    made.filters.update(typed=_typed, pressed=_pressed)
    return made


def _typed(text: str) -> Markup:
    """Escape what a person typed so that it stays on one line of the template."""
    return Markup(str(escape(text)).replace("\n", "&#10;"))  # noqa: S704 - escaped on this very line


def _pressed(css: str) -> str:
    """Take out of a style sheet what only its author needs."""
    return re.sub(r"\s*([{};])\s*", r"\1", re.sub(r"\s+", " ", css)).replace(";}", "}").strip()


def _parts(survey: Survey, facts: Mapping[str, str], form: AnswerForm) -> list[Part]:
    """Give the sections that are drawn: what the order's facts decide is decided, the rest is said in words."""
    gettext = translations("form", survey.language).gettext
    numbers: dict[str, int] = {}
    parts: list[Part] = []
    for section in survey.sections:
        left = True if section.show_if is None else simplify(section.show_if.tree, facts)
        if left is False:
            continue
        said = "" if left is True else words(left, survey, numbers, gettext)
        part = Part(section.title, Markup(section.intro), said)  # noqa: S704 - sanitised by the reader
        for question in section.questions:
            open_part = True if question.show_if is None else simplify(question.show_if.tree, facts)
            if open_part is False:
                continue
            condition = "" if open_part is True else words(open_part, survey, numbers, gettext)
            number = None
            if question.kind != "statement":
                number = numbers[question.id] = len(numbers) + 1
            part.asked.append(_asked(question, number, condition, form))
        if part.asked:
            parts.append(part)
    return parts


def _asked(question: Question, number: int | None, condition: str, form: AnswerForm) -> Asked:
    if question.kind == "statement":
        return Asked(question, None, condition)
    error, wrong_field = form.errors.get(question.id, ""), form.wrong_fields.get(question.id, "")
    if question.kind == "text":
        return Asked(
            question, number, condition, value=form[question.id].data or "", error=error, wrong_field=wrong_field
        )
    data = form[question.id].data
    chosen = set(data if isinstance(data, list) else [data])
    options = []
    gettext = translations("form", form.survey.language).gettext
    for at, (code, label) in enumerate(offered(question, gettext)):
        option_id = question.id if at == 0 else ""
        spoken = _end_of_scale(question, code, gettext)
        options.append(Option(option_id, code, label, spoken, code in chosen, code == NOT_APPLICABLE))
    inputs = tuple(
        Input(f"{question.id}-{what}", f"{question.id}.{what}", what, form[f"{question.id}.{what}"].data or "")
        for what in question.asks
    )
    return Asked(question, number, condition, tuple(options), inputs, error=error, wrong_field=wrong_field)


def _end_of_scale(question: Question, code: str, gettext: Callable[[str], str]) -> str:
    """Give the words that a screen reader adds to the ends of the 0-10 question."""
    if question.kind != "nps":
        return ""
    return {"0": gettext("not at all likely"), "10": gettext("extremely likely")}.get(code, "")
