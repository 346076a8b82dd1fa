"""Comparisons of units: exact tests against their common figure, shrunken scores, and marks only where these allow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, ndtri, stdtr

from revisit.findings.counts.clusters import NO_EFFECT, Effect
from revisit.findings.counts.codes import Floats, Ints
from revisit.findings.scoring.changes import FALSE_DISCOVERIES, adjusted
from revisit.findings.statistics.beta_binomial import ShrunkenShare, shrink_shares
from revisit.findings.statistics.binomial import at_least, at_most, quantile
from revisit.findings.statistics.nonresponse import associate
from revisit.findings.statistics.roots import roots
from revisit.findings.withholding.suppression import LEAST

Mark = Literal["above", "below", "materially_below"]
# By unit what the spread between its outlets does to its figures, where these are a sample; None: too few to know.
Effects = Mapping[str, Effect | None]
# Below this many units there is nothing to compare them with.
LEAST_UNITS = 5
# Sums of more answers than this are as good as normal.
_MANY = 2000
# Finer lattices than this are brought down to it before sums are taken: a change below half a point of 100.
_STEPS = 240
# The levels of the funnel's limits.
EYE = 0.95, 0.998
_GRID = 2001
_SURE = 0.95
_UNLIKELY = 1e-15
# Quantiles are good to this, on 0..1; Newton needs about six steps for that.
_NEAR = 1e-13


@dataclass(frozen=True, slots=True)
class Compared:
    """Units of one parent on one metric. p-values are Benjamini-Hochberg's; centre and shrunken scores are on 0..100.

    ``differ`` is the p-value of Cochran's Q: above 0.05 the units do not differ more than chance would make them.
    """

    centre: float
    p: dict[str, float]
    shrunken: dict[str, tuple[float, float, float]]
    marks: dict[str, Mark]
    differ: float | None


def compare(counts: Mapping[str, Ints], materiality: float, effects: Effects | None = None) -> Compared | None:
    """Compare units by their counts on one lattice (0..steps); those with ten answers or more are tested.

    The target is the pooled figure of all units given. None below five tested units: then there are only intervals.
    ``effects``: what a sample of outlets does to a unit, where it does anything; None: too few to test the unit.
    """
    counts, effects = {name: _coarse(table) for name, table in counts.items()}, effects or {}
    tested = _tested({name: int(table.sum()) for name, table in counts.items()}, effects)
    if len(tested) < LEAST_UNITS:
        return None
    pooled = np.sum([counts[name] for name in sorted(counts)], axis=0)
    exact = dict(zip(tested, exact_sum_ps([counts[name] for name in tested], pooled), strict=True))
    p = adjusted(exact | over_outlets({name: _level(table) for name, table in counts.items()}, effects))
    means = np.array([_mean(counts[name]) for name in tested])
    centre = 100 * _mean(pooled)
    errors = _pooled_variance([counts[name] for name in tested]) / np.array([counts[name].sum() for name in tested])
    errors *= np.array([_usual(effects) if name in effects else 1.0 for name in tested])
    if not errors.all():
        return Compared(centre, p, {}, {}, None)
    shrunken = shrink(means, errors)
    sure = shrunken.below(materiality / 100)
    marks: dict[str, Mark] = {}
    for place, name in enumerate(tested):
        if sure[place] > _SURE:
            marks[name] = "materially_below"
        elif p[name] <= FALSE_DISCOVERIES:
            marks[name] = "below" if means[place] < _mean(pooled) else "above"
    low, high = shrunken.limits()
    scores = {
        name: (float(100 * shrunken.mean[place]), float(100 * low[place]), float(100 * high[place]))
        for place, name in enumerate(tested)
    }
    return Compared(centre, p, scores, marks, homogeneity_p(means, errors))


@dataclass(frozen=True, slots=True)
class ComparedShares:
    """Shares of the units of one parent: the pooled share, and for each tested unit p (corrected), mark and funnel.

    The funnel holds the 95 % and the 99.8 % limits, low before high; they are for the eye and mark nobody. ``differ``
    is the p-value of the chi-square of all units: above 0.05 they differ no more than chance would make them.
    """

    centre: float
    p: dict[str, float]
    shrunken: dict[str, ShrunkenShare]
    marks: dict[str, Mark]
    funnels: dict[str, tuple[float, float, float, float]]
    differ: float | None


def compare_shares(counts: Mapping[str, tuple[int, int]], effects: Effects | None = None) -> ComparedShares | None:
    """Compare shares given as (successes, n) with the pooled share, exactly; None below five units of ten answers.

    ``effects`` as for ``compare``; there the shares are drawn together, tested for differing at all and given limits as
    if they were of n divided by the design effect (Rao & Scott 1981, JASA 76:221).
    """
    effects = effects or {}
    tested = {name: counts[name] for name in _tested({name: n for name, (_, n) in counts.items()}, effects)}
    if len(tested) < LEAST_UNITS:
        return None
    centre = sum(k for k, _ in counts.values()) / sum(n for _, n in counts.values())
    exact = {name: exact_share_p(k, n, centre) for name, (k, n) in tested.items()}
    levels = {name: _Level(k / n, k / n * (1 - k / n) / max(1, n - 1), n) for name, (k, n) in counts.items() if n}
    p = adjusted(exact | over_outlets(levels, effects))
    marks: dict[str, Mark] = {
        name: "below" if k / n < centre else "above"
        for name, (k, n) in tested.items()
        if p[name] <= FALSE_DISCOVERIES and k / n != centre
    }
    deff = {name: _usual(effects) if name in effects else 1.0 for name in tested}
    sizes = {name: max(1, round(n / deff[name])) for name, (_, n) in tested.items()}
    limits = {
        n: (*funnel(centre, n, EYE[0]), *funnel(centre, n, EYE[1])) for n in set(sizes.values()) if 0 < centre < 1
    }
    funnels = {name: limits.get(n, (centre,) * 4) for name, n in sizes.items()}
    reckoned = [(k / deff[name], n / deff[name]) for name, (k, n) in tested.items()]
    shrunken = dict(zip(tested, shrink_shares(reckoned), strict=True))
    successes, trials = zip(*reckoned, strict=True)
    differ = associate(successes, trials)
    return ComparedShares(centre, p, shrunken, marks, funnels, None if differ is None else differ.p)


class _Level(NamedTuple):
    """A unit's mean on 0..1, its variance were its answers drawn one by one, and how many there are."""

    mean: float
    variance: float
    n: int


def _level(counts: Ints) -> _Level:
    n, mean = int(counts.sum()), _mean(counts) if counts.sum() else 0.0
    values = np.arange(len(counts)) / (len(counts) - 1)
    return _Level(mean, float((counts * (values - mean) ** 2).sum()) / max(1, n * (n - 1)), n)


def _tested(sizes: Mapping[str, int], effects: Effects) -> list[str]:
    """Give the units with ten answers or more, but those whose outlets are too few to tell how much they differ."""
    return sorted(name for name, n in sizes.items() if n >= LEAST and effects.get(name, NO_EFFECT) is not None)


def _usual(effects: Effects) -> float:
    """Give the mean design effect of the units that are tested over their outlets: that of one is a rough figure."""
    known = [one.deff for one in effects.values() if one is not None]
    return math.fsum(known) / len(known) if known else 1.0


def over_outlets(levels: Mapping[str, _Level], effects: Effects) -> dict[str, float]:
    """Give p for each unit whose outlets are a sample: it less all other units, by Student's t over its outlets.

    The pooled figure differs from a unit's as that of the others does. Both variances are the jackknife's over outlets;
    the degrees of freedom are those of the unit itself, which has fewer outlets than the others have together.
    """
    spread = {name: one.variance * (effects.get(name) or NO_EFFECT).deff for name, one in levels.items()}
    found = {}
    for name, effect in effects.items():
        if effect is None or effect.df is None or levels[name].n < LEAST:
            continue
        rest = [other for other in levels if other != name]
        whole = sum(levels[other].n for other in rest)
        if not whole:
            continue
        mean = math.fsum(levels[other].n * levels[other].mean for other in rest) / whole
        variance = math.fsum((levels[other].n / whole) ** 2 * spread[other] for other in rest) + spread[name]
        distance = abs(levels[name].mean - mean)
        found[name] = 2 * float(stdtr(effect.df, -distance / math.sqrt(variance))) if variance > 0 else 1.0
    return found


def _coarse(counts: Ints) -> Ints:
    """Bring a lattice finer than 240 steps down to 240, by rounding half up."""
    steps = len(counts) - 1
    if steps <= _STEPS:
        return counts
    places = (2 * np.arange(steps + 1) * _STEPS + steps) // (2 * steps)
    return np.bincount(places, weights=counts, minlength=_STEPS + 1).astype(np.int64)


def _mean(counts: Ints) -> float:
    """Give the mean on 0..1."""
    return int((np.arange(len(counts)) * counts).sum()) / int(counts.sum()) / (len(counts) - 1)


def _pooled_variance(tables: list[Ints]) -> float:
    """Give the variance of one answer within units, on 0..1."""
    squares, freedom = 0.0, 0
    for table in tables:
        values = np.arange(len(table)) / (len(table) - 1)
        squares += float((table * (values - _mean(table)) ** 2).sum())
        freedom += int(table.sum()) - 1
    return squares / freedom


def exact_sum_p(counts: Ints, pooled: Ints) -> float:
    """Give the two-sided exact p-value of a unit's sum of scores, were its answers drawn from the pooled ones.

    The distribution of the sum of n answers is the n-fold convolution of the pooled one, by FFT; twice the smaller
    tail, at most 1. Above 2,000 answers the normal distribution with the pooled variance.
    """
    return exact_sum_ps([counts], pooled)[0]


def exact_sum_ps(tables: Sequence[Ints], pooled: Ints) -> list[float]:
    """Give the p-values of ``exact_sum_p`` for many units; units of like size share a transform."""
    values, share = np.arange(len(pooled)), pooled / pooled.sum()
    waves: dict[int, NDArray[np.complex128]] = {}
    found = []
    for counts in tables:
        n, total = int(counts.sum()), int((values * counts).sum())
        if n > _MANY:
            mean = float((share * values).sum())
            error = math.sqrt(n * float((share * (values - mean) ** 2).sum()))
            found.append(min(1.0, 2 * float(ndtr(-abs(total - n * mean) / error))) if error else 1.0)
            continue
        size = 1 << (n * (len(counts) - 1)).bit_length()
        if size not in waves:
            waves[size] = np.fft.rfft(share, size)
        chance = np.maximum(np.fft.irfft(waves[size] ** n, size), 0.0)
        found.append(min(1.0, 2 * min(float(chance[: total + 1].sum()), float(chance[total:].sum()))))
    return found


def exact_share_p(successes: int, n: int, target: float) -> float:
    """Give the two-sided exact binomial p-value of a share against a target: twice the smaller tail, at most 1."""
    return min(1.0, 2 * min(at_most(successes, n, target), at_least(successes, n, target)))


@dataclass(frozen=True, slots=True)
class Shrunken:
    """The posterior of unit means on 0..1: for each grid value of tau (rows) each unit's normal (columns)."""

    centre: float
    weight: Floats
    means: Floats
    deviations: Floats

    @property
    def mean(self) -> Floats:
        """Give the posterior mean of each unit."""
        return np.asarray(self.weight @ self.means)

    def below(self, margin: float) -> Floats:
        """Give the probability of each unit lying more than ``margin`` below the posterior mean of all."""
        return np.asarray(self.weight @ ndtr((self.centre - margin - self.means) / self.deviations))

    def limits(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Give each unit's equal-tailed interval: the quantiles of the mixture."""
        return self._quantile((1 - level) / 2), self._quantile((1 + level) / 2)

    def _quantile(self, wanted: float) -> Floats:
        """Find each unit's quantile of its mixture of normals."""
        reach = 8 * self.deviations
        low, high = (self.means - reach).min(axis=0), (self.means + reach).max(axis=0)
        centre = self.weight @ self.means
        spread = np.sqrt(self.weight @ (self.deviations**2 + (self.means - centre) ** 2))

        def look(at: Floats) -> tuple[Floats, Floats]:
            z = (at - self.means) / self.deviations
            slope = self.weight @ (np.exp(-0.5 * z * z) / self.deviations) / math.sqrt(2 * math.pi)
            return self.weight @ ndtr(z) - wanted, slope

        return roots(look, low, high, np.clip(centre + float(ndtri(wanted)) * spread, low, high), _NEAR)


def shrink(means: Floats, errors: Floats) -> Shrunken:
    """Give the posterior of unit means under y ~ N(theta, error), theta ~ N(mu, tau²), mu and tau uniform.

    mu is integrated in closed form, tau on a grid (Gelman 2006, Bayesian Analysis 1:515; R bayesmeta, tau.prior
    "uniform"). Needs three units or more: with fewer a uniform tau has no proper posterior. ``errors`` are variances.
    """
    if len(means) < 3:
        raise ValueError("shrinking needs three units or more")
    reach = 10 * max(float(means.std(ddof=1)), math.sqrt(float(errors.max())))
    tau = (np.arange(_GRID) + 0.5) / _GRID * reach
    precision = 1 / (tau[:, None] ** 2 + errors)
    whole = precision.sum(axis=1)
    mu = (precision * means).sum(axis=1) / whole
    logs = 0.5 * np.log(precision).sum(axis=1) - 0.5 * np.log(whole)
    logs -= 0.5 * (precision * (means - mu[:, None]) ** 2).sum(axis=1)
    weight = np.exp(logs - logs.max())
    likely = weight > _UNLIKELY  # the others cannot move a digit of what is printed, and are most of the grid
    tau, precision, mu, whole, weight = tau[likely], precision[likely], mu[likely], whole[likely], weight[likely]
    weight /= weight.sum()
    pull = errors * precision  # how far each unit is drawn to mu
    centres = means + pull * (mu[:, None] - means)
    spread = errors * tau[:, None] ** 2 * precision + pull**2 / whole[:, None]
    return Shrunken(float(weight @ mu), weight, centres, np.sqrt(spread))


def homogeneity_p(means: Floats, errors: Floats) -> float:
    """Give the p-value of Cochran's Q: whether the units differ more than chance would make them (Cochran 1954)."""
    weight = 1 / errors
    centre = float((weight * means).sum() / weight.sum())
    return float(chdtrc(len(means) - 1, float((weight * (means - centre) ** 2).sum())))


def funnel(target: float, n: int, level: float) -> tuple[float, float]:
    """Give the funnel limits of a share around a target: interpolated exact binomial ones.

    Spiegelhalter 2005 (Stat. Med. 24:1185). For the eye only; units are marked by ``compare``.
    """
    ends = []
    for probability in ((1 - level) / 2, (1 + level) / 2):
        reached = quantile(probability, n, target)
        over = at_most(reached, n, target)
        under = at_most(reached - 1, n, target)
        ends.append((reached - (over - probability) / (over - under)) / n)
    return max(0.0, ends[0]), min(1.0, ends[1])
