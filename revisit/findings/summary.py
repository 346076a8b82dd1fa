"""Summary: the findings of one unit and period as the public object that docs/findings.md describes."""

from collections.abc import Mapping
from typing import Any

from revisit.findings import coverage as visits
from revisit.findings import scores
from revisit.findings.changes import Change, change, table
from revisit.findings.columns import MODES, SINGLE_CHOICE, Tally, is_counted
from revisit.findings.evidence import Evidence
from revisit.findings.intervals import LEVEL
from revisit.findings.metrics import Metric, metrics, overall_score
from revisit.findings.reliability import dimension_alpha
from revisit.findings.scores import Estimate
from revisit.findings.sentences import headline
from revisit.findings.suppression import (
    DIMENSION_TOO_SMALL,
    FEWER_THAN_TEN,
    LEAST,
    NO_ANSWERS,
    NO_QUESTION,
    NO_VISITS,
    Withheld,
    hide,
)
from revisit.findings.tables import trend, units
from revisit.records.survey import Question, Survey

CONTRACT = 1
MISSING_KINDS = ("na", "blank", "invalid", "not_asked")
# Two periods in which a mode had shares further apart than this are not compared.
MODE_MIX = 0.2


def summarise(evidence: Evidence) -> dict[str, Any]:
    """Give the findings: see docs/findings.md for every field. Same evidence, same object, to the last digit."""
    withheld = Withheld(evidence.tally.n)
    survey = evidence.survey
    known = metrics(survey)
    comparable, changes = _changes(evidence, known)
    found: dict[str, Any] = {
        "contract": CONTRACT,
        "sample": bool(evidence.now.sample.any()) or any(visit.sample for visit in evidence.visits_of(evidence.period)),
        "survey": _survey(survey),
        "period": _period(evidence),
        "unit": {
            "id": evidence.unit.id,
            "path": evidence.unit.path,
            "kind": evidence.unit.kind,
            "name": evidence.unit.name,
        },
        "responses": {"n": evidence.tally.n, "poster": int((~evidence.now.visit).sum())},
        "coverage": _coverage(evidence, withheld),
        "items": _items(evidence.tally, survey, withheld),
        "choices": _choices(evidence.tally, survey, withheld),
        "dimensions": _dimensions(evidence, known, changes, withheld),
    }
    for name in ("csi", "csat", "fixed", "nps"):
        found[name] = _headline_figure(name, known.get(name), evidence.tally, changes, withheld)
    found["nps"] |= _groups(evidence.tally, survey)
    found["modes"] = _modes(evidence, withheld)
    found["comparable"] = comparable
    found["units"] = units(evidence, withheld)
    found["trend"] = trend(evidence, withheld)
    found["headline"] = headline(found, survey)
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


def _survey(survey: Survey) -> dict[str, Any]:
    return {
        "name": survey.name,
        "form_hash": survey.form_hash,
        "weights": scores.weights(survey),
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
        "previous": {"word": before.word, "from": before.first.isoformat(), "to": before.last.isoformat()},
    }


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
    return {**_plain(estimate), "target": target, "met": met}


def _plain(estimate: Estimate, name: str = "value") -> dict[str, Any]:
    return {"n": estimate.n, name: estimate.value, "low": estimate.low, "high": estimate.high}


def met(estimate: Estimate, target: float | None) -> str | None:
    """Say whether a target is met: yes or no where the whole interval lies on one side, unclear where it does not."""
    if target is None:
        return None
    if estimate.low >= target:
        return "yes"
    return "no" if estimate.high < target else "unclear"


def _items(counts: Tally, survey: Survey, withheld: Withheld) -> dict[str, Any]:
    return {
        question.id: _item(counts, question, f"items.{question.id}", withheld)
        for question in survey.questions
        if question.is_scale
    }


def _item(counts: Tally, question: Question, path: str, withheld: Withheld) -> dict[str, Any]:
    valid = counts.valid(question)
    n = int(valid.sum())
    low, _ = question.points
    found: dict[str, Any] = {"dimension": question.dimension, "reversed": question.reversed, "base": withheld.base(n)}
    if n < LEAST:
        withheld.note_few(path, n)
        nothing: dict[str, Any] = dict.fromkeys((*MISSING_KINDS, "mean", "score", "low", "high"))
        no_top = {"n": None, "value": None, "low": None, "high": None}
        return {**found, "n": withheld.count(n), **nothing, "top2": no_top, "distribution": None}
    score, top = scores.item_score(counts, question), scores.item_top(counts, question)
    assert score is not None  # noqa: S101 — there are ten answers
    assert top is not None  # noqa: S101
    missing = {why: counts.missing(question.id, why) for why in MISSING_KINDS}
    return {
        **found,
        "n": n,
        **missing,
        "mean": scores.item_mean(counts, question),
        **{name: value for name, value in _plain(score, "score").items() if name != "n"},
        "top2": _plain(top),
        "distribution": {str(low + place): int(count) for place, count in enumerate(valid)},
    }


def _choices(counts: Tally, survey: Survey, withheld: Withheld) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in survey.questions:
        if not is_counted(question) or question.kind != SINGLE_CHOICE:
            continue
        n = int(counts.valid(question).sum())
        if n < LEAST:
            withheld.note_few(f"choices.{question.id}", n)
            nothing: dict[str, Any] = dict.fromkeys(MISSING_KINDS)
            found[question.id] = {"n": withheld.count(n), "base": withheld.base(n), **nothing, "options": None}
            continue
        options = {
            choice.code: {"count": int(count), **_share(int(count), n)}
            for choice, count in zip(question.choices, counts.valid(question), strict=True)
        }
        missing = {why: counts.missing(question.id, why) for why in MISSING_KINDS}
        found[question.id] = {"n": n, "base": withheld.base(n), **missing, "options": options}
    return found


def _share(count: int, n: int) -> dict[str, Any]:
    estimate = scores.share(count, n)
    assert estimate is not None  # noqa: S101 — n is ten or more
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _dimensions(
    evidence: Evidence, known: Mapping[str, Metric], changes: Mapping[str, Any], withheld: Withheld
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    survey = evidence.survey
    for name in survey.dimensions:
        estimate, head = _shown(f"dimensions.{name}", known[name], evidence.tally, withheld, "score")
        top = scores.dimension_top(evidence.tally, survey, name) if estimate is not None else None
        found[name] = {
            **head,
            "top2": _plain(top) if top is not None else {"n": None, "value": None, "low": None, "high": None},
            "alpha": dimension_alpha(evidence.now, name),
            "target": None,
            "met": None,
            "change": changes.get(name),
        }
    return found


def _shown(
    path: str, metric: Metric | None, counts: Tally, withheld: Withheld, name: str = "value"
) -> tuple[Estimate | None, dict[str, Any]]:
    """Give a metric's estimate and the first fields of its block; both without figures where it is withheld."""
    if metric is None:
        withheld.note(path, NO_QUESTION)
        return None, {"n": 0, "base": "none", name: None, "low": None, "high": None}
    n = metric.least(counts)
    estimate = metric.estimate(counts, LEVEL) if n >= LEAST else None
    if estimate is None:
        scored = counts.scored if metric.name == "csi" else n
        if metric.name == "csi" and scored >= LEAST:
            withheld.note(path, DIMENSION_TOO_SMALL)
            return None, {"n": None, "base": "hidden", name: None, "low": None, "high": None}
        withheld.note_few(path, scored)
        return None, {
            "n": withheld.count(scored),
            "base": withheld.base(scored),
            name: None,
            "low": None,
            "high": None,
        }
    return estimate, {
        "n": estimate.n,
        "base": withheld.base(n),
        name: estimate.value,
        "low": estimate.low,
        "high": estimate.high,
    }


def _headline_figure(
    name: str, metric: Metric | None, counts: Tally, changes: Mapping[str, Any], withheld: Withheld
) -> dict[str, Any]:
    estimate, head = _shown(name, metric, counts, withheld)
    target = metric.target if metric is not None else None
    aim = {} if name == "nps" else {"target": target, "met": met(estimate, target) if estimate is not None else None}
    return {**head, **aim, "change": changes.get(name)}


def _groups(counts: Tally, survey: Survey) -> dict[str, Any]:
    """Give the promoters, passives and detractors of the first 0-10 question."""
    names = ("promoters", "passives", "detractors")
    question = scores.first_of(survey, "nps")
    if question is None or int(counts.valid(question).sum()) < LEAST:
        return dict.fromkeys(names)
    found = scores.recommendation(counts, question)
    assert found is not None  # noqa: S101 — there are ten answers
    return dict(zip(names, found[1], strict=True))


def _modes(evidence: Evidence, withheld: Withheld) -> dict[str, Any]:
    """Give each mode's figures apart: answers on the phone run higher than on the web."""
    by_mode = evidence.by_mode(evidence.now, MODES)
    hidden = hide({name: counts.n for name, counts in by_mode.items()})
    overall, csat = overall_score(evidence.survey), metrics(evidence.survey).get("csat")
    found: dict[str, Any] = {}
    for name, counts in by_mode.items():
        path = f"modes.{name}"
        blank = {"n": None, "value": None, "low": None, "high": None}
        if name in hidden:
            withheld.note(path, hidden[name])
            found[name] = {"n": None, "score": None, "low": None, "high": None, "csat": blank}
            continue
        estimate, head = _shown(path, overall, counts, withheld, "score")
        top = csat.estimate(counts, LEVEL) if csat is not None and estimate is not None else None
        figures = {key: head[key] for key in ("score", "low", "high")}
        found[name] = {"n": counts.n, **figures, "csat": _plain(top) if top is not None else blank}
    return found


def _changes(evidence: Evidence, known: Mapping[str, Metric]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare with the period before: whether that may be done, and the change of each metric."""
    comparable = _comparable(evidence)
    if not comparable["value"]:
        return comparable, {}
    now, before = evidence.by_outlet(evidence.now), evidence.by_outlet(evidence.before)
    found: dict[str, Change] = {}
    for name, metric in known.items():
        one = change(metric, now, before)
        if one is not None:
            found[name] = one
    return comparable, table(found, known, evidence.survey.materiality)


def _comparable(evidence: Evidence) -> dict[str, Any]:
    """Say whether the two periods asked the same questions in the same mix of modes (at most 20 points apart)."""
    now, before = evidence.now, evidence.before
    if len(before) == 0 or len(now) == 0:
        return {"value": False, "reason": NO_ANSWERS}
    if len(before) < LEAST or len(now) < LEAST:
        return {"value": False, "reason": FEWER_THAN_TEN}
    if set(now.form.tolist()) != set(before.form.tolist()):
        return {"value": False, "reason": "form_changed"}
    for place in range(len(MODES)):
        share_now, share_before = (int((part.mode == place).sum()) / len(part) for part in (now, before))
        if abs(share_now - share_before) > MODE_MIX:
            return {"value": False, "reason": "mode_mix_differs"}
    return {"value": True, "reason": None}
