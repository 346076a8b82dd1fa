"""Tables: the children of a unit side by side, and the twelve months of each metric."""

from collections.abc import Mapping, Sequence
from typing import Any

from revisit.findings import scores
from revisit.findings.columns import Tally
from revisit.findings.comparisons import Compared, compare
from revisit.findings.evidence import Evidence
from revisit.findings.intervals import LEVEL
from revisit.findings.metrics import Metric, metrics, overall_score
from revisit.findings.scores import Estimate
from revisit.findings.series import Chart, p_chart, xmr
from revisit.findings.suppression import (
    DIMENSION_TOO_SMALL,
    FEWER_THAN_TEN,
    LEAST,
    NO_ANSWERS,
    PROTECTS_ANOTHER,
    WEIGHTS,
    Base,
    Withheld,
    base,
    hide,
)
from revisit.records.periods import Period

NOTHING = {"value": None, "low": None, "high": None}


def units(evidence: Evidence, withheld: Withheld) -> list[dict[str, Any]]:
    """Give the unit's direct children in the order of the organisation: score on the overall question, and dimensions.

    A child is hidden as a whole when it has fewer than ten responses, or when it protects another from subtraction.
    """
    by_child = evidence.by_child(evidence.now)
    unseen = evidence.tally.n - sum(counts.n for counts in by_child.values())
    hidden = hide({path: counts.n for path, counts in by_child.items()}, unseen)
    shown = {path: counts for path, counts in by_child.items() if counts.n >= LEAST and path not in hidden}
    known = metrics(evidence.survey)
    overall = overall_score(evidence.survey)
    compared = _compared(evidence, shown)
    rows = []
    for child in evidence.organisation.below(evidence.unit):
        row: dict[str, Any] = {"unit": child.id, "path": child.path, "name": child.name}
        if child.path not in shown:
            why = hidden.get(child.path, NO_ANSWERS)
            withheld.note(f"units.{child.id}", why)
            rows.append(row | _unknown(evidence, 0 if why == NO_ANSWERS else None, WEIGHTS[why]))
            continue
        counts = shown[child.path]
        row |= {"n": counts.n, "base": base(counts.n)}
        row |= _cell(f"units.{child.id}", overall, counts, withheld) if overall is not None else _empty()
        row |= _mark(compared.get("overall"), child.path)
        csat = known.get("csat")
        row["csat"] = _cell(f"units.{child.id}.csat", csat, counts, withheld, "value") if csat else None
        row["dimensions"] = {
            name: _cell(f"units.{child.id}.dimensions.{name}", known[name], counts, withheld)
            | _mark(compared.get(name), child.path)
            for name in evidence.survey.dimensions
        }
        rows.append(row)
    return rows


def _compared(evidence: Evidence, shown: Mapping[str, Tally]) -> dict[str, Compared | None]:
    """Test the shown children on the overall question and on each dimension, each a family of its own."""
    survey = evidence.survey
    found: dict[str, Compared | None] = {}
    question = scores.overall_question(survey)
    if question is not None:
        found["overall"] = compare(
            {path: counts.valid(question)[:: -1 if question.reversed else 1] for path, counts in shown.items()},
            survey.materiality,
        )
    for name in survey.dimensions:
        found[name] = compare({path: counts.scores[name] for path, counts in shown.items()}, survey.materiality)
    return found


def _unknown(evidence: Evidence, n: int | None, weight: Base) -> dict[str, Any]:
    blank = _empty() | _mark(None, "")
    row = {"n": n, "base": weight} | blank
    csat = {"n": None, **NOTHING} if scores.overall_question(evidence.survey) is not None else None
    return row | {"csat": csat, "dimensions": {name: {"n": None} | blank for name in evidence.survey.dimensions}}


def _empty() -> dict[str, Any]:
    return {"score": None, "low": None, "high": None}


def _cell(path: str, metric: Metric, counts: Tally, withheld: Withheld, name: str = "score") -> dict[str, Any]:
    n = metric.least(counts)
    estimate = metric.estimate(counts, LEVEL) if n >= LEAST else None
    if estimate is None:
        withheld.note_few(path, n)
        return {"n": withheld.count(n), name: None, "low": None, "high": None}
    return {"n": estimate.n, name: estimate.value, "low": estimate.low, "high": estimate.high}


def _mark(compared: Compared | None, path: str) -> dict[str, Any]:
    """Give what the comparison says of one unit: shrunken score, p, mark; null where it was not tested."""
    if compared is None or path not in compared.p:
        return {"shrunken": None, "p": None, "flag": None}
    shrunken = compared.shrunken.get(path)
    limits = dict(zip(("value", "low", "high"), shrunken, strict=True)) if shrunken is not None else None
    return {"shrunken": limits, "p": compared.p[path], "flag": compared.marks.get(path)}


def trend(evidence: Evidence, withheld: Withheld) -> list[dict[str, Any]]:
    """Give one row for each metric and month: csi, overall, csat, then the dimensions; oldest month first."""
    known = metrics(evidence.survey)
    dimensions = [known[name] for name in evidence.survey.dimensions]
    hidden = _hidden_months(evidence)
    rows: list[dict[str, Any]] = []
    for metric in (known.get("csi"), overall_score(evidence.survey), known.get("csat"), *dimensions):
        if metric is not None:
            rows += _series(evidence, metric, hidden, withheld)
    return rows


def _hidden_months(evidence: Evidence) -> set[str]:
    """Give the months that are withheld: too few answers, or else to be found from a quarter by subtraction."""
    quarters: dict[str, dict[str, int]] = {}
    for month, counts in evidence.months:
        quarters.setdefault(Period.holding("quarter", month.first).word, {})[month.word] = counts.n
    hidden = {word for months in quarters.values() for word in hide(months)}
    return hidden | {month.word for month, counts in evidence.months if counts.n < LEAST}


def _series(evidence: Evidence, metric: Metric, hidden: set[str], withheld: Withheld) -> list[dict[str, Any]]:
    points: list[Estimate | None] = []
    for month, counts in evidence.months:
        n = metric.least(counts)
        estimate = metric.estimate(counts, LEVEL) if n >= LEAST and month.word not in hidden else None
        if estimate is None:
            _note(withheld, metric, month, counts)
        points.append(estimate)
    chart = _chart(metric, points)
    rows = []
    for place, (month, counts) in enumerate(evidence.months):
        point = points[place]
        figures = (
            {"n": 0 if counts.n == 0 else None, **NOTHING}
            if point is None
            else {"n": point.n, "value": point.value, "low": point.low, "high": point.high}
        )
        rows.append({"metric": metric.name, "period": month.word, **figures, **_limits(chart, place)})
    return rows


def _note(withheld: Withheld, metric: Metric, month: Period, counts: Tally) -> None:
    path, n = f"trend.{metric.name}.{month.word}", metric.least(counts)
    if n >= LEAST:
        withheld.note(path, PROTECTS_ANOTHER)
    elif metric.name == "csi" and counts.scored >= LEAST:
        withheld.note(path, DIMENSION_TOO_SMALL)
    else:
        withheld.note(path, NO_ANSWERS if counts.n == 0 else FEWER_THAN_TEN)


def _chart(metric: Metric, points: Sequence[Estimate | None]) -> Chart | None:
    if metric.kind == "share":
        return p_chart([None if point is None else (round(point.value * point.n), point.n) for point in points])
    return xmr([None if point is None else point.value for point in points], (0.0, 100.0))


def _limits(chart: Chart | None, place: int) -> dict[str, Any]:
    bounds = chart.limits[place] if chart is not None else None
    return {
        "centre": chart.centre if chart is not None else None,
        "lower": bounds[0] if bounds is not None else None,
        "upper": bounds[1] if bounds is not None else None,
        "signal": chart.signals[place] if chart is not None else None,
    }
