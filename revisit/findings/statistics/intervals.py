"""Confidence intervals: for shares, bounded means, the recommendation score, and differences between two periods.

All limits are two-sided. The caller brings scales to 0..1. docs/methods.md says why these and no others.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from scipy.optimize import brentq
from scipy.special import ndtri, stdtrit

LEVEL = 0.95


class Interval(NamedTuple):
    """The two limits of an interval, ``low <= high``."""

    low: float
    high: float


def normal_quantile(level: float = LEVEL) -> float:
    """Give z so that a standard normal lies within plus or minus z with probability ``level`` (0..1)."""
    return float(ndtri((1 + level) / 2))


def student_quantile(df: float, level: float = LEVEL) -> float:
    """Give the two-sided Student quantile for ``df`` > 0 degrees of freedom."""
    return float(stdtrit(df, (1 + level) / 2))


def score_limits(share: float, n: float, quantile: float) -> Interval:
    """Give Wilson's limits for a share 0..1 from an effective number of answers ``n`` > 0 and any quantile.

    The limits lie in 0..1, contain the share and always have width. Wilson 1927, JASA 22:209.
    """
    squared = quantile * quantile
    centre = (share + squared / (2 * n)) / (1 + squared / n)
    half = quantile / (1 + squared / n) * math.sqrt(share * (1 - share) / n + squared / (4 * n * n))
    # At 0 and 1 one limit is the share itself; the clamp takes the float dust off.
    low = 0.0 if share <= 0 else max(0.0, min(centre - half, share))
    high = 1.0 if share >= 1 else min(1.0, max(centre + half, share))
    return Interval(low, high)


def wilson(
    successes: int, n: int, *, deff: float = 1.0, df: float | None = None, level: float = LEVEL
) -> Interval | None:
    """Give Wilson's score interval of a share; ``deff`` >= 1 divides n. None where n is 0.

    ``df``: Student's quantile with so many degrees of freedom, where clusters were counted, in place of the normal one.
    Wilson 1927; recommended by Newcombe 1998 (Stat. Med. 17:857) and Brown, Cai & DasGupta 2001 (Stat. Sci. 16:101).
    Raises ValueError when ``successes`` is not within 0..n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if n == 0:
        return None
    quantile = normal_quantile(level) if df is None else student_quantile(df, level)
    return score_limits(successes / n, n / deff, quantile)


def score_t(
    mean: float, variance: float, n: int, *, deff: float = 1.0, df: float | None = None, level: float = LEVEL
) -> Interval | None:
    """Give the score-t interval of a mean on 0..1; ``variance`` is the variance of that mean. None where n < 2.

    Score inversion for a quasi-binomial mean: the dispersion is n·V / (p(1-p)), drawn towards 1 by one pseudo-answer so
    that equal answers still leave width, at most 1; then Wilson's formula with n/dispersion and Student's quantile
    (``df`` default n-1). ``deff`` >= 1 divides n, for clusters and weights. The limits never leave 0..1. Score
    inversion: Wilson 1927; quasi-likelihood: Wedderburn 1974, McCullagh & Nelder 1989 ch. 9. The shrinkage is this
    project's own; its coverage is measured in docs/methods.md.
    """
    if n < 2:
        return None
    spread = mean * (1 - mean)
    dispersion = n * variance / spread if spread > 0 else 1.0
    dispersion = min(1.0, (n * dispersion + 1) / (n + 1))
    return score_limits(mean, n / (dispersion * deff), student_quantile(n - 1 if df is None else df, level))


def tango(plus: int, minus: int, n: int, *, level: float = LEVEL) -> Interval | None:
    """Give the score interval of (plus - minus)/n on -1..1, where each of n answers is plus, minus or neither.

    Tango 1998 (Stat. Med. 17:891), for a paired difference: the same trinomial as promoters less detractors; solved
    by Brent's method. All plus: upper limit 1; all minus: lower limit -1; all neither: symmetric about 0. None where n
    is 0.
    Raises ValueError when the counts do not fit.
    """
    if min(plus, minus) < 0 or plus + minus > n:
        raise ValueError(f"{plus} and {minus} do not fit into {n}")
    if n == 0:
        return None
    quantile = normal_quantile(level)

    def error(delta: float) -> float:
        return math.sqrt(max(0.0, n * (2 * _least_minus(delta, plus, minus, n) + delta * (1 - delta))))

    def above(delta: float) -> float:
        return plus - minus - n * delta - quantile * error(delta)

    def below(delta: float) -> float:
        return plus - minus - n * delta + quantile * error(delta)

    estimate = (plus - minus) / n
    # The bracket begins a hair beside the estimate: at the estimate itself both sides may be zero. At a level near 0,
    # which the p-value of a change looks at, the limit itself lies within the hair.
    left, right = estimate - 1e-12, estimate + 1e-12
    low = -1.0 if minus == n else _crossing(above, -1.0, left)
    high = 1.0 if plus == n else _crossing(below, 1.0, right)
    return Interval(low, high)


def _crossing(function: Callable[[float], float], far: float, near: float) -> float:
    """Give the place between a far end and a near one where a function is zero; the near end if it is beyond that."""
    if function(far) * function(near) > 0:
        return near
    return float(brentq(function, far, near, xtol=1e-15))


def _least_minus(delta: float, plus: int, minus: int, n: int) -> float:
    """Give the likeliest share of minus answers when the difference of the two shares is ``delta``."""
    linear = -plus - minus + (2 * n - plus + minus) * delta
    constant = -minus * delta * (1 - delta)
    root = math.sqrt(max(0.0, linear * linear - 8 * n * constant))
    return (root - linear) / (4 * n)


def mover(now: float, now_limits: Interval, before: float, before_limits: Interval) -> Interval:
    """Give the interval of ``now - before`` from the two single intervals (square and add).

    Zou & Donner 2008 (Stat. Med. 27:1693). With Wilson limits this is Newcombe's hybrid score interval of a difference
    of shares (Newcombe 1998, Stat. Med. 17:873, method 10).
    """
    difference = now - before
    down = math.hypot(now - now_limits.low, before_limits.high - before)
    up = math.hypot(now_limits.high - now, before - before_limits.low)
    return Interval(difference - down, difference + up)


def jackknife_error(left_out: Sequence[float]) -> float:
    """Give the delete-one-cluster jackknife (JK1) standard error from the figures that leave out one cluster each."""
    groups = len(left_out)
    mean = math.fsum(left_out) / groups
    return math.sqrt((groups - 1) / groups * math.fsum((value - mean) ** 2 for value in left_out))
