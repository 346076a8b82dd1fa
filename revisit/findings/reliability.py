"""Reliability: whether the items of a dimension hang together."""

import math

import numpy as np

from revisit.findings.columns import Columns, Ints

# Below this many complete answers the coefficient says nothing.
LEAST_COMPLETE = 50


def dimension_alpha(columns: Columns, dimension: str) -> float | None:
    """Give the alpha of a dimension's items over respondents who answered all of them; None below fifty of these."""
    items = columns.survey.items(dimension)
    complete = np.ones(len(columns), np.bool_)
    for item in items:
        complete &= columns.values[item.id] >= 0
    if len(items) < 2 or int(complete.sum()) < LEAST_COMPLETE:
        return None
    rows = []
    for item in items:
        values = columns.values[item.id][complete]
        rows.append(sum(item.points) - values if item.reversed else values)
    return alpha(rows)


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
