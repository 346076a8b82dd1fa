"""Metrics: the named figures of a survey that have targets, changes and series, each made from a tally."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from revisit.findings.counts import composites
from revisit.findings.counts.lattices import weights
from revisit.findings.counts.tallies import Tally
from revisit.findings.scoring import scores
from revisit.findings.scoring.scores import Estimate
from revisit.records.survey import Composite, Survey

MetricKind = Literal["score", "share", "nps"]


class Metric(NamedTuple):
    """A figure of a survey. ``estimate`` gives it from a tally at a confidence level, None where it is not defined.

    ``least`` gives the smallest number of answers it rests on, and ``rests_on`` names these answers (see
    ``Columns.rests_on``): both decide whether it may be shown. ``scored``, of a weighted mean, gives those who count in
    any of its parts.
    """

    name: str
    kind: MetricKind
    estimate: Callable[[Tally, float], Estimate | None]
    least: Callable[[Tally], int]
    rests_on: tuple[str, ...]
    target: float | None = None
    scored: Callable[[Tally], int] | None = None
    composite: bool = False

    @property
    def path(self) -> str:
        """Give the path of its block among the findings, but for dimensions."""
        return f"composites.{self.name}" if self.composite else self.name

    @property
    def width(self) -> float:
        """Give the length of its scale: 100 for scores, 1 for shares, 200 for the recommendation score."""
        return {"score": 100.0, "share": 1.0, "nps": 200.0}[self.kind]


def metrics(survey: Survey) -> dict[str, Metric]:
    """Give the metrics that a survey can have, by name: dimensions, csi, csat, fixed and nps, its own composites."""
    found = [_dimension(name) for name in survey.dimensions]
    if found:
        found.append(_csi(survey))
    found += [metric for metric in (_csat(survey), _fixed(survey), _nps(survey)) if metric is not None]
    found += [_composite(survey, one) for one in survey.composites]
    return {metric.name: metric for metric in found}


def _dimension(name: str) -> Metric:
    return Metric(
        name,
        "score",
        lambda tally, level: scores.dimension_score(tally, name, level=level),
        lambda tally: scores.dimension_count(tally, name),
        (f"dimensions.{name}",),
    )


def _csi(survey: Survey) -> Metric:
    weighted = weights(survey)
    return Metric(
        "csi",
        "score",
        lambda tally, level: scores.csi(tally, weighted, level=level),
        lambda tally: min(scores.dimension_count(tally, name) for name in weighted),
        tuple(f"dimensions.{name}" for name in weighted),
        survey.targets.csi,
        lambda tally: tally.scored,
    )


def _composite(survey: Survey, composite: Composite) -> Metric:
    weighted = composites.weighted(composite)
    name = composite.id

    def least(tally: Tally) -> int:
        return min((tally.composites[name].count(part) for part in weighted), default=0)

    return Metric(
        name,
        "score",
        lambda tally, level: scores.composite(tally, name, weighted, level=level),
        least,
        tuple(composites.path_of(survey, part) for part in weighted if survey.part(part) is not None),
        scored=lambda tally: tally.composites[name].scored,
        composite=True,
    )


def _csat(survey: Survey) -> Metric | None:
    question = scores.overall_question(survey)
    if question is None:
        return None
    return Metric(
        "csat",
        "share",
        lambda tally, level: scores.item_top(tally, question, level=level),
        lambda tally: int(tally.valid(question).sum()),
        (f"items.{question.id}",),
        survey.targets.satisfied,
    )


def overall_score(survey: Survey) -> Metric | None:
    """Give the mean of the question on overall satisfaction as a score, where the survey asks it."""
    question = scores.overall_question(survey)
    if question is None:
        return None
    return Metric(
        "overall",
        "score",
        lambda tally, level: scores.item_score(tally, question, level=level),
        lambda tally: int(tally.valid(question).sum()),
        (f"items.{question.id}",),
    )


def _fixed(survey: Survey) -> Metric | None:
    question = scores.fixed_question(survey)
    if question is None:
        return None
    return Metric(
        "fixed",
        "share",
        lambda tally, level: scores.choice_share(tally, question, scores.FIXED_YES, level=level),
        lambda tally: int(tally.valid(question).sum()),
        (f"items.{question.id}",),
        survey.targets.fixed,
    )


def _nps(survey: Survey) -> Metric | None:
    question = scores.first_of(survey, "nps")
    if question is None:
        return None

    def estimate(tally: Tally, level: float) -> Estimate | None:
        found = scores.recommendation(tally, question, level=level)
        return None if found is None else found[0]

    return Metric("nps", "nps", estimate, lambda tally: int(tally.valid(question).sum()), (f"items.{question.id}",))
