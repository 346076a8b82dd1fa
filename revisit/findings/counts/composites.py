"""Composites: weighted means that a survey declares beside the CSI, of items and dimensions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from revisit.findings.counts.codes import Flags, Floats, Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.counts.crosses import Cross, cross_by
from revisit.findings.counts.lattices import Lattice
from revisit.records.survey import Composite, Question, Survey

# For each composite from which days on its parts had which weights, oldest first.
History = Mapping[str, Sequence[tuple[date, Mapping[str, float]]]]


def weighted(composite: Composite) -> dict[str, float]:
    """Give the parts that count, with their weights."""
    return {name: weight for name, weight in composite.weights.items() if weight > 0}


def path_of(survey: Survey, name: str) -> str:
    """Give the path under which the answers that a part rests on are protected; see ``Columns.rests_on``."""
    return f"items.{name}" if isinstance(survey.part(name), Question) else f"dimensions.{name}"


def with_earlier_parts(survey: Survey, history: History) -> Survey:
    """Give the survey whose composites also name the parts they had earlier and that are still asked, with weight 0.

    So the months before a change are reckoned as they were then.
    """
    return replace(survey, composites=tuple(_with_earlier(survey, one, history) for one in survey.composites))


def _with_earlier(survey: Survey, composite: Composite, history: History) -> Composite:
    earlier = {name for _day, weights in history.get(composite.id, ()) for name in weights}
    lacking = sorted(name for name in earlier - composite.weights.keys() if survey.part(name) is not None)
    return replace(composite, weights=composite.weights | dict.fromkeys(lacking, 0.0)) if lacking else composite


def cross_parts(columns: Columns, composite: Composite, group: Ints, groups: int) -> list[Cross]:
    """Count how the parts of a composite go together, in groups numbered from 0."""
    parts = {name: _steps(columns, name) for name in composite.weights if columns.survey.part(name) is not None}
    codes = [score + 1 for score, _steps_ in parts.values()]
    return cross_by(tuple(parts), codes, tuple(steps for _score, steps in parts.values()), group, groups)


def unit_scores(columns: Columns, name: str) -> tuple[Floats, Flags]:
    """Give each respondent's score in a part on 0..1, and who has one."""
    score, steps = _steps(columns, name)
    return score / steps, score >= 0


def _steps(columns: Columns, name: str) -> tuple[Ints, int]:
    """Give each respondent's score in a part in whole numbers, -1 where there is none, and the greatest one."""
    part = columns.survey.part(name)
    if not isinstance(part, Question):
        return columns.scores[name][0], Lattice.of(columns.survey, name).steps
    low, high = part.points
    values = columns.values[name].astype(np.int32)
    turned = high - values if part.reversed else values - low
    return np.where(values >= 0, turned, -1).astype(np.int32), high - low
