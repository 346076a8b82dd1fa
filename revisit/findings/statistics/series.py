"""Series: a metric month by month, with the limits of ordinary variation and the two signals of special causes.

A gap (None) is a month without a figure. Limits come from all figures of a series and need twelve of them: limits
frozen after the first twelve of twenty-four cry wolf on one steady chart in four.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from scipy.special import chdtri

BASELINE = 12
RUN = 8
# The expected range of two standard normal values: NIST/SEMATECH e-Handbook 6.3.2.2.
_D2 = 1.128

Signal = Literal["outside", "run"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A control chart: its kind, centre line and, for each point, limits and signal (None at a gap).

    ``autocorrelation``: how far each point follows the one before. Above 0.3 signals come by themselves too often.
    """

    kind: Literal["xmr", "p", "laney"]
    centre: float
    limits: tuple[tuple[float, float] | None, ...]
    signals: tuple[Signal | None, ...]
    autocorrelation: float | None = None


def xmr(values: Sequence[float | None], scale: tuple[float, float]) -> Chart | None:
    """Give the individuals chart of scores: mean ± 3 · mean moving range / 1.128, within the scale.

    Ranges across a gap are left out. Shewhart 1931; Wheeler 2000, Understanding Variation; NIST e-Handbook 6.3.2.2.
    """
    base = [value for value in values if value is not None]
    ranges = _moves(values)
    if len(base) < BASELINE or not ranges:
        return None
    centre = math.fsum(base) / len(base)
    reach = 3 * math.fsum(ranges) / len(ranges) / _D2
    bounds = (max(scale[0], centre - reach), min(scale[1], centre + reach))
    limits = tuple(None if value is None else bounds for value in values)
    return Chart("xmr", centre, limits, _signals(values, centre, limits), autocorrelation(values))


def p_chart(counts: Sequence[tuple[int, int] | None]) -> Chart | None:
    """Give the chart of shares from (successes, n): p̄ ± 3·√(p̄(1-p̄)/n) on 0..1.

    Where the months vary more than chance allows (Σz² beyond the 95 % point of chi-square), the limits are Laney's
    (Laney 2002, Quality Engineering 14:531). NIST/SEMATECH e-Handbook 6.3.3.2.
    """
    base = [count for count in counts if count is not None]
    if len(base) < BASELINE:
        return None
    centre = sum(count[0] for count in base) / sum(count[1] for count in base)
    spread = centre * (1 - centre)
    z = [_z(count, centre, spread) for count in counts]
    known = [value for value in z if value is not None]
    moves = _moves(z)
    crowded = math.fsum(value * value for value in known) > float(chdtri(len(base) - 1, 0.05))
    factor = math.fsum(moves) / len(moves) / _D2 if crowded and moves else 1.0
    limits = tuple(None if count is None else _p_limits(centre, factor, spread, count[1]) for count in counts)
    values = [None if count is None else count[0] / count[1] for count in counts]
    return Chart(
        "laney" if crowded and moves else "p", centre, limits, _signals(values, centre, limits), autocorrelation(values)
    )


def autocorrelation(values: Sequence[float | None]) -> float | None:
    """Give the lag-one autocorrelation Σ(x_t - x̄)(x_(t-1) - x̄)/Σ(x_t - x̄)²; pairs across a gap are left out.

    NIST/SEMATECH e-Handbook 1.3.5.12. None where nothing varies.
    """
    known = [value for value in values if value is not None]
    centre = math.fsum(known) / len(known)
    whole = math.fsum((value - centre) ** 2 for value in known)
    pairs = math.fsum(
        (one - centre) * (two - centre) for one, two in pairwise(values) if one is not None and two is not None
    )
    return pairs / whole if whole > 0 else None


def _z(count: tuple[int, int] | None, centre: float, spread: float) -> float | None:
    if count is None:
        return None
    return (count[0] / count[1] - centre) / math.sqrt(spread / count[1]) if spread > 0 else 0.0


def _p_limits(centre: float, factor: float, spread: float, n: int) -> tuple[float, float]:
    reach = 3 * factor * math.sqrt(spread / n)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def _moves(values: Sequence[float | None]) -> list[float]:
    """Give the distances of neighbours; none across a gap."""
    return [abs(new - old) for old, new in pairwise(values) if old is not None and new is not None]


def _signals(
    values: Sequence[float | None], centre: float, limits: Sequence[tuple[float, float] | None]
) -> tuple[Signal | None, ...]:
    """Mark (1) points outside the limits and (2) the eighth and later points in a row on one side of the centre.

    A point on the line, and a gap, break the run. No other rules: these two cry wolf on about 1 steady chart in 12.
    """
    found: list[Signal | None] = []
    side, length = 0, 0
    for value, bounds in zip(values, limits, strict=True):
        now = 0 if value is None else (value > centre) - (value < centre)
        length = length + 1 if now and now == side else abs(now)
        side = now
        if value is None or bounds is None:
            found.append(None)
        elif not bounds[0] <= value <= bounds[1]:
            found.append("outside")
        else:
            found.append("run" if length >= RUN else None)
    return tuple(found)
