"""Standing: which figures can be called weakest or strongest, and which cannot be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from revisit.findings.statistics.standing import End, outermost
from revisit.reports.figures import FEW
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
    """Find the question with the largest share of low answers in the dimensions that are told to be lowest.

    None where no dimension is, and where fewer than ten low answers would point to single customers. Of equal shares
    the first in the survey is taken.
    """
    named = {one.name for one in lowest(reading)}
    found = [
        low_answers(item)
        for item in reading.items
        if item.question.is_item and item.score.shown and item.question.dimension in named
    ]
    return max((one for one in found if one.low >= FEW), key=lambda one: one.low / one.n, default=None)


def lowest(reading: Reading) -> tuple[Dimension, ...]:
    """Give the weakest dimensions, or where none is clearly so the lowest, if it lies apart from the highest."""
    weakest = stand(reading.dimensions, "weakest").dimensions
    shown = sorted((one for one in reading.dimensions if one.score.shown), key=lambda one: one.score.value or 0.0)
    if weakest or not shown:
        return weakest
    ends = shown[0].score.high, shown[-1].score.low
    return (shown[0],) if ends[0] is not None and ends[1] is not None and ends[0] < ends[1] else ()


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
