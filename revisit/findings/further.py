"""Further checks: drivers, mode effect, weights, nonresponse and the quality of answers, as blocks of the object."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from revisit.findings.comments.commenters import commenters
from revisit.findings.comparing.modes import standardised
from revisit.findings.counts.clusters import effect, intraclass
from revisit.findings.counts.codes import MODES, Flags, Floats, Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.counts.tallies import tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring import scores
from revisit.findings.scoring.coverage import as_of
from revisit.findings.scoring.metrics import overall_score
from revisit.findings.scoring.scores import Estimate
from revisit.findings.scoring.weighting import rake, weighted_score, weighted_share, without_each
from revisit.findings.statistics import drivers as driving
from revisit.findings.statistics.intervals import LEVEL, mover, student_quantile
from revisit.findings.statistics.methods import OVER_OUTLETS, SCORE_T, SCORE_T_WEIGHTED, WILSON, WILSON_WEIGHTED
from revisit.findings.statistics.nonresponse import associate, representativity
from revisit.findings.statistics.regression import clustered, indicators
from revisit.findings.statistics.resampling import DRAWS, SEED
from revisit.findings.trust.integrity import integrity
from revisit.findings.withholding.suppression import (
    EMPTY_GROUP,
    FEW_OUTLETS,
    FEWER_THAN_100,
    FEWER_THAN_TEN,
    LEAST,
    MODES_NOT_SEPARABLE,
    NARROWED,
    NO_QUESTION,
    NO_SPREAD,
    NO_VISITS,
    ONE_MODE,
    PROTECTS_ANOTHER,
    Withheld,
)
from revisit.records.survey import Question
from revisit.records.visits import Visit

# Below this many answers, or clusters, the models say nothing.
LEAST_ANSWERS = 100
LEAST_CLUSTERS = 6
# A difference between modes of this many points of 100 is printed whatever its p.
MODE_POINTS = 3.0
# A response rate below this is an indication only.
THIN = 0.2
# Weights that move the score by more than this many points of 100 matter.
WEIGHTS_POINTS = 1.0


def further(evidence: Evidence, withheld: Withheld, reason: str | None, rate: float | None) -> dict[str, Any]:
    """Give the blocks, each null with a reason where its answers are withheld or too few.

    ``reason`` says why the two periods are not compared, if they are not; ``rate`` is the response rate (RR1).
    """
    blocks: dict[str, Callable[[Evidence, Question], dict[str, Any] | str]] = {
        "drivers": _drivers,
        "clustering": _clustering,
        "mode_effect": _mode_effect,
        "standardised": lambda evidence, question: standardised(evidence, question, reason),
        "weighted": _weighted,
    }
    found: dict[str, Any] = {}
    question = scores.overall_question(evidence.survey)
    for name, make in blocks.items():
        why: str | None = NO_QUESTION
        if question is not None:
            n = int(evidence.tally.valid(question).sum())
            why = withheld.why(n, (f"items.{question.id}", *(_dimension_names(evidence) if name == "drivers" else ())))
        made = make(evidence, question) if why is None and question is not None else str(why)
        if isinstance(made, str):
            withheld.note(name, made)
        found[name] = None if isinstance(made, str) else made
    found["commenters"] = commenters(evidence, withheld)
    found["nonresponse"] = _nonresponse(evidence, rate)
    found["integrity"] = integrity(evidence, withheld)
    return found


def _dimension_names(evidence: Evidence) -> tuple[str, ...]:
    return tuple(f"dimensions.{name}" for name in evidence.survey.dimensions)


def _outlets(evidence: Evidence, columns: Columns) -> Ints:
    """Give each answer the number of its outlet, from 0 and without gaps."""
    return np.unique(evidence.outlets(columns)[1], return_inverse=True)[1].reshape(-1)


def _drivers(evidence: Evidence, question: Question) -> dict[str, Any] | str:
    now = evidence.now
    outcome = now.values[question.id] * (-1 if question.reversed else 1)
    names = evidence.survey.dimensions
    complete = now.values[question.id] >= 0
    for name in names:
        complete &= now.scores[name][0] >= 0
    picked = now.pick(complete)
    if complete.sum() < driving.LEAST_COMPLETE:
        return FEWER_THAN_100
    found = driving.drive(
        outcome[complete], {name: picked.scores[name][0] for name in names}, _outlets(evidence, picked)
    )
    if found is None:
        return NO_SPREAD
    estimates = {name: scores.dimension_score(evidence.tally, name) for name in found.shares}
    shown = {name: one for name, one in estimates.items() if one is not None}
    values, shares = [one.value for one in shown.values()], list(found.shares.values())
    rows = {}
    for name, one in shown.items():
        field = driving.quadrant(found.shares[name], one.value, shares, values)
        telling = name in found.leading or name in found.above_last
        fix = found.separable and field == "fix_first" and telling and one.high < sum(values) / len(values)
        rows[name] = {
            "share": found.shares[name],
            "score": one.value,
            "leading": name in found.leading,
            "quadrant": field,
            "fix_first": fix,
        }
    return {
        "n": found.n,
        "r2": found.r2,
        "separable": found.separable,
        "dropped": list(found.dropped),
        "resampled": "outlets" if found.outlets else "answers",
        "seed": SEED,
        "draws": DRAWS,
        "dimensions": rows,
    }


def _clustering(evidence: Evidence, question: Question) -> dict[str, Any] | str:
    """Give how alike the answers of one outlet are, and by how much that would widen an interval of all of them."""
    picked = evidence.now.pick(evidence.now.values[question.id] >= 0)
    cluster = _outlets(evidence, picked)
    outlets = int(cluster.max()) + 1
    if outlets < LEAST_CLUSTERS:
        return FEW_OUTLETS
    values: Floats = picked.values[question.id].astype(np.float64)
    low, high = question.points
    found = effect([(1.0, (values - low) / (high - low), values >= low)], cluster)
    alike = intraclass(values, cluster)
    if found is None or alike is None:
        return NO_SPREAD
    return {"figure": scores.OVERALL, "outlets": outlets, "icc": alike, "deff": found.deff}


def _kinds_of_work(columns: Columns) -> Floats:
    """Give indicators of each answer's kind of work, and their means where the kind is not known.

    A poster's answer has no order. Were that a kind of its own, no way of answering that only posters offer could be
    told from it.
    """
    known = (np.array(columns.jobs, np.str_) != "")[columns.job]
    found = indicators(columns.job[known], len(columns.jobs))
    every = np.zeros((len(columns), found.shape[1]))
    if known.any():
        every[:] = found.mean(axis=0)
        every[known] = found
    return every


def _mode_effect(evidence: Evidence, question: Question) -> dict[str, Any] | str:
    """Give each mode's adjusted difference from the commonest, in points: least squares on mode, child and job."""
    hidden = evidence.why_not_split("mode", (f"items.{question.id}",))
    if hidden is not None:
        return hidden
    picked = evidence.now.pick(evidence.now.values[question.id] >= 0)
    cluster = _outlets(evidence, picked)
    used = np.bincount(picked.mode, minlength=len(MODES))
    if len(picked) < LEAST_ANSWERS or (used > 0).sum() < 2 or int(cluster.max()) + 1 < LEAST_CLUSTERS:
        return ONE_MODE
    if (used[used > 0] < LEAST).any():
        return FEWER_THAN_TEN
    low, high = question.points
    values = picked.values[question.id]
    outcome = 100 * ((high - values if question.reversed else values - low) / (high - low))
    first = indicators(picked.mode, len(MODES))
    child = _children_of(evidence, picked)
    rest = [indicators(child, int(child.max()) + 1), _kinds_of_work(picked)]
    fit = clustered(np.hstack([np.ones((len(picked), 1)), first, *rest]), outcome, cluster)
    others = [code for code in np.flatnonzero(used) if code != used.argmax()]
    if fit is None or not fit.measured(list(range(1, len(others) + 1))):
        return NO_SPREAD if np.ptp(outcome) == 0 else MODES_NOT_SEPARABLE
    half = [student_quantile(fit.df) * float(np.sqrt(fit.covariance[at, at])) for at in range(1, len(others) + 1)]
    found = {
        MODES[code]: {
            "n": int(used[code]),
            "difference": float(fit.beta[at]),
            "low": float(fit.beta[at]) - half[at - 1],
            "high": float(fit.beta[at]) + half[at - 1],
        }
        for at, code in enumerate(others, start=1)
    }
    p = fit.joint_p(list(range(1, len(others) + 1)))
    print_it = p <= 1 - LEVEL or any(abs(one["difference"]) >= MODE_POINTS for one in found.values())
    return {"reference": MODES[int(used.argmax())], "modes": found, "p": p, "outlets": fit.df + 1, "matters": print_it}


def _children_of(evidence: Evidence, columns: Columns) -> Ints:
    children = [one.path for one in evidence.organisation.below(evidence.unit)]
    return evidence.child_places(columns, children) + 1


class _Frame(NamedTuple):
    """The visits that belong to the frame (due and eligible), what is known of each, and which of them were answered.

    ``groups`` gives for each variable what its categories are called; ``places`` gives an id's row in ``table``, which
    has a column for each variable.
    """

    groups: Mapping[str, Sequence[str]]
    places: dict[str, int]
    answered: Flags
    table: Ints
    visits: list[Visit]

    def totals(self, rows: Flags | None = None) -> list[Ints]:
        """Give how many visits (among some rows) each category of each variable has."""
        table = self.table if rows is None else self.table[rows]
        return [np.bincount(table[:, at], minlength=len(names)) for at, names in enumerate(self.groups.values())]

    def silent(self) -> list[dict[str, Any]]:
        """Name the groups in which visits were due and none was answered."""
        return [
            {"variable": variable, "group": name, "asked": int(asked)}
            for (variable, names), due, answers in zip(
                self.groups.items(), self.totals(), self.totals(self.answered), strict=True
            )
            for name, asked, answered in zip(names, due, answers, strict=True)
            if asked and not answered
        ]


def _frame(evidence: Evidence) -> _Frame:
    children = list(evidence.organisation.below(evidence.unit))
    visits = [
        one
        for one in (as_of(visit, evidence.cutoff) for visit in evidence.visits_of(evidence.period))
        if one.settled is None or one.settled.what not in {"excluded", "merged"} or one.id in evidence.completed
    ]
    months = sorted({f"{one.day:%Y-%m}" for one in visits})
    paths = {one.unit for one in visits}
    owner = {path: next((at for at, one in enumerate(children, 1) if one.holds(path)), 0) for path in paths}
    columns: dict[str, tuple[list[int], Sequence[str]]] = {
        "unit": ([owner[one.unit] for one in visits], [evidence.unit.id, *(one.id for one in children)]),
        "month": ([months.index(f"{one.day:%Y-%m}") for one in visits], months),
    }
    jobs = [evidence.jobs.get(one.order_id, "") for one in visits]
    kinds = sorted(set(jobs))
    if any(kinds):
        columns["job"] = ([kinds.index(job) for job in jobs], kinds)
    answered = np.array([one.id in evidence.completed for one in visits], np.bool_)
    return _Frame(
        {variable: names for variable, (_, names) in columns.items()},
        {one.id: place for place, one in enumerate(visits)},
        answered,
        np.array([column for column, _ in columns.values()], np.int64).reshape(len(columns), len(visits)).T,
        visits,
    )


def _weighted(evidence: Evidence, question: Question) -> dict[str, Any] | str:
    """Give the overall score weighted to the visits due by child, month and job, beside the same answers unweighted."""
    if evidence.filters:
        return NARROWED
    frame, now = _frame(evidence), evidence.now
    if not frame.visits:
        return NO_VISITS
    rows = (now.visits != "") & (now.values[question.id] >= 0)
    hidden = _why_not_weighted(evidence, question, rows, frame)
    if hidden is not None:
        return hidden
    picked = now.pick(rows)
    known = frame.table[np.array([frame.places[visit] for visit in picked.visits], np.int64)]
    raked = rake([(known[:, at], total) for at, total in enumerate(frame.totals())])
    if raked is None:
        return EMPTY_GROUP
    low, high = question.points
    values: Floats = picked.values[question.id].astype(np.float64)
    unit = (high - values if question.reversed else values - low) / (high - low)
    top = unit >= (high - low - 1) / (high - low) - 1e-9
    effects = [evidence.tally.effect(f"items.{question.id}{part}") for part in ("", ".top2")]
    each = {"unweighted": np.ones(len(unit)), "weighted": raked.weights}
    means, shares = {}, {}
    for name, weights in each.items():
        left_out = [without_each(column, weights, picked.outlet) for column in (unit, top.astype(np.float64))]
        means[name] = weighted_score(unit, weights, effects[0], left_out[0])
        shares[name] = weighted_share(top, weights, effects[1], left_out[1])
    plain, weighted = means["unweighted"], means["weighted"]
    assert plain is not None  # noqa: S101 — there are ten answers
    assert weighted is not None  # noqa: S101
    return {
        "figure": scores.OVERALL,
        "variables": list(frame.groups),
        "n": plain.n,
        "effective_n": raked.effective,
        "trimmed": raked.trimmed,
        **{name: _limits(one, _NAMES[name][0]) for name, one in means.items()},
        "csat": {name: _limits(one, _NAMES[name][1]) for name, one in shares.items()},
        "matters": abs(weighted.value - plain.value) > WEIGHTS_POINTS,
    }


def _why_not_weighted(evidence: Evidence, question: Question, rows: Flags, frame: _Frame) -> str | None:
    """Say why the answers with a visit must not be told from those without, or None."""
    left = int((evidence.now.values[question.id] >= 0).sum()) - int(rows.sum())
    if int(rows.sum()) < LEAST or 0 < left < LEAST:
        return FEWER_THAN_TEN
    if any(visit not in frame.places for visit in evidence.now.visits[rows]):
        return PROTECTS_ANOTHER
    return evidence.why_not_apart("visited", evidence.everybody.visits != "", (f"items.{question.id}",))


# How the intervals of a mean and of a share are called, by whether answers were weighted.
_NAMES = {"unweighted": (SCORE_T, WILSON), "weighted": (SCORE_T_WEIGHTED, WILSON_WEIGHTED)}


def _limits(estimate: Estimate | None, method: str) -> dict[str, Any]:
    assert estimate is not None  # noqa: S101 — there are ten answers
    return estimate.limits() | {"method": method + OVER_OUTLETS if estimate.method else method}


def _nonresponse(evidence: Evidence, rate: float | None) -> dict[str, Any]:
    """Give the response by child, month and job, the R-indicator, and early beside late answers."""
    frame = _frame(evidence)
    variables: dict[str, Any] = {}
    for name, asked, answered in zip(frame.groups, frame.totals(), frame.totals(frame.answered), strict=True):
        found = associate(answered.tolist(), asked.tolist())
        variables[name] = None if found is None else dict(found._asdict())
    return {
        "asked": len(frame.visits),
        "answered": int(frame.answered.sum()),
        "variables": variables,
        "silent": frame.silent(),
        "r_indicator": representativity(frame.answered, list(frame.table.T)),
        "late": _late(evidence, frame),
        "indication_only": rate is not None and rate < THIN,
    }


def _kinds(columns: Columns, rests_on: Sequence[str]) -> list[Flags]:
    """Give the kinds of answers that have figures of their own elsewhere: of any visit, of each mode, with a score."""
    visited = columns.visits != ""
    parts = [np.ones(len(columns), np.bool_), visited, ~visited, *(columns.mode == at for at in range(len(MODES)))]
    return [part & columns.rests_on[name] for part in parts for name in ("", *rests_on)]


def _late(evidence: Evidence, frame: _Frame) -> dict[str, Any] | None:
    """Compare the overall score after a reminder with that after the first invitation; None below ten of either.

    Only for the whole organisation and a month: how often other units and periods were written to is not looked up, and
    what one month shows of all must not be subtracted from anything.
    """
    metric, now = overall_score(evidence.survey), evidence.now
    everybody = evidence.unit == evidence.organisation.root and not evidence.filters
    if metric is None or not everybody or evidence.period.kind != "month":
        return None
    tries = {one.id: sum(attempt.outcome == "sent" for attempt in one.attempts) for one in frame.visits}
    sent = np.array([tries.get(visit, 0) for visit in now.visits], np.int64)
    early, late = tally(now.pick(sent == 1)), tally(now.pick(sent > 1))
    few = any(0 < int(((sent == 0) & kind).sum()) < LEAST for kind in _kinds(now, metric.rests_on))
    seen = min(metric.least(early), metric.least(late)) >= LEAST and not few
    if not seen or evidence.why_not(metric.rests_on) is not None:
        return None
    new, old = metric.estimate(late, LEVEL), metric.estimate(early, LEVEL)
    assert new is not None  # noqa: S101 — there are ten answers of each
    assert old is not None  # noqa: S101
    limits = mover(new.value, new.interval, old.value, old.interval)
    return {
        "n": new.n,
        "early_n": old.n,
        "difference": new.value - old.value,
        "low": limits.low,
        "high": limits.high,
    }
