"""Weighting: answers weighted to the known totals of the visits that were due, beside the unweighted figure."""

from typing import NamedTuple

import numpy as np

from revisit.findings.counts.clusters import LEAST_CLUSTERS, NO_EFFECT, Effect
from revisit.findings.counts.codes import Flags, Floats, Ints
from revisit.findings.scoring.scores import Estimate
from revisit.findings.statistics.intervals import (
    jackknife_error,
    normal_quantile,
    score_limits,
    score_t,
    student_quantile,
)
from revisit.findings.statistics.methods import OVER_OUTLETS, SCORE_T_WEIGHTED, WILSON_WEIGHTED

NEAR = 1e-6
_ROUNDS = 1000
TRIM = 0.3, 3.0


class Raked(NamedTuple):
    """Weights of the answers. ``trimmed`` says how many were cut to the bounds, ``effective`` is Kish's n."""

    weights: Floats
    trimmed: int

    @property
    def effective(self) -> float:
        """Give (Σw)²/Σw² (Kish 1965)."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


def rake(margins: list[tuple[Ints, Ints]]) -> Raked | None:
    """Rake answers to margins, each given as every answer's category and the frame's total of each category.

    Iterative proportional fitting (Deming & Stephan 1940) until all margins agree to 1e-6, then cut at 0.3 and 3 times
    the mean and scaled to the frame's total. None where a category of the frame has no answer, or it does not converge.
    """
    if not margins or any((np.bincount(at, minlength=len(total))[total > 0] == 0).any() for at, total in margins):
        return None
    weights = np.ones(len(margins[0][0]))
    for _ in range(_ROUNDS):
        worst = 0.0
        for at, total in margins:
            now = np.bincount(at, weights=weights, minlength=len(total))
            factor = np.divide(total, now, out=np.ones(len(total)), where=now > 0)
            worst = max(worst, float(np.abs(factor[total > 0] - 1).max()))
            weights = weights * factor[at]
        if worst < NEAR:
            mean = weights.mean()
            cut = np.clip(weights, TRIM[0] * mean, TRIM[1] * mean)
            return Raked(cut * (margins[0][1].sum() / cut.sum()), int((cut != weights).sum()))
    return None


def weighted_score(
    values: Floats, weights: Floats, effect: Effect = NO_EFFECT, left_out: Floats | None = None
) -> Estimate | None:
    """Give a weighted mean of scores on 0..1 as 0..100, with the linearised variance in the score-t interval.

    V = n/(n-1)·Σw²(x - x̄)²/(Σw)² (Lumley 2010, Complex Surveys); deff = max(1, V/V of equal
    weights) divides n; so does the effect of customers who answered more than once. Where outlets stand for all, V is
    the jackknife's over ``left_out``, the means without each outlet.
    """
    n = len(values)
    if n < 2:
        return None
    whole = weights.sum()
    mean = float((weights * values).sum() / whole)
    simple = float(values.var(ddof=1)) / n
    deff, df = _effect(values, weights, simple, (effect, left_out))
    limits = score_t(min(1.0, max(0.0, mean)), simple, n, deff=deff, df=df)
    method = SCORE_T_WEIGHTED + OVER_OUTLETS if effect.outlets or left_out is not None else ""
    return None if limits is None else Estimate(n, 100 * mean, 100 * limits.low, 100 * limits.high, method)


def weighted_share(
    chosen: Flags, weights: Floats, effect: Effect = NO_EFFECT, left_out: Floats | None = None
) -> Estimate | None:
    """Give a weighted share, 0..1: Wilson's interval with n divided by the design effect of the weights.

    The variance is that of ``weighted_score``; for the effective n see Korn & Graubard 1998. None without answers.
    """
    n = len(chosen)
    if n == 0:
        return None
    values = chosen.astype(np.float64)
    share = min(1.0, float(weights[chosen].sum()) / float(weights.sum()))
    deff, df = _effect(values, weights, share * (1 - share) / max(1, n - 1), (effect, left_out))
    limits = score_limits(share, n / deff, normal_quantile() if df is None else student_quantile(df))
    method = WILSON_WEIGHTED + OVER_OUTLETS if effect.outlets or left_out is not None else ""
    return Estimate(n, share, limits.low, limits.high, method)


def without_each(values: Floats, weights: Floats, outlet: Ints | None) -> Floats | None:
    """Give the weighted mean without each outlet; None below six outlets, or where they do not stand for all."""
    if outlet is None or len(names := np.unique(outlet)) < LEAST_CLUSTERS:
        return None
    place = np.searchsorted(names, outlet)
    sums, sizes = (np.bincount(place, weights=column) for column in (weights * values, weights))
    return np.asarray((sums.sum() - sums) / (sizes.sum() - sizes))


def _effect(
    values: Floats, weights: Floats, simple: float, clusters: tuple[Effect, Floats | None]
) -> tuple[float, float | None]:
    """Give by how much weights, and clusters, make a variance greater than the ``simple`` one, and t's freedom."""
    effect, left_out = clusters
    n, whole = len(values), float(weights.sum())
    mean = float((weights * values).sum()) / whole
    variance = n / max(1, n - 1) * float((weights**2 * (values - mean) ** 2).sum()) / whole**2
    deff = max(1.0, variance / simple) if simple > 0 else 1.0
    if left_out is None:
        return deff * effect.deff, effect.df
    spread = jackknife_error(left_out.tolist()) ** 2
    return max(deff, spread / simple) if simple > 0 else deff, len(left_out) - 1
