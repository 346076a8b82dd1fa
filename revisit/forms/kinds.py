"""The kinds of questions: which attributes each takes, its standard choices, and how long it takes to answer."""

from collections.abc import Callable
from dataclasses import dataclass

from revisit.records.survey import SCALE_KINDS, Choice

POINTS = 5
MOST_OPTIONS = 40

_EVERY = frozenset({"#", ".", "required", "show-if", "was"})
_SCALE = _EVERY | {"na", "reversed", "dimension"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind may have. ``options``: "none", "own" (the author writes them) or "labels" (the author may)."""

    attributes: frozenset[str]
    options: str = "none"


KINDS: dict[str, Kind] = {
    **{name: Kind(frozenset(_SCALE), "labels") for name in SCALE_KINDS},
    "nps": Kind(_EVERY | {"na"}),
    "choice": Kind(_EVERY | {"na"}, "own"),
    "choices": Kind(_EVERY | {"na"}, "own"),
    "text": Kind(_EVERY | {"max", "short"}),
    "contact": Kind(_EVERY | {"ask"}),
    "statement": Kind(frozenset({"#", ".", "show-if", "was"})),
}
ATTRIBUTES: tuple[str, ...] = ("required", "na", "reversed", "dimension", "show-if", "max", "short", "ask", "was")
FLAGS: frozenset[str] = frozenset({"required", "na", "reversed", "short"})
SECTION_ATTRIBUTES: tuple[str, ...] = ("#", "dimension", "show-if")
CONTACT_ASKS: tuple[str, ...] = ("phone", "email")

# Words that the form itself uses as names of fields.
FORM_NAMES: frozenset[str] = frozenset({"form_hash", "text_hash", "website", "switch", "na"})


def standard_choices(kind: str, gettext: Callable[[str], str]) -> tuple[Choice, ...]:
    """Give the choices that the house words itself: the scales' five points (worst first), 0 to 10, yes and no."""
    if kind == "nps":
        return tuple(Choice(str(value), str(value)) for value in range(11))
    _ = gettext
    wording = {
        "satisfaction": (
            _("Very dissatisfied"),
            _("Dissatisfied"),
            _("Neither satisfied nor dissatisfied"),
            _("Satisfied"),
            _("Very satisfied"),
        ),
        "agreement": (
            _("Strongly disagree"),
            _("Disagree"),
            _("Neither agree nor disagree"),
            _("Agree"),
            _("Strongly agree"),
        ),
        "quality": (_("Very poor"), _("Poor"), _("Acceptable"), _("Good"), _("Very good")),
        "effort": (
            _("Very difficult"),
            _("Difficult"),
            _("Neither easy nor difficult"),
            _("Easy"),
            _("Very easy"),
        ),
    }
    if kind in wording:
        return tuple(Choice(str(code), label) for code, label in enumerate(wording[kind], 1))
    return (Choice("yes", _("Yes")), Choice("no", _("No"))) if kind == "contact" else ()
