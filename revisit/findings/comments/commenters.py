"""Commenters: whether those who wrote a comment are as content as those who did not."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from revisit.findings.counts.codes import Ints
from revisit.findings.counts.columns import COMMENTED_OVERALL, SILENT_OVERALL
from revisit.findings.counts.tallies import tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring.changes import FALSE_DISCOVERIES
from revisit.findings.scoring.scores import item_score, overall_question
from revisit.findings.statistics.intervals import mover
from revisit.findings.statistics.nonresponse import Association, associate
from revisit.findings.withholding.suppression import (
    NO_QUESTION,
    NO_SPREAD,
    Withheld,
)

# Cochran 1954: a chi-square needs five expected in every cell.
LEAST_EXPECTED = 5


def compare(commented: Ints, silent: Ints) -> Association | None:
    """Compare the answers of two groups, given as counts by point, by Pearson's chi-square with Cramér's V.

    Neighbouring points are taken together, from the least on, until every cell has five expected (Cochran 1954,
    Biometrics 10:417). None where fewer than two groups of points are left.
    """
    points = _together(commented, silent)
    return associate([one for one, _ in points], [one + other for one, other in points])


def _together(commented: Ints, silent: Ints) -> Sequence[tuple[int, int]]:
    share = min(commented.sum(), silent.sum()) / (commented.sum() + silent.sum())
    found: list[tuple[int, int]] = []
    rest = (0, 0)
    for one, other in zip(commented.tolist(), silent.tolist(), strict=True):
        rest = rest[0] + one, rest[1] + other
        if sum(rest) * share >= LEAST_EXPECTED:
            found.append(rest)
            rest = (0, 0)
    if found:  # what is left above goes with the points below it
        found[-1] = found[-1][0] + rest[0], found[-1][1] + rest[1]
    return found


def commenters(evidence: Evidence, withheld: Withheld) -> dict[str, Any] | None:
    """Give the overall scores of those who wrote a comment and of the others, and whether their answers differ.

    Null, with the reason under the path ``commenters``, where either group is withheld.
    """
    question, now = overall_question(evidence.survey), evidence.now
    if question is None or not now.texts:
        withheld.note("commenters", NO_QUESTION)
        return None
    names = COMMENTED_OVERALL, SILENT_OVERALL
    groups = [tally(now.pick(now.rests_on[name])) for name in names]
    why = next((why for one in groups if (why := withheld.why(one.n, names)) is not None), None)
    counts = [np.asarray(one.valid(question)) for one in groups]
    found = compare(*counts) if why is None else None
    if found is None:
        withheld.note("commenters", why or NO_SPREAD)
        return None
    wrote, silent = (item_score(one, question) for one in groups)
    assert wrote is not None  # noqa: S101 — there are ten answers of each
    assert silent is not None  # noqa: S101
    limits = mover(wrote.value, wrote.interval, silent.value, silent.interval)
    return {
        **found._asdict(),
        "differ": found.p <= FALSE_DISCOVERIES,
        "commented": wrote.plain("score"),
        "silent": silent.plain("score"),
        "difference": {"value": wrote.value - silent.value, "low": limits.low, "high": limits.high, "method": "mover"},
    }
