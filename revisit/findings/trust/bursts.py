"""Bursts: whether more answers came in on the last two days of a period than customers bring by themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from revisit.findings.counts.codes import Flags, Floats, Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.evidence import Evidence
from revisit.findings.statistics.binomial import at_least

LAST_DAYS = 2
# Fewer answers than this say nothing of how long customers take.
LEAST_KNOWN = 100
# Days differ by weather and letters: so many times the expected answers are no burst yet.
MARGIN = 1.5
WEEK = 7


class Burst(NamedTuple):
    """How many of the answers that came in within a period came on its last two days, how many were to be expected.

    ``p``: the chance of so many or more, were half as many again as expected the rule.
    """

    last_days: int
    n: int
    expected: float
    p: float


def burst(evidence: Evidence) -> Burst | None:
    """Compare the last two local days of a period with what customers do at other times and places.

    An answer to a visit comes so many days after it; how many, by the day of the week, is known from the unit's other
    answers and from all others, and the more lenient of the two is believed. For the answers of a poster the days of
    the week alone are known. Answers of which nothing is known are left out; None where none is left, or the period is
    too short. Binomial, upper tail, with the mean chance: it is never less than the true one (Hoeffding 1956).
    """
    first, last = evidence.period.first.toordinal(), evidence.period.last.toordinal()
    if last - first < LAST_DAYS:
        return None
    whole = evidence.everybody
    arrived = evidence.pool.once("arrived", lambda: local_days(whole, evidence))
    here = evidence.rows_of(whole, evidence.period)
    mine = evidence.chosen & here & (arrived >= first) & (arrived <= last)
    if not mine.any():
        return None
    unit = evidence.chosen
    chances = np.full(int(mine.sum()), np.nan)
    for other in (unit & ~here, ~unit):
        one = _chances(whole, arrived, mine, other, (first, last))
        chances = np.fmax(chances, one)
    known = np.isfinite(chances)
    if not known.any():
        return None
    late = int((arrived[mine][known] > last - LAST_DAYS).sum())
    return weigh(late, int(known.sum()), float(chances[known].mean()))


def weigh(late: int, n: int, share: float) -> Burst:
    """Give how many of n answers came late beside the share that was to be expected."""
    return Burst(late, n, n * share, at_least(late, n, min(1.0, MARGIN * share)))


def local_days(columns: Columns, evidence: Evidence) -> Ints:
    """Give the day, as an ordinal, on which each answer arrived where its unit is."""
    found = np.zeros(len(columns), np.int64)
    zones = [evidence.organisation.of_path(path).timezone for path in columns.units]
    for zone in sorted(set(zones)):
        rows = np.array([one == zone for one in zones], np.bool_)[columns.unit]
        quarters, place = np.unique(columns.received[rows] // 900, return_inverse=True)  # offsets change on these
        days = [datetime.fromtimestamp(int(one) * 900, ZoneInfo(zone)).date().toordinal() for one in quarters]
        found[rows] = np.array(days, np.int64)[place.reshape(-1)]
    return found


def _chances(whole: Columns, arrived: Ints, mine: Flags, other: Flags, span: tuple[int, int]) -> Floats:
    """Give the chance of each of our answers to come on the last two days, were they as the others are."""
    asked = whole.visits != ""
    found = np.full(len(arrived), np.nan)
    ours, others = mine & asked, other & asked & (arrived >= whole.day)
    found[ours] = _by_delay(whole.day[ours], (whole.day[others], arrived[others]), span)
    ours, others = mine & ~asked, other & ~asked
    if ours.any() and others.sum() >= LEAST_KNOWN:
        found[ours] = _by_weekday(arrived[others], span)
    return found[mine]


def _by_delay(days: Ints, known: tuple[Ints, Ints], span: tuple[int, int]) -> Floats:
    """Give for visits of some days the chance that their answers, in by the end of the period, came in its last days.

    ``known`` are the days of visits and answers elsewhere.
    """
    first, last = span
    begun, delay = known[0] % WEEK, known[1] - known[0]
    chances: Mapping[int, float] = {}
    if len(delay) >= LEAST_KNOWN:
        chances = {
            day: _late_share(delay[begun == day % WEEK] if (begun == day % WEEK).sum() >= LEAST_KNOWN else delay, at)
            for day in np.unique(days).tolist()
            for at in [(max(first - day, 0), last - LAST_DAYS - day, last - day)]
        }
    return np.array([chances.get(day, np.nan) for day in days.tolist()], np.float64)


def _late_share(delay: Ints, at: tuple[int, int, int]) -> float:
    """Give the share of delays after the second among those from the first to the third; no number without any."""
    first, before, last = at
    inside = (delay >= first) & (delay <= last)
    return float((delay[inside] > before).mean()) if inside.any() else float("nan")


def _by_weekday(arrived: Ints, span: tuple[int, int]) -> float:
    first, last = span
    counts = np.bincount(arrived % WEEK, minlength=WEEK)
    days = np.arange(first, last + 1)
    return float(counts[days[-LAST_DAYS:] % WEEK].sum() / max(1, counts[days % WEEK].sum()))
