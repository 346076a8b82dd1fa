"""Roots of many rising functions at once."""

from collections.abc import Callable

import numpy as np

from revisit.findings.counts.codes import Floats

_MOST_STEPS = 100


def roots(
    look: Callable[[Floats], tuple[Floats, Floats]], low: Floats, high: Floats, start: Floats, near: float
) -> Floats:
    """Find where each rising function is zero between ``low`` and ``high``, to ``near``.

    ``look`` gives values and slopes at one place for each. By Newton's steps, by halves where one would leave what is
    left of the bracket or the slope is none. One that has found its root keeps it while others go on: there the step
    is mere rounding, which may point out of the bracket.
    """
    at = start
    for _ in range(_MOST_STEPS):
        missed, slope = look(at)
        low, high = np.where(missed > 0, low, at), np.where(missed > 0, at, high)
        step = at - np.divide(missed, slope, out=np.full_like(at, np.inf), where=slope > 0)
        inside, there = (step > low) & (step < high), np.abs(step - at) < near
        new = np.where(inside, step, np.where(there, at, (low + high) / 2))
        if np.abs(new - at).max() < near:
            return np.asarray(new)
        at = new
    return np.asarray(at)
