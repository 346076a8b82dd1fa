"""Tables: the children of a unit side by side, and the twelve months of each metric."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from revisit.findings.comparing.comparisons import Compared, ComparedShares, compare, compare_shares
from revisit.findings.counts.clusters import Effect
from revisit.findings.counts.codes import MODES, Ints
from revisit.findings.counts.tallies import Tally, tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring import scores
from revisit.findings.scoring.metrics import Metric, metrics, overall_score
from revisit.findings.scoring.scores import Estimate
from revisit.findings.statistics.intervals import LEVEL
from revisit.findings.statistics.methods import BETA_BINOMIAL
from revisit.findings.statistics.series import Chart, p_chart, xmr
from revisit.findings.withholding.suppression import (
    DIMENSION_TOO_SMALL,
    FEWER_THAN_TEN,
    LEAST,
    NO_ANSWERS,
    WEIGHTS,
    Base,
    Withheld,
    base,
)
from revisit.records.periods import Period

# Mixes of modes in which a mode had shares further apart than this are not compared.
MODE_MIX = 0.2
IN_QUARTER = 3
NOTHING = {"value": None, "low": None, "high": None}


class Children(NamedTuple):
    """The tests of the shown children: by metric of their scores, and of their satisfied shares."""

    scores: Mapping[str, Compared | None]
    shares: ComparedShares | None


def units(evidence: Evidence, tested: Children, withheld: Withheld) -> list[dict[str, Any]]:
    """Give the unit's direct children in the order of the organisation: score on the overall question, and dimensions.

    A child is hidden as a whole when it has fewer than ten responses, or when it protects another from subtraction.
    """
    by_child = evidence.by_child(evidence.now)
    hidden = {path: why for path in by_child if (why := evidence.why_not(path=path)) is not None}
    known = metrics(evidence.survey)
    overall = overall_score(evidence.survey)
    compared, shares = tested
    rows = []
    for child in evidence.children:
        row: dict[str, Any] = {"unit": child.id, "path": child.path, "name": child.name}
        why = hidden.get(child.path)
        if why is not None:
            withheld.note(f"units.{child.id}", why)
            rows.append(row | _unknown(evidence, 0 if why == NO_ANSWERS else None, WEIGHTS[why]))
            continue
        counts = by_child[child.path]
        row |= {"n": counts.n, "base": base(counts.n)}
        row |= (
            _cell(f"units.{child.id}", overall, counts, (evidence, withheld, child.path))
            if overall is not None
            else _empty()
        )
        row |= _mark(compared.get("overall"), child.path)
        csat = known.get("csat")
        where = evidence, withheld, child.path
        cell = _cell(f"units.{child.id}.csat", csat, counts, where, "value") if csat else None
        row["csat"] = cell | _share_mark(shares, child.path) if cell is not None else None
        row["dimensions"] = {
            name: _cell(f"units.{child.id}.dimensions.{name}", known[name], counts, (evidence, withheld, child.path))
            | _mark(compared.get(name), child.path)
            for name in evidence.survey.dimensions
        }
        rows.append(row)
    return rows


def comparison(evidence: Evidence, tested: Children) -> dict[str, Any]:
    """Give what the comparison of children rests on: by metric how many are tested, their centre, and if they differ.

    ``differ`` is the p-value of Cochran's Q, of the satisfied share that of a chi-square, null below five tested units.
    ``mode_mix_differs``: a mode's share in a shown child lies more than 20 points from that in all of them, so that
    scores may differ because modes do; ``job_mix_differs`` says the same of kinds of work.
    """
    compared: dict[str, Compared | ComparedShares | None] = dict(tested.scores)
    if scores.overall_question(evidence.survey) is not None:
        compared["csat"] = tested.shares
    by_child = evidence.by_child(evidence.now)
    seen = [path for path, one in by_child.items() if one.n and evidence.why_not(path=path) is None]
    return {
        "metrics": {
            name: {"units": 0, "centre": None, "differ": None}
            if one is None
            else {"units": len(one.p), "centre": one.centre, "differ": one.differ}
            for name, one in compared.items()
        },
        "mode_mix_differs": _mixes_differ(evidence, seen, evidence.now.mode, len(MODES)),
        "job_mix_differs": _mixes_differ(evidence, seen, evidence.now.job, len(evidence.now.jobs)),
    }


def _mixes_differ(evidence: Evidence, paths: Sequence[str], kinds: Ints, size: int) -> bool:
    """Say whether the mix of kinds, numbered below ``size``, in a child is far from that in all of them."""
    if len(paths) < 2:
        return False
    place = evidence.child_places(evidence.now, paths)
    inside = place >= 0
    table = np.bincount(place[inside] * size + kinds[inside], minlength=len(paths) * size).reshape(len(paths), -1)
    mixes = table / table.sum(axis=1, keepdims=True)
    return bool(np.abs(mixes - table.sum(axis=0) / table.sum()).max() > MODE_MIX)


def _compared_shares(evidence: Evidence, by_child: Mapping[str, Tally]) -> ComparedShares | None:
    question = scores.overall_question(evidence.survey)
    if question is None:
        return None
    tops = {
        path: scores.item_top(counts, question)
        for path, counts in by_child.items()
        if counts.n and evidence.why_not([f"items.{question.id}"], path) is None
    }
    pairs = {path: (round(one.value * one.n), one.n) for path, one in tops.items() if one is not None}
    return compare_shares(pairs, _effects(evidence, {path: by_child[path] for path in pairs}, "items.overall.top2"))


def _effects(evidence: Evidence, shown: Mapping[str, Tally], figure: str) -> dict[str, Effect | None]:
    """Give for children above a sample of outlets what their spread does to a figure; None where it is not known."""
    above = evidence.above_outlets(tuple(shown)) if evidence.asks_sample(evidence.period) else ()
    effects = {path: shown[path].effect(figure) for path in above}
    return {path: one if one.outlets else None for path, one in effects.items()}


def compared_children(evidence: Evidence) -> Children:
    """Test the shown children on the overall question, by score and share, and on each dimension: each a family."""
    survey = evidence.survey
    by_child = evidence.by_child(evidence.now)

    def seen(rests_on: str) -> dict[str, Tally]:
        return {path: one for path, one in by_child.items() if one.n and evidence.why_not([rests_on], path) is None}

    found: dict[str, Compared | None] = {}
    question = scores.overall_question(survey)
    if question is not None:
        shown, way = seen(path := f"items.{question.id}"), -1 if question.reversed else 1
        tables = {child: counts.valid(question)[::way] for child, counts in shown.items()}
        found["overall"] = compare(tables, survey.materiality, _effects(evidence, shown, path))
    for name in survey.dimensions:
        shown = seen(path := f"dimensions.{name}")
        tables = {child: counts.scores[name] for child, counts in shown.items()}
        found[name] = compare(tables, survey.materiality, _effects(evidence, shown, path))
    return Children(found, _compared_shares(evidence, by_child))


def _unknown(evidence: Evidence, n: int | None, weight: Base) -> dict[str, Any]:
    blank = _empty() | _mark(None, "")
    row = {"n": n, "base": weight} | blank
    csat = (
        {"n": None, **NOTHING, **_share_mark(None, "")}
        if scores.overall_question(evidence.survey) is not None
        else None
    )
    return row | {"csat": csat, "dimensions": {name: {"n": None} | blank for name in evidence.survey.dimensions}}


def _empty() -> dict[str, Any]:
    return {"score": None, "low": None, "high": None}


def _cell(
    path: str, metric: Metric, counts: Tally, where: tuple[Evidence, Withheld, str], name: str = "score"
) -> dict[str, Any]:
    """Give a child's figure; ``where`` is the evidence, what is withheld, and the child's path."""
    evidence, withheld, child = where
    n = metric.least(counts)
    why = NO_ANSWERS if n == 0 else evidence.why_not(metric.rests_on, child)
    estimate = metric.estimate(counts, LEVEL) if why is None else None
    if why is not None or estimate is None:
        withheld.note(path, why or FEWER_THAN_TEN)
        return {"n": 0 if why == NO_ANSWERS else None, name: None, "low": None, "high": None}
    return estimate.plain(name)


def _share_mark(compared: ComparedShares | None, path: str) -> dict[str, Any]:
    """Give what the comparison says of a share: shrunken, p, mark, funnel limits; null where it was not tested."""
    if compared is None or path not in compared.p:
        return {"shrunken": None, "p": None, "flag": None, "funnel": None}
    names = ("low_95", "high_95", "low_99_8", "high_99_8")
    funnel = dict(zip(names, compared.funnels[path], strict=True))
    shrunken = compared.shrunken[path]._asdict() | {"method": BETA_BINOMIAL}
    return {"shrunken": shrunken, "p": compared.p[path], "flag": compared.marks.get(path), "funnel": funnel}


def _mark(compared: Compared | None, path: str) -> dict[str, Any]:
    """Give what the comparison says of one unit: shrunken score, p, mark; null where it was not tested."""
    if compared is None or path not in compared.p:
        return {"shrunken": None, "p": None, "flag": None}
    shrunken = compared.shrunken.get(path)
    limits = dict(zip(("value", "low", "high"), shrunken, strict=True)) if shrunken is not None else None
    return {"shrunken": limits, "p": compared.p[path], "flag": compared.marks.get(path)}


def trend(evidence: Evidence, withheld: Withheld) -> list[dict[str, Any]]:
    """Give one row for each metric and month: csi, overall, csat, dimensions, composites; oldest month first."""
    return [row for metric in _followed(evidence) for row in _series(evidence, metric, withheld)]


def _followed(evidence: Evidence) -> list[Metric]:
    """Give the metrics that are followed month by month."""
    known = metrics(evidence.survey)
    dimensions = [known[name] for name in evidence.survey.dimensions]
    own = [known[one.id] for one in evidence.survey.composites]
    every = (known.get("csi"), overall_score(evidence.survey), known.get("csat"), *dimensions, *own)
    return [metric for metric in every if metric is not None]


def quarters(evidence: Evidence, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give, for each metric, the quarters of which the series (its ``rows``) shows no month, where they may be shown.

    Months with few answers are merged to whole quarters alone, and only where all of the quarter lies in the series and
    has one definition: other sums of months would give away single ones.
    """
    whole: dict[Period, Tally] = {}
    for quarter in dict.fromkeys(Period.holding("quarter", month.first) for month, _ in evidence.months):
        if sum(quarter.contains(month.first) for month, _ in evidence.months) == IN_QUARTER:
            whole[quarter] = tally(evidence.within(quarter))
    found = []
    for metric in _followed(evidence):
        own = [row for row in rows if row["metric"] == metric.name]
        for quarter, counts in whole.items():
            months = [row for row in own if quarter.contains(Period.parse(row["period"]).first)]
            if any(row["value"] is not None for row in months) or len({row["series"] for row in months}) > 1:
                continue
            then, number = _metric_of(evidence, metric, quarter)
            if _why(evidence, then, quarter, counts) is None and (point := then.estimate(counts, LEVEL)) is not None:
                where = {"metric": metric.name, "period": quarter.word, "series": number}
                found.append(where | point.plain())
    return found


def _metric_of(evidence: Evidence, metric: Metric, month: Period) -> tuple[Metric, int]:
    """Give a metric as it was defined in a month, and the number of its series: other weights or outlets begin one."""
    if metric.scored is None:
        return metric, evidence.asking(month)
    return metrics(evidence.asked(month))[metric.name], evidence.series(month, metric.name if metric.composite else "")


def _series(evidence: Evidence, metric: Metric, withheld: Withheld) -> list[dict[str, Any]]:
    points: list[Estimate | None] = []
    series = []
    for month, counts in evidence.months:
        then, number = _metric_of(evidence, metric, month)
        series.append(number)
        why = _why(evidence, then, month, counts)
        estimate = then.estimate(counts, LEVEL) if why is None else None
        if why is not None:
            withheld.note(f"trend.{metric.name}.{month.word}", why)
        points.append(estimate)
    newest = [point if number == series[-1] else None for point, number in zip(points, series, strict=True)]
    chart = _chart(metric, newest)
    rows = []
    for place, (month, counts) in enumerate(evidence.months):
        point = points[place]
        figures = {"n": 0 if counts.n == 0 else None, **NOTHING} if point is None else point.plain()
        where = {"metric": metric.name, "period": month.word, "series": series[place]}
        rows.append(where | figures | _limits(chart, place))
    return rows


def _why(evidence: Evidence, metric: Metric, month: Period, counts: Tally) -> str | None:
    n = metric.least(counts)
    if n >= LEAST:
        return evidence.why_not(metric.rests_on, period=month)
    if metric.scored is not None and metric.scored(counts) >= LEAST:
        return DIMENSION_TOO_SMALL
    return NO_ANSWERS if counts.n == 0 else FEWER_THAN_TEN


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
        "autocorrelation": chart.autocorrelation if chart is not None else None,
    }
