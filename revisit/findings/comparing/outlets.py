"""Outlets: every unit that repairs beside all others of a network, and the range that chance would draw for one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from revisit.findings.comparing.comparisons import LEAST_UNITS
from revisit.findings.comparing.tables import compared_children, comparison, units
from revisit.findings.counts.codes import Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.counts.tallies import Tally
from revisit.findings.evidence import Evidence
from revisit.findings.withholding.suppression import LEAST, Withheld
from revisit.records.organisation import Unit

# Above so many answers a mean is as good as normal.
_MANY = 2000
# 95 of 100 lie between these.
_ENDS = 0.025, 0.975
_Z = 1.959963984540054


@dataclass(frozen=True)
class Leaves(Evidence):
    """Evidence in which the units that have none below them stand in the place of the direct children."""

    @cached_property
    def children(self) -> list[Unit]:
        """Give the units that have none below them, in the order of the organisation."""
        above = {one.path.rpartition("/")[0] for one in self.organisation.units}
        return [one for one in self.organisation.units if one.path not in above and self.unit.holds(one.path)]

    def child_places(self, columns: Columns, children: Sequence[str]) -> Ints:
        """Give for each response the place of the outlet that earned it, -1 where none did."""
        places = {path: place for place, path in enumerate(children)}
        names, outlet = self.outlets(columns)
        found = np.array([places.get(name, -1) for name in names], np.int64)
        return found[outlet] if len(found) else np.zeros(0, np.int64)


def outlets(evidence: Leaves) -> dict[str, Any]:
    """Give all outlets below a unit as ``units`` are given, and what their ``comparison`` rests on.

    They are tested against their common figure, by the same rules as the children of a unit. Single dimensions are left
    out: a network has many outlets. ``reason`` says why an outlet is withheld.
    """
    withheld = Withheld(evidence.tally.n, evidence.why_not)
    compared = compared_children(evidence)
    rows = units(evidence, compared, withheld)
    reasons = {f"units.{row['unit']}": row for row in rows}
    for path, why in withheld.paths.items():
        if path in reasons:
            reasons[path]["reason"] = why
    kept = [{name: value for name, value in row.items() if name != "dimensions"} for row in rows]
    return {"units": kept, "comparison": comparison(evidence, compared)}


def expected(evidence: Evidence, whole: Leaves) -> dict[str, Any] | None:
    """Give for each dimension the range in which 95 of 100 units with as many answers would lie by chance.

    They would if they all were as the network ``whole`` is. The range is for the eye and marks nobody. Where the unit's
    outlets are a sample, it is as wide as their spread makes it. None where fewer than five outlets of the network have
    ten answers.
    """
    dimensions = {}
    for name in evidence.survey.dimensions:
        rests_on = [f"dimensions.{name}"]
        own, pooled = evidence.tally.scores[name], whole.tally.scores[name]
        tested = sum(_count(one, name) >= LEAST for one in whole.by_outlet(whole.now).values())
        hidden = evidence.why_not(rests_on) or whole.why_not(rests_on)
        if hidden or int(own.sum()) < LEAST or tested < LEAST_UNITS:
            continue
        effect = evidence.tally.effect(rests_on[0])
        low, high = by_chance(pooled, max(1, round(int(own.sum()) / (effect.deff if effect.outlets else 1))))
        dimensions[name] = {"outlets": tested, "centre": 100 * _mean(pooled), "low": 100 * low, "high": 100 * high}
    return {"unit": whole.unit.path, "dimensions": dimensions} if dimensions else None


def by_chance(pooled: Ints, n: int) -> tuple[float, float]:
    """Give the 2.5th and 97.5th percentile of the mean of n answers drawn from pooled ones, on 0..1.

    The distribution of their sum is the n-fold convolution of the pooled one, by FFT; above 2,000 answers the normal
    distribution.
    """
    steps = len(pooled) - 1
    share = pooled / pooled.sum()
    values = np.arange(steps + 1)
    if n > _MANY:
        mean = float((share * values).sum())
        half = _Z * math.sqrt(float((share * (values - mean) ** 2).sum()) / n)
        return max(0.0, (mean - half) / steps), min(1.0, (mean + half) / steps)
    size = 1 << (n * steps).bit_length()
    chance = np.maximum(np.fft.irfft(np.fft.rfft(share, size) ** n, size), 0.0)
    reached = np.cumsum(chance) / chance.sum()
    low, high = (int(np.searchsorted(reached, end)) for end in _ENDS)
    return low / (n * steps), high / (n * steps)


def _count(counts: Tally, dimension: str) -> int:
    return int(counts.scores[dimension].sum())


def _mean(counts: Ints) -> float:
    return float((np.arange(len(counts)) * counts).sum()) / float(counts.sum()) / (len(counts) - 1)
