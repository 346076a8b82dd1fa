"""Scores: items, dimensions, the CSI and shares, each an estimate with n and interval, from whole-number counts."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from revisit.findings.counts.clusters import NO_EFFECT, Effect
from revisit.findings.counts.codes import SINGLE_CHOICE
from revisit.findings.counts.crosses import Cross
from revisit.findings.counts.tallies import Tally
from revisit.findings.statistics.intervals import LEVEL, Interval, score_t, tango, wilson
from revisit.findings.statistics.methods import OVER_OUTLETS, SCORE_T, WILSON
from revisit.records.survey import Question, Survey

OVERALL, FIXED, FIXED_YES = "overall", "fixed", "yes"


class Estimate(NamedTuple):
    """A figure with its n and its interval. Scores are 0..100, shares 0..1, the recommendation score -100..100.

    ``method`` names how the interval was reckoned where that is not the usual way for such a figure.
    """

    n: int
    value: float
    low: float
    high: float
    method: str = ""

    @property
    def interval(self) -> Interval:
        """Give the limits."""
        return Interval(self.low, self.high)

    def plain(self, name: str = "value") -> dict[str, Any]:
        """Give it as plain data."""
        return {"n": self.n} | self.limits(name)

    def limits(self, name: str = "value") -> dict[str, Any]:
        """Give it as plain data without its n."""
        method = {"method": self.method} if self.method else {}
        return {name: self.value, "low": self.low, "high": self.high} | method


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


def bounded_mean(n: int, mean: Fraction, variance: Fraction, effect: Effect, level: float) -> Estimate | None:
    """Give a mean on 0..1 with its score-t interval as a score of 0..100; None below two answers."""
    limits = score_t(float(mean), float(variance), n, deff=effect.deff, df=effect.df, level=level)
    method = over_outlets(SCORE_T, effect)
    return None if limits is None else Estimate(n, float(100 * mean), 100 * limits.low, 100 * limits.high, method)


def over_outlets(method: str, effect: Effect) -> str:
    """Name a method with which the spread between outlets was reckoned with; nothing where it was not."""
    return method + OVER_OUTLETS if effect.outlets else ""


def item_score(tally: Tally, question: Question, *, level: float = LEVEL) -> Estimate | None:
    """Give an item's score, 0..100: 100·(mean - min)/(max - min) after turning; None below two answers."""
    low, high = question.points
    n, mean, variance = moments(turned(tally, question))
    width = high - low
    effect = tally.effect(f"items.{question.id}")
    return bounded_mean(n, (mean - low) / width, variance / width**2, effect, level)


def item_mean(tally: Tally, question: Question) -> float | None:
    """Give an item's mean on its own scale, after turning; None below two answers."""
    n, mean, _ = moments(turned(tally, question))
    return float(mean) if n > 1 else None


def item_top(tally: Tally, question: Question, *, level: float = LEVEL) -> Estimate | None:
    """Give the share of the two best points of a scale, in the direction the scale declares; None without answers."""
    counts = turned(tally, question)
    best = max(counts)
    effect = tally.effect(f"items.{question.id}.top2")
    return share(counts[best] + counts[best - 1], sum(counts.values()), effect, level=level)


def share(successes: int, n: int, effect: Effect = NO_EFFECT, *, level: float = LEVEL) -> Estimate | None:
    """Give a share with Wilson's interval; None where n is 0."""
    limits = wilson(successes, n, deff=effect.deff, df=effect.df, level=level)
    method = over_outlets(WILSON, effect)
    return None if limits is None else Estimate(n, successes / n, limits.low, limits.high, method)


def choice_share(tally: Tally, question: Question, code: str, *, level: float = LEVEL) -> Estimate | None:
    """Give the share of those who chose a code among those who chose; None without answers."""
    counts = tally.valid(question)
    places = [choice.code for choice in question.choices]
    effect = tally.effect(f"items.{question.id}.{code}")
    return share(int(counts[places.index(code)]), int(counts.sum()), effect, level=level)


def dimension_score(tally: Tally, name: str, *, level: float = LEVEL) -> Estimate | None:
    """Give a dimension's score, 0..100: the mean over respondents of the mean of their answered items.

    Half rule (Fayers & Machin, Quality of Life, ch. 11): at least ``min_items`` of the items, half of them by default.
    """
    n, mean, variance = _square(tally, tally.place(name))
    steps = tally.steps(name)
    return bounded_mean(n, mean / steps, variance / steps**2, tally.effect(f"dimensions.{name}"), level)


def dimension_top(tally: Tally, name: str, *, level: float = LEVEL) -> Estimate | None:
    """Give the share of respondents whose dimension score is at or above the second best point."""
    effect = tally.effect(f"dimensions.{name}.top2")
    return share(tally.tops[name], dimension_count(tally, name), effect, level=level)


def dimension_count(tally: Tally, name: str) -> int:
    """Give the respondents who have a score in a dimension."""
    place = tally.place(name)
    return int(tally.pairs[place, place])


def _square(tally: Tally, place: int) -> tuple[int, Fraction, Fraction]:
    n, total, squares = (int(table[place, place]) for table in (tally.pairs, tally.sums, tally.products))
    if n == 0:
        return 0, Fraction(0), Fraction(0)
    variance = Fraction(n * squares - total * total, n * n * (n - 1)) if n > 1 else Fraction(0)
    return n, Fraction(total, n), variance


def csi(tally: Tally, weighted: Mapping[str, float], *, level: float = LEVEL) -> Estimate | None:
    """Give the CSI, 0..100: the composite of the dimension scores (as Fornell et al. 1996, J. Marketing 60:7)."""
    return _composite(tally.cross, weighted, tally.effect("csi"), level)


def composite(tally: Tally, name: str, weighted: Mapping[str, float], *, level: float = LEVEL) -> Estimate | None:
    """Give a composite that the survey declares, 0..100, of the scores of its items and dimensions."""
    cross = tally.composites.get(name)
    return None if cross is None else _composite(cross, weighted, tally.effect(f"composites.{name}"), level)


def _composite(cross: Cross, weighted: Mapping[str, float], effect: Effect, level: float) -> Estimate | None:
    """Give a weighted mean of mean scores with its score-t interval.

    Its variance is linearised (Särndal, Swensson & Wretman 1992, ch. 5): with u_i the respondent's weighted deviations,
    V = n/(n-1)·Σu², where Σu² comes from the cross-products of the scores. n counts respondents with any of them.
    None where a weighted score has fewer than two answers. Weights are never spread over what is missing.
    """
    if not weighted or min(cross.count(name) for name in weighted) < 2:
        return None
    value, variance = _linearised(cross, weighted)
    limits = score_t(value, variance, cross.scored, deff=effect.deff, df=effect.df, level=level)
    method = over_outlets(SCORE_T, effect)
    return None if limits is None else Estimate(cross.scored, 100 * value, 100 * limits.low, 100 * limits.high, method)


def _linearised(cross: Cross, weighted: Mapping[str, float]) -> tuple[float, float]:
    """Give the composite on 0..1 and its linearised variance."""
    whole = math.fsum(weighted.values())
    places = {name: cross.names.index(name) for name in weighted}
    steps = {name: cross.steps[at] for name, at in places.items()}
    size = {name: int(cross.pairs[at, at]) for name, at in places.items()}
    total = {name: int(cross.sums[at, at]) for name, at in places.items()}
    part = {name: weighted[name] / whole for name in places}
    value = math.fsum(part[name] * (total[name] / (size[name] * steps[name])) for name in places)
    pairs, sums, products = cross.pairs.tolist(), cross.sums.tolist(), cross.products.tolist()
    terms = []
    for one, row in places.items():
        for other, column in places.items():
            both, product = pairs[row][column], products[row][column]
            left, right = sums[row][column], sums[column][row]
            # Σ(S_d - mean_d)(S_e - mean_e) over those with both, times n_d·n_e to stay whole until the one division.
            deviation = product * size[one] * size[other] + both * total[one] * total[other]
            deviation -= total[one] * right * size[other] + total[other] * left * size[one]
            scale = (size[one] * size[other]) ** 2 * steps[one] * steps[other]
            terms.append(part[one] * part[other] * (deviation / scale))
    n = cross.scored
    # Rounding may leave a hair below zero when all answers are the same.
    return min(1.0, value), max(0.0, math.fsum(terms)) * n / (n - 1)


def recommendation(
    tally: Tally, question: Question, *, level: float = LEVEL
) -> tuple[Estimate, tuple[int, int, int]] | None:
    """Give the NPS, -100..100, with Tango's interval, and the promoters, passives and detractors; None without answers.

    Where customers answered more than once, or outlets stand for others, it is the score-t interval of (NPS + 100)/200
    with their design effect.
    Promoters answer 9 or 10, passives 7 or 8, detractors 0 to 6 (Reichheld 2003, Harvard Business Review 81(12):46).
    """
    counts = [int(count) for count in tally.valid(question)]
    detractors, passives, promoters = sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])
    n = detractors + passives + promoters
    effect = tally.effect(f"items.{question.id}")
    limits = tango(promoters, detractors, n, level=level)
    if limits is not None and effect != NO_EFFECT:
        _, mean, variance = moments({0: detractors, 1: passives, 2: promoters})
        half = score_t(float(mean) / 2, float(variance) / 4, n, deff=effect.deff, df=effect.df, level=level)
        limits = None if half is None else Interval(2 * half.low - 1, 2 * half.high - 1)
    if limits is None:
        return None
    value = 100 * (promoters - detractors) / n
    method = "" if effect == NO_EFFECT else over_outlets(SCORE_T, effect) or SCORE_T
    return Estimate(n, value, 100 * limits.low, 100 * limits.high, method), (promoters, passives, detractors)


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
