"""Binomial tails and the correction of many p-values, without ``scipy.stats``: that takes half a second to import."""

from collections.abc import Sequence

from scipy.special import betainc, betaincc


def at_most(count: int, n: int, share: float) -> float:
    """Give the probability of ``count`` or fewer of ``n``: a regularised incomplete beta function."""
    if count < 0:
        return 0.0
    return 1.0 if count >= n else float(betaincc(count + 1, n - count, share))


def at_least(count: int, n: int, share: float) -> float:
    """Give the probability of ``count`` or more of ``n``."""
    if count <= 0:
        return 1.0
    return 0.0 if count > n else float(betainc(count, n - count + 1, share))


def quantile(probability: float, n: int, share: float) -> int:
    """Give the smallest count that is reached with at least this probability."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if at_most(middle, n, share) >= probability:
            high = middle
        else:
            low = middle + 1
    return low


def step_up(p_values: Sequence[float]) -> list[float]:
    """Correct p-values for their number, in their order: Benjamini and Hochberg 1995 (J. R. Stat. Soc. B 57:289)."""
    count, least = len(p_values), 1.0
    corrected = [1.0] * count
    for rank, place in sorted(enumerate(sorted(range(count), key=p_values.__getitem__), 1), reverse=True):
        least = min(least, p_values[place] * count / rank)
        corrected[place] = least
    return corrected
