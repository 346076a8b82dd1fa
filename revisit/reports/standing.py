"""Standing: which figures can be called weakest or strongest, and which cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from revisit.reports.figures import Figure
from revisit.reports.reading import Dimension, Item, Reading

End = Literal["weakest", "strongest"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The dimensions at one end: those that their intervals cannot tell from the outermost one, that one first."""

    end: End
    dimensions: tuple[Dimension, ...]

    @property
    def clear(self) -> bool:
        """Say whether any dimension can be named at all."""
        return bool(self.dimensions)


def stand(dimensions: Sequence[Dimension], end: End) -> Standing:
    """Find the dimensions at one end of the scale.

    A dimension is told apart from the outermost one when their 95 % intervals do not meet. That is stricter than a test
    of the difference: with intervals of equal width it asks for 2.77 standard errors, which leaves the chance of naming
    a wrong one of five below 5 % after Bonferroni. None is named when more than half of them cannot be told apart.
    Where one alone is named, it is the findings' ``lowest_dimension``.
    """
    shown = [one for one in dimensions if one.score.shown and one.score.low is not None]
    if len(shown) < 2:
        return Standing(end, ())
    outermost = (min if end == "weakest" else max)(shown, key=lambda one: one.score.value or 0.0)
    near = [one for one in shown if one is not outermost and _meet(one.score, outermost.score)]
    group = (outermost, *near)
    return Standing(end, group if len(group) * 2 <= len(shown) else ())


def _meet(one: Figure, other: Figure) -> bool:
    assert one.low is not None and one.high is not None  # noqa: S101, PT018  (only figures with an interval get here)
    assert other.low is not None and other.high is not None  # noqa: S101, PT018
    return one.low <= other.high and other.low <= one.high


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


def low_answers(item: Item) -> LowAnswers:
    """Count the answers in the two worst points."""
    worst_first = ordered(item)
    return LowAnswers(item, sum(worst_first[:2]), sum(worst_first))


def ordered(item: Item) -> tuple[int, ...]:
    """Give the counts of a scale from its worst point to its best, also where the question is worded the other way."""
    return item.distribution[::-1] if item.question.reversed else item.distribution
