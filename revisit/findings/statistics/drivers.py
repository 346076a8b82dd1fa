"""Drivers: how much of the overall satisfaction goes with each dimension, and which of them lead."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from revisit.findings.counts.codes import Floats, Ints
from revisit.findings.statistics.resampling import draw_answers, draw_clusters, moments_by, moments_of

LEAST_COMPLETE = 100
LEAST_OUTLETS = 6
LEAST_R2 = 0.10
MOST_VIF = 10.0
_MOST_DEPENDENT = 1e10


@dataclass(frozen=True, slots=True)
class Drivers:
    """LMG shares of R² by dimension, in the order given. ``leading``: the greatest and all not told apart from it.

    ``above_last``: told apart from the smallest. ``separable`` is false where R² is below 0.10 or a variance inflation
    factor above 10: then nothing may be said of single drivers. ``outlets``: the draws took outlets, else answers.
    """

    n: int
    r2: float
    shares: dict[str, float]
    leading: tuple[str, ...]
    above_last: tuple[str, ...]
    separable: bool
    outlets: bool
    dropped: tuple[str, ...]


def drive(outcome: Ints, scores: Mapping[str, Ints], outlet: Ints) -> Drivers | None:
    """Find what drives the outcome, from complete answers; None below a hundred, or where nothing varies.

    Lindeman, Merenda & Gold 1980; Grömping 2006 (J. Stat. Softw. 17(1)). Two drivers are told apart where their shares
    differ by more than z(1 - 0.05/2m) standard deviations of that difference over the draws, m being all pairs.
    """
    n = len(outcome)
    dropped = tuple(name for name, values in scores.items() if n and values.min() == values.max())
    names = [name for name in scores if name not in dropped]
    if n < LEAST_COMPLETE or len(names) < 2 or outcome.min() == outcome.max():
        return None
    table = np.column_stack([np.ones(n, np.int64), *(scores[name] for name in names), outcome])
    groups = int(outlet.max()) + 1
    moments = moments_by(table, outlet, groups) if groups >= LEAST_OUTLETS else None
    whole = moments_of(table)
    correlation = _correlation(whole[None])[0]
    shares = lmg(correlation[None])[0]
    drawn = lmg(_correlation(draw_clusters(moments) if moments is not None else draw_answers(table)))
    apart = _apart(shares, drawn)
    first, last = int(shares.argmax()), int(shares.argmin())
    alike = correlation[:-1, :-1]
    # Of drivers that make one another up wholly there is no inverse, and the pseudo-inverse would look harmless.
    vif = np.diag(np.linalg.inv(alike)).max() if np.linalg.cond(alike) < _MOST_DEPENDENT else math.inf
    r2 = float(shares.sum())
    return Drivers(
        n,
        r2,
        {name: float(share) for name, share in zip(names, shares, strict=True)},
        tuple(name for at, name in enumerate(names) if not apart[first, at]),
        tuple(name for at, name in enumerate(names) if apart[at, last]),
        r2 >= LEAST_R2 and bool(vif <= MOST_VIF),
        moments is not None,
        dropped,
    )


def lmg(correlations: Floats) -> Floats:
    """Give LMG shares from correlation matrices (draws x (K+1) x (K+1), the outcome last): draws x K, adding to R².

    LMG_j is the gain in R² by j, averaged over all orders: Σ |S|!(K-|S|-1)!/K! · (R²(S with j) - R²(S)).
    """
    size = correlations.shape[1] - 1
    explained = {frozenset[int](): np.zeros(len(correlations))}
    for count in range(1, size + 1):
        for chosen in itertools.combinations(range(size), count):
            inner = correlations[:, chosen, :][:, :, chosen]
            outer = correlations[:, chosen, size]
            explained[frozenset(chosen)] = np.einsum("bi,bij,bj->b", outer, np.linalg.pinv(inner), outer)
    shares = np.zeros((len(correlations), size))
    for subset, gained in explained.items():
        for j in range(size):
            if j not in subset:
                ways = math.factorial(len(subset)) * math.factorial(size - len(subset) - 1) / math.factorial(size)
                shares[:, j] += ways * (explained[subset | {j}] - gained)
    return shares


def _correlation(moments: Floats) -> Floats:
    """Turn sums of products (the first row and column belong to the constant) into correlations; 0 without spread."""
    n, sums = moments[:, 0, 0], moments[:, 0, 1:]
    spread = moments[:, 1:, 1:] * n[:, None, None] - sums[:, :, None] * sums[:, None, :]
    own = np.sqrt(np.maximum(np.einsum("bii->bi", spread), 0))
    scale = own[:, :, None] * own[:, None, :]
    found = np.divide(spread, scale, out=np.zeros_like(spread), where=scale > 0)
    size = found.shape[1]
    found[:, range(size), range(size)] = 1.0
    return np.asarray(found)


def _apart(shares: Floats, drawn: Floats) -> np.ndarray:
    pairs = len(shares) * (len(shares) - 1) / 2
    bound = float(ndtri(1 - 0.05 / (2 * pairs)))
    spread = (drawn[:, :, None] - drawn[:, None, :]).std(axis=0, ddof=1)
    return np.asarray(np.abs(shares[:, None] - shares[None, :]) > bound * spread)


def quadrant(share: float, score: float, shares: Sequence[float], scores: Sequence[float]) -> str:
    """Give the field of the importance-performance grid, whose cross-hairs are the means (Martilla & James 1977)."""
    important = share >= math.fsum(shares) / len(shares)
    good = score >= math.fsum(scores) / len(scores)
    if important:
        return "keep_up" if good else "fix_first"
    return "possible_overkill" if good else "low_priority"
