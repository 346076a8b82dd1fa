"""Simulation of surveys in which some outlets stand for all, by the tallies that the findings are made of.

    python -m tests.findings.sampled_simulation

prints the table of docs/methods.md.
"""

import math
import sys
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from revisit.findings.counts.columns import gather
from revisit.findings.counts.tallies import tally
from revisit.findings.scoring.metrics import metrics
from revisit.records.survey import Question
from tests.findings.samples import ELEVEN, answered, make_survey, response, scale
from tests.findings.simulated import SHAPES
from tests.findings.simulations import KNOWN, clustered_answers, truth

SAMPLED = make_survey(
    [
        scale("overall"),
        scale("fast", "speed"),
        scale("soon", "speed"),
        scale("mended", "quality"),
        Question("recommend", "nps", "Recommend?", choices=ELEVEN),
    ],
    sampled=True,
)
# What somebody who gives 0..4 to a question says to the recommendation: two kinds of detractors, two of passives.
_RECOMMENDS = np.array([0, 5, 7, 8, 10])


def sampled_coverage(shape: str, groups: int, icc: float, draws: int, seed: int = 12) -> dict[str, float]:
    """Give D for a survey of a sample of outlets: coverage of its figures as the tallies give them."""
    chance, top = np.random.default_rng(seed), np.array(SHAPES[shape])
    template, known = (
        gather([response("r", answered(overall=5))], SAMPLED),
        metrics(SAMPLED) | {"overall": KNOWN["score"]},
    )
    reals = dict.fromkeys(known, 100 * truth(SHAPES[shape]))
    reals |= {"csat": float(top[3:].sum()), "nps": 100 * float(top[4] - top[0] - top[1])}
    held = dict.fromkeys(known, 0)
    for _ in range(draws):
        lasting = chance.normal(0, math.sqrt(icc), groups)
        answers, at = clustered_answers(chance, shape, groups, icc, outlets=lasting)
        n = len(answers)
        values = {"overall": answers + 1, "recommend": _RECOMMENDS[answers]}
        cuts = ndtri(np.clip(np.cumsum(SHAPES[shape])[:-1], 1e-12, 1 - 1e-12))
        mood = chance.normal(size=n)
        for name in ("fast", "soon", "mended"):
            own = math.sqrt(0.5) * mood + math.sqrt(0.5) * chance.normal(size=n)
            values[name] = np.searchsorted(cuts, lasting[at] + math.sqrt(1 - icc) * own) + 1
        rows = template.pick(np.zeros(n, np.int64))  # one row, as often as there are answers
        counts = tally(replace(rows, values=values, outlet=at))
        for name, metric in known.items():
            found = metric.estimate(counts, 0.95)
            assert found is not None
            held[name] += found.low <= reals[name] <= found.high
    return {name: count / draws for name, count in held.items()}


if __name__ == "__main__":
    for name in ("typical", "ceiling"):
        for outlets in (6, 10, 20):
            for alike in (0.0, 0.05, 0.1):
                sys.stdout.write(f"{name} {outlets} {alike}: {sampled_coverage(name, outlets, alike, 1000)}\n")
