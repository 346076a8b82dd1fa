"""Standing: which figures can be called weakest or strongest, and which cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from revisit.findings.statistics.standing import End, outermost
from revisit.reports.reading import Dimension, Item, Reading


@dataclass(frozen=True, slots=True)
class Standing:
    """The dimensions at one end: those that belong together with the outermost one, that one first."""

    end: End
    dimensions: tuple[Dimension, ...]

    @property
    def clear(self) -> bool:
        """Say whether any dimension can be named at all."""
        return bool(self.dimensions)


def stand(dimensions: Sequence[Dimension], end: End) -> Standing:
    """Find the dimensions at one end of the scale by the findings' own rule; see ``findings.standing.outermost``."""
    shown = {one.name: one for one in dimensions if one.score.shown and one.score.low is not None}
    values = {name: one.score.value or 0.0 for name, one in shown.items()}
    intervals = {
        name: (one.score.low, one.score.high)
        for name, one in shown.items()
        if one.score.low is not None and one.score.high is not None
    }
    return Standing(end, tuple(shown[name] for name in outermost(intervals, values, end)))


@dataclass(frozen=True, slots=True)
class LowAnswers:
    """How many answers to one question lie in the two worst points of its scale."""

    item: Item
    low: int
    n: int


def worst_question(reading: Reading) -> LowAnswers | None:
    """Find the dimension question with the largest share of low answers, in the weakest dimensions where one is named.

    None where no question has both enough answers and a low one. Of equal shares the first in the survey is taken.
    """
    named = {one.name for one in stand(reading.dimensions, "weakest").dimensions}
    found = [
        low_answers(item)
        for item in reading.items
        if item.question.is_item and item.score.shown and (not named or item.question.dimension in named)
    ]
    return max((one for one in found if one.low), key=lambda one: one.low / one.n, default=None)


def asked_in_vain(reading: Reading) -> list[Item]:
    """Give the questions that go to many whom they do not concern, as the findings note; see ``na_note`` there."""
    return [item for item in reading.items if not item.concerns and item.asked]


def low_answers(item: Item) -> LowAnswers:
    """Count the answers in the two worst points."""
    worst_first = ordered(item)
    return LowAnswers(item, sum(worst_first[:2]), sum(worst_first))


def ordered(item: Item) -> tuple[int, ...]:
    """Give the counts of a scale from its worst point to its best, also where the question is worded the other way."""
    return item.distribution[::-1] if item.question.reversed else item.distribution
