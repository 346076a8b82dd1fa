"""Quality: answers that look careless, repeated or made by a machine; they are counted and never left out unsaid."""

import numpy as np
from scipy.stats import binom

from revisit.findings.codes import Flags
from revisit.findings.columns import Columns

LEAST_ITEMS = 10
SPEED = 1 / 3
LEAST_WORDS = 10
LAST_DAYS = 2


def identical(columns: Columns) -> Flags:
    """Say which answers give ten scale questions or more the same point, as given.

    Yan et al. 2013; Meade & Craig 2012. It tells only where the survey has a reversed question: all fives is what a
    pleased customer gives.
    """
    table = [columns.values[one.id] for one in columns.survey.questions if one.is_scale]
    if len(table) < LEAST_ITEMS:
        return np.zeros(len(columns), np.bool_)
    values = np.array(table)
    valid = values >= 0
    low = np.where(valid, values, np.iinfo(np.int64).max).min(axis=0)
    high = np.where(valid, values, -1).max(axis=0)
    return np.asarray((valid.sum(axis=0) >= LEAST_ITEMS) & (low == high))


def speeding(columns: Columns) -> Flags:
    """Say which answers took less than a third of the median time of their mode; those without a time did not."""
    found = np.zeros(len(columns), np.bool_)
    for mode in np.unique(columns.mode):
        ours = (columns.mode == mode) & np.isfinite(columns.seconds)
        if ours.any():
            found |= ours & (columns.seconds < SPEED * np.median(columns.seconds[ours]))
    return found


def repeated(columns: Columns) -> Flags:
    """Say which answers repeat another to the letter: all points and all words, ten characters of words at least."""
    if not len(columns) or not columns.texts:
        return np.zeros(len(columns), np.bool_)
    words = np.array(["\x1f".join(row) for row in zip(*columns.texts.values(), strict=True)], np.object_)
    long = np.array([len(text.strip("\x1f")) >= LEAST_WORDS for text in words], np.bool_)
    _, text = np.unique(words.astype(str), return_inverse=True)
    rows = np.column_stack([columns.unit, text.reshape(-1), *columns.values.values()])
    _, place, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    again = counts[place.reshape(-1)] > 1
    return np.asarray(long & again)


def burst_p(days_received: np.ndarray, first: int, last: int) -> tuple[int, int, float] | None:
    """Give how many answers of a period came in on its last two days, of how many, and the chance of so many or more.

    Days are ordinals. Were answers spread evenly, their share would be 2/days: binomial, upper tail. None without any.
    """
    inside = days_received[(days_received >= first) & (days_received <= last)]
    days = last - first + 1
    if not len(inside) or days <= LAST_DAYS:
        return None
    late = int((inside > last - LAST_DAYS).sum())
    return late, len(inside), float(binom.sf(late - 1, len(inside), LAST_DAYS / days))
