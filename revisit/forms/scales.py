"""The standard words: scales of five and seven points, yes and no, none of these, other."""

from collections.abc import Callable

from revisit.forms.reason_tree import reason_words
from revisit.records.languages import house_language
from revisit.records.survey import NONE, OTHER, Choice, Question

Gettext = Callable[[str], str]


def has_words(language: str) -> bool:
    """Say whether the house has words of its own in a language, or in the one it is a kind of."""
    return not language or language.partition("-")[0] == house_language(language).partition("-")[0]


def standard_choices(kind: str, gettext: Gettext, points: int = 5) -> tuple[Choice, ...]:
    """Give the choices that the house words itself: a scale's points (worst first), 0 to 10, yes and no."""
    _ = gettext
    if kind == "nps":
        return tuple(Choice(str(value), str(value)) for value in range(11))
    if kind == "contact":
        return (Choice("yes", _("Yes, please")), Choice("no", _("No, thank you")))
    if kind == "consent":
        return (Choice("yes", _("I agree")),)
    wording = (seven if points == 7 else five)(gettext)
    return tuple(Choice(str(code), label) for code, label in enumerate(wording.get(kind, ()), 1))


def yes_no(gettext: Gettext, *, partly: bool) -> tuple[Choice, ...]:
    """Give yes and no, with "partly" between them where it is wanted."""
    _ = gettext
    middle = (Choice("partly", _("Partly")),) if partly else ()
    return (Choice("yes", _("Yes")), *middle, Choice("no", _("No")))


def added(gettext: Gettext) -> dict[str, str]:
    """Give the words for what an author may add to a list of options by one word."""
    _ = gettext
    return {OTHER: _("Something else"), NONE: _("None of these")}


def standard_label(question: Question, code: str, gettext: Gettext) -> str:
    """Give the house's words for a choice of a question, "" where it has none."""
    if question.kind == "choice" and code in ("yes", "partly", "no"):
        choices = yes_no(gettext, partly=True)
    else:
        choices = standard_choices(question.kind, gettext, len(question.choices))
    own = {choice.code: choice.label for choice in choices}
    if question.reasons and code in (words := reason_words(gettext)):
        return words[code]
    return own.get(code) or added(gettext).get(code, "")


def five(gettext: Gettext) -> dict[str, tuple[str, ...]]:
    """Give the words of the scales with five points."""
    _ = gettext
    return {
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


def seven(gettext: Gettext) -> dict[str, tuple[str, ...]]:
    """Give the words of the scales with seven points: the five, with a weaker point on either side of the middle."""
    _ = gettext
    between = {
        "satisfaction": (_("Somewhat dissatisfied"), _("Somewhat satisfied")),
        "agreement": (_("Somewhat disagree"), _("Somewhat agree")),
        "quality": (_("Rather poor"), _("Rather good")),
        "effort": (_("Rather difficult"), _("Rather easy")),
    }
    return {
        kind: (*words[:2], between[kind][0], words[2], between[kind][1], *words[3:])
        for kind, words in five(gettext).items()
    }
