"""Resampling: sums of products of answers that are drawn anew, a thousand times and always alike."""

import numpy as np

from revisit.findings.counts.codes import Floats, Ints

# Whoever repeats the computation with this seed gets the same figures.
SEED = 20_260
DRAWS = 1000


def moments_of(table: Ints) -> Floats:
    """Give the sums of products of the columns of a table."""
    return np.asarray((table.T @ table).astype(np.float64))


def moments_by(table: Ints, cluster: Ints, groups: int) -> Floats:
    """Give the same for each cluster, numbered from 0."""
    return np.array([moments_of(table[cluster == group]) for group in range(groups)])


def draw_clusters(moments: Floats) -> Floats:
    """Give the sums over as many clusters, drawn with replacement, for each draw."""
    groups = len(moments)
    times = np.random.default_rng(SEED).multinomial(groups, np.full(groups, 1 / groups), DRAWS)
    return np.asarray(np.einsum("bg,gij->bij", times.astype(np.float64), moments))


def draw_answers(table: Ints) -> Floats:
    """Draw answers by their distinct patterns, so that the order in which they came changes nothing."""
    patterns, counts = np.unique(table, axis=0, return_counts=True)
    chance = np.random.default_rng(SEED)
    drawn = []
    for _ in range(DRAWS):
        times = chance.multinomial(len(table), counts / len(table))
        drawn.append((patterns.T * times) @ patterns)
    return np.array(drawn, np.float64)
