"""Crosses: how the scores of one respondent go together, counted in whole numbers; weighted means are made of them."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from revisit.findings.counts.codes import Ints

# Up to this many cells two scores are counted against each other whole; beyond, only their sums are.
_MOST_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Cross:
    """Scores by ``names``, each on whole numbers 0..``steps``.

    ``pairs``, ``sums`` and ``products`` have a row and a column for each: respondents with both, the sum of the row's
    score over them, the sum of the products. ``scored``: respondents with any of them. Crosses add and subtract.
    """

    names: tuple[str, ...]
    steps: tuple[int, ...]
    pairs: Ints
    sums: Ints
    products: Ints
    scored: int

    def joined(self, other: Self, sign: int) -> Self:
        """Give the counts of both sets together, or those without the other's."""
        return type(self)(
            self.names,
            self.steps,
            self.pairs + sign * other.pairs,
            self.sums + sign * other.sums,
            self.products + sign * other.products,
            self.scored + sign * other.scored,
        )

    def count(self, name: str) -> int:
        """Give the respondents who have one of the scores; none has one that is not there."""
        if name not in self.names:
            return 0
        place = self.names.index(name)
        return int(self.pairs[place, place])


def cross_by(
    names: tuple[str, ...], codes: list[Ints], steps: tuple[int, ...], group: Ints, groups: int
) -> list[Cross]:
    """Count scores in groups numbered from 0; a code is a score and one, 0 where it lacks."""
    counted = [grouped(code, group, groups, size + 2) for code, size in zip(codes, steps, strict=True)]
    pairs, sums, products = cross(codes, counted, group, groups)
    scored = count_any(codes, group, groups)
    return [
        Cross(names, steps, pairs[place], sums[place], products[place], int(scored[place])) for place in range(groups)
    ]


def count_any(codes: list[Ints], group: Ints, groups: int) -> Ints:
    """Give for each group the respondents who have any of the scores."""
    with_any = np.logical_or.reduce([code > 0 for code in codes]) if codes else np.zeros(len(group), np.bool_)
    return np.bincount(group[with_any], minlength=groups)


def grouped(codes: Ints, group: Ints, groups: int, size: int) -> Ints:
    """Count each code, from 0 to less than ``size``, in each group."""
    return np.bincount(group * size + codes, minlength=groups * size).reshape(groups, size)


def cross(codes: list[Ints], counted: list[Ints], group: Ints, groups: int) -> tuple[Ints, Ints, Ints]:
    """Give pairs, sums and products (groups x scores x scores); a code is a score and one, 0 where it lacks."""
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
    """Give for two scores the respondents with both, the sums of either score over them and of the products."""
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
