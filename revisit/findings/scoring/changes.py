"""Changes: a period beside the one before it, with the interval of the difference and what may be said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.optimize import brentq
from scipy.special import stdtr

from revisit.findings.counts.tallies import Tally
from revisit.findings.scoring.metrics import Metric
from revisit.findings.scoring.scores import Estimate
from revisit.findings.statistics.binomial import step_up
from revisit.findings.statistics.intervals import LEVEL, Interval, jackknife_error, mover, student_quantile
from revisit.findings.withholding.suppression import LEAST

# Below this many outlets the spread between them cannot be measured: the interval of the answers alone is the test.
LEAST_OUTLETS = 6
FALSE_DISCOVERIES = 0.05
# A p below this is printed as this: no further digit of it means anything.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """The difference ``now - before`` of one metric, interval, p-value and method (mover, jackknife)."""

    value: float
    interval: Interval
    p: float
    method: str
    before: Estimate


def change(
    metric: Metric,
    now: Mapping[str, Tally],
    before: Mapping[str, Tally],
    wholes: tuple[Tally | None, Tally | None] = (None, None),
) -> Change | None:
    """Compare two periods, each given as tallies by outlet; None where either has fewer than ten answers.

    With six outlets or more the spread between outlets decides (jackknife), because outlets have good and bad months of
    their own; else the two single intervals do (MOVER; for shares this is Newcombe's interval). ``wholes`` are the
    tallies of all outlets together, where the caller has counted them: a sum of outlets' tallies does not know what
    clusters do to it.
    """
    new, old = wholes[0] or _total(now), wholes[1] or _total(before)
    if new is None or old is None or metric.least(new) < LEAST or metric.least(old) < LEAST:
        return None
    outlets = sorted(set(now) | set(before))
    if len(outlets) >= LEAST_OUTLETS:
        found = _by_outlets(metric, (now, new), (before, old), outlets)
        if found is not None:
            return found
    return _by_answers(metric, new, old)


def _total(tallies: Mapping[str, Tally]) -> Tally | None:
    whole: Tally | None = None
    for name in sorted(tallies):
        whole = tallies[name] if whole is None else whole + tallies[name]
    return whole


def _by_answers(metric: Metric, now: Tally, before: Tally) -> Change | None:
    new, old = metric.estimate(now, LEVEL), metric.estimate(before, LEVEL)
    if new is None or old is None:
        return None
    limits = mover(new.value, new.interval, old.value, old.interval)
    return Change(new.value - old.value, limits, _p_of_answers(metric, now, before), "mover", old)


def _p_of_answers(metric: Metric, now: Tally, before: Tally) -> float:
    """Give the p-value that belongs to the MOVER interval: one less the level at which the interval just touches 0."""

    def nearest(p: float) -> float:
        new, old = metric.estimate(now, 1 - p), metric.estimate(before, 1 - p)
        assert new is not None  # noqa: S101 — the caller has estimated both
        assert old is not None  # noqa: S101
        limits = mover(new.value, new.interval, old.value, old.interval)
        return limits.low if new.value >= old.value else -limits.high

    if nearest(1 - _TINY) <= 0:
        return 1.0
    return _TINY if nearest(_TINY) >= 0 else float(brentq(nearest, _TINY, 1 - _TINY, xtol=1e-12))


# A period by outlet, and as a whole.
_Period = tuple[Mapping[str, Tally], Tally]


def _by_outlets(metric: Metric, now: _Period, before: _Period, outlets: Sequence[str]) -> Change | None:
    """Jackknife over outlets (JK1): both periods of an outlet are left out together; Student with outlets - 1.

    V = (G-1)/G · Σ(d_(g) - d̄)². As R survey's as.svrepdesign(type="JK1"); Cameron & Miller 2015 (J. Hum. Res. 50:317).
    """
    new, old = (metric.estimate(whole, LEVEL) for _, whole in (now, before))
    left_out = []
    for outlet in outlets:
        rest = (whole - parts[outlet] if outlet in parts else whole for parts, whole in (now, before))
        one, two = (metric.estimate(counts, LEVEL) for counts in rest)
        if one is None or two is None:
            return None
        left_out.append(one.value - two.value)
    if new is None or old is None:
        return None
    error = jackknife_error(left_out)
    if error == 0:
        return None
    difference, df = new.value - old.value, len(outlets) - 1
    half = student_quantile(df) * error
    p = max(_TINY, 2 * float(stdtr(df, -abs(difference) / error)))
    limits = Interval(max(-metric.width, difference - half), min(metric.width, difference + half))
    return Change(difference, limits, p, "jackknife", old)


def adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    """Give Benjamini-Hochberg p-values of one family of comparisons (Benjamini & Hochberg 1995, JRSS B 57:289)."""
    if not p_values:
        return {}
    names = sorted(p_values)
    corrected = step_up([p_values[name] for name in names])
    return dict(zip(names, corrected, strict=True))


def verdict(found: Change, p: float, metric: Metric, materiality: float) -> str:
    """Say what may be said: up, down, up_small, down_small, or none where no change is shown.

    ``materiality`` is in points of 100; a change below it that is shown nevertheless counts as small.
    """
    if p > FALSE_DISCOVERIES or found.value == 0:
        return "none"
    points = abs(found.value) * 100 / metric.width
    return ("up" if found.value > 0 else "down") + ("_small" if points < materiality else "")


def table(found: Mapping[str, Change], metrics: Mapping[str, Metric], materiality: float) -> dict[str, dict[str, Any]]:
    """Give the contract's change of each metric, all tested as one family."""
    corrected = adjusted({name: one.p for name, one in found.items()})
    return {
        name: {
            "value": one.value,
            "low": one.interval.low,
            "high": one.interval.high,
            "p": corrected[name],
            "verdict": verdict(one, corrected[name], metrics[name], materiality),
            "method": one.method,
            "previous": one.before.plain(),
        }
        for name, one in found.items()
    }
