"""Tallies: whole-number counts of a set of responses, from which every figure is made; they add and subtract."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from revisit.findings.clusters import NO_EFFECT, Effect, design_effects, greater, repeating
from revisit.findings.codes import MISSING, OFFSET, SINGLE_CHOICE, Ints, is_counted
from revisit.findings.columns import Columns
from revisit.findings.lattices import Lattice
from revisit.records.survey import Question

# Up to this many cells two dimensions are counted against each other whole; beyond, only their sums are.
_MOST_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Tally:
    """Whole-number counts of a set of responses; every figure is computed from these. Tallies add and subtract.

    ``answers``: for each question the counts from code -4 upwards. ``scores``: for each dimension the counts on its
    lattice. ``tops``: respondents in the top two of a dimension. ``pairs``, ``sums`` and ``products`` have a row and a
    column for each dimension: respondents with both, the sum of the row's score over them, the sum of the products.
    ``scored``: respondents with any dimension. ``effects``: by path what answering more than once does to a figure; it
    is empty where nobody did. A sum takes the greater of both effects, so that no interval is too narrow.
    """

    n: int
    answers: dict[str, Ints]
    scores: dict[str, Ints]
    tops: dict[str, int]
    pairs: Ints
    sums: Ints
    products: Ints
    scored: int
    effects: dict[str, Effect] = field(default_factory=dict)

    def _joined(self, other: Self, sign: int) -> Self:
        return type(self)(
            self.n + sign * other.n,
            {name: counts + sign * other.answers[name] for name, counts in self.answers.items()},
            {name: counts + sign * other.scores[name] for name, counts in self.scores.items()},
            {name: count + sign * other.tops[name] for name, count in self.tops.items()},
            self.pairs + sign * other.pairs,
            self.sums + sign * other.sums,
            self.products + sign * other.products,
            self.scored + sign * other.scored,
            greater(self.effects, other.effects),
        )

    def __add__(self, other: Self) -> Self:
        """Give the counts of both sets together."""
        return self._joined(other, 1)

    def __sub__(self, other: Self) -> Self:
        """Give the counts without those of a part."""
        return self._joined(other, -1)

    def effect(self, path: str) -> Effect:
        """Give what answering more than once does to a figure: none where nobody did."""
        return self.effects.get(path, NO_EFFECT)

    def place(self, dimension: str) -> int:
        """Give the row and column of a dimension."""
        return list(self.scores).index(dimension)

    def steps(self, dimension: str) -> int:
        """Give the greatest score on a dimension's lattice."""
        return len(self.scores[dimension]) - 1

    def missing(self, question_id: str, why: str) -> int:
        """Give how many answers lack a value for a reason: blank, na, not_asked or invalid."""
        return int(self.answers[question_id][MISSING[why] + OFFSET])

    def valid(self, question: Question) -> Ints:
        """Give the counts of a question's possible answers, in the survey's order."""
        first = 0 if question.kind == SINGLE_CHOICE else question.points[0]
        return self.answers[question.id][first + OFFSET :]


def tally(columns: Columns) -> Tally:
    """Count a set of responses."""
    return tally_by(columns, np.zeros(len(columns), np.int64), 1)[0]


def tally_by(columns: Columns, group: Ints, groups: int) -> list[Tally]:
    """Count responses in groups numbered from 0; a response with group -1 is in none."""
    if (group < 0).any():
        columns, group = columns.pick(group >= 0), group[group >= 0]
    survey, group = columns.survey, group.astype(np.int32)
    answers = {
        question.id: _grouped(columns.values[question.id] + OFFSET, group, groups, _size(question))
        for question in survey.questions
        if is_counted(question)
    }
    scored = columns.scores
    codes = [score + 1 for score, _ in scored.values()]
    sizes = [Lattice.of(survey, name).steps + 2 for name in scored]
    counted = [_grouped(code, group, groups, size) for code, size in zip(codes, sizes, strict=True)]
    tops = {name: np.bincount(group[top], minlength=groups) for name, (_, top) in scored.items()}
    counts = np.bincount(group, minlength=groups)
    pairs, sums, products = _cross(codes, counted, group, groups)
    with_any = np.logical_or.reduce([code > 0 for code in codes]) if codes else np.zeros(len(group), np.bool_)
    any_score = np.bincount(group[with_any], minlength=groups)
    again = {int(place): design_effects(columns.pick(group == place)) for place in repeating(columns, group)}
    return [
        Tally(
            int(counts[place]),
            {name: table[place] for name, table in answers.items()},
            {name: table[place, 1:] for name, table in zip(scored, counted, strict=True)},
            {name: int(table[place]) for name, table in tops.items()},
            pairs[place],
            sums[place],
            products[place],
            int(any_score[place]),
            again.get(place, {}),
        )
        for place in range(groups)
    ]


def _size(question: Question) -> int:
    last = len(question.choices) - 1 if question.kind == SINGLE_CHOICE else question.points[1]
    return last + 1 + OFFSET


def _grouped(codes: Ints, group: Ints, groups: int, size: int) -> Ints:
    return np.bincount(group * size + codes, minlength=groups * size).reshape(groups, size)


def _cross(codes: list[Ints], counted: list[Ints], group: Ints, groups: int) -> tuple[Ints, Ints, Ints]:
    """Give pairs, sums and products (groups x dimensions x dimensions); a code is a score and one, 0 where it lacks."""
    size = len(codes)
    pairs, sums, products = (np.zeros((groups, size, size), np.int64) for _ in range(3))
    for row in range(size):
        table = counted[row][:, 1:]
        value = np.arange(table.shape[1])
        pairs[:, row, row] = table.sum(axis=1)
        sums[:, row, row], products[:, row, row] = table @ value, table @ (value * value)
        for column in range(row + 1, size):
            both, left, right, product = _joint(codes, (row, column), counted, group)
            pairs[:, row, column] = pairs[:, column, row] = both
            sums[:, row, column], sums[:, column, row] = left, right
            products[:, row, column] = products[:, column, row] = product
    return pairs, sums, products


def _joint(codes: list[Ints], at: tuple[int, int], counted: list[Ints], group: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Give for two dimensions the respondents with both, the sums of either score over them and of the products."""
    (groups, rows), columns = counted[at[0]].shape, counted[at[1]].shape[1]
    one, other = codes[at[0]], codes[at[1]]
    if groups * rows * columns > _MOST_CELLS:
        both = (one > 0) & (other > 0)
        group, left, right = group[both], one[both].astype(np.int64) - 1, other[both].astype(np.int64) - 1
        first, second, product = (_sum_by(group, values, groups) for values in (left, right, left * right))
        return np.bincount(group, minlength=groups), first, second, product
    table = np.bincount((group * rows + one) * columns + other, minlength=groups * rows * columns)
    table = table.reshape(groups, rows, columns)[:, 1:, 1:]
    up, along = np.arange(rows - 1), np.arange(columns - 1)
    by_row = table.sum(axis=2)
    across = table @ along
    return by_row.sum(axis=1), by_row @ up, across.sum(axis=1), across @ up


def _sum_by(group: Ints, values: Ints, groups: int) -> Ints:
    """Sum whole numbers by group, exactly: in floats only where no sum can reach 2**53."""
    if len(values) and int(values.max()) * len(values) >= 2**53:
        sums = np.zeros(groups, np.int64)
        np.add.at(sums, group, values)
        return sums
    return np.bincount(group, weights=values, minlength=groups).astype(np.int64)
