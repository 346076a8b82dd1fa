"""Lattices: how a dimension is scored, on whole numbers, so that every mean of its items is exact."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from revisit.findings.counts.codes import INVALID, OFFSET, Flags, Ints
from revisit.records.survey import Question, Survey

# Up to this many items the mean of any number of them lies on a lattice of whole numbers; beyond, it is rounded to the
# lattice of this many, which moves a score by less than a hundred-thousandth of the scale.
_EXACT_ITEMS = 12
# Where a dimension's items can be answered in no more ways than this, each way is scored once and looked up.
_MOST_WAYS = 1 << 15


def weights(survey: Survey) -> dict[str, float]:
    """Give the weight of each scored dimension that has one; all equal where the survey names none."""
    named = {name: survey.weights[name] for name in survey.dimensions if survey.weights.get(name, 0) > 0}
    return named or dict.fromkeys(survey.dimensions, 1.0)


@dataclass(frozen=True, slots=True)
class Lattice:
    """How a dimension is scored: its items and the whole numbers on which a respondent's score lies, 0..``steps``."""

    items: tuple[Question, ...]
    steps: int
    width: int
    min_items: int

    @classmethod
    def of(cls, survey: Survey, dimension: str) -> Self:
        """Give the lattice of a dimension: steps so fine that a mean of any number of its items is a whole number."""
        items = survey.items(dimension)
        width = math.lcm(*(item.points[1] - item.points[0] for item in items))
        least = min(survey.min_items or -(-len(items) // 2), len(items))
        return cls(items, width * math.lcm(*range(1, min(len(items), _EXACT_ITEMS) + 1)), width, least)

    def scores(self, values: Mapping[str, Ints]) -> tuple[Ints, Flags]:
        """Give each respondent's score in steps, -1 where too few items were answered, and who is in the top two.

        Reversed items are turned first. Top two: at or above the second best point of the items answered.
        """
        answers = [values[item.id] for item in self.items]
        sizes = [item.points[1] + 1 + OFFSET for item in self.items]
        ways = math.prod(sizes)
        if ways > min(_MOST_WAYS, len(answers[0])):
            return self._scored(answers)
        way = np.zeros(len(answers[0]), np.int32)
        for codes, size in zip(answers, sizes, strict=True):
            way = way * size + (codes + OFFSET)
        every = np.indices(sizes).reshape(len(sizes), ways) + INVALID
        score, top = self._scored(list(every))
        return score[way], top[way]

    def _scored(self, answers: list[Ints]) -> tuple[Ints, Flags]:
        count = len(answers[0])
        total, bar, answered = (np.zeros(count, np.int64) for _ in range(3))
        for item, values in zip(self.items, answers, strict=True):
            low, high = item.points
            valid = values >= 0
            unit = self.width // (high - low)
            total += np.where(valid, (high - values if item.reversed else values - low) * unit, 0)
            bar += np.where(valid, (high - low - 1) * unit, 0)
            answered += valid
        enough = answered >= self.min_items
        fine = self.steps // self.width
        number = np.maximum(answered, 1)
        # Exact wherever the number of items divides the lattice; the half added rounds where it does not.
        score = np.where(fine % number == 0, total * (fine // number), (2 * total * fine + number) // (2 * number))
        return np.where(enough, score, -1).astype(np.int32), enough & (total >= bar) & (answered > 0)
