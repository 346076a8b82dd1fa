"""Standing: which figures can be called weakest or strongest, and which cannot be told apart."""

from collections.abc import Mapping
from typing import Any, Literal

End = Literal["weakest", "strongest"]
ENDS: tuple[End, ...] = ("weakest", "strongest")
Limits = tuple[float, float]  # low, high


def outermost(intervals: Mapping[str, Limits], values: Mapping[str, float], end: End) -> tuple[str, ...]:
    """Give the figures at one end of the scale, the outermost first: those whose 95 % intervals meet no other's.

    Figures belong together when their intervals meet, one by one, so every figure that is named lies wholly beyond all
    that are not. That is stricter than a test of the difference: with intervals of equal width it asks for 2.77
    standard errors, which leaves the chance of naming a wrong one of five below 5 % after Bonferroni. None is named of
    fewer than two, or where more than half of them belong together. Ties go by place.
    """
    if len(intervals) < 2:
        return ()
    sign = 1 if end == "weakest" else -1
    rest = sorted(intervals, key=lambda name: sign * values[name])
    group = [rest.pop(0)]
    while near := [name for name in rest if any(_meet(intervals[name], intervals[one]) for one in group)]:
        group += near
        rest = [name for name in rest if name not in near]
    return tuple(sorted(group, key=lambda name: sign * values[name])) if len(group) * 2 <= len(intervals) else ()


def standing(dimensions: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Give the dimensions that may be called weakest and strongest, from their blocks; empty lists where none may."""
    shown = {name: block for name, block in dimensions.items() if block["score"] is not None}
    intervals = {name: (block["low"], block["high"]) for name, block in shown.items()}
    values = {name: block["score"] for name, block in shown.items()}
    return {end: list(outermost(intervals, values, end)) for end in ENDS}


def _meet(one: Limits, other: Limits) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
