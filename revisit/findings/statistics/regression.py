"""Regression: least squares with clustered errors, and the logistic model, as far as the findings need them."""

from typing import NamedTuple

import numpy as np
from scipy.special import expit, fdtrc, stdtr

from revisit.findings.counts.codes import Floats, Ints

_STEPS = 50
_NEAR = 1e-12
_DUST = 1e-9  # errors as small as this are those of rounding


class Fit(NamedTuple):
    """Coefficients, their covariance, and the degrees of freedom of tests: clusters - 1."""

    beta: Floats
    covariance: Floats
    df: int

    def p(self, place: int) -> float:
        """Give the two-sided p-value of one coefficient."""
        return float(2 * stdtr(self.df, -abs(self.beta[place]) / np.sqrt(self.covariance[place, place])))

    def measured(self, places: list[int]) -> bool:
        """Say whether the errors of these coefficients are known: not where one has none or follows from others."""
        part = self.covariance[np.ix_(places, places)]
        dust = _DUST * max(1.0, float(np.abs(self.beta).max()))
        return bool(np.diag(part).min() > dust**2) and int(np.linalg.matrix_rank(part)) == len(places)

    def joint_p(self, places: list[int]) -> float:
        """Give the p-value of Wald's test that these coefficients are all zero (F with their number and df)."""
        part = self.beta[places]
        wald = float(part @ np.linalg.solve(self.covariance[np.ix_(places, places)], part))
        return float(fdtrc(len(places), self.df, wald / len(places)))


def clustered(design: Floats, outcome: Floats, cluster: Ints) -> Fit | None:
    """Fit least squares with the cluster-robust covariance CR1; None where the columns of the design are dependent.

    CR1: (XᵀX)⁻¹ (Σ X_gᵀe_g e_gᵀX_g) (XᵀX)⁻¹ · G/(G-1) · (N-1)/(N-K). Cameron & Miller 2015, J. Hum. Res. 50:317.
    """
    answers, width = design.shape
    groups = int(cluster.max()) + 1 if answers else 0
    if groups < 2 or answers <= width or np.linalg.matrix_rank(design) < width:
        return None
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ (design.T @ outcome)
    scores = design * (outcome - design @ beta)[:, None]
    sums = np.array([np.bincount(cluster, weights=column, minlength=groups) for column in scores.T])
    factor = groups / (groups - 1) * (answers - 1) / (answers - width)
    return Fit(beta, factor * bread @ (sums @ sums.T) @ bread, groups - 1)


def logistic(design: Floats, successes: Floats, trials: Floats) -> Floats | None:
    """Give the fitted probabilities of a logistic model for grouped counts, by Newton's steps; None without a fit."""
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = expit(design @ beta)
        weight = trials * chance * (1 - chance)
        information = design.T @ (design * weight[:, None])
        if np.linalg.cond(information) > 1 / np.finfo(float).eps:
            return None  # a group in which all or none answered: there is no finite fit
        step = np.linalg.solve(information, design.T @ (successes - trials * chance))
        beta = beta + step
        if np.abs(step).max() < _NEAR:
            return np.asarray(expit(design @ beta))
    return None


def indicators(codes: Ints, size: int) -> Floats:
    """Give columns of 0 and 1 for each code that occurs but the commonest, which is the one compared with."""
    counts = np.bincount(codes, minlength=size)
    used = [code for code in np.flatnonzero(counts) if code != counts.argmax()]
    return np.array([codes == code for code in used], np.float64).T.reshape(len(codes), len(used))
