"""Quality: answers that look careless, repeated or made by a machine; they are counted and never left out unsaid."""

import unicodedata

import numpy as np

from revisit.findings.counts.codes import MODES, Flags, Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.statistics.binomial import at_least

LEAST_ITEMS = 10
SPEED = 1 / 3
LEAST_WORDS = 10
# Words of this width, a Chinese character counting for two, are no set phrase; so many of the same are copied.
SENTENCE, LEAST_TIMES = 40, 3
# Less than this for each question answered is no reading. Modes in which a customer fills in the form.
SECONDS = 1.0
TYPED = ("web", "qr", "kiosk")
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


def repeated(columns: Columns) -> Flags:
    """Say which answers repeat others of their unit to the letter.

    All points and all words, of which there are ten characters or more; or words as long as a sentence or two (forty
    letters, a Chinese character counting for two), given three times or more.
    """
    if not len(columns) or not columns.texts:
        return np.zeros(len(columns), np.bool_)
    words = ["\x1f".join(row) for row in zip(*columns.texts.values(), strict=True)]
    known = {text: place for place, text in enumerate(dict.fromkeys(words))}
    sizes = np.array([_width(text) for text in known], np.int64)
    lengths = np.array([len(text.strip("\x1f")) for text in known], np.int64)
    text = np.fromiter((known[one] for one in words), np.int64, len(words))
    points = np.column_stack([columns.unit, text, *columns.values.values()])
    same = (lengths[text] >= LEAST_WORDS) & (_times(points) > 1)
    return np.asarray(same | ((sizes[text] >= SENTENCE) & (_times(points[:, :2]) >= LEAST_TIMES)))


def _times(rows: Ints) -> Ints:
    """Give for each row how often it occurs."""
    _, place, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(counts[place.reshape(-1)])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def burst_p(days_received: np.ndarray, first: int, last: int) -> tuple[int, int, float] | None:
    """Give how many answers of a period came in on its last two days, of how many, and the chance of so many or more.

    Days are ordinals. Were answers spread evenly, their share would be 2/days: binomial, upper tail. None without any.
    """
    inside = days_received[(days_received >= first) & (days_received <= last)]
    days = last - first + 1
    if not len(inside) or days <= LAST_DAYS:
        return None
    late = int((inside > last - LAST_DAYS).sum())
    return late, len(inside), at_least(late, len(inside), LAST_DAYS / days)
