"""Scores: items, dimensions, the CSI and shares, each an estimate with n and interval, from whole-number counts."""

import math
from fractions import Fraction
from typing import NamedTuple

from revisit.findings.columns import SINGLE_CHOICE, Lattice, Tally
from revisit.findings.intervals import LEVEL, Interval, score_t, tango, wilson
from revisit.records.survey import Question, Survey

OVERALL, FIXED, FIXED_YES = "overall", "fixed", "yes"


class Estimate(NamedTuple):
    """A figure with its n and its interval. Scores are 0..100, shares 0..1, the recommendation score -100..100."""

    n: int
    value: float
    low: float
    high: float

    @property
    def interval(self) -> Interval:
        """Give the limits."""
        return Interval(self.low, self.high)


def weights(survey: Survey) -> dict[str, float]:
    """Give the weight of each scored dimension that has one; all equal where the survey names none."""
    named = {name: survey.weights[name] for name in survey.dimensions if survey.weights.get(name, 0) > 0}
    return named or dict.fromkeys(survey.dimensions, 1.0)


def turned(tally: Tally, question: Question) -> dict[int, int]:
    """Give the counts of a scale's values, those of a reversed item turned (min + max - x): more is better."""
    low, high = question.points
    counts = [int(count) for count in tally.valid(question)]
    return {(low + high - value if question.reversed else value): counts[value - low] for value in range(low, high + 1)}


def moments(counts: dict[int, int]) -> tuple[int, Fraction, Fraction]:
    """Give n, mean and the variance of the mean (s²/n) of whole numbers, all exact; the variance is 0 below n = 2."""
    n = sum(counts.values())
    total = sum(value * count for value, count in counts.items())
    squares = sum(value * value * count for value, count in counts.items())
    if n == 0:
        return 0, Fraction(0), Fraction(0)
    variance = Fraction(n * squares - total * total, n * n * (n - 1)) if n > 1 else Fraction(0)
    return n, Fraction(total, n), variance


def bounded_mean(n: int, mean: Fraction, variance: Fraction, *, deff: float, level: float) -> Estimate | None:
    """Give a mean on 0..1 with its score-t interval as a score of 0..100; None below two answers."""
    limits = score_t(float(mean), float(variance) * deff, n, level=level)
    return None if limits is None else Estimate(n, float(100 * mean), 100 * limits.low, 100 * limits.high)


def item_score(tally: Tally, question: Question, *, deff: float = 1.0, level: float = LEVEL) -> Estimate | None:
    """Give an item's score, 0..100: 100·(mean - min)/(max - min) after turning; None below two answers."""
    low, high = question.points
    n, mean, variance = moments(turned(tally, question))
    width = high - low
    return bounded_mean(n, (mean - low) / width, variance / width**2, deff=deff, level=level)


def item_mean(tally: Tally, question: Question) -> float | None:
    """Give an item's mean on its own scale, after turning; None below two answers."""
    n, mean, _ = moments(turned(tally, question))
    return float(mean) if n > 1 else None


def item_top(tally: Tally, question: Question, *, level: float = LEVEL) -> Estimate | None:
    """Give the share of the two best points of a scale, in the direction the scale declares; None without answers."""
    counts = turned(tally, question)
    best = max(counts)
    return share(counts[best] + counts[best - 1], sum(counts.values()), level=level)


def share(successes: int, n: int, *, deff: float = 1.0, level: float = LEVEL) -> Estimate | None:
    """Give a share with Wilson's interval; None where n is 0."""
    limits = wilson(successes, n, deff=deff, level=level)
    return None if limits is None else Estimate(n, successes / n, limits.low, limits.high)


def choice_share(tally: Tally, question: Question, code: str, *, level: float = LEVEL) -> Estimate | None:
    """Give the share of those who chose a code among those who chose; None without answers."""
    counts = tally.valid(question)
    places = [choice.code for choice in question.choices]
    return share(int(counts[places.index(code)]), int(counts.sum()), level=level)


def dimension_score(
    tally: Tally, survey: Survey, name: str, *, deff: float = 1.0, level: float = LEVEL
) -> Estimate | None:
    """Give a dimension's score, 0..100: the mean over respondents of the mean of their answered items.

    Half rule (Fayers & Machin, Quality of Life, ch. 11): at least ``min_items`` of the items, half of them by default.
    """
    place = survey.dimensions.index(name)
    n, mean, variance = _square(tally, place)
    steps = Lattice.of(survey, name).steps
    return bounded_mean(n, mean / steps, variance / steps**2, deff=deff, level=level)


def dimension_top(tally: Tally, survey: Survey, name: str, *, level: float = LEVEL) -> Estimate | None:
    """Give the share of respondents whose dimension score is at or above the second best point."""
    place = survey.dimensions.index(name)
    return share(tally.tops[name], int(tally.pairs[place, place]), level=level)


def _square(tally: Tally, place: int) -> tuple[int, Fraction, Fraction]:
    n, total, squares = (int(table[place, place]) for table in (tally.pairs, tally.sums, tally.products))
    if n == 0:
        return 0, Fraction(0), Fraction(0)
    variance = Fraction(n * squares - total * total, n * n * (n - 1)) if n > 1 else Fraction(0)
    return n, Fraction(total, n), variance


def csi_counts(tally: Tally, survey: Survey) -> dict[str, int]:
    """Give the number of respondents behind each weighted dimension."""
    return {name: int(tally.pairs[place, place]) for name, place in _places(survey).items()}


def _places(survey: Survey) -> dict[str, int]:
    return {name: survey.dimensions.index(name) for name in weights(survey)}


def csi(tally: Tally, survey: Survey, *, deff: float = 1.0, level: float = LEVEL) -> Estimate | None:
    """Give the CSI, 0..100: the weighted mean of the dimension scores (as Fornell et al. 1996, J. Marketing 60:7).

    Its variance is linearised (Särndal, Swensson & Wretman 1992, ch. 5): with u_i the respondent's weighted deviations,
    V = n/(n-1)·Σu², where Σu² comes from the cross-products of the dimensions. n counts respondents with any dimension.
    None where a weighted dimension has fewer than two answers. Weights are never spread over what is missing.
    """
    places = _places(survey)
    if not places or min(csi_counts(tally, survey).values()) < 2:
        return None
    value, variance = _composite(tally, survey, places)
    limits = score_t(value, variance * deff, tally.scored, level=level)
    return None if limits is None else Estimate(tally.scored, 100 * value, 100 * limits.low, 100 * limits.high)


def _composite(tally: Tally, survey: Survey, places: dict[str, int]) -> tuple[float, float]:
    """Give the composite on 0..1 and its linearised variance."""
    weighted = weights(survey)
    whole = math.fsum(weighted.values())
    steps = {name: Lattice.of(survey, name).steps for name in places}
    size = {name: int(tally.pairs[at, at]) for name, at in places.items()}
    total = {name: int(tally.sums[at, at]) for name, at in places.items()}
    part = {name: weighted[name] / whole for name in places}
    value = math.fsum(part[name] * (total[name] / (size[name] * steps[name])) for name in places)
    terms = []
    for one, row in places.items():
        for other, column in places.items():
            both, left, right, product = (
                int(table)
                for table in (
                    tally.pairs[row, column],
                    tally.sums[row, column],
                    tally.sums[column, row],
                    tally.products[row, column],
                )
            )
            # Σ(S_d - mean_d)(S_e - mean_e) over those with both, times n_d·n_e to stay whole until the one division.
            deviation = product * size[one] * size[other] + both * total[one] * total[other]
            deviation -= total[one] * right * size[other] + total[other] * left * size[one]
            scale = (size[one] * size[other]) ** 2 * steps[one] * steps[other]
            terms.append(part[one] * part[other] * (deviation / scale))
    n = tally.scored
    # Rounding may leave a hair below zero when all answers are the same.
    return min(1.0, value), max(0.0, math.fsum(terms)) * n / (n - 1)


def recommendation(
    tally: Tally, question: Question, *, level: float = LEVEL
) -> tuple[Estimate, tuple[int, int, int]] | None:
    """Give the NPS, -100..100, with Tango's interval, and the promoters, passives and detractors; None without answers.

    Promoters answer 9 or 10, passives 7 or 8, detractors 0 to 6 (Reichheld 2003, Harvard Business Review 81(12):46).
    """
    counts = [int(count) for count in tally.valid(question)]
    detractors, passives, promoters = sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])
    n = detractors + passives + promoters
    limits = tango(promoters, detractors, n, level=level)
    if limits is None:
        return None
    value = 100 * (promoters - detractors) / n
    return Estimate(n, value, 100 * limits.low, 100 * limits.high), (promoters, passives, detractors)


def first_of(survey: Survey, kind: str) -> Question | None:
    """Give the first question of a kind."""
    return next((question for question in survey.questions if question.kind == kind), None)


def overall_question(survey: Survey) -> Question | None:
    """Give the question on overall satisfaction: the scale with the id ``overall``."""
    question = survey.question(OVERALL)
    return question if question is not None and question.is_scale else None


def fixed_question(survey: Survey) -> Question | None:
    """Give the question whether the fault is fixed: the choice with the id ``fixed`` that has the code ``yes``."""
    question = survey.question(FIXED)
    if question is None or question.kind != SINGLE_CHOICE:
        return None
    return question if any(choice.code == FIXED_YES for choice in question.choices) else None
