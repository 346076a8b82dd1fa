"""Suppression: which figures are withheld because too few people stand behind them, and why."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from revisit.findings.counts.codes import Flags, Ints

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
NOT_RECORDED = "not_recorded"
FEWER_THAN_100 = "fewer_than_100_complete"
ONE_MODE = "one_mode_or_few_outlets"
MODES_NOT_SEPARABLE = "modes_not_separable"
EMPTY_GROUP = "a_group_has_no_answers"
WEIGHTS_CHANGED = "weights_changed"
NARROWED = "narrowed"
NONE_DOUBTFUL = "none_doubtful"
ONE_WAY, MODE_MISSING = "one_mode", "mode_missing"
NO_SPREAD = "no_spread"
FEW_OUTLETS = "few_outlets"
REASONS: dict[str, str] = {
    NO_ANSWERS: "no answers",
    FEWER_THAN_TEN: "fewer than ten answers",
    DIMENSION_TOO_SMALL: "a weighted dimension has fewer than ten answers",
    PROTECTS_ANOTHER: "would give away another unit's few answers",
    NO_QUESTION: "the survey does not ask it",
    NO_VISITS: "no settled visits",
    NOT_RECORDED: "nothing of it was recorded with these answers",
    FEWER_THAN_100: "fewer than a hundred complete answers",
    ONE_MODE: "fewer than two modes, six outlets or a hundred answers",
    MODES_NOT_SEPARABLE: "modes go with units or kinds of work",
    EMPTY_GROUP: "a unit, month or kind of work has no answers",
    WEIGHTS_CHANGED: "the dimensions had other weights then",
    NARROWED: "not for answers of one mode or language alone",
    ONE_WAY: "nearly all answers came in one way",
    MODE_MISSING: "a way of answering has fewer than ten answers here",
    NO_SPREAD: "the answers are too much alike",
    FEW_OUTLETS: "fewer than six outlets with answers",
    NONE_DOUBTFUL: "no answer looks doubtful",
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

    ``why_not`` says whether the answers that a figure rests on must be kept back to protect others. Where the whole has
    one to nine answers, even that a question had none of them is withheld.
    """

    def __init__(self, whole: int, why_not: Callable[[Sequence[str]], str | None]) -> None:
        self.paths: dict[str, str] = {}
        self.few = 0 < whole < LEAST
        self.why_not = why_not

    def why(self, n: int, rests_on: Sequence[str] = ()) -> str | None:
        """Say why a figure of n answers is withheld, or None where it is shown."""
        if n < LEAST:
            return NO_ANSWERS if n == 0 and not self.few else FEWER_THAN_TEN
        return self.why_not(rests_on)

    def head(self, path: str, n: int, rests_on: Sequence[str] = ()) -> tuple[bool, dict[str, Any]]:
        """Say whether a figure is shown, and give its n and base; where it is withheld, note the path."""
        why = self.why(n, rests_on)
        if why is None:
            return True, {"n": n, "base": base(n)}
        self.note(path, why)
        return False, {"n": 0 if why == NO_ANSWERS else None, "base": WEIGHTS.get(why, "hidden")}

    def note(self, path: str, why: str) -> None:
        """Note a figure; the first reason stays."""
        self.paths.setdefault(path, why)

    def listed(self) -> list[dict[str, Any]]:
        """Give the contract's list, in order of path."""
        return [{"path": path, "reason": self.paths[path]} for path in sorted(self.paths)]


def hide(parts: Mapping[str, int], unseen: int = 0) -> dict[str, str]:
    """Give which parts of a shown whole are withheld, and why, from the number of answers in each.

    ``unseen`` answers belong to the whole and to no part that is printed. Ties by name.
    """
    names = sorted(parts)
    if not names:
        return {}
    table = np.array([[parts[name]] for name in names], np.int64)
    hidden = hide_more(table, ((table > 0) & (table < LEAST))[:, 0], np.array([unseen]))
    why = [FEWER_THAN_TEN if parts[name] < LEAST else PROTECTS_ANOTHER for name in names]
    return {name: reason for name, reason, out in zip(names, why, hidden, strict=True) if out}


def hide_more(table: Ints, hidden: Flags, unseen: Ints) -> Flags:
    """Give which parts (rows) of a shown whole are hidden in all its periods (columns) at once.

    Until in every period those who are hidden or unseen are nobody, or two parts or more with ten answers or more
    together, the smallest shown part is hidden as well; ties by place.
    """
    hidden = hidden.copy()
    sizes = table.sum(axis=1)
    while True:
        rest = table[hidden].sum(axis=0) + unseen
        parts = (table[hidden] > 0).sum(axis=0) + (unseen > 0)
        left = np.flatnonzero(~hidden & (sizes > 0))
        if not ((rest > 0) & ((rest < LEAST) | (parts < 2))).any() or not len(left):
            return hidden
        hidden[left[np.argmin(sizes[left])]] = True
