"""Clusters: what it does to an interval that customers answered more than once, or that some outlets stand for all."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from revisit.findings.counts import composites
from revisit.findings.counts.codes import SINGLE_CHOICE, ZERO_TO_TEN, Flags, Floats, Ints, is_counted
from revisit.findings.counts.columns import Columns
from revisit.findings.counts.lattices import Lattice, weights
from revisit.records.survey import Question

# Below this many customers, or outlets, the spread between them cannot be measured.
LEAST_CLUSTERS = 6


class Effect(NamedTuple):
    """By how much a variance is greater because answers of one customer, or outlet, are alike (Kish 1965), at least 1.

    ``df`` are the degrees of freedom of Student's t, clusters - 1; None: those of single answers. ``outlets``: the
    clusters are outlets.
    """

    deff: float
    df: int | None
    outlets: bool = False


NO_EFFECT = Effect(1.0, None)
# A figure as columns of one length: weights of its means, and for each mean the values and who has one.
_Means = list[tuple[float, Floats, Flags]]


def greater(one: Mapping[str, Effect], other: Mapping[str, Effect]) -> dict[str, Effect]:
    """Give for each path the greater of two effects."""
    if not other:
        return dict(one)
    names = sorted({*one, *other})
    return {name: max(one.get(name, NO_EFFECT), other.get(name, NO_EFFECT), key=lambda at: at.deff) for name in names}


def repeating(columns: Columns, group: Ints) -> Ints:
    """Give the groups in which a customer answered more than once."""
    known = np.array([bool(name) for name in columns.customers], np.bool_)[columns.customer] if len(columns) else None
    if known is None or not known.any():
        return np.zeros(0, np.int64)
    found, times = np.unique(np.column_stack([group[known], columns.customer[known]]), axis=0, return_counts=True)
    return np.unique(found[times > 1, 0])


def effects_by(columns: Columns, group: Ints) -> dict[int, dict[str, Effect]]:
    """Give by group the effects on its figures, by their paths; a group on which there is none is left out.

    Where outlets stand for all, the spread between them holds that between their customers.
    """
    found = {int(at): design_effects(columns.pick(group == at)) for at in repeating(columns, group)}
    if columns.outlet is None:
        return found
    for at in _spread_over(columns.outlet, group):
        picked = columns.pick(group == at)
        assert picked.outlet is not None  # noqa: S101 — picked from columns that have it
        found[at] = found.get(at, {}) | outlet_effects(picked, picked.outlet)
    return found


def _spread_over(outlet: Ints, group: Ints) -> list[int]:
    """Give the groups whose answers all come from sampled outlets, six of them or more."""
    pairs = np.unique(np.column_stack([group, outlet]), axis=0)
    groups, sizes = np.unique(pairs[:, 0], return_counts=True)
    whole = set(pairs[pairs[:, 1] < 0, 0].tolist())
    return [at for at in groups[sizes >= LEAST_CLUSTERS].tolist() if at not in whole]


def design_effects(columns: Columns) -> dict[str, Effect]:
    """Give the effect on each figure by its path, where customers answered more than once; see ``effect``."""
    unknown = np.array([not name for name in columns.customers], np.bool_)[columns.customer]
    cluster = np.where(unknown, len(columns.customers) + np.arange(len(columns)), columns.customer)
    return _effects(columns, cluster, effect)


def outlet_effects(columns: Columns, outlet: Ints) -> dict[str, Effect]:
    """Give the effect on each figure by its path, where some outlets stand for all; see ``outlet_effect``."""
    return _effects(columns, outlet, outlet_effect)


def _effects(columns: Columns, cluster: Ints, find: Callable[[_Means, Ints], Effect | None]) -> dict[str, Effect]:
    survey = columns.survey
    cluster = _places(cluster)
    figures: dict[str, _Means] = {}
    for question in survey.questions:
        if is_counted(question):
            figures |= _of_question(question, columns.values[question.id])
    parts = {}
    for name, (score, top) in columns.scores.items():
        parts[name] = score / Lattice.of(survey, name).steps, score >= 0
        figures[f"dimensions.{name}"] = [(1.0, *parts[name])]
        figures[f"dimensions.{name}.top2"] = [(1.0, top.astype(np.float64), score >= 0)]
    weighted = weights(survey)
    whole = math.fsum(weighted.values())
    figures["csi"] = [(weight / whole, *parts[name]) for name, weight in weighted.items()]
    for one in survey.composites:
        counted = {name: weight for name, weight in composites.weighted(one).items() if survey.part(name) is not None}
        figures[f"composites.{one.id}"] = [
            (weight / math.fsum(counted.values()), *composites.unit_scores(columns, name))
            for name, weight in counted.items()
        ]
    found = {path: find(means, cluster) for path, means in figures.items()}
    return {path: one for path, one in found.items() if one is not None}


def _of_question(question: Question, values: Ints) -> dict[str, _Means]:
    path, valid = f"items.{question.id}", values >= 0
    if question.kind == SINGLE_CHOICE:
        return {
            f"{path}.{choice.code}": [(1.0, (values == place).astype(np.float64), valid)]
            for place, choice in enumerate(question.choices)
        }
    if question.kind == ZERO_TO_TEN:
        return {path: [(1.0, ((values >= 9).astype(np.float64) - (values <= 6) + 1) / 2, valid)]}
    low, high = question.points
    unit = (high - values if question.reversed else values - low) / (high - low)
    second = (high - low - 1) / (high - low)
    return {path: [(1.0, unit, valid)], f"{path}.top2": [(1.0, (unit >= second - 1e-9).astype(np.float64), valid)]}


def effect(means: _Means, cluster: Ints) -> Effect | None:
    """Give the design effect of a weighted sum of means on 0..1: V by the jackknife over clusters, by plain V.

    JK1: V = (G-1)/G·Σ(θ_(g) - θ̄)², θ_(g) leaving out one cluster, as R survey's as.svrepdesign(type="JK1",
    mse=FALSE). None below six clusters, or where there is no spread to compare.
    """
    if not means or any(not valid.any() for _, _, valid in means):
        return None
    groups = int(cluster.max()) + 1
    left_out, deviation = np.zeros(groups), np.zeros(len(cluster))
    there = np.zeros(groups, np.bool_)
    for weight, values, valid in means:
        counts = np.bincount(cluster[valid], minlength=groups)
        sums = np.bincount(cluster[valid], weights=values[valid], minlength=groups)
        rest = counts.sum() - counts
        if (rest == 0).any():
            return None
        mean = float(sums.sum() / counts.sum())
        left_out += weight * (sums.sum() - sums) / rest
        deviation += np.where(valid, weight * (values - mean) / counts.sum(), 0.0)
        there |= counts > 0
    used, n = int(there.sum()), int(np.logical_or.reduce([valid for _, _, valid in means]).sum())
    plain = math.fsum(deviation**2) * n / (n - 1) if n > 1 else 0.0
    if used < LEAST_CLUSTERS or plain <= 0:
        return None
    spread = left_out[there] - math.fsum(left_out[there]) / used
    return Effect(max(1.0, (used - 1) / used * math.fsum(spread**2) / plain), used - 1)


def outlet_effect(means: _Means, outlet: Ints) -> Effect | None:
    """Give the design effect of outlets that stand for all; where answers do not vary it is 1, with outlets - 1."""
    found = effect(means, outlet)
    if found is not None:
        return found._replace(outlets=True)
    if not means or any(not valid.any() or np.ptp(values[valid]) > 0 for _, values, valid in means):
        return None
    used = len(np.unique(outlet[np.logical_or.reduce([valid for _, _, valid in means])]))
    return Effect(1.0, used - 1, outlets=True) if used >= LEAST_CLUSTERS else None


def share_effect(columns: Columns, chosen: Flags, asked: Flags) -> Effect:
    """Give the effect on a share that no tally counts: of those ``chosen`` among those ``asked``."""
    if columns.outlet is None:
        return NO_EFFECT
    return outlet_effect([(1.0, chosen.astype(np.float64), asked)], _places(columns.outlet)) or NO_EFFECT


def _places(cluster: Ints) -> Ints:
    """Give clusters numbers without gaps."""
    return np.unique(cluster, return_inverse=True)[1].reshape(-1)


def intraclass(values: Floats, cluster: Ints) -> float | None:
    """Give the intraclass correlation of values in clusters numbered without gaps; None where it is not defined.

    One-way analysis of variance: (MSB - MSW)/(MSB + (n0 - 1)·MSW), n0 = (N - Σn²/N)/(G - 1); below 0 where clusters are
    more alike than chance would make them (Donner 1986, Int. Stat. Rev. 54:67).
    """
    sizes = np.bincount(cluster)
    n, groups = len(values), len(sizes)
    if groups < 2 or n <= groups:
        return None
    means = np.bincount(cluster, weights=values) / sizes
    between = math.fsum(sizes * (means - values.mean()) ** 2) / (groups - 1)
    within = math.fsum((values - means[cluster]) ** 2) / (n - groups)
    usual = (n - math.fsum(sizes.astype(np.float64) ** 2) / n) / (groups - 1)
    whole = between + (usual - 1) * within
    return (between - within) / whole if whole > 0 else None
