"""Blocks: the figures of questions, dimensions and modes as the public object shows them, each with n and interval."""

from collections.abc import Mapping
from typing import Any

from revisit.findings.counts.codes import MODES, SINGLE_CHOICE, is_counted
from revisit.findings.counts.tallies import Tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring import scores
from revisit.findings.scoring.metrics import Metric, metrics, overall_score
from revisit.findings.scoring.scores import Estimate
from revisit.findings.statistics.intervals import LEVEL
from revisit.findings.statistics.reliability import alpha_interval, dimension_alpha, dimension_omega, judge_alpha
from revisit.findings.withholding.suppression import DIMENSION_TOO_SMALL, LEAST, NO_QUESTION, PROTECTS_ANOTHER, Withheld
from revisit.records.survey import Question, Survey

MISSING_KINDS = ("na", "blank", "invalid", "not_asked")
# Above this share of "not applicable" among those who were asked, a question goes to people it does not concern.
MOST_NA = 0.2
NOT_CONCERNED = "not_concerned"
NOTHING: dict[str, Any] = {"n": None, "value": None, "low": None, "high": None}


def met(estimate: Estimate, target: float | None) -> str | None:
    """Say whether a target is met: yes or no where the whole interval lies on one side, unclear where it does not."""
    if target is None:
        return None
    if estimate.low >= target:
        return "yes"
    return "no" if estimate.high < target else "unclear"


def items(counts: Tally, survey: Survey, withheld: Withheld) -> dict[str, Any]:
    """Give each scale question with its missing kinds, mean, score, top 2 and distribution."""
    return {
        question.id: _item(counts, question, f"items.{question.id}", withheld)
        for question in survey.questions
        if question.is_scale
    }


def _item(counts: Tally, question: Question, path: str, withheld: Withheld) -> dict[str, Any]:
    valid = counts.valid(question)
    low, _ = question.points
    seen, head = withheld.head(path, int(valid.sum()), (f"items.{question.id}",))
    found: dict[str, Any] = {"dimension": question.dimension, "reversed": question.reversed, **head}
    if not seen:
        nothing: dict[str, Any] = dict.fromkeys((*MISSING_KINDS, "na_note", "mean", "score", "low", "high"))
        return {**found, **nothing, "top2": dict(NOTHING), "distribution": None}
    score, top = scores.item_score(counts, question), scores.item_top(counts, question)
    assert score is not None  # noqa: S101 — there are ten answers
    assert top is not None  # noqa: S101
    missing = {why: counts.missing(question.id, why) for why in MISSING_KINDS}
    return {
        **found,
        **missing,
        "na_note": _na_note(int(valid.sum()), missing),
        "mean": scores.item_mean(counts, question),
        **score.limits("score"),
        "top2": top.plain(),
        "distribution": {str(low + place): int(count) for place, count in enumerate(valid)},
    }


def _na_note(answered: int, missing: Mapping[str, int]) -> str | None:
    """Say whether a question is asked of people it does not concern: over a fifth of those asked say so."""
    asked = answered + missing["na"] + missing["blank"] + missing["invalid"]
    return NOT_CONCERNED if missing["na"] > MOST_NA * asked else None


def choices(counts: Tally, survey: Survey, withheld: Withheld) -> dict[str, Any]:
    """Give each one-of-several question with the share of every option."""
    found: dict[str, Any] = {}
    for question in survey.questions:
        if not is_counted(question) or question.kind != SINGLE_CHOICE:
            continue
        n = int(counts.valid(question).sum())
        seen, head = withheld.head(f"choices.{question.id}", n, (f"items.{question.id}",))
        if not seen:
            found[question.id] = {**head, **dict.fromkeys(MISSING_KINDS), "options": None}
            continue
        options = {
            choice.code: {"count": int(count), **_share(counts, question, choice.code)}
            for choice, count in zip(question.choices, counts.valid(question), strict=True)
        }
        missing = {why: counts.missing(question.id, why) for why in MISSING_KINDS}
        found[question.id] = {**head, **missing, "options": options}
    return found


def _share(counts: Tally, question: Question, code: str) -> dict[str, Any]:
    estimate = scores.choice_share(counts, question, code)
    assert estimate is not None  # noqa: S101 — n is ten or more
    return estimate.limits()


def dimensions(
    evidence: Evidence, known: Mapping[str, Metric], changes: Mapping[str, Any], withheld: Withheld
) -> dict[str, Any]:
    """Give each dimension with score, top 2, reliability and change."""
    found: dict[str, Any] = {}
    survey = evidence.survey
    for name in survey.dimensions:
        estimate, head = shown(f"dimensions.{name}", known[name], evidence.tally, withheld, "score")
        top = scores.dimension_top(evidence.tally, name) if estimate is not None else None
        alpha = dimension_alpha(evidence.now, name) if estimate is not None else None
        found[name] = {
            **head,
            "top2": top.plain() if top is not None else dict(NOTHING),
            "alpha": alpha,
            "alpha_interval": alpha_interval(evidence.now, name) if alpha is not None else None,
            "alpha_note": judge_alpha(alpha),
            "omega": dimension_omega(evidence.now, name) if estimate is not None else None,
            "target": None,
            "met": None,
            "change": changes.get(name),
        }
    return found


def shown(
    path: str, metric: Metric | None, counts: Tally, withheld: Withheld, name: str = "value"
) -> tuple[Estimate | None, dict[str, Any]]:
    """Give a metric's estimate and the first fields of its block; both without figures where it is withheld."""
    if metric is None:
        withheld.note(path, NO_QUESTION)
        return None, {"n": 0, "base": "none", name: None, "low": None, "high": None}
    empty = {name: None, "low": None, "high": None}
    least = metric.least(counts)
    scored = least if metric.scored is None else metric.scored(counts)
    if least < LEAST <= scored:
        withheld.note(path, DIMENSION_TOO_SMALL)
        return None, {"n": None, "base": "hidden", **empty}
    seen, head = withheld.head(path, min(least, scored), metric.rests_on)
    if not seen:
        return None, head | empty
    estimate = metric.estimate(counts, LEVEL)
    assert estimate is not None  # noqa: S101 — there are ten answers
    return estimate, {**head, **estimate.plain(name)}


def headline_figure(
    name: str, metric: Metric | None, counts: Tally, changes: Mapping[str, Any], withheld: Withheld
) -> dict[str, Any]:
    """Give the CSI, a share or the NPS with target and change."""
    estimate, head = shown(name if metric is None else metric.path, metric, counts, withheld)
    target = metric.target if metric is not None else None
    aim = {} if name == "nps" else {"target": target, "met": met(estimate, target) if estimate is not None else None}
    return {**head, **aim, "change": changes.get(name)}


def groups(counts: Tally, survey: Survey, *, seen: bool) -> dict[str, Any]:
    """Give the promoters, passives and detractors of the first 0-10 question."""
    names = ("promoters", "passives", "detractors")
    question = scores.first_of(survey, "nps")
    found = scores.recommendation(counts, question) if question is not None and seen else None
    return dict.fromkeys(names) if found is None else dict(zip(names, found[1], strict=True))


def modes(evidence: Evidence, withheld: Withheld) -> dict[str, Any]:
    """Give each mode's figures apart: answers on the phone run higher than on the web."""
    by_mode = evidence.by_mode(evidence.now, MODES)
    alone = evidence.pool.parts("mode", evidence.period.last.year)
    overall, csat = overall_score(evidence.survey), metrics(evidence.survey).get("csat")
    found: dict[str, Any] = {}
    for name, counts in by_mode.items():
        path = f"modes.{name}"
        why = withheld.why(counts.n) or (None if name in alone else PROTECTS_ANOTHER)
        why = why or evidence.why_not_split("mode", overall.rests_on if overall is not None else ())
        if why is not None:
            withheld.note(path, why)
            nothing = {"answers": None, "n": None, "score": None, "low": None, "high": None}
            found[name] = {**nothing, "csat": dict(NOTHING)}
            continue
        estimate, head = shown(path, overall, counts, withheld, "score")
        top = csat.estimate(counts, LEVEL) if csat is not None and estimate is not None else None
        figures = {key: head[key] for key in ("score", "low", "high", "method") if key in head}
        found[name] = {
            "answers": counts.n,
            "n": None if estimate is None else estimate.n,
            **figures,
            "csat": top.plain() if top is not None else dict(NOTHING),
        }
    return found
