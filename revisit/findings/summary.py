"""Summary: the findings of one unit and period as the public object that docs/findings.md describes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from revisit.findings import blocks
from revisit.findings.comments.mentions import mentions
from revisit.findings.comparing.tables import MODE_MIX, compared_children, comparison, quarters, trend, units
from revisit.findings.counts.codes import MODES
from revisit.findings.counts.composites import weighted
from revisit.findings.counts.lattices import weights
from revisit.findings.evidence import Evidence
from revisit.findings.further import further
from revisit.findings.proposals import proposals
from revisit.findings.reasons import reasons
from revisit.findings.scoring import coverage as visits
from revisit.findings.scoring.changes import LEAST_OUTLETS, Change, change, table
from revisit.findings.scoring.metrics import Metric, metrics
from revisit.findings.scoring.scores import Estimate
from revisit.findings.sentences import headline
from revisit.findings.statistics.methods import name_methods
from revisit.findings.statistics.standing import standing
from revisit.findings.withholding.suppression import (
    FEW_OUTLETS,
    FEWER_THAN_TEN,
    LEAST,
    NO_ANSWERS,
    NO_QUESTION,
    NO_VISITS,
    PROTECTS_ANOTHER,
    WEIGHTS_CHANGED,
    Withheld,
)
from revisit.records.periods import Period
from revisit.records.survey import Survey

CONTRACT = 1


def summarise(evidence: Evidence) -> dict[str, Any]:
    """Give the findings: see docs/findings.md for every field. Same evidence, same object, to the last digit."""
    withheld = Withheld(evidence.tally.n, evidence.why_not)
    survey = evidence.asked(evidence.period)
    known = metrics(survey)
    comparable, changes = _changes(evidence, known, withheld)
    found: dict[str, Any] = {
        "contract": CONTRACT,
        "sample": bool(evidence.now.sample.any()) or any(visit.sample for visit in evidence.visits_of(evidence.period)),
        "survey": _survey(evidence, survey),
        "period": _period(evidence),
        "unit": {
            "id": evidence.unit.id,
            "path": evidence.unit.path,
            "kind": evidence.unit.kind,
            "name": evidence.unit.name,
        },
        "filter": {"mode": evidence.mode or None, "language": evidence.language or None},
        "sampling": _sampling(evidence),
        "responses": _responses(evidence, withheld),
        "coverage": _coverage(evidence, withheld),
        "items": blocks.items(evidence.tally, survey, withheld),
        "choices": blocks.choices(evidence.tally, survey, withheld),
        "dimensions": blocks.dimensions(evidence, known, changes, withheld),
    }
    for name in ("csi", "csat", "fixed", "nps"):
        found[name] = blocks.headline_figure(name, known.get(name), evidence.tally, changes, withheld)
    if survey.composites:
        found["composites"] = _composites(evidence, known, changes, withheld)
    found["nps"] |= blocks.groups(evidence.tally, survey, seen=found["nps"]["value"] is not None)
    found["modes"] = blocks.modes(evidence, withheld)
    found["comparable"] = comparable
    compared = compared_children(evidence)
    found["units"] = units(evidence, compared, withheld)
    found["comparison"] = comparison(evidence, compared)
    found |= further(evidence, withheld, comparable["reason"], found["coverage"]["response_rate"]["value"])
    found["trend"] = trend(evidence, withheld)
    found["quarters"] = quarters(evidence, found["trend"])
    found["reasons"] = reasons(evidence, withheld)
    if not evidence.everybody.texts:
        withheld.note("themes", NO_QUESTION)  # the first reason stays
    found["themes"] = mentions(evidence, withheld)
    found["standing"] = standing(found["dimensions"])
    found = name_methods(found)
    found["headline"] = headline(found, survey)
    found["proposals"] = proposals(found, survey)
    found["suppressed"] = withheld.listed()
    rounded = rounded_off(found)
    assert isinstance(rounded, dict)  # noqa: S101
    return rounded


def rounded_off(value: Any) -> Any:
    """Give plain data with every float at 12 significant digits; rounding for people is the reports' matter."""
    if isinstance(value, float):
        return float(f"{value:.12g}") + 0.0  # the sum turns -0.0 into 0.0
    if isinstance(value, dict):
        return {name: rounded_off(inner) for name, inner in value.items()}
    return [rounded_off(inner) for inner in value] if isinstance(value, list) else value


def _survey(evidence: Evidence, survey: Survey) -> dict[str, Any]:
    series = evidence.weighing(evidence.period)
    return {
        "name": survey.name,
        "form_hash": survey.form_hash,
        "weights": weights(survey),
        "weights_since": evidence.weights[series][0].isoformat() if series else None,
        "min_items": survey.min_items,
        "materiality": survey.materiality,
    }


def _period(evidence: Evidence) -> dict[str, Any]:
    period, before = evidence.period, evidence.period.previous()
    return {
        "word": period.word,
        "kind": period.kind,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "cutoff": evidence.cutoff.isoformat(),
        "provisional": evidence.provisional,
        "free_period": evidence.free_period,
        "previous": {"word": before.word, "from": before.first.isoformat(), "to": before.last.isoformat()},
    }


def _sampling(evidence: Evidence) -> dict[str, Any]:
    """Say whether all outlets were asked or a sample of them, and what is known of the spread between these."""
    if not evidence.asks_sample(evidence.period):
        return {"outlets": "all", "asked": None, "note": None}
    names, place = evidence.outlets(evidence.now)
    if evidence.tally.n < LEAST or evidence.why_not() is not None:
        return {"outlets": "sample", "asked": None, "note": None}
    asked = [names[at] for at in np.unique(place)]
    few = len(asked) < LEAST_OUTLETS and asked != [evidence.unit.path]
    return {"outlets": "sample", "asked": len(asked), "note": FEW_OUTLETS if few else None}


def _responses(evidence: Evidence, withheld: Withheld) -> dict[str, Any]:
    """Count the answers, and those among them that came without a visit."""
    seen, head = withheld.head("responses", evidence.tally.n)
    nobody = 0 if head["n"] == 0 else None
    return {**head, "poster": int((evidence.now.visits == "").sum()) if seen else nobody}


def _coverage(evidence: Evidence, withheld: Withheld) -> dict[str, Any]:
    counts = visits.cover(evidence.visits_of(evidence.period), evidence.completed, evidence.cutoff)
    targets = evidence.survey.targets
    return {
        "orders": counts.orders,
        "merged": counts.states["merged"],
        "waiting": counts.states["waiting"],
        "due": counts.due,
        **{state: counts.states[state] for state in visits.DUE},
        "attempted": counts.attempted,
        "never_tried": counts.never_tried,
        "not_asked": counts.dispositions["NI"] - counts.never_tried,
        "exclusions": counts.exclusions,
        "dispositions": dict(counts.dispositions),
        "coverage": _rate("coverage.coverage", visits.visit_coverage(counts), targets.coverage, withheld),
        "response_rate": _rate("coverage.response_rate", visits.response_rate(counts), targets.response, withheld),
        "effective": _rate("coverage.effective", visits.effective_coverage(counts), None, withheld),
        "rr3": visits.response_rate_3(counts),
    }


def _rate(path: str, estimate: Estimate | None, target: float | None, withheld: Withheld) -> dict[str, Any]:
    """Give a rate of visits. These are counts of all visits, not of a sample: a target is met or not by the figure."""
    if estimate is None:
        withheld.note(path, NO_VISITS)
        return {"n": 0, "value": None, "low": None, "high": None, "target": target, "met": None}
    met = None if target is None else "yes" if estimate.value >= target else "no"
    return {**estimate.plain(), "target": target, "met": met}


def _changes(
    evidence: Evidence, known: Mapping[str, Metric], withheld: Withheld
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare with the period before: whether that may be done, and the change of each metric."""
    comparable = _comparable(evidence)
    if not comparable["value"]:
        return comparable | {"tested": 0}, {}
    now, before = evidence.by_outlet(evidence.now), evidence.by_outlet(evidence.before)
    reweighed = [metric for metric in known.values() if metric.scored is not None and _reweighed(evidence, metric)]
    for metric in reweighed:
        withheld.note(f"{metric.path}.change", WEIGHTS_CHANGED)
    known = {name: metric for name, metric in known.items() if metric not in reweighed}
    found: dict[str, Change] = {}
    for name, metric in known.items():
        hidden = any(evidence.why_not(metric.rests_on, period=one) for one in _both(evidence))
        one = None if hidden else change(metric, now, before, (evidence.tally, evidence.earlier))
        if one is not None:
            found[name] = one
    return comparable | {"tested": len(found)}, table(found, known, evidence.survey.materiality)


def _reweighed(evidence: Evidence, metric: Metric) -> bool:
    """Say whether the parts of a weighted mean had other weights in the period before."""
    now, before = (evidence.weighing(one, metric.name if metric.composite else "") for one in _both(evidence))
    return now != before


def _composites(
    evidence: Evidence, known: Mapping[str, Metric], changes: Mapping[str, Any], withheld: Withheld
) -> dict[str, Any]:
    """Give the weighted means that the survey declares beside the CSI, each with its names and weights."""
    found: dict[str, Any] = {}
    for one in evidence.asked(evidence.period).composites:
        figure = blocks.headline_figure(one.id, known[one.id], evidence.tally, changes, withheld)
        history = evidence.history.get(one.id, ())
        since = history[number][0].isoformat() if (number := evidence.weighing(evidence.period, one.id)) else None
        named = evidence.names.get(one.id) or {evidence.survey.language: one.name}
        told = {"names": dict(sorted(named.items())), "weights": weighted(one), "weights_since": since}
        found[one.id] = told | {name: value for name, value in figure.items() if name not in ("target", "met")}
    return found


def _both(evidence: Evidence) -> tuple[Period, Period]:
    return evidence.period, evidence.period.previous()


def _comparable(evidence: Evidence) -> dict[str, Any]:
    """Say whether the two periods may be compared, or why not."""
    fewest = min(len(evidence.now), len(evidence.before))
    why = (NO_ANSWERS if fewest == 0 else FEWER_THAN_TEN) if fewest < LEAST else None
    if why is None and any(evidence.why_not(period=one) for one in _both(evidence)):
        why = PROTECTS_ANOTHER
    why = why or _asked_otherwise(evidence)
    return {"value": why is None, "reason": why}


def _asked_otherwise(evidence: Evidence) -> str | None:
    """Say whether the periods asked other questions, in other words, or in another mix of modes (20 points apart)."""
    now, before = evidence.now, evidence.before
    if set(now.form.tolist()) != set(before.form.tolist()):
        return "form_changed"
    if len({evidence.asks_sample(one) for one in _both(evidence)}) > 1:
        return "outlets_changed"
    worded, earlier = evidence.wording(now), evidence.wording(before)
    if any(worded[language] != earlier[language] for language in worded.keys() & earlier.keys()):
        return "wording_changed"
    for place in range(len(MODES)):
        share_now, share_before = (int((part.mode == place).sum()) / len(part) for part in (now, before))
        if abs(share_now - share_before) > MODE_MIX:
            return "mode_mix_differs"
    return None
