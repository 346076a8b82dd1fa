"""Columns: responses turned once into whole-number arrays, and the counts that every figure is made from."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, get_args

import numpy as np
from numpy.typing import NDArray

from revisit.records.responses import Answer, Mode, Response
from revisit.records.survey import Question, Survey

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

# What the collector notes of answers that a machine may have given: too quick for a person, or a trap field filled in.
SUSPECT = frozenset({"quick", "honeypot"})

MODES: tuple[str, ...] = get_args(Mode)

# Why an answer has no value. Each kind is counted apart and none is a score.
BLANK, NOT_APPLICABLE, NOT_ASKED, INVALID = -1, -2, -3, -4
MISSING = {"blank": BLANK, "na": NOT_APPLICABLE, "not_asked": NOT_ASKED, "invalid": INVALID}
_OFFSET = -INVALID  # counts are kept from the lowest missing code upwards

# Up to this many items the mean of any number of them lies on a lattice of whole numbers; beyond, it is rounded to the
# lattice of this many, which moves a score by less than a hundred-thousandth of the scale.
_EXACT_ITEMS = 12

SINGLE_CHOICE = "choice"
ZERO_TO_TEN = "nps"


def is_counted(question: Question) -> bool:
    """Say whether a question has one answer out of few, so that its answers can be counted."""
    return question.is_scale or question.kind in {SINGLE_CHOICE, ZERO_TO_TEN}


@dataclass(frozen=True)
class Columns:
    """Responses as arrays of one length, in the order they came.

    ``values`` holds for each counted question the value of a scale, 0..10, the place of a choice in the survey's
    list, or one of the negative codes above. ``visits`` holds ids, empty for answers without a visit; ``seconds`` how
    long answering took (not a number where that is unknown); ``received`` UTC seconds; ``suspect`` is true where the
    collector flagged the answer; ``job`` numbers the order's kind of work, ``jobs`` names it, empty where unknown;
    ``texts`` holds the free words to each text question, empty where there are none.
    """

    survey: Survey
    day: Ints
    unit: Ints
    units: tuple[str, ...]
    mode: Ints
    form: Ints
    forms: tuple[str, ...]
    visits: Objects
    sample: Flags
    seconds: Floats
    received: Ints
    suspect: Flags
    job: Ints
    jobs: tuple[str, ...]
    values: dict[str, Ints]
    texts: dict[str, Objects]

    def __len__(self) -> int:
        """Give the number of responses."""
        return len(self.day)

    def pick(self, rows: Flags) -> Self:
        """Give the responses where ``rows`` is true."""
        picked = type(self)(
            self.survey,
            self.day[rows],
            self.unit[rows],
            self.units,
            self.mode[rows],
            self.form[rows],
            self.forms,
            self.visits[rows],
            self.sample[rows],
            self.seconds[rows],
            self.received[rows],
            self.suspect[rows],
            self.job[rows],
            self.jobs,
            {name: values[rows] for name, values in self.values.items()},
            {name: texts[rows] for name, texts in self.texts.items()},
        )
        if "scores" in self.__dict__:  # what was computed once is not computed again
            picked.__dict__["scores"] = {name: (at[rows], top[rows]) for name, (at, top) in self.scores.items()}
        return picked

    @cached_property
    def scores(self) -> dict[str, tuple[Ints, Flags]]:
        """Give for each dimension what ``Lattice.scores`` makes of these responses."""
        return {name: Lattice.of(self.survey, name).scores(self) for name in self.survey.dimensions}

    @cached_property
    def rests_on(self) -> dict[str, Flags]:
        """Say for each figure by its path (``""``: any at all) which responses it rests on."""
        found = {"": np.ones(len(self), np.bool_)}
        found |= {f"items.{name}": values >= 0 for name, values in self.values.items()}
        return found | {f"dimensions.{name}": scored >= 0 for name, (scored, _) in self.scores.items()}


def gather(responses: Sequence[Response], survey: Survey) -> Columns:
    """Turn responses into columns: the one place that looks at single answers."""
    units, unit = _number(response.unit for response in responses)
    forms, form = _number(response.form_hash for response in responses)
    jobs, job = _number(response.facts.get("kind", "") for response in responses)
    count = len(responses)
    return Columns(
        survey,
        np.fromiter((response.day.toordinal() for response in responses), np.int64, count),
        unit,
        units,
        np.fromiter((MODES.index(response.mode) for response in responses), np.int64, count),
        form,
        forms,
        np.fromiter((response.visit_id or "" for response in responses), np.object_, count),
        np.fromiter((response.sample for response in responses), np.bool_, count),
        np.fromiter((np.nan if one.duration is None else one.duration for one in responses), np.float64, count),
        np.fromiter((int(response.received_at.timestamp()) for response in responses), np.int64, count),
        np.fromiter((not SUSPECT.isdisjoint(response.flags) for response in responses), np.bool_, count),
        job,
        jobs,
        {question.id: _values(responses, question) for question in survey.questions if is_counted(question)},
        {question.id: _texts(responses, question) for question in survey.questions if question.kind == "text"},
    )


def _number(texts: Iterable[str]) -> tuple[tuple[str, ...], Ints]:
    """Give texts numbers in alphabetical order, so that the numbers do not depend on who answered first."""
    found = list(texts)
    names = tuple(sorted(set(found)))
    places = {name: place for place, name in enumerate(names)}
    return names, np.fromiter((places[text] for text in found), np.int64, len(found))


def _values(responses: Sequence[Response], question: Question) -> Ints:
    codes: dict[int | str | None, int]
    if question.kind == SINGLE_CHOICE:
        codes = {choice.code: place for place, choice in enumerate(question.choices)}
    else:
        low, high = question.points
        codes = {value: value for value in range(low, high + 1)}

    def value(answer: Answer | None) -> int:
        if answer is None:
            return NOT_ASKED
        return codes.get(answer.value, INVALID) if answer.state == "answered" else MISSING[answer.state]

    def answer(answers: dict[str, Answer]) -> Answer | None:
        found = answers.get(question.id)
        return answers.get(question.was) if found is None and question.was else found

    return np.fromiter((value(answer(response.answers)) for response in responses), np.int64, len(responses))


def _texts(responses: Sequence[Response], question: Question) -> Objects:
    def text(answers: dict[str, Answer]) -> str:
        found = answers.get(question.id) or answers.get(question.was)
        return found.value.strip() if found is not None and isinstance(found.value, str) else ""

    return np.fromiter((text(response.answers) for response in responses), np.object_, len(responses))


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

    def scores(self, columns: Columns) -> tuple[Ints, Flags]:
        """Give each respondent's score in steps, -1 where too few items were answered, and who is in the top two.

        Reversed items are turned first. Top two: at or above the second best point of the items answered.
        """
        total = np.zeros(len(columns), np.int64)
        bar = np.zeros(len(columns), np.int64)
        answered = np.zeros(len(columns), np.int64)
        for item in self.items:
            low, high = item.points
            values = columns.values[item.id]
            valid = values >= 0
            unit = self.width // (high - low)
            total += np.where(valid, (high - values if item.reversed else values - low) * unit, 0)
            bar += np.where(valid, (high - low - 1) * unit, 0)
            answered += valid
        enough = answered >= self.min_items
        fine = self.steps // self.width
        count = np.maximum(answered, 1)
        # Exact wherever the number of items divides the lattice; the half added rounds where it does not.
        score = np.where(fine % count == 0, total * (fine // count), (2 * total * fine + count) // (2 * count))
        return np.where(enough, score, -1), enough & (total >= bar) & (answered > 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """Whole-number counts of a set of responses; every figure is computed from these. Tallies add and subtract.

    ``answers``: for each question the counts from code -4 upwards. ``scores``: for each dimension the counts on its
    lattice. ``tops``: respondents in the top two of a dimension. ``pairs``, ``sums`` and ``products`` have a row and a
    column for each dimension: respondents with both, the sum of the row's score over them, the sum of the products.
    ``scored``: respondents with any dimension.
    """

    n: int
    answers: dict[str, Ints]
    scores: dict[str, Ints]
    tops: dict[str, int]
    pairs: Ints
    sums: Ints
    products: Ints
    scored: int

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
        )

    def __add__(self, other: Self) -> Self:
        """Give the counts of both sets together."""
        return self._joined(other, 1)

    def __sub__(self, other: Self) -> Self:
        """Give the counts without those of a part."""
        return self._joined(other, -1)

    def missing(self, question_id: str, why: str) -> int:
        """Give how many answers lack a value for a reason: blank, na, not_asked or invalid."""
        return int(self.answers[question_id][MISSING[why] + _OFFSET])

    def valid(self, question: Question) -> Ints:
        """Give the counts of a question's possible answers, in the survey's order."""
        first = 0 if question.kind == SINGLE_CHOICE else question.points[0]
        return self.answers[question.id][first + _OFFSET :]


def tally(columns: Columns) -> Tally:
    """Count a set of responses."""
    return tally_by(columns, np.zeros(len(columns), np.int64), 1)[0]


def tally_by(columns: Columns, group: Ints, groups: int) -> list[Tally]:
    """Count responses in groups numbered from 0; a response with group -1 is in none."""
    if (group < 0).any():
        columns, group = columns.pick(group >= 0), group[group >= 0]
    survey = columns.survey
    answers = {
        question.id: _grouped(columns.values[question.id] + _OFFSET, group, groups, _size(question))
        for question in survey.questions
        if is_counted(question)
    }
    lattices = {name: Lattice.of(survey, name) for name in survey.dimensions}
    scored = columns.scores
    scores = {
        name: _grouped(scored[name][0] + 1, group, groups, lattices[name].steps + 2)[:, 1:]
        for name in survey.dimensions
    }
    tops = {name: np.bincount(group[scored[name][1]], minlength=groups) for name in survey.dimensions}
    counts = np.bincount(group, minlength=groups)
    cross = _cross([scored[name][0] for name in survey.dimensions], group, groups)
    return [
        Tally(
            int(counts[place]),
            {name: table[place] for name, table in answers.items()},
            {name: table[place] for name, table in scores.items()},
            {name: int(table[place]) for name, table in tops.items()},
            cross[0][place],
            cross[1][place],
            cross[2][place],
            int(cross[3][place]),
        )
        for place in range(groups)
    ]


def _size(question: Question) -> int:
    last = len(question.choices) - 1 if question.kind == SINGLE_CHOICE else question.points[1]
    return last + 1 + _OFFSET


def _grouped(codes: Ints, group: Ints, groups: int, size: int) -> Ints:
    return np.bincount(group * size + codes, minlength=groups * size).reshape(groups, size).astype(np.int64)


def _cross(scores: list[Ints], group: Ints, groups: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Give pairs, sums, products (groups x dimensions x dimensions) and the number of respondents with any score."""
    size = len(scores)
    pairs, sums, products = (np.zeros((groups, size, size), np.int64) for _ in range(3))
    has = [score >= 0 for score in scores]
    value = [np.maximum(score, 0) for score in scores]  # a missing score adds nothing
    for row in range(size):
        for column in range(row, size):
            both = has[row] & has[column]
            pairs[:, row, column] = pairs[:, column, row] = np.bincount(group[both], minlength=groups)
            products[:, row, column] = products[:, column, row] = _sum_by(group, value[row] * value[column], groups)
        for column in range(size):
            sums[:, row, column] = _sum_by(group, value[row] * has[column], groups)
    any_score = np.logical_or.reduce(has) if has else np.zeros(len(group), np.bool_)
    return pairs, sums, products, np.bincount(group[any_score], minlength=groups).astype(np.int64)


def _sum_by(group: Ints, values: Ints, groups: int) -> Ints:
    """Sum whole numbers by group, exactly: in floats only where no sum can reach 2**53."""
    if len(values) and int(values.max()) * len(values) >= 2**53:
        sums = np.zeros(groups, np.int64)
        np.add.at(sums, group, values)
        return sums
    return np.bincount(group, weights=values, minlength=groups).astype(np.int64)


def completeness(columns: Columns) -> NDArray[np.str_]:
    """Give each response's disposition: I complete, P partial or R break-off (80 % or more, 50 % or more, less).

    Of what was asked: the countable questions that were put. Not applicable is an answer; blank and invalid are none.
    """
    asked = np.zeros(len(columns), np.int64)
    done = np.zeros(len(columns), np.int64)
    for values in columns.values.values():
        asked += values != NOT_ASKED
        done += (values >= 0) | (values == NOT_APPLICABLE)
    complete, partial = 10 * done >= 8 * asked, 2 * done >= asked
    return np.where(complete & (asked > 0), "I", np.where(partial & (asked > 0), "P", "R"))
