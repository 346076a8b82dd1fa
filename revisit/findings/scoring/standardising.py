"""Standardising: a score as it would be, were the ways of answering mixed alike everywhere and always."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import stdtr

from revisit.findings.counts.clusters import NO_EFFECT, Effect
from revisit.findings.counts.codes import Floats, Ints
from revisit.findings.scoring.changes import FALSE_DISCOVERIES, LEAST_OUTLETS
from revisit.findings.scoring.scores import Estimate
from revisit.findings.scoring.weighting import weighted_score, without_each
from revisit.findings.statistics.intervals import Interval, jackknife_error, mover, student_quantile

# A way of answering with a smaller part of the mix is left out of it.
RARE = 0.05


class Answers(NamedTuple):
    """Scores on 0..1 with the number of the group (a mode) and of the outlet of each."""

    values: Floats
    group: Ints
    outlet: Ints


def mix(counts: Sequence[int]) -> Floats:
    """Give the part of each group in a mix to hold fixed: rare groups (below 5 %) have none; the rest add up to 1."""
    whole = sum(counts)
    kept = np.array([count if count >= RARE * whole else 0 for count in counts], np.float64)
    return np.asarray(kept / kept.sum()) if whole else kept


def standardise(answers: Answers, parts: Floats, effect: Effect = NO_EFFECT) -> Estimate | None:
    """Give the mean were the groups mixed as ``parts`` say: Σ w·mean of the group, as a score of 0..100.

    Direct standardisation: each answer weighs its group's part divided by the group's answers; groups without a part
    are left out. Interval as of every weighted mean (score-t with the design effect of the weights, or of outlets that
    stand for all). None where a group with a part has no answer, or below two answers.
    """
    counts = np.bincount(answers.group, minlength=len(parts))
    if (counts[parts > 0] == 0).any():
        return None
    used = parts[answers.group] > 0
    each = parts / np.maximum(counts, 1)
    values, weights = answers.values[used], each[answers.group[used]]
    left_out = _left_out(answers, parts, np.unique(answers.outlet)) / 100 if effect.outlets else None
    if left_out is not None and not np.isfinite(left_out).all():  # an outlet has all answers of a group
        left_out = without_each(values, weights, answers.outlet[used])
    return weighted_score(values, weights, effect, left_out)


class StandardChange(NamedTuple):
    """The difference of two standardised scores with its interval, p and method (mover, jackknife)."""

    value: float
    interval: Interval
    p: float | None
    method: str
    before: Estimate


def compare(now: Answers, before: Answers, parts: Floats, effects: tuple[Effect, Effect]) -> StandardChange | None:
    """Give the change of a standardised score: both periods with the same mix of groups; None where one has no score.

    From six outlets on their spread decides (jackknife over outlets, both periods of one left out together), as for
    every change; else the two intervals do (MOVER), and there is no p but what the interval says of nought.
    """
    new, old = standardise(now, parts, effects[0]), standardise(before, parts, effects[1])
    if new is None or old is None:
        return None
    difference = new.value - old.value
    outlets = np.union1d(now.outlet, before.outlet)
    if len(outlets) >= LEAST_OUTLETS:
        without = _left_out(now, parts, outlets) - _left_out(before, parts, outlets)
        error, df = jackknife_error(without.tolist()), len(outlets) - 1
        if error > 0:  # not where an outlet alone has all answers of a group: then it is no number
            half = student_quantile(df) * error
            limits = Interval(max(-100.0, difference - half), min(100.0, difference + half))
            p = 2 * float(stdtr(df, -abs(difference) / error))
            return StandardChange(difference, limits, p, "jackknife", old)
    limits = mover(new.value, new.interval, old.value, old.interval)
    return StandardChange(difference, limits, None, "mover", old)


def _left_out(period: Answers, parts: Floats, outlets: Ints) -> Floats:
    """Give the standardised score, 0..100, without each outlet; not a number where a group is then empty."""
    size, groups = len(outlets), len(parts)
    cell = np.searchsorted(outlets, period.outlet) * groups + period.group
    counts = np.bincount(cell, minlength=size * groups).reshape(size, groups)
    sums = np.bincount(cell, weights=period.values, minlength=size * groups).reshape(size, groups)
    rest = counts.sum(axis=0) - counts
    means = np.divide(sums.sum(axis=0) - sums, rest, out=np.full_like(sums, np.nan), where=rest > 0)
    used = parts > 0
    return np.asarray(100 * means[:, used] @ parts[used])


def verdict(found: StandardChange, materiality: float) -> str:
    """Say what may be said of the change, as of every other: up, down, up_small, down_small or none."""
    limits = found.interval
    shown = not limits.low <= 0 <= limits.high if found.p is None else found.p <= FALSE_DISCOVERIES
    if not shown or found.value == 0:
        return "none"
    return ("up" if found.value > 0 else "down") + ("_small" if abs(found.value) < materiality else "")


def as_block(found: StandardChange, materiality: float) -> dict[str, Any]:
    """Give the change as plain data."""
    limits, before = found.interval, found.before
    return {
        "value": found.value,
        "low": limits.low,
        "high": limits.high,
        "p": found.p,
        "verdict": verdict(found, materiality),
        "method": found.method,
        "previous": before.plain(),
    }
