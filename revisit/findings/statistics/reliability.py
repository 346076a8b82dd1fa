"""Reliability: whether the items of a dimension hang together."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from revisit.findings.counts.codes import Ints
from revisit.findings.counts.columns import Columns

# Below this many complete answers the coefficient says nothing.
LEAST_COMPLETE = 50
# A unique variance below this share is a Heywood case: the factor explains an item wholly, which no item deserves.
_LEAST_UNIQUE = 0.005
_MOST_DEPENDENT = 1e10
# Between these alpha is as it should be.
WEAK, TOO_ALIKE = 0.6, 0.95


def dimension_alpha(columns: Columns, dimension: str) -> float | None:
    """Give the alpha of a dimension's items over respondents who answered all of them; None below fifty of these."""
    rows = _complete(columns, dimension)
    return None if rows is None or len(rows) < 2 else alpha(rows)


def _complete(columns: Columns, dimension: str) -> list[Ints] | None:
    """Give the turned items of those who answered all of a dimension; None below fifty."""
    items = columns.survey.items(dimension)
    complete = np.ones(len(columns), np.bool_)
    for item in items:
        complete &= columns.values[item.id] >= 0
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
