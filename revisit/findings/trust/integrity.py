"""Integrity: answers that customers may not have given; counted, never deleted, and the figures without them."""

from typing import Any

import numpy as np

from revisit.findings.counts.codes import MARKS, MODES, Flags, Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.counts.tallies import Tally, tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring.metrics import Metric, metrics
from revisit.findings.statistics.intervals import LEVEL
from revisit.findings.trust import quality
from revisit.findings.trust.bursts import burst
from revisit.findings.trust.copies import repeated
from revisit.findings.withholding.suppression import (
    FEWER_THAN_TEN,
    LEAST,
    NARROWED,
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
Checks = dict[str, tuple[Flags, Flags]]


def integrity(evidence: Evidence, withheld: Withheld) -> dict[str, Any]:
    """Count the answers that look as if no customer had given them, and give the figures without them.

    What is told of answers is withheld as their figures are. An answer is looked at with all others of its month, so it
    is doubtful in every unit and period or in none.
    """
    now = evidence.now
    telling = any(one.reversed for one in evidence.survey.questions if one.is_scale)
    seen, head = withheld.head("integrity", len(now))
    counts = ("flagged", "identical", "speeding", "repeated", "doubtful", "burst", "without")
    if not seen:
        checked = {name: {"n": None, "count": None, "method": method} for name, method in METHODS.items()}
        return {"n": head["n"], "identical_telling": telling, "checks": checked} | dict.fromkeys(counts)
    rows = evidence.chosen & evidence.rows_of(evidence.everybody, evidence.period)
    whole, same, fast = evidence.pool.once("checks", lambda: _look(evidence))
    found = {name: (looked_at[rows], hits[rows]) for name, (looked_at, hits) in whole.items()}
    doubtful = np.logical_or.reduce([hits for _, hits in whole.values()])
    rush = burst(evidence)
    return {
        "n": len(now),
        "flagged": int(now.suspect.sum()),
        "identical": int(same[rows].sum()),
        "identical_telling": telling,
        "speeding": int(fast[rows].sum()),
        "repeated": int(found["repeated"][1].sum()),
        "checks": {name: _check(name, *pair, withheld) for name, pair in found.items()},
        "doubtful": int(doubtful[rows].sum()),
        "burst": None if rush is None else rush._asdict(),
        "without": _without(evidence, doubtful, doubtful[rows], withheld),
    }


def _look(evidence: Evidence) -> tuple[Checks, Flags, Flags]:
    """Look at everybody's answers: the checks, who gave the same point everywhere, and who was fast."""
    whole = evidence.everybody
    same, fast = quality.identical(whole), quality.speeding(whole)
    outlet = evidence.outlets(whole)[1] if len(whole) else whole.unit
    return checks(whole, same & fast, outlet), same, fast


def checks(columns: Columns, careless: Flags, outlet: Ints) -> Checks:
    """Give for each check which answers it could look at, and which of them it marks.

    ``columns`` are everybody's answers, ``outlet`` numbers the outlets that earned them.
    """
    everything = np.ones(len(columns), np.bool_)
    compared = (columns.marks & MARKS["compared"]) > 0
    typed = np.isin(columns.mode, [MODES.index(name) for name in quality.TYPED])
    timed = typed & np.isfinite(columns.seconds)
    return {
        "desk": (typed, (columns.marks & MARKS["desk"]) > 0),
        "same_device": (compared, (columns.marks & MARKS["same_device"]) > 0),
        "same_network": (compared, (columns.marks & MARKS["same_network"]) > 0),
        "hasty": (timed, quality.hasty(columns)),
        "repeated": (everything, repeated(columns, outlet)),
        "careless": (everything, careless),
        "machine": (everything, columns.suspect),
    }


def _check(name: str, looked_at: Flags, hits: Flags, withheld: Withheld) -> dict[str, Any]:
    n = int(looked_at.sum())
    if n == 0:
        withheld.note(f"integrity.checks.{name}", NOT_RECORDED)
    return {"n": n, "count": int(hits.sum()) if n else None, "method": METHODS[name]}


def _without(evidence: Evidence, whole: Flags, doubtful: Flags, withheld: Withheld) -> dict[str, Any] | None:
    """Give the headline figures without the doubtful answers, where both these and the rest are ten or more.

    And where that is so, or nobody's, in every unit and period that could be subtracted from another.
    """
    out = int(doubtful.sum())
    why = NARROWED if evidence.filters else None
    if why is None and (out < LEAST or len(doubtful) - out < LEAST):
        why = NONE_DOUBTFUL if out == 0 else FEWER_THAN_TEN
    why = why or evidence.why_not_apart("doubtful", whole)
    if why is not None:
        withheld.note("integrity.without", why)
        return None
    kept, left = tally(evidence.now.pick(~doubtful)), tally(evidence.now.pick(doubtful))
    known = metrics(evidence.asked(evidence.period))
    return {name: _safe_figure(evidence, known.get(name), (kept, left), whole) for name in ("csi", "csat", "nps")}


def _safe_figure(
    evidence: Evidence, metric: Metric | None, parts: tuple[Tally, Tally], whole: Flags
) -> dict[str, Any] | None:
    if metric is None or evidence.why_not(metric.rests_on) is not None:
        return None
    if min(metric.least(part) for part in parts) < LEAST:
        return None
    if evidence.why_not_apart("doubtful", whole, metric.rests_on) is not None:
        return None
    one = metric.estimate(parts[0], LEVEL)
    return None if one is None else one.plain()
