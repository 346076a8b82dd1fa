"""Modes: the overall score of a unit, had its customers answered in the ways in which those of all units did."""

from typing import Any

import numpy as np

from revisit.findings.counts.codes import MODES, Floats
from revisit.findings.counts.columns import Columns
from revisit.findings.evidence import Evidence
from revisit.findings.scoring import standardising
from revisit.findings.scoring.scores import OVERALL, item_score
from revisit.findings.scoring.standardising import Answers
from revisit.findings.withholding.suppression import (
    FEWER_THAN_TEN,
    LEAST,
    MODE_MISSING,
    NARROWED,
    ONE_WAY,
    PROTECTS_ANOTHER,
)
from revisit.records.periods import Period
from revisit.records.survey import Question

# A score that the fixed mix moves by more than this many points of 100 matters.
POINTS = 1.0
# Periods that differ in these alone are compared all the same: the mix is what is held fixed.
_STILL_COMPARED = (None, "mode_mix_differs")


def standardised(evidence: Evidence, question: Question, reason: str | None) -> dict[str, Any] | str:
    """Give the overall score at the mix of modes of the whole organisation in the period, and its change at that mix.

    ``reason`` says why the periods are not compared, if they are not. A text says why there is no figure: every mode of
    the mix needs ten answers to the question in the unit, and the modes of the unit, and of all, must be shown apart.
    """
    if evidence.filters:
        return NARROWED
    parts = _mix(evidence, question)
    if isinstance(parts, str):
        return parts
    why = _why_not(evidence, evidence.now, question, parts, evidence.period)
    now = _answers(evidence, evidence.now, question)
    effect = evidence.tally.effect(f"items.{question.id}")
    found = None if why else standardising.standardise(now, parts, effect)
    plain = item_score(evidence.tally, question)
    if found is None or plain is None:
        return why or FEWER_THAN_TEN
    return {
        "figure": OVERALL,
        "mix": {name: float(part) for name, part in zip(MODES, parts, strict=True) if part > 0},
        **found.plain(),
        "plain": plain.value,
        "matters": abs(found.value - plain.value) > POINTS,
        "change": _change(evidence, question, parts) if reason in _STILL_COMPARED else None,
    }


def _mix(evidence: Evidence, question: Question) -> Floats | str:
    """Give the mix of modes among everybody's answers of the period; why not, where there is none to hold fixed."""
    rests_on, root = (f"items.{question.id}",), evidence.organisation.root.path
    if evidence.why_not(rests_on, root) or evidence.why_not_split("mode", rests_on, root):
        return PROTECTS_ANOTHER
    everybody = evidence.everybody
    rows = evidence.rows_of(everybody, evidence.period) & (everybody.values[question.id] >= 0)
    parts = standardising.mix(np.bincount(everybody.mode[rows], minlength=len(MODES)).tolist())
    return parts if (parts > 0).sum() > 1 else ONE_WAY


def _why_not(evidence: Evidence, columns: Columns, question: Question, parts: Floats, period: Period) -> str | None:
    counts = np.bincount(columns.mode[columns.values[question.id] >= 0], minlength=len(MODES))
    if (counts[parts > 0] < LEAST).any():
        return MODE_MISSING
    rests_on = (f"items.{question.id}",)
    alone = evidence.pool.parts("mode", period.last.year)
    if any(MODES[at] not in alone for at in np.flatnonzero(parts)):
        return PROTECTS_ANOTHER
    return evidence.why_not(rests_on, period=period) or evidence.why_not_split("mode", rests_on, period=period)


def _answers(evidence: Evidence, columns: Columns, question: Question) -> Answers:
    """Give the answers to the question as scores on 0..1, with their modes and outlets."""
    picked = columns.pick(columns.values[question.id] >= 0)
    low, high = question.points
    values = picked.values[question.id]
    unit = (high - values if question.reversed else values - low) / (high - low)
    names, outlet = evidence.outlets(picked)
    return Answers(unit, picked.mode, np.searchsorted(_every_outlet(evidence), np.array(names, np.str_))[outlet])


def _every_outlet(evidence: Evidence) -> np.ndarray:
    """Give the outlets of both periods in order: a number stands for the same one in either."""
    return np.array(evidence.outlets(evidence.columns)[0], np.str_)


def _change(evidence: Evidence, question: Question, parts: Floats) -> dict[str, Any] | None:
    """Give the change of the standardised score; None where the period before must not, or cannot, be told so."""
    earlier = evidence.period.previous()
    if _why_not(evidence, evidence.before, question, parts, earlier) is not None:
        return None
    now, before = (_answers(evidence, part, question) for part in (evidence.now, evidence.before))
    path = f"items.{question.id}"
    effects = evidence.tally.effect(path), evidence.earlier.effect(path)
    found = standardising.compare(now, before, parts, effects)
    return None if found is None else standardising.as_block(found, evidence.survey.materiality)
