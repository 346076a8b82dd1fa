"""Sample answers: what made-up customers say, the same for the same order, and believable together.

People differ (one mood runs through all of a person's answers), stations differ a little, price is judged lowest
everywhere, and in one quarter the quality of one station's work drops, so that a report has something to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from revisit.records.conditions import evaluate
from revisit.records.reasons import reason_trees
from revisit.records.responses import Answer
from revisit.records.survey import NOT_APPLICABLE, Question, Survey
from revisit.visits.sample import SEED
from revisit.visits.sample.words import COMMENTS

# On a scale from 1 to 5: what everybody thinks, and how each dimension differs from it.
BASE = 4.25
DIMENSIONS: dict[str, float] = {"speed": -0.05, "attitude": 0.25, "quality": 0.1, "price": -0.5, "channel": 0.0}
PERSON = 0.6  # standard deviation between people
ITEM = 0.55  # and between one person's answers
NOT_APPLICABLE_SHARE = 0.05
BLANK_SHARE = 0.03
SILENT_SHARE = 0.25  # of those who rated a dimension low, so many name no reason of it
# How common the reasons for low answers are everywhere; 1 if a reason is not there.
CAUSES: dict[str, float] = {
    "wait": 2.0,
    "parts": 4.0,
    "late": 2.5,
    "cold": 2.0,
    "unheard": 1.5,
    "not_fixed": 3.5,
    "dirty": 1.5,
    "above_quote": 2.5,
    "not_explained": 3.5,
    "opaque": 3.0,
    "records": 1.5,
}
ROUTINE_SHARE = 0.7  # of those who had nothing broken, so many say that fixing does not apply


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a station differs from the others: in all it does, in single dimensions, and in what goes wrong there.

    ``causes`` says how common a reason is, by its code; 1 if it is not there, as CAUSES does for every station.
    """

    overall: float = 0.0
    dimensions: Mapping[str, float] = field(default_factory=dict)
    causes: Mapping[str, float] = field(default_factory=dict)


def sample_answers(survey: Survey, key: str, leaning: Leaning, *, routine: bool = False) -> dict[str, str]:
    """Give one person's answers by question id, as a form would post them; a question left blank is absent.

    The codes of several choices are joined by a space. ``key`` (the order's number) decides everything that chance
    decides. After a ``routine`` job nothing was broken.
    """
    return _Person(survey, key, leaning, routine=routine).answers()


class _Person:
    """One made-up customer while filling in a form."""

    def __init__(self, survey: Survey, key: str, leaning: Leaning, *, routine: bool) -> None:
        self.survey = survey
        self.routine = routine
        self.causes = {**CAUSES, **leaning.causes}
        self.chance = Random(f"{SEED} {key}")  # noqa: S311  # a sample must come out the same again
        mood = BASE + leaning.overall + self.chance.gauss(0, PERSON)
        self.felt = {
            name: mood + shift + leaning.dimensions.get(name, 0.0) + self.chance.gauss(0, ITEM / 2)
            for name, shift in DIMENSIONS.items()
        }
        self.overall = 0.35 * self.felt["quality"] + 0.65 * sum(self.felt.values()) / len(self.felt)
        self.worst = min(self.felt, key=lambda name: self.felt[name])

    def answers(self) -> dict[str, str]:
        given: dict[str, str] = {}
        for question in self.survey.questions:
            value = self._reasons(question, given) if question.reasons else self._answer(question)
            if value:
                given[question.id] = value
        return given

    def _reasons(self, question: Question, given: Mapping[str, str]) -> str:
        """Name one or two reasons of each dimension that was low: the commonest is first in the list more often."""
        scales = {one.id: one for one in self.survey.questions if one.is_scale}
        answers = {
            name: Answer("answered", int(value))
            for name, value in given.items()
            if name in scales and value != NOT_APPLICABLE
        }
        named: set[str] = set()
        for dimension, tree in reason_trees(question, scales).items():
            if not evaluate(tree, answers, {}) or self.chance.random() < SILENT_SHARE:
                continue
            codes = [choice.code for choice in question.choices if choice.dimension == dimension]
            weights = [self.causes.get(code, 1.0) for code in codes]
            named |= set(self.chance.choices(codes, weights, k=self.chance.choice((1, 1, 2))))
        return " ".join(choice.code for choice in question.choices if choice.code in named)

    def _answer(self, question: Question) -> str:
        if question.not_applicable and question.is_item and self.chance.random() < NOT_APPLICABLE_SHARE:
            return NOT_APPLICABLE
        if not question.required and question.is_scale and self.chance.random() < BLANK_SHARE:
            return ""
        if question.is_scale:
            return self._point(question, self.felt.get(question.dimension or "", self.overall))
        if question.kind == "nps":
            return self._point(question, self.overall + 0.15)
        if question.kind == "choice":
            return self._choice(question)
        return self._comment() if question.kind == "text" else ""

    def _point(self, question: Question, felt: float) -> str:
        least, most = question.points
        share = (felt + self.chance.gauss(0, ITEM) - 1) / 4
        point = round(least + min(1.0, max(0.0, share)) * (most - least))
        return str(least + most - point if question.reversed else point)

    def _choice(self, question: Question) -> str:
        """Choose: whether a fault was fixed hangs on the work's quality, the rest on habit (the first is commonest)."""
        codes = [choice.code for choice in question.choices]
        if codes and codes[0] == "yes":
            if self.routine and question.not_applicable and self.chance.random() < ROUTINE_SHARE:
                return NOT_APPLICABLE
            fixed = min(0.97, max(0.15, 0.88 + 0.22 * (self.felt["quality"] - BASE)))
            return codes[0] if self.chance.random() < fixed else self.chance.choice(codes[1:])
        weights = [1 / (place + 1.2) for place in range(len(codes))]
        return self.chance.choices(codes, weights)[0]

    def _comment(self) -> str:
        said = COMMENTS.get(self.survey.language, COMMENTS["en"])
        if self.overall < 3.7 and self.chance.random() < 0.55:
            return self.chance.choice(said[self.worst])
        if self.overall > 4.5 and self.chance.random() < 0.2:
            return self.chance.choice(said["praise"])
        return ""
