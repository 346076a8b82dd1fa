"""Simulations of the decisions that the findings make, each with the program's own functions; see docs/methods.md.

    python -m tests.findings.simulations [NAME...]

prints the tables of that page. Every cell is seeded; draws are parameters, so that a quick run differs in nothing else.
"""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from revisit.findings.comparing.comparisons import compare, compare_shares
from revisit.findings.counts.clusters import NO_EFFECT, effect
from revisit.findings.counts.codes import Flags, Floats, Ints
from revisit.findings.counts.tallies import Tally
from revisit.findings.scoring.changes import change
from revisit.findings.scoring.metrics import Metric, metrics, overall_score
from revisit.findings.scoring.scores import bounded_mean, moments
from revisit.findings.scoring.weighting import rake, weighted_score, weighted_share
from revisit.findings.statistics.beta_binomial import shrink_shares
from revisit.findings.statistics.drivers import drive
from revisit.findings.statistics.intervals import mover, score_t, wilson
from revisit.findings.statistics.series import p_chart, xmr
from tests.findings.samples import make_survey, newcombe, scale
from tests.findings.simulated import SHAPES

MAIN = ("typical", "ceiling", "polar", "symmetric")
STRESS = ("rare-bad",)
POINTS = np.arange(5)
# A margin of a quarter of a point of five, in points of 100.
MARGIN = 6.25


def truth(chances: Sequence[float]) -> float:
    """Give the mean of a shape on 0..1."""
    return float((np.array(chances) * POINTS).sum()) / 4


def tilted(chances: Sequence[float], shift: float) -> Floats:
    """Give a shape whose mean lies ``shift`` points of five away, by exponential tilting."""
    return np.asarray(tilts(chances, np.array([4 * truth(chances) + shift]))[0])


def tilts(chances: Sequence[float], means: Floats) -> Floats:
    """Give for each of many means, in points from 0 to 4, the shape tilted to it (rows), by halves."""
    low, high = np.full(len(means), -8.0), np.full(len(means), 8.0)
    for _ in range(60):
        middle = (low + high) / 2
        made = np.array(chances) * np.exp(middle[:, None] * POINTS)
        made /= made.sum(axis=1, keepdims=True)
        less = (made * POINTS).sum(axis=1) < means
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.asarray(made)


def dimension_coverage(shape: str, n: int, draws: int, seed: int = 1) -> float:
    """Give A′: coverage of the interval of a dimension of three items, whose answers by one customer correlate."""
    chance, chances = np.random.default_rng(seed), np.array(SHAPES[shape])
    cuts = ndtri(np.clip(np.cumsum(chances)[:-1], 1e-12, 1 - 1e-12))
    hits = 0
    for _ in range(draws):
        latent = math.sqrt(0.5) * chance.normal(size=(n, 1)) + math.sqrt(0.5) * chance.normal(size=(n, 3))
        totals = np.bincount(np.searchsorted(cuts, latent).sum(axis=1), minlength=13)
        counted, mean, variance = moments({value: int(count) for value, count in enumerate(totals)})
        found = bounded_mean(counted, mean / 12, variance / 144, NO_EFFECT, 0.95)
        assert found is not None
        hits += found.low <= 100 * truth(SHAPES[shape]) <= found.high
    return hits / draws


def clustered_answers(
    chance: np.random.Generator, shape: str, groups: int, icc: float, extra: float = 0.0, outlets: Floats | None = None
) -> tuple[Ints, Ints]:
    """Draw answers 0..4 in outlets of 5 to 80: a latent normal with this share of variance between outlets.

    ``extra`` is variance that an outlet has in this period alone; ``outlets`` the lasting part of each.
    """
    sizes = np.clip(np.exp(chance.normal(math.log(20), 0.6, groups)), 5, 80).astype(int)
    at = np.repeat(np.arange(groups), sizes)
    lasting = chance.normal(0, math.sqrt(icc), groups) if outlets is None else outlets
    level = lasting + chance.normal(0, math.sqrt(extra), groups)
    latent = level[at] + chance.normal(0, math.sqrt(1 - icc), len(at))
    # The shape is that of all outlets together, whatever their spread.
    cuts = ndtri(np.clip(np.cumsum(SHAPES[shape])[:-1], 1e-12, 1 - 1e-12)) * math.sqrt(1 + extra)
    return np.searchsorted(cuts, latent), at


def cluster_coverage(shape: str, groups: int, icc: float, draws: int, seed: int = 1) -> tuple[float, float]:
    """Give D: coverage of the intervals of a mean and of a top-2 share whose answers come in outlets."""
    chance = np.random.default_rng(seed)
    target, top = truth(SHAPES[shape]), sum(SHAPES[shape][3:])
    hits = [0, 0]
    for _ in range(draws):
        answers, at = clustered_answers(chance, shape, groups, icc)
        every, n = np.ones(len(answers), np.bool_), len(answers)
        values, good = answers / 4, (answers >= 3).astype(float)
        one, two = (effect([(1.0, column, every)], at) or NO_EFFECT for column in (values, good))
        mean = score_t(float(values.mean()), float(values.var(ddof=1)) / n, n, deff=one.deff, df=one.df)
        part = wilson(int(good.sum()), n, deff=two.deff, df=two.df)
        assert mean is not None
        assert part is not None
        hits[0] += mean.low <= target <= mean.high
        hits[1] += part.low <= top <= part.high
    return hits[0] / draws, hits[1] / draws


class Called(NamedTuple):
    """What came of marks over many reports.

    ``any_false``: reports with a false mark. ``fdr``: the mean share of false ones among a report's marks, none where
    it has none (Benjamini & Hochberg 1995). ``of_all``: false ones among all marks. ``power``: the true ones found.
    """

    any_false: float
    fdr: float
    of_all: float
    power: float


def called(reports: Sequence[tuple[Flags, Flags]]) -> Called:
    """Sum up reports, each given as who is marked and who should be."""
    false = np.array([(marked & ~should).sum() for marked, should in reports])
    marks = np.array([marked.sum() for marked, _ in reports])
    should_be = sum(int(should.sum()) for _, should in reports)
    rate = float((false / np.maximum(marks, 1)).mean())
    right = int(marks.sum() - false.sum())
    of_all = float(false.sum() / max(1, marks.sum()))
    return Called(float((false > 0).mean()), rate, of_all, right / should_be if should_be else 0.0)


def flags(shape: str, shift: float, reports: int, seed: int = 20) -> dict[str, Called]:
    """Give E, on reports of 200 branches, 20 of them worse by ``shift`` points (none at 0), by mean and by share."""
    chance = np.random.default_rng(seed)
    worse = np.arange(200) < (20 if shift else 0)
    shapes = np.array(SHAPES[shape]), tilted(SHAPES[shape], -shift)
    found: dict[str, list[tuple[Flags, Flags]]] = {"mean": [], "share": []}
    for _ in range(reports):
        sizes = np.exp(chance.uniform(math.log(5), math.log(200), 200)).astype(int)
        tables = [chance.multinomial(size, shapes[int(bad)]) for size, bad in zip(sizes, worse, strict=True)]
        units = {f"{place:03}": table for place, table in enumerate(tables)}
        by_mean = compare(units, MARGIN)
        by_share = compare_shares({name: (int(table[3:].sum()), int(table.sum())) for name, table in units.items()})
        assert by_mean is not None
        assert by_share is not None
        for name, marks in (("mean", by_mean.marks), ("share", by_share.marks)):
            marked = np.array([marks.get(unit) in {"below", "materially_below"} for unit in units])
            found[name].append((marked, worse))
    return {name: called(reports_of) for name, reports_of in found.items()}


def shrunken(units: int, tau: float, reports: int, seed: int = 3) -> tuple[Called, float]:
    """Give F and G, on units whose true means differ by ``tau`` points of five.

    A unit is materially below where its true mean lies more than the margin below that of all units. Gives what came of
    the marks, and the share of the shrunken scores' intervals that hold the truth.
    """
    chance = np.random.default_rng(seed)
    marks, held, counted = [], 0, 0
    for _ in range(reports):
        sizes = np.exp(chance.uniform(math.log(10), math.log(200), units)).astype(int)
        real = np.clip(3.9 + tau * chance.normal(size=units), 1.3, 4.8)
        tables = chance.multinomial(sizes, tilts(SHAPES["typical"], real - 1))
        names = [f"{place:03}" for place in range(units)]
        found = compare(dict(zip(names, tables, strict=True)), MARGIN)
        assert found is not None
        marked = np.array([found.marks.get(name) == "materially_below" for name in names])
        marks.append((marked, np.asarray(real < real.mean() - MARGIN / 25)))
        limits = np.array([found.shrunken[name] for name in names])
        scaled = 25 * (real - 1)
        held += int(((limits[:, 1] <= scaled) & (scaled <= limits[:, 2])).sum())
        counted += units
    return called(marks), held / counted


def shrunken_shares(units: int, tau: float, reports: int, seed: int = 4) -> float:
    """Give G for shares: coverage of the shrunken shares' intervals, on units whose true shares differ by ``tau``."""
    chance = np.random.default_rng(seed)
    held = 0
    for _ in range(reports):
        sizes = np.exp(chance.uniform(math.log(10), math.log(200), units)).astype(int)
        real = np.clip(0.8 + tau * chance.normal(size=units), 0.02, 0.99)
        pairs = zip(chance.binomial(sizes, real).tolist(), sizes.tolist(), strict=True)
        held += sum(one.low <= p <= one.high for one, p in zip(shrink_shares(list(pairs)), real, strict=True))
    return held / (units * reports)


DRIVERS: dict[str, tuple[float, ...]] = {
    "falling": (0.5, 0.35, 0.2, 0.1, 0.0),
    "close": (0.3, 0.27, 0.24, 0.21, 0.18),
    "one": (0.6, 0.15, 0.15, 0.15, 0.15),
    "equal": (0.25, 0.25, 0.25, 0.25, 0.25),
}


def drivers(name: str, n: int, surveys: int, seed: int = 0) -> tuple[float, float, float]:
    """Give H, on surveys with five drivers that correlate by .5: shares of surveys, and the mean size of the group.

    With a wrong statement (a lesser driver told above a greater, or equal ones told apart), and with the truly
    greatest in the leading group.
    """
    weights = np.array(DRIVERS[name])
    wrong = leading = size = 0
    for number in range(surveys):
        chance = np.random.default_rng(1000 * seed + number)
        latent = math.sqrt(0.5) * chance.normal(size=(n, 1)) + math.sqrt(0.5) * chance.normal(size=(n, 5))
        outcome = np.digitize(latent @ weights + 0.8 * chance.normal(size=n), [-1.5, -0.7, 0, 0.9])
        found = drive(
            outcome, {str(j): np.digitize(latent[:, j], [-2, -1, 0, 1]) for j in range(5)}, np.zeros(n, np.int64)
        )
        assert found is not None
        group = [int(one) for one in found.leading]
        best = max(found.shares, key=lambda one: found.shares[one])
        last = min(found.shares, key=lambda one: found.shares[one])
        outside = [weights[int(one)] for one in found.shares if one not in found.leading]
        above = [weights[int(one)] for one in found.above_last]
        wrong += any(one >= weights[int(best)] for one in outside) or any(one <= weights[int(last)] for one in above)
        leading += int(weights.argmax()) in group or len(set(weights)) == 1
        size += len(group)
    return wrong / surveys, leading / surveys, size / surveys


SURVEY = make_survey([scale("overall")])
KNOWN: dict[str, Metric] = {"share": metrics(SURVEY)["csat"]}
_SCORE = overall_score(SURVEY)
assert _SCORE is not None
KNOWN["score"] = _SCORE


@cache
def _nothing() -> Ints:
    return np.zeros((0, 0), np.int64)


def counted(values: Ints) -> Tally:
    """Give the tally of answers 0..4 to the one question."""
    answers = np.bincount(values + 5, minlength=10)
    return Tally(len(values), {"overall": answers}, {}, {}, _nothing(), _nothing(), _nothing(), 0)


def false_changes(groups: int, extra: float, draws: int, seed: int = 5) -> dict[str, float]:
    """Give I: the share of steady networks whose change is called one, by the jackknife over outlets (ICC .05)."""
    chance = np.random.default_rng(seed)
    alarms = dict.fromkeys(KNOWN, 0)
    for _ in range(draws):
        lasting = chance.normal(0, math.sqrt(0.05), groups)
        periods = []
        for _period in range(2):
            answers, at = clustered_answers(chance, "typical", groups, 0.05, extra, lasting)
            periods.append({f"{one:02}": counted(answers[at == one]) for one in range(groups)})
        for name, metric in KNOWN.items():
            found = change(metric, periods[1], periods[0])
            assert found is not None
            alarms[name] += found.p <= 0.05
    return {name: count / draws for name, count in alarms.items()}


def false_changes_alone(shape: str, now: int, before: int, draws: int, seed: int = 6) -> tuple[float, float]:
    """Give I: the same for one outlet: MOVER of two means, Newcombe's interval of two shares."""
    chance, chances = np.random.default_rng(seed), SHAPES[shape]
    new, old = chance.multinomial(now, chances, draws), chance.multinomial(before, chances, draws)
    alarms = [0, 0]
    for one, two in zip(new, old, strict=True):
        means = []
        for table in (one, two):
            n, mean, variance = moments({value: int(count) for value, count in enumerate(table)})
            found = bounded_mean(n, mean / 4, variance / 16, NO_EFFECT, 0.95)
            assert found is not None
            means.append(found)
        limits = mover(means[0].value, means[0].interval, means[1].value, means[1].interval)
        alarms[0] += not limits.low <= 0 <= limits.high
        shares = newcombe((int(one[3:].sum()), now), (int(two[3:].sum()), before))
        assert shares is not None
        alarms[1] += not shares.low <= 0 <= shares.high
    return alarms[0] / draws, alarms[1] / draws


def false_signals(months: int, charts: int, seed: int = 11) -> dict[str, float]:
    """Give J: the share of steady charts with a signal, for XmR, p-chart, and Laney's where shares scatter more."""
    chance = np.random.default_rng(seed)
    alarms = dict.fromkeys(("xmr", "p", "laney"), 0)
    for _ in range(charts):
        one = xmr(chance.normal(75, 4, months).tolist(), (0.0, 100.0))
        two = p_chart([(int(k), 40) for k in chance.binomial(40, 0.8, months)])
        wide = np.clip(chance.normal(0.8, 0.05, months), 0.01, 0.99)
        three = p_chart([(int(chance.binomial(400, p)), 400) for p in wide])
        for name, chart in (("xmr", one), ("p", two), ("laney", three)):
            assert chart is not None
            alarms[name] += any(chart.signals)
    return {name: count / charts for name, count in alarms.items()}


def weighted_coverage(n: int, draws: int, seed: int = 8) -> tuple[float, float]:
    """Give K: coverage for a mean and a share, weighted to a frame of which one region answers three times as often."""
    chance = np.random.default_rng(seed)
    shapes = np.array([tilted(SHAPES["typical"], shift) for shift in (-0.6, 0.0, 0.3)])
    frame, asked = np.array([4000, 4000, 2000]), np.array([0.2, 0.35, 0.45])
    target = float((frame * np.array([truth(one) for one in shapes])).sum() / frame.sum())
    top = float((frame * shapes[:, 3:].sum(axis=1)).sum() / frame.sum())
    hits = [0, 0]
    for _ in range(draws):
        region = np.sort(chance.choice(3, n, p=asked))
        answers = np.array([chance.choice(5, p=shapes[one]) for one in region])
        raked = rake([(region, frame)])
        assert raked is not None
        mean = weighted_score(answers / 4, raked.weights)
        assert mean is not None
        hits[0] += mean.low <= 100 * target <= mean.high
        limits = weighted_share(answers >= 3, raked.weights)
        assert limits is not None
        hits[1] += limits.low <= top <= limits.high
    return hits[0] / draws, hits[1] / draws


def _print(rows: Iterator[tuple[str, object]]) -> None:
    for what, found in rows:
        sys.stdout.write(f"{what:60} {found}\n")
        sys.stdout.flush()


def _all() -> dict[str, Callable[[], Iterator[tuple[str, object]]]]:
    return {
        "A'": lambda: (
            (f"A' {shape} n={n}", dimension_coverage(shape, n, 10_000))
            for shape in (*MAIN, *STRESS)
            for n in (5, 10, 30, 100)
        ),
        "D": lambda: (
            (f"D {shape} G={groups} ICC={icc}: mean, share", cluster_coverage(shape, groups, icc, 4000))
            for shape in ("typical", "ceiling")
            for groups in (6, 10, 20)
            for icc in (0.0, 0.02, 0.05, 0.1)
        ),
        "E": lambda: (
            (f"E {shape} shift={shift}", flags(shape, shift, 500))
            for shape, shift in (("typical", 0.0), ("ceiling", 0.0), ("typical", 0.3), ("typical", 0.5))
        ),
        "F": lambda: (
            (f"F, G units={units} tau={tau}: marks, covered", shrunken(units, tau, max(100, 12_000 // units)))
            for units in (8, 20, 60, 200)
            for tau in (0.0, 0.05, 0.15, 0.3, 0.5)
        ),
        "G": lambda: (
            (f"G shares units={units} tau={tau}: covered", shrunken_shares(units, tau, max(20, 3000 // units)))
            for units in (8, 20, 60)
            for tau in (0.0, 0.02, 0.05, 0.1)
        ),
        "H": lambda: (
            (f"H {name} n={n}: wrong, top leads, size", drivers(name, n, 300))
            for name in DRIVERS
            for n in (100, 300, 1000)
        ),
        "I": lambda: (
            (
                f"I outlets={groups} outlet-month variance={extra}",
                false_changes(groups, extra, 10_000 if groups < 50 else 4000),
            )
            for groups in (8, 20, 50)
            for extra in (0.0, 0.02, 0.05)
        ),
        "I1": lambda: (
            (f"I {shape} {now} before {before}: MOVER, Newcombe", false_changes_alone(shape, now, before, 40_000))
            for shape in ("typical", "ceiling")
            for now, before in ((10, 100), (30, 300), (50, 50))
        ),
        "J": lambda: ((f"J months={months}", false_signals(months, 10_000)) for months in (12, 24)),
        "K": lambda: ((f"K n={n}: mean, share", weighted_coverage(n, 10_000)) for n in (100, 300)),
    }


if __name__ == "__main__":
    every = _all()
    for chosen in sys.argv[1:] or every:
        _print(every[chosen]())
