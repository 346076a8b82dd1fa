"""The smaller examples of docs/scoring.md: tables and claims are read from the page and recomputed by the program."""

import csv
import io
import math
import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from revisit.findings.comments.commenters import compare as compare_writers
from revisit.findings.comparing.comparisons import compare_shares, shrink
from revisit.findings.counts.codes import Ints
from revisit.findings.reasons import leading
from revisit.findings.scoring.standardising import Answers, standardise
from revisit.findings.scoring.standardising import mix as fixed_mix
from revisit.findings.scoring.weighting import rake, weighted_score
from revisit.findings.statistics.drivers import lmg
from revisit.findings.statistics.regression import clustered
from revisit.findings.trust.bursts import weigh
from tests.findings.test_proposals import found, replies
from tests.findings.test_scoring_page import PAGE

Figures = dict[str, float | str]
TABLES = {
    name: list(csv.DictReader(io.StringIO(block)))
    for name, block in re.findall(r"```csv (\w+)\n(.*?)```", PAGE, re.DOTALL)
}
CLAIMS: list[tuple[str, str, str]] = re.findall(r"`([a-z]+): ([a-z0-9 ]+) = ([^`]+)`", PAGE)
# What an example takes for granted besides its table.
GIVEN = {(topic, name): float(value) for topic, name, value in CLAIMS if re.match(r"due |deviation", name)}


def column(table: str, name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in TABLES[table]])


def repeated(table: str, name: str) -> np.ndarray:
    """Give each answer its value, from rows that stand for several answers."""
    return np.repeat([row[name] for row in TABLES[table]], column(table, "answers").astype(int))


def shrunken() -> Figures:
    deviation = GIVEN["shrunken", "deviation"]
    errors = (deviation / 100) ** 2 / column("stations", "answers")
    posterior = shrink(column("stations", "score") / 100, errors)
    below, (low, high) = posterior.below(0.05), posterior.limits()
    told: Figures = {"deviation": deviation, "centre": 100 * posterior.centre}
    told["pull at 4"] = errors[0] / (errors[0] + 0.04**2)
    for place, row in enumerate(TABLES["stations"]):
        name = row["station"]
        told[name] = 100 * posterior.mean[place]
        told |= {f"{name} low": 100 * low[place], f"{name} high": 100 * high[place], f"{name} below": below[place]}
    return told


def reasons() -> Figures:
    given = [row["reasons"] for row in TABLES["reasons"] for _ in range(int(row["customers"]))]
    (block,) = found(replies(*given))["reasons"]
    told: Figures = {"commonest": " ".join(leading(block)) or "none"}
    for row in block["options"]:
        told[row["code"]] = row["value"]
        told |= {f"{row['code']} {name}": row[name] for name in ("low", "high", "cumulative")}
    return told


def drivers() -> Figures:
    names = [name for name in TABLES["correlations"][0] if name]
    matrix = np.array([column("correlations", name) for name in names])
    shares = lmg(matrix[None])[0]
    return {"both": shares.sum(), **dict(zip(names, shares, strict=False))}


def weights() -> Figures:
    margins: list[tuple[Ints, Ints]] = []
    for name in ("station", "month"):
        values, places = np.unique(repeated("weights", name), return_inverse=True)
        margins.append((places.reshape(-1), np.array([int(GIVEN["weights", f"due {value}"]) for value in values])))
    raked = rake(margins)
    assert raked is not None
    assert raked.trimmed == 0
    scores = (repeated("weights", "overall").astype(float) - 1) / 4
    plain, weighted = weighted_score(scores, np.ones(len(scores))), weighted_score(scores, raked.weights)
    assert plain is not None
    assert weighted is not None
    told: Figures = {name: value for (topic, name), value in GIVEN.items() if topic == "weights"}
    told |= {"unweighted": plain.value, "weighted": weighted.value, "low": weighted.low, "high": weighted.high}
    cells = zip(repeated("weights", "station"), repeated("weights", "month"), raked.weights, strict=True)
    return {**told, "effective": raked.effective, **{f"{one} {month}": weight for one, month, weight in cells}}


def modes() -> Figures:
    phone, score = repeated("modes", "mode") == "phone", repeated("modes", "score").astype(float)
    stations, cluster = np.unique(repeated("modes", "station"), return_inverse=True)
    assert len(stations) == 2
    design = np.column_stack([np.ones(len(score)), phone, cluster]).astype(float)
    fit = clustered(design, score, cluster.reshape(-1))
    assert fit is not None
    return {"plain": score[phone].mean() - score[~phone].mean(), "adjusted": fit.beta[1]}


def shares() -> Figures:
    counts = zip(column("shares", "satisfied").astype(int), column("shares", "answers").astype(int), strict=True)
    found = compare_shares(
        {row["station"]: (int(k), int(n)) for row, (k, n) in zip(TABLES["shares"], counts, strict=True)}
    )
    assert found is not None
    told: Figures = {"differ": found.differ or 0.0}
    for name, one in found.shrunken.items():
        told |= {name: one.value, f"{name} low": one.low, f"{name} high": one.high}
    return told


def mix() -> Figures:
    mode = (repeated("modes", "mode") == "phone").astype(int)
    score, station = repeated("modes", "score").astype(float), repeated("modes", "station")
    parts = fixed_mix(np.bincount(mode).tolist())
    told: Figures = {"phone": parts[1]}
    for name in ("harbour", "lakeside"):
        ours = station == name
        found = standardise(Answers(score[ours] / 100, mode[ours], mode[ours]), parts)
        assert found is not None
        told |= {name: found.value, f"{name} plain": score[ours].mean()}
    return told


def writers() -> Figures:
    found = compare_writers(column("writers", "wrote").astype(int), column("writers", "silent").astype(int))
    assert found is not None
    return {"chi2": found.chi2, "p": found.p}


def burst() -> Figures:
    told: Figures = {}
    for topic, name, _ in CLAIMS:
        if topic == "burst":
            late, whole, expected = (int(number) for number in re.findall(r"\d+", name))
            told[name] = weigh(late, whole, expected / whole).p
    return told


TOPICS: dict[str, Callable[[], Figures]] = {
    made.__name__: cache(made) for made in (shrunken, shares, reasons, drivers, weights, modes, mix, writers, burst)
}


def test_every_topic_makes_claims() -> None:
    assert {topic for topic, _, _ in CLAIMS} == set(TOPICS)
    assert set(TABLES) == {"stations", "shares", "reasons", "correlations", "weights", "modes", "writers"}
    assert len(CLAIMS) >= 35


@pytest.mark.parametrize(("topic", "name", "claim"), CLAIMS)
def test_every_figure_of_the_examples_is_what_the_program_gets(topic: str, name: str, claim: str) -> None:
    value = TOPICS[topic]()[name]
    if isinstance(value, str):
        assert value == claim
    else:
        assert f"{value:.{len(claim.partition('.')[2])}f}" == claim


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("25/√12 = {:.1f} points", 25 / math.sqrt(12)),
        ("drawn {:.1f}/(52.1 + 4²)", 25**2 / 12),
        ("0.7² = {:.2f} of", 0.7**2),
        ("0.6² = {:.2f}, both", 0.6**2),
        ("2·15 + 4·5 = {:.0f} of its 60", 2 * 15 + 4 * 5),
        ("100²/{:.0f}, and", 2 * 18**2 + 2 * 12**2 + 4 * 6**2 + 4 * 4**2),
        ("half as many again is still usual, {:.1f};", 1.5 * 3),
        ("All together have {:.0f} of 322", 6 + 30 + 100 + 44 + 80),
        ("260 of 322, {:.0f} %", 100 * 260 / 322),
        ("of whom 10 wrote where {} should", 30 / 4),
        ("All web answers have a mean of {:.0f}", (30 * 80 + 10 * 60) / 40),
        ("all by telephone {:.0f}:", (10 * 88 + 30 * 68) / 40),
    ],
)
def test_the_sums_worked_on_the_page_come_out(words: str, value: float) -> None:
    assert words.format(value) in PAGE
