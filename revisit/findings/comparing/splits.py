"""Splits: the answers told apart by a fact of the order (who paid, what was done), each group beside all the others."""

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from revisit.findings.counts.clusters import outlet_effect
from revisit.findings.counts.columns import Plain
from revisit.findings.counts.tallies import Tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring.changes import Change, change, table
from revisit.findings.scoring.metrics import Metric, metrics, overall_score
from revisit.findings.scoring.scores import overall_question
from revisit.findings.statistics.intervals import LEVEL
from revisit.findings.withholding.suppression import LEAST
from revisit.records.survey import FACTS, Survey

# A value with a smaller part of the organisation's answers of the year is told together with the other rare ones.
RARE = 0.05
# The rare ones together, and answers whose order is not known.
OTHER, UNKNOWN = "other", "unknown"


def splits(evidence: Evidence, rows: Sequence[Plain]) -> list[dict[str, Any]]:
    """Give a block for each order fact: its groups with their figures, and how each differs from all the others.

    A split is left out where it has fewer than two groups, or where any group of it must not be shown in this unit and
    period. ``rows`` are the answers that ``evidence`` is made from; its columns do not hold the facts.
    """
    blocks = (_split(evidence, rows, fact) for fact in FACTS)
    return [block for block in blocks if block is not None]


def _split(evidence: Evidence, rows: Sequence[Plain], fact: str) -> dict[str, Any] | None:
    year = str(evidence.period.last.year)
    names = divide([_fact(row, fact) for row in rows if str(row["day"]).startswith(year)], fact)
    groups = {name: _only(evidence, rows, fact, values) for name, values in names.items()}
    known = _known(evidence)
    shown = [metric for metric in known.values() if _may_be_shown(metric, groups)]
    if len(groups) < 2 or not shown:
        return None
    now = {name: group.by_outlet(group.now) for name, group in groups.items()}
    wholes = {name: group.tally for name, group in groups.items()}
    differences = _differences(evidence, known["overall"], now, wholes)
    told = [
        {
            "value": name,
            "n": group.tally.n,
            **{metric.name: _figure(metric, group.tally) for metric in shown},
            "difference": differences.get(name),
        }
        for name, group in groups.items()
    ]
    return {"fact": fact, "rows": told}


def divide(found: Sequence[str], fact: str) -> dict[str, tuple[str, ...]]:
    """Give the groups that a fact's values are told in, by name, from the values of a year's answers.

    It is the same division for all units and all periods of a year: groups that differed from unit to unit would give
    away, by subtraction, those that one of them leaves out.
    """
    counts = {value: found.count(value) for value in (*FACTS[fact], "")}
    least = max(LEAST, RARE * len(found))
    alone = [value for value in FACTS[fact] if counts[value] >= least]
    rare = [value for value, count in counts.items() if count and value not in alone]
    while rare and alone and sum(counts[value] for value in rare) < least:
        rare.append(min(alone, key=lambda value: counts[value]))
        alone.remove(rare[-1])
    groups: dict[str, tuple[str, ...]] = {value: (value,) for value in alone}
    if rare:
        groups[UNKNOWN if rare == [""] else OTHER] = tuple(rare)
    return groups


def _fact(row: Plain, fact: str) -> str:
    value = str((row.get("facts") or {}).get(fact, ""))
    return value if value in FACTS[fact] else ""


def _only(evidence: Evidence, rows: Sequence[Plain], fact: str, values: Sequence[str]) -> Evidence:
    """Give the evidence of one group: its own answers decide what may be shown of it."""
    return replace(evidence, responses=[row for row in rows if _fact(row, fact) in values], visits=(), shared=None)


def _known(evidence: Evidence) -> dict[str, Metric]:
    every = metrics(evidence.survey)
    overall = overall_score(evidence.survey)
    named = {"overall": overall, "csat": every.get("csat"), "fixed": every.get("fixed")}
    return {name: metric for name, metric in named.items() if metric is not None}


def _may_be_shown(metric: Metric, groups: Mapping[str, Evidence]) -> bool:
    """Say whether a figure may be shown of every group; of all or of none, so that none follows from the others."""
    return all(
        metric.least(group.tally) >= LEAST and group.why_not(metric.rests_on) is None for group in groups.values()
    )


def _figure(metric: Metric, counts: Tally) -> dict[str, Any] | None:
    found = metric.estimate(counts, LEVEL)
    return None if found is None else found.plain()


def _differences(
    evidence: Evidence, metric: Metric, now: Mapping[str, Mapping[str, Tally]], wholes: Mapping[str, Tally]
) -> dict[str, dict[str, Any]]:
    """Compare each group with all the others together, outlet by outlet; all groups are one family of tests."""
    sampled = evidence.asks_sample(evidence.period)
    found: dict[str, Change] = {}
    for name, by_outlet in now.items():
        others = _others(now, name)
        rest = _together(evidence.survey, others) if sampled else None
        one = change(metric, by_outlet, others, (wholes[name], rest))
        if one is not None:
            found[name] = one
    return table(found, dict.fromkeys(found, metric), evidence.survey.materiality)


def _together(survey: Survey, by_outlet: Mapping[str, Tally]) -> Tally:
    """Add up the tallies of outlets that stand for all, with what their spread does to the overall score."""
    question = overall_question(survey)
    assert question is not None  # noqa: S101 — its score is compared
    whole = functools.reduce(operator.add, by_outlet.values())
    counts = np.array([one.valid(question) for one in by_outlet.values()])
    values = np.tile(np.linspace(0, 1, counts.shape[1]), len(counts)).repeat(counts.ravel())
    outlet = np.arange(len(counts)).repeat(counts.sum(axis=1))
    found = outlet_effect([(1.0, values, np.ones(len(values), np.bool_))], outlet)
    return whole if found is None else replace(whole, effects=whole.effects | {f"items.{question.id}": found})


def _others(now: Mapping[str, Mapping[str, Tally]], left_out: str) -> dict[str, Tally]:
    together: dict[str, Tally] = {}
    for name, by_outlet in now.items():
        if name != left_out:
            for outlet, counts in by_outlet.items():
                together[outlet] = together[outlet] + counts if outlet in together else counts
    return together
