"""Tallies: whole-number counts of a set of responses, from which every figure is made; they add and subtract."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from revisit.findings.counts.clusters import NO_EFFECT, Effect, effects_by, greater
from revisit.findings.counts.codes import MISSING, OFFSET, SINGLE_CHOICE, Ints, is_counted
from revisit.findings.counts.columns import Columns
from revisit.findings.counts.composites import cross_parts
from revisit.findings.counts.crosses import Cross, count_any, cross, grouped
from revisit.findings.counts.lattices import Lattice
from revisit.records.survey import Question


@dataclass(frozen=True, slots=True)
class Tally:
    """Whole-number counts of a set of responses; every figure is computed from these. Tallies add and subtract.

    ``answers``: for each question the counts from code -4 upwards. ``scores``: for each dimension the counts on its
    lattice. ``tops``: respondents in the top two of a dimension. ``pairs``, ``sums`` and ``products`` have a row and a
    column for each dimension: respondents with both, the sum of the row's score over them, the sum of the products.
    ``scored``: respondents with any dimension. ``effects``: by path what it does to a figure that customers answered
    more than once, or that some outlets stand for all; it is empty where neither is so. A sum takes the greater of both
    effects, so that no interval is too narrow.
    ``composites``: by id how the parts of a composite go together.
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
    composites: dict[str, Cross] = field(default_factory=dict)

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
            {name: cross.joined(other.composites[name], sign) for name, cross in self.composites.items()},
        )

    def __add__(self, other: Self) -> Self:
        """Give the counts of both sets together."""
        return self._joined(other, 1)

    def __sub__(self, other: Self) -> Self:
        """Give the counts without those of a part."""
        return self._joined(other, -1)

    def effect(self, path: str) -> Effect:
        """Give what clusters do to a figure: nothing where there are none."""
        return self.effects.get(path, NO_EFFECT)

    def place(self, dimension: str) -> int:
        """Give the row and column of a dimension."""
        return list(self.scores).index(dimension)

    @property
    def cross(self) -> Cross:
        """Give how the dimensions go together."""
        names = tuple(self.scores)
        steps = tuple(self.steps(name) for name in names)
        return Cross(names, steps, self.pairs, self.sums, self.products, self.scored)

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
        question.id: grouped(columns.values[question.id] + OFFSET, group, groups, _size(question))
        for question in survey.questions
        if is_counted(question)
    }
    scored = columns.scores
    codes = [score + 1 for score, _ in scored.values()]
    sizes = [Lattice.of(survey, name).steps + 2 for name in scored]
    counted = [grouped(code, group, groups, size) for code, size in zip(codes, sizes, strict=True)]
    tops = {name: np.bincount(group[top], minlength=groups) for name, (_, top) in scored.items()}
    counts = np.bincount(group, minlength=groups)
    pairs, sums, products = cross(codes, counted, group, groups)
    any_score = count_any(codes, group, groups)
    composites = {one.id: cross_parts(columns, one, group, groups) for one in survey.composites}
    effects = effects_by(columns, group)
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
            effects.get(place, {}),
            {name: found[place] for name, found in composites.items()},
        )
        for place in range(groups)
    ]


def _size(question: Question) -> int:
    last = len(question.choices) - 1 if question.kind == SINGLE_CHOICE else question.points[1]
    return last + 1 + OFFSET
