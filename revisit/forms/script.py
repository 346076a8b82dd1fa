"""The page's script: its text, the words it says, and the rules it is given. The page is complete without it."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson
from markupsafe import Markup

from revisit.records.conditions import simplify
from revisit.records.survey import Question, Section, Survey

MOST_ON_ONE_PAGE = 12  # scored items; a longer survey is shown one section at a time

Gettext = Callable[[str], str]

_TEXT_OR_SIGN = re.compile(r'("[^"]*")|\s*([-=+*<>?:,;{}()&|!]+)\s*')


def words_of_form(gettext: Gettext) -> str:
    """Give what the script says on a form, as JSON for ``data-say``."""
    _ = gettext
    return _json(
        {
            "found": _("You began to answer on this device."),
            "resume": _("Go on with those answers"),
            "afresh": _("Start afresh"),
            "sending": _("Sending your answers…"),
            "offline": _(
                "No connection. Your answers are kept on this device and go out by themselves: leave this page open, "
                "or open your link again later."
            ),
            "busy": _("We could not store your answers yet. They go out again by themselves in a moment."),
            "again": _("Try again now"),
            "left": _("Characters left: %s"),
            "over": _("Characters too many: %s"),
            "back": _("Back"),
            "next": _("Continue"),
            "part": _("Part %s of %s"),
        }
    )


def words_of_thanks(gettext: Gettext) -> str:
    """Give what the script says on the thanks, as JSON for ``data-say``."""
    _ = gettext
    return _json({"copy": _("Your answers"), "print": _("Print or save my answers")})


def rule(part: Section | Question, facts: Mapping[str, str]) -> str:
    """Give what is left of a condition once the order's facts are decided, as JSON for ``data-if``; "" for nothing."""
    left = True if part.show_if is None else simplify(part.show_if.tree, facts)
    return "" if isinstance(left, bool) else _json(left)


def layout(survey: Survey) -> str:
    """Say whether the script shows the survey as one ``page`` or its ``sections`` one at a time."""
    if survey.layout:
        return survey.layout
    return "sections" if sum(question.is_item for question in survey.questions) > MOST_ON_ONE_PAGE else "page"


@lru_cache(maxsize=8)
def stripped(script: str) -> Markup:
    """Take out of a script what only its reader needs: comments, indentation, space around signs.

    It knows no more of the language than this script uses: texts in double quotes only, no space in a pattern, and
    every comment on a line of its own or behind a semicolon. Line ends stay, so nothing is joined that was apart.
    """
    lines = (re.sub(r"; // .*$", ";", line.strip()) for line in script.split("\n"))
    kept = (_TEXT_OR_SIGN.sub(r"\1\2", line) for line in lines if line and not line.startswith("//"))
    return Markup("\n".join(kept))  # noqa: S704 - the template's own text; nothing of an author or customer is in it


def _json(what: Any) -> str:
    return orjson.dumps(what).decode()
