"""Quality: answers that look careless, repeated or made by a machine; they are counted and never left out unsaid."""

import numpy as np

from revisit.findings.counts.codes import MODES, Flags
from revisit.findings.counts.columns import Columns

LEAST_ITEMS = 10
SPEED = 1 / 3
# Less than this for each question answered is no reading. Modes in which a customer fills in the form.
SECONDS = 1.0
TYPED = ("web", "qr", "kiosk")


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
    """Say which answers took less than a third of the median time of their mode; those without a time did not.

    The median is that of all these answers in the same calendar month: who is quick is quick in the quarter as well.
    """
    found, timed = np.zeros(len(columns), np.bool_), np.isfinite(columns.seconds)
    group = columns.month * len(MODES) + columns.mode
    for one in np.unique(group[timed]):
        ours = timed & (group == one)
        found |= ours & (columns.seconds < SPEED * np.median(columns.seconds[ours]))
    return found


def hasty(columns: Columns) -> Flags:
    """Say which answers that were typed into a form took less than a second for each question that was answered.

    Reading alone takes longer: Zhang & Conrad 2014 (Survey Research Methods 8:127) call 0.3 s a word speeding.
    """
    answered = np.zeros(len(columns), np.int64)
    for values in columns.values.values():
        answered += values >= 0
    typed = np.isin(columns.mode, [MODES.index(name) for name in TYPED])
    with np.errstate(invalid="ignore"):  # a time that is not known is none
        return np.asarray(typed & (answered > 0) & (columns.seconds < SECONDS * answered))
