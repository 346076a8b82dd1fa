"""Suppression: which figures are withheld because too few people stand behind them, and why."""

from collections.abc import Mapping
from typing import Any, Literal

# GP Patient Survey: no figure below ten answers. Thirty: the usual mark for a small base. Both are policy.
LEAST, SMALL = 10, 30

Base = Literal["none", "hidden", "protected", "small", "full"]

# The words for why a figure is null; docs/findings.md says them in full.
NO_ANSWERS = "no_answers"
FEWER_THAN_TEN = "fewer_than_10"
DIMENSION_TOO_SMALL = "dimension_fewer_than_10"
PROTECTS_ANOTHER = "protects_another"
NO_QUESTION = "no_question"
NO_VISITS = "no_visits"
REASONS: dict[str, str] = {
    NO_ANSWERS: "no answers",
    FEWER_THAN_TEN: "fewer than ten answers",
    DIMENSION_TOO_SMALL: "a weighted dimension has fewer than ten answers",
    PROTECTS_ANOTHER: "would give away another unit's few answers",
    NO_QUESTION: "the survey does not ask it",
    NO_VISITS: "no settled visits",
}

# How a withheld unit's base is called.
WEIGHTS: dict[str, Base] = {NO_ANSWERS: "none", FEWER_THAN_TEN: "hidden", PROTECTS_ANOTHER: "protected"}


def base(n: int) -> Base:
    """Say what n answers allow: nothing (none), no figure and no n (1-9), a figure marked small (10-29), a figure."""
    if n == 0:
        return "none"
    if n < LEAST:
        return "hidden"
    return "small" if n < SMALL else "full"


class Withheld:
    """Gathers the paths of withheld figures with their reasons, and says how a figure of n answers is shown.

    Where the whole has one to nine answers, even that a question had none of them is withheld.
    """

    def __init__(self, whole: int) -> None:
        self.paths: dict[str, str] = {}
        self.few = 0 < whole < LEAST

    def base(self, n: int) -> Base:
        """Say what n answers allow."""
        return "hidden" if self.few else base(n)

    def count(self, n: int) -> int | None:
        """Give n where it may be printed: none, or ten and more."""
        return n if n >= LEAST or (n == 0 and not self.few) else None

    def note(self, path: str, why: str) -> None:
        """Note a figure; the first reason stays."""
        self.paths.setdefault(path, why)

    def note_few(self, path: str, n: int) -> None:
        """Note a figure that fewer than ten answers stand behind."""
        self.note(path, NO_ANSWERS if n == 0 and not self.few else FEWER_THAN_TEN)

    def listed(self) -> list[dict[str, Any]]:
        """Give the contract's list, in order of path."""
        return [{"path": path, "reason": self.paths[path]} for path in sorted(self.paths)]


def hide(parts: Mapping[str, int], unseen: int = 0) -> dict[str, str]:
    """Give which parts of a shown whole are withheld, and why, from the number of answers in each.

    ``unseen`` answers belong to the whole and to no part that is printed. Parts with 1-9 answers are hidden. Under a
    shown whole the hidden parts must be two or more and together ten or more, or they could be found by subtraction:
    until then the smallest shown part is hidden as well, ties by name.
    """
    hidden = {name: FEWER_THAN_TEN for name, n in parts.items() if 0 < n < LEAST}
    shown = sorted((n, name) for name, n in parts.items() if n >= LEAST)
    while hidden and shown:
        unknown = len(hidden) + (unseen > 0)
        if unknown >= 2 and sum(parts[name] for name in hidden) + unseen >= LEAST:
            break
        hidden[shown.pop(0)[1]] = PROTECTS_ANOTHER
    return hidden
