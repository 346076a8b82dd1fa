"""Coverage of the intervals, counted over every possible sample or over seeded draws; see docs/methods.md."""

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

from revisit.findings.scoring.scores import moments
from revisit.findings.statistics.intervals import Interval, score_t, tango, wilson

SHAPES: dict[str, tuple[float, ...]] = {
    "typical": (0.03, 0.04, 0.13, 0.35, 0.45),
    "ceiling": (0.01, 0.01, 0.03, 0.15, 0.80),
    "polar": (0.15, 0.05, 0.05, 0.15, 0.60),
    "symmetric": (0.1, 0.2, 0.4, 0.2, 0.1),
    "rare-bad": (0.02, 0.0, 0.0, 0.08, 0.90),
}
# Promoters, passives, detractors.
MIXES: tuple[tuple[float, float, float], ...] = (
    (0.80, 0.15, 0.05),
    (0.60, 0.25, 0.15),
    (0.45, 0.30, 0.25),
    (0.30, 0.30, 0.40),
    (0.92, 0.05, 0.03),
)


def count_vectors(n: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Give every way to place n answers into cells."""
    if cells == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in count_vectors(n - first, cells - 1):
            yield (first, *rest)


@cache
def mean_intervals(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give every count vector of n answers on five points with the two limits on 0..1."""
    vectors, lows, highs = [], [], []
    for counts in count_vectors(n, 5):
        limits = item_interval(counts)
        vectors.append(counts)
        lows.append(limits.low)
        highs.append(limits.high)
    return np.array(vectors), np.array(lows), np.array(highs)


def item_interval(counts: tuple[int, ...]) -> Interval:
    """Give the score-t limits of an item on 0..1 from its counts."""
    n, mean, variance = moments({value: int(count) for value, count in enumerate(counts)})
    top = len(counts) - 1
    limits = score_t(float(mean) / top, float(variance) / top**2, n)
    assert limits is not None
    return limits


def mean_coverage(shape: str, n: int) -> float:
    """Give the exact coverage of the score-t interval for one item, over all count vectors."""
    chances = np.array(SHAPES[shape])
    truth = float((chances * np.arange(5)).sum()) / 4
    vectors, lows, highs = mean_intervals(n)
    with np.errstate(divide="ignore"):
        logs = np.where(vectors > 0, vectors * np.log(np.where(chances > 0, chances, 1e-300)), 0.0).sum(axis=1)
    factorials = np.array([math.lgamma(count + 1) for count in range(n + 1)])
    weight = np.exp(factorials[n] - factorials[vectors].sum(axis=1) + logs)
    return float(weight[(lows <= truth + 1e-12) & (truth <= highs + 1e-12)].sum())


def drawn_mean_coverage(shape: str, n: int, draws: int, seed: int) -> float:
    """Give the coverage of the score-t interval for one item, over seeded draws."""
    chances = np.array(SHAPES[shape])
    truth = float((chances * np.arange(5)).sum()) / 4
    samples = np.random.default_rng(seed).multinomial(n, chances, draws)
    hits = 0
    for counts in samples:
        limits = item_interval(tuple(counts))
        hits += limits.low <= truth <= limits.high
    return hits / draws


def share_coverages(n: int) -> list[float]:
    """Give the exact coverage of Wilson's interval for p = 0.50, 0.51, … 0.99."""
    limits = [wilson(successes, n) for successes in range(n + 1)]
    found = []
    for p in np.arange(50, 100) / 100:
        chance = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
        found.append(math.fsum(c for c, i in zip(chance, limits, strict=True) if i and i.low <= p <= i.high))
    return found


@cache
def nps_intervals(n: int) -> dict[tuple[int, int], Interval]:
    """Give Tango's limits for every count of promoters and detractors."""
    found = {}
    for plus in range(n + 1):
        for minus in range(n + 1 - plus):
            limits = tango(plus, minus, n)
            assert limits is not None
            found[plus, minus] = limits
    return found


def nps_coverage(mix: tuple[float, float, float], n: int) -> float:
    """Give the exact coverage of the NPS interval for shares of promoters, passives and detractors."""
    truth = mix[0] - mix[2]
    total = []
    for (plus, minus), limits in nps_intervals(n).items():
        ways = math.comb(n, plus) * math.comb(n - plus, minus)
        chance = ways * mix[0] ** plus * mix[2] ** minus * mix[1] ** (n - plus - minus)
        if limits.low <= truth + 1e-12 and truth <= limits.high + 1e-12:
            total.append(chance)
    return math.fsum(total)
