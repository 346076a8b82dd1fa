"""Nonresponse: whether those who answered look like those who were asked, as far as records of visits can tell."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import chdtrc

from revisit.findings.counts.codes import Floats, Ints
from revisit.findings.statistics.regression import indicators, logistic


class Association(NamedTuple):
    """Pearson's chi-square of response against a variable, with Cramér's V."""

    chi2: float
    df: int
    p: float
    v: float


def associate(answered: Sequence[float], asked: Sequence[float]) -> Association | None:
    """Test whether the response rate differs between categories; None with fewer than two, or one outcome only.

    Pearson 1900; Cramér 1946: V = √(χ²/n) for a table of two rows. No correction for continuity.
    """
    table = np.array([(k, n - k) for k, n in zip(answered, asked, strict=True) if n > 0], np.float64)
    if len(table) < 2 or (table.sum(axis=0) == 0).any():
        return None
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    chi2 = float(((table - expected) ** 2 / expected).sum())
    df = len(table) - 1
    return Association(chi2, df, float(chdtrc(df, chi2)), math.sqrt(chi2 / float(table.sum())))


def representativity(answered: np.ndarray, variables: Sequence[Ints]) -> float | None:
    """Give the R-indicator 1 - 2·SD of the response chances that a logistic model gives every visit; 1 is best.

    Schouten, Cobben & Bethlehem 2009, Survey Methodology 35:101. None where the model has no finite fit.
    """
    if not len(answered) or not variables:
        return None
    cells, place, sizes = np.unique(np.column_stack(variables), axis=0, return_inverse=True, return_counts=True)
    place = place.reshape(-1)
    columns = [np.ones((len(cells), 1)), *(indicators(column, int(column.max()) + 1) for column in cells.T)]
    design: Floats = np.hstack(columns)
    successes = np.bincount(place, weights=answered.astype(float)).astype(np.float64)
    chances = logistic(design, successes, sizes.astype(np.float64))
    if chances is None:
        return None
    mean = float((chances * sizes).sum() / sizes.sum())
    variance = float((sizes * (chances - mean) ** 2).sum()) / max(1, int(sizes.sum()) - 1)
    return 1 - 2 * math.sqrt(variance)
