"""Integrity: answers that customers may not have given; counted, never deleted, and the figures without them."""

from datetime import date
from typing import Any

import numpy as np

from revisit.findings.counts.codes import MARKS, MODES, Flags
from revisit.findings.counts.columns import Columns
from revisit.findings.counts.tallies import Tally, tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring.metrics import Metric, metrics
from revisit.findings.statistics.intervals import LEVEL
from revisit.findings.trust import quality
from revisit.findings.withholding.suppression import (
    FEWER_THAN_TEN,
    LEAST,
    NO_ANSWERS,
    NONE_DOUBTFUL,
    NOT_RECORDED,
    Withheld,
)

# How each check looks; docs/methods.md explains them.
METHODS: dict[str, str] = {
    "desk": "signed_in_browser",
    "same_device": "device_tags",
    "same_network": "network_tags",
    "hasty": "second_per_question",
    "repeated": "same_words",
    "careless": "identical_and_speeding",
    "machine": "quick_or_trap_field",
}


def integrity(evidence: Evidence, withheld: Withheld) -> dict[str, Any]:
    """Count the answers that look as if no customer had given them, and give the figures without them."""
    now, whole = evidence.now, evidence.everybody
    period = evidence.rows_of(whole, evidence.period)
    fast = quality.speeding(whole.pick(period))[evidence.chosen[period]]
    same = quality.identical(now)
    found = checks(now, same & fast)
    doubtful = np.logical_or.reduce([hits for _, hits in found.values()])
    burst = quality.burst_p(
        date(1970, 1, 1).toordinal() + now.received // 86_400,
        evidence.period.first.toordinal(),
        evidence.period.last.toordinal(),
    )
    return {
        "n": len(now),
        "flagged": int(now.suspect.sum()),
        "identical": int(same.sum()),
        "identical_telling": any(one.reversed for one in evidence.survey.questions if one.is_scale),
        "speeding": int(fast.sum()),
        "repeated": int(found["repeated"][1].sum()),
        "checks": {name: _check(name, *pair, withheld) for name, pair in found.items()},
        "doubtful": int(doubtful.sum()),
        "burst": None if burst is None else {"last_days": burst[0], "n": burst[1], "p": burst[2]},
        "without": _without(evidence, doubtful, withheld),
    }


def checks(now: Columns, careless: Flags) -> dict[str, tuple[Flags, Flags]]:
    """Give for each check which answers it could look at, and which of them it marks."""
    everything = np.ones(len(now), np.bool_)
    compared = (now.marks & MARKS["compared"]) > 0
    typed = np.isin(now.mode, [MODES.index(name) for name in quality.TYPED])
    timed = typed & np.isfinite(now.seconds)
    return {
        "desk": (typed, (now.marks & MARKS["desk"]) > 0),
        "same_device": (compared, (now.marks & MARKS["same_device"]) > 0),
        "same_network": (compared, (now.marks & MARKS["same_network"]) > 0),
        "hasty": (timed, quality.hasty(now)),
        "repeated": (everything, quality.repeated(now)),
        "careless": (everything, careless),
        "machine": (everything, now.suspect),
    }


def _check(name: str, looked_at: Flags, hits: Flags, withheld: Withheld) -> dict[str, Any]:
    n = int(looked_at.sum())
    if n == 0:
        withheld.note(f"integrity.checks.{name}", NO_ANSWERS if not len(looked_at) else NOT_RECORDED)
    return {"n": n, "count": int(hits.sum()) if n else None, "method": METHODS[name]}


def _without(evidence: Evidence, doubtful: Flags, withheld: Withheld) -> dict[str, Any] | None:
    """Give the headline figures without the doubtful answers, where both these and the rest are ten or more."""
    out = int(doubtful.sum())
    if out < LEAST or len(doubtful) - out < LEAST:
        why = NO_ANSWERS if not len(doubtful) else NONE_DOUBTFUL if out == 0 else FEWER_THAN_TEN
        withheld.note("integrity.without", why)
        return None
    kept, left = tally(evidence.now.pick(~doubtful)), tally(evidence.now.pick(doubtful))
    known = metrics(evidence.asked(evidence.period))
    return {name: _safe_figure(evidence, known.get(name), kept, left) for name in ("csi", "csat", "nps")}


def _safe_figure(evidence: Evidence, metric: Metric | None, kept: Tally, left: Tally) -> dict[str, Any] | None:
    if metric is None or evidence.why_not(metric.rests_on) is not None:
        return None
    if metric.least(kept) < LEAST or metric.least(left) < LEAST:
        return None
    one = metric.estimate(kept, LEVEL)
    return None if one is None else one.plain()
