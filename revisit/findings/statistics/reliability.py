"""Reliability: whether the items of a dimension hang together."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from revisit.findings.counts.clusters import LEAST_CLUSTERS
from revisit.findings.counts.codes import Flags, Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.statistics.intervals import LEVEL
from revisit.findings.statistics.methods import OVER_OUTLETS
from revisit.findings.statistics.resampling import DRAWS, SEED, draw_answers, draw_clusters, moments_by

# Below this many complete answers the coefficient says nothing, and below this its interval.
LEAST_COMPLETE, LEAST_DRAWN = 50, 300
# A unique variance below this share is a Heywood case: the factor explains an item wholly, which no item deserves.
_LEAST_UNIQUE = 0.005
_MOST_DEPENDENT = 1e10
# Between these alpha is as it should be.
WEAK, TOO_ALIKE = 0.6, 0.95


def dimension_alpha(columns: Columns, dimension: str) -> float | None:
    """Give the alpha of a dimension's items over respondents who answered all of them; None below fifty of these."""
    rows = _complete(columns, dimension)
    return None if rows is None or len(rows) < 2 else alpha(rows)


def alpha_interval(columns: Columns, dimension: str) -> dict[str, Any] | None:
    """Give the percentile bootstrap interval of a dimension's alpha; None below 300 complete answers.

    It is approximate: 88 to 96 % instead of 95. Where some outlets stand for all, outlets are drawn, else answers.
    Intervals in closed form (Feldt, Bonett) cover less where most answers are fives.
    """
    rows = _complete(columns, dimension)
    if rows is None or not len(rows) >= 2 or len(rows[0]) < LEAST_DRAWN:
        return None
    table = np.column_stack([np.ones(len(rows[0]), np.int64), *rows])
    outlet = columns.outlet[_answered_all(columns, dimension)] if columns.outlet is not None else None
    names, place = np.unique(outlet, return_inverse=True) if outlet is not None else (np.zeros(0), None)
    if place is not None and len(names) >= LEAST_CLUSTERS:
        method, drawn = "bootstrap" + OVER_OUTLETS, draw_clusters(moments_by(table, place.reshape(-1), len(names)))
    else:
        method, drawn = "bootstrap", draw_answers(table)
    found = _alphas(drawn)
    if not np.isfinite(found).all():
        return None
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    told = {"method": method, "approximate": True, "seed": SEED, "draws": DRAWS}
    return {"low": float(low), "high": float(high)} | told


def _alphas(moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give alpha from each draw's sums of products, of which the first row and column belong to a constant."""
    n, sums = moments[:, 0, 0], moments[:, 0, 1:]
    spread = moments[:, 1:, 1:] * n[:, None, None] - sums[:, :, None] * sums[:, None, :]
    own, items = np.einsum("bii->bi", spread), spread.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):  # a draw in which an item does not vary has none
        if items == 2:
            r = spread[:, 0, 1] / np.sqrt(own.prod(axis=1))
            return np.asarray(2 * r / (1 + r))
        return np.asarray(items / (items - 1) * (1 - own.sum(axis=1) / spread.sum(axis=(1, 2))))


def _answered_all(columns: Columns, dimension: str) -> Flags:
    complete = np.ones(len(columns), np.bool_)
    for item in columns.survey.items(dimension):
        complete &= columns.values[item.id] >= 0
    return complete


def _complete(columns: Columns, dimension: str) -> list[Ints] | None:
    """Give the turned items of those who answered all of a dimension; None below fifty."""
    items, complete = columns.survey.items(dimension), _answered_all(columns, dimension)
    if int(complete.sum()) < LEAST_COMPLETE:
        return None
    rows = []
    for item in items:
        values = columns.values[item.id][complete]
        rows.append(sum(item.points) - values if item.reversed else values)
    return rows


def judge_alpha(found: float | None) -> str | None:
    """Say what to look at: ``keyed_wrongly`` below 0, ``weak`` below .6, ``too_alike`` above .95; else None.

    Below 0 an item is worded the other way and not marked so; weak items do not belong together; answers that are too
    much alike may have been given without reading.
    """
    if found is None:
        return None
    if found < 0:
        return "keyed_wrongly"
    return "weak" if found < WEAK else "too_alike" if found > TOO_ALIKE else None


def alpha(answers: list[Ints]) -> float | None:
    """Give Cronbach's alpha of complete, turned answers (a list of arrays of one length); None where it is not defined.

    alpha = k/(k-1)·(1 - Σs²/s²_total) for three items or more; for two Spearman-Brown 2r/(1+r) (Eisinga et al. 2013,
    Int. J. Public Health 58:637). One item, or items without variance, have none.
    """
    items = len(answers)
    if items < 2 or len(answers[0]) < 2:
        return None
    table = np.array(answers, dtype=np.int64)
    n = table.shape[1]
    sums = table.sum(axis=1)
    spread = n * (table @ table.T) - np.outer(sums, sums)
    own, whole = np.diag(spread), int(spread.sum())
    if items == 2:
        if own[0] == 0 or own[1] == 0:
            return None
        r = int(spread[0, 1]) / math.sqrt(int(own[0]) * int(own[1]))
        return None if r <= -1 else 2 * r / (1 + r)
    return None if whole == 0 else items / (items - 1) * (1 - int(own.sum()) / whole)


def dimension_omega(columns: Columns, dimension: str) -> float | None:
    """Give omega total of a dimension's items over complete answers; None below fifty of these or three items."""
    rows = _complete(columns, dimension)
    return None if rows is None or len(rows) < 3 else omega(rows)


def omega(answers: list[Ints]) -> float | None:
    """Give McDonald's omega total of complete, turned answers: (Σλ)²/((Σλ)² + Σψ) from one common factor.

    The factor is fitted to the correlations by maximum likelihood, loadings and unique variances brought back to the
    items' scale (McDonald 1999, Test Theory). None where an item does not vary or a unique variance reaches zero.
    """
    table = np.array(answers, np.float64)
    spread = table.std(axis=1, ddof=1)
    if (spread == 0).any():
        return None
    correlation = np.corrcoef(table)
    if np.linalg.cond(correlation) > _MOST_DEPENDENT:
        return None
    best = minimize(
        _misfit,
        np.log(1 / np.diag(np.linalg.inv(correlation))),
        args=(correlation,),
        method="L-BFGS-B",
        bounds=[(math.log(_LEAST_UNIQUE), 0.0)] * len(table),
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000},
    )
    unique = np.exp(best.x)
    if (unique <= _LEAST_UNIQUE * 1.001).any():
        return None
    values, vectors = np.linalg.eigh(correlation / np.sqrt(np.outer(unique, unique)))
    loading = np.sqrt(unique) * vectors[:, -1] * math.sqrt(max(0.0, float(values[-1]) - 1))
    common = float((loading * spread).sum()) ** 2
    return common / (common + float((unique * spread**2).sum()))


def _misfit(logs: NDArray[np.float64], correlation: NDArray[np.float64]) -> float:
    """Give what maximum likelihood makes least: over all roots of Ψ^-½RΨ^-½ but the greatest, Σ(θ - log θ - 1)."""
    scale = np.exp(-logs / 2)
    roots = np.linalg.eigvalsh(correlation * np.outer(scale, scale))[:-1]
    return float((roots - np.log(np.maximum(roots, 1e-300)) - 1).sum())
