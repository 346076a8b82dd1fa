"""Beta-binomial: shares of units drawn to their common share by what is known of each."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, betaln, expit, gammaln, log_expit, logit, ndtri, xlog1py, xlogy

from revisit.findings.counts.codes import Floats
from revisit.findings.statistics.roots import roots

# Points of the grid along its axes for few units and for many, whose posterior is smoother; how far the axes reach
# before they are narrowed, and how often they are.
_FEW, _FINE, _ROUGH = 50, (80, 48), (48, 32)
_WHOLE = (-30.0, 30.0), (-30.0, 12.0)
_FARTHEST = 200.0  # logits beyond this are as good as 0 and 1
# Logarithms of what is left out of the box, and of what moves no digit that is printed.
_FAR, _UNLIKELY = -25.0, -17.0
_ROUNDS = 3
_NEAR = 1e-8  # of a quantile
# Below this ρ shares spread by less than a hundredth of a point of 100: the answers cannot tell it from none.
_LEAST_RATIO = 1e-4
_Box = tuple[tuple[float, float], tuple[float, float]]


class ShrunkenShare(NamedTuple):
    """A unit's share, 0..1, drawn to that of all units, with the limits of its 95 % interval."""

    value: float
    low: float
    high: float


class _Points(NamedTuple):
    """Pairs of common share and spread (rows): their logs, or weights, and each unit's (columns) beta there."""

    logs: Floats
    a: Floats
    b: Floats


def shrink_shares(counts: Sequence[tuple[float, float]], level: float = 0.95) -> list[ShrunkenShare]:
    """Give the shares of units from (successes, n), each drawn to what all of them have in common.

    x ~ Binomial(n, θ), θ ~ Beta with mean m and standard deviation ρ·√(m(1 - m)); m and ρ are uniform on 0..1 and
    integrated numerically, so that the limits hold what is not known of the spread (a uniform prior on it: Gelman
    2006, Bayesian Analysis 1:515; the beta-binomial: Skellam 1948, JRSS B 10:257). Given m and ρ a unit's share is
    (α + x)/(α + β + n) with α + β = 1/ρ² - 1. Needs three units or more, of one answer at least.
    """
    if len(counts) < 3 or min(n for _, n in counts) < 1:
        raise ValueError("shrinking needs three units or more, and answers from each")
    successes, trials = (np.array(column, np.float64) for column in zip(*counts, strict=True))
    box = _WHOLE
    for _ in range(_ROUNDS):
        points, sizes = _points(box, successes, trials)
        box = _narrowed(points.logs.reshape(sizes), box)
    points, _ = _points(box, successes, trials)
    logs = points.logs - points.logs.max()
    likely = logs > _UNLIKELY
    weight = np.exp(logs[likely])
    found = _Points(weight / weight.sum(), points.a[likely], points.b[likely])
    value = found.logs @ (found.a / (found.a + found.b))
    low, high = (_quantile(found, wanted) for wanted in ((1 - level) / 2, (1 + level) / 2))
    return [ShrunkenShare(*(float(end) for end in row)) for row in zip(value, low, high, strict=True)]


def _points(box: _Box, successes: Floats, trials: Floats) -> tuple[_Points, tuple[int, int]]:
    """Give the log-posterior on an even grid over the box, and each unit's beta at each of its points; and its sizes.

    The second axis is logit ρ. The first is logit m, less that of the pooled share, in units of what m varies by at
    that ρ: so the grid is as narrow as the posterior is, whatever ρ. Even grids are exact for what fades at its ends.
    """
    sizes = _FINE if len(trials) < _FEW else _ROUGH
    axes = (np.linspace(*ends, size) for ends, size in zip(box, sizes, strict=True))
    steps, logits = np.meshgrid(*axes, indexing="ij")
    ratio = expit(logits.ravel())
    pooled = float((successes.sum() + 0.5) / (trials.sum() + 1))
    unit = np.sqrt((1 / trials.sum() + ratio**2 / len(trials)) / (pooled * (1 - pooled)))
    place = np.clip(float(logit(pooled)) + steps.ravel() * unit, -_FARTHEST, _FARTHEST)
    seen = np.maximum(ratio, _LEAST_RATIO)
    known = (1 - seen) * (1 + seen) / seen**2
    alpha, beta = (expit(place) * known)[:, None], (expit(-place) * known)[:, None]
    a, b = alpha + successes, beta + (trials - successes)
    none = gammaln(alpha) + gammaln(beta) - gammaln(known)[:, None]
    logs = (gammaln(a) + gammaln(b) - gammaln(known[:, None] + trials) - none).sum(axis=1)
    scale = log_expit(place) + log_expit(-place) + np.log(unit) + np.log(ratio) + np.log1p(-ratio)
    return _Points(np.asarray(logs + scale), a, b), sizes


def _narrowed(logs: Floats, box: _Box) -> _Box:
    """Give the part of a box outside which the posterior is nothing, one step more on either side."""
    near = logs > logs.max() + _FAR
    ends = []
    for (start, end), used in zip(box, (near.any(axis=1), near.any(axis=0)), strict=True):
        step, at = (end - start) / (len(used) - 1), np.flatnonzero(used)
        ends.append((max(start, start + (at[0] - 1) * step), min(end, start + (at[-1] + 1) * step)))
    return ends[0], ends[1]


def _quantile(found: _Points, wanted: float) -> Floats:
    """Give each unit's quantile of its mixture of betas."""
    means = found.a / (found.a + found.b)
    centre = found.logs @ means
    spread = np.sqrt(found.logs @ (means * (1 - means) / (found.a + found.b + 1) + (means - centre) ** 2))
    scale = betaln(found.a, found.b)

    def look(at: Floats) -> tuple[Floats, Floats]:
        logs = xlogy(found.a - 1, at) + xlog1py(found.b - 1, -at) - scale
        return found.logs @ betainc(found.a, found.b, at) - wanted, found.logs @ np.exp(logs)

    start = np.clip(centre + float(ndtri(wanted)) * spread, centre / 2, (1 + centre) / 2)
    return roots(look, np.zeros_like(centre), np.ones_like(centre), start, _NEAR)
