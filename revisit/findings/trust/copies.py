"""Copies: answers that repeat others of their outlet to the letter, told from the phrases that polite people use."""

import unicodedata
from collections.abc import Iterator

import numpy as np
from scipy.special import pdtrc

from revisit.findings.counts.codes import Flags, Ints
from revisit.findings.counts.columns import Columns
from revisit.findings.statistics.binomial import at_least

# So many customers of an outlet must say the same in a month.
LEAST_TIMES = 3
# Words of this width, a Chinese character counting for two, are no set phrase; fewer characters than LEAST_WORDS say
# nothing at all.
SENTENCE, LEAST_WORDS = 40, 10
# What is known of a sentence before anybody has used it: one answer in 2,000 has it, as if learned from a hundred.
PRIOR, PRIOR_ANSWERS = 0.05, 100
# Points that more than one answer in fifty has are usual: all fives is what a pleased customer gives.
USUAL = 0.02
# Copied is what chance would bring together less often than this.
COINCIDENCE = 0.001


def repeated(columns: Columns, outlet: Ints) -> Flags:
    """Say which answers repeat others of their outlet and month to the letter, so often that chance does not.

    Words are compared without marks and capitals. Whole sentences, given three times or more: expected are as many as
    the share of the other outlets' answers with these words lets one expect (Poisson, upper tail). Shorter words only
    with the same points, and these must be rare: expected are as many as the share of these points among the answers
    with other words (binomial, upper tail). Several answers of one customer count once.
    """
    found = np.zeros(len(columns), np.bool_)
    if not len(columns) or not columns.texts:
        return found
    said = ["\x1f".join(row) for row in zip(*columns.texts.values(), strict=True)]
    plain = {one: _plain(one) for one in set(said)}
    known = {one: place for place, one in enumerate(sorted(set(plain.values())))}
    text = np.array([known[plain[one]] for one in said], np.int64)
    sizes = np.array([len(one) for one in known], np.int64)
    shop, points, people = _coded(outlet, columns.month), _points(columns), _people(columns)
    every, (used, others), (same, worded) = np.bincount(shop), _elsewhere(text, outlet), _elsewhere(points, text)
    for rows in _groups(np.flatnonzero(sizes[text] >= LEAST_WORDS), shop, text):
        times = len(set(people[rows].tolist()))
        if _is_sentence(said[rows[0]]):
            share = (used[rows[0]] + PRIOR) / (others[rows[0]] + PRIOR_ANSWERS)
            found[rows] |= pdtrc(times - 1, share * every[shop[rows[0]]]) <= COINCIDENCE
        for alike in _groups(rows, points):
            share = (same[alike[0]] + 1) / (worded[alike[0]] + 1)
            times = len(set(people[alike].tolist()))
            found[alike] |= share <= USUAL and at_least(times, len(rows), share) <= COINCIDENCE
    return found


def _plain(text: str) -> str:
    """Give the letters and digits of a text in one case: another full stop makes no other words."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", text).casefold() if mark.isalnum())


def _is_sentence(text: str) -> bool:
    words = " ".join(text.strip().rstrip(".!?~\u3002\uff01\uff1f\u2026").split())
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in words) >= SENTENCE


def _people(columns: Columns) -> Ints:
    """Give a number for each customer; who is not known is somebody else each time."""
    unknown = np.array([not name for name in columns.customers], np.bool_)[columns.customer]
    return np.where(unknown, -1 - np.arange(len(columns)), columns.customer)


def _points(columns: Columns) -> Ints:
    """Give a number for each way of answering all questions that are counted."""
    if not columns.values:
        return np.zeros(len(columns), np.int64)
    return _coded(*columns.values.values())


def _coded(*keys: Ints) -> Ints:
    """Give a number for each combination of keys."""
    return np.unique(np.column_stack(keys), axis=0, return_inverse=True)[1].reshape(-1)


def _elsewhere(what: Ints, where: Ints) -> tuple[Ints, Ints]:
    """Give for each answer how many elsewhere are the same, and how many there are elsewhere."""
    pair = _coded(what, where)
    same = np.bincount(what)[what] - np.bincount(pair)[pair]
    return same, len(what) - np.bincount(where)[where]


def _groups(rows: Ints, *keys: Ints) -> Iterator[Ints]:
    """Give the rows that are alike in all keys, where they are often enough."""
    if not len(rows):
        return
    place = _coded(*(key[rows] for key in keys))
    order = np.argsort(place, kind="stable")
    for group in np.split(rows[order], np.flatnonzero(np.diff(place[order])) + 1):
        if len(group) >= LEAST_TIMES:
            yield group
