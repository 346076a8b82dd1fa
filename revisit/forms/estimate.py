"""The estimate: how long a survey takes to answer, and the warnings when that is long."""

from revisit.forms.catalogue import Place
from revisit.records.problems import Problem
from revisit.records.survey import Question, Survey

FIRST_OF_SCALE = 10
NEXT_OF_SCALE = 5
CLOSED = 8
OPEN = 20
LONG = 150
MOST_ITEMS = 12


def estimate(survey: Survey) -> int:
    """Give the seconds that answering takes.

    10 for the first item of a run on one scale, 5 for each further, 8 for any other closed question, 20 for free words
    and for a ranking (a rule of thumb; a stand-alone question takes about ten seconds). Questions that are asked of
    some only count whole: the figure is that of the longest way through the form.
    """
    seconds = 0
    scale: tuple[str, ...] = ()
    for question in survey.questions:
        wording = tuple(choice.label for choice in question.choices)
        if question.is_scale:
            seconds += NEXT_OF_SCALE if wording == scale else FIRST_OF_SCALE
            scale = wording
        elif question.kind != "statement":
            seconds += OPEN if question.kind in ("text", "ranking") else CLOSED
            scale = ()
    return seconds


def in_words(seconds: int) -> str:
    """Write a duration for the terminal: "1 min 20 s"."""
    minutes, rest = divmod(seconds, 60)
    return " ".join([*([f"{minutes} min"] if minutes else []), *([f"{rest} s"] if rest or not minutes else [])])


def scored(survey: Survey) -> tuple[Question, ...]:
    """Give the scored items of all dimensions."""
    return tuple(question for question in survey.questions if question.is_item)


def warnings(survey: Survey, shown_as: str) -> list[Problem]:
    """Warn about a survey that costs answers by its length."""
    place = Place(shown_as)
    found = []
    seconds, items = estimate(survey), len(scored(survey))
    if seconds > LONG:
        found.append(place.problem("L001", length=in_words(seconds)))
    if items > MOST_ITEMS:
        found.append(place.problem("L002", size=items, most=MOST_ITEMS))
    return found
