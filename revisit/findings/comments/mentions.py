"""Mentions: how many comments are about each theme; counted among those who wrote one, never scored."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from revisit.findings.comments.themes import Dictionary, default
from revisit.findings.counts.clusters import share_effect
from revisit.findings.counts.columns import COMMENTED, Columns
from revisit.findings.evidence import Evidence
from revisit.findings.scoring import scores
from revisit.findings.withholding.suppression import Withheld
from revisit.records.survey import OwnTheme

NO_THEME: Final = "none"
# The same comments are counted for an outlet and everything above it.
REMEMBERED: Final = 1 << 16
# So many surveys' dictionaries are kept.
SURVEYS: Final = 16


def mentions(evidence: Evidence, withheld: Withheld) -> list[dict[str, Any]]:
    """Give each theme with the answers that have a comment about it, of all with a comment, in the dictionary's order.

    The last row, ``none``, counts those of which no theme is known. All rows are withheld together, under the path
    ``themes``.
    """
    now = evidence.now
    rows = now.rests_on[COMMENTED]
    n = int(rows.sum())
    own = evidence.survey.themes
    names = [*_dictionary(own).names, NO_THEME]
    called = {theme.id: {"names": dict(theme.names)} for theme in own if theme.names}
    seen, head = withheld.head("themes", n, (COMMENTED,))
    if not seen:
        share = {"value": None, "low": None, "high": None}
        nothing = ({"theme": name, "n": None, "of": head["n"], "share": dict(share)} for name in names)
        return [row | called.get(row["theme"], {}) for row in nothing]
    said = zip(*(texts[rows].tolist() for texts in now.texts.values()), strict=True)
    themes_of = _finder(own)
    found = [frozenset().union(*(themes_of(text) for text in one)) or {NO_THEME} for one in said]
    wrote = now.pick(rows)
    return [_row(name, [name in one for one in found], wrote) | called.get(name, {}) for name in names]


def _row(name: str, about: list[bool], wrote: Columns) -> dict[str, Any]:
    effect = share_effect(wrote, np.array(about), np.ones(len(about), np.bool_))
    share = scores.share(sum(about), len(about), effect)
    assert share is not None  # noqa: S101 — n is ten or more
    return {"theme": name, "n": sum(about), "of": len(about), "share": share.limits()}


@lru_cache(maxsize=SURVEYS)
def _dictionary(own: tuple[OwnTheme, ...]) -> Dictionary:
    return _dictionary(()).with_own(own) if own else default()


@lru_cache(maxsize=SURVEYS)
def _finder(own: tuple[OwnTheme, ...]) -> Callable[[str], frozenset[str]]:
    """Give what finds the themes of a comment with an author's dictionary, and remembers them."""
    words = _dictionary(own)
    return lru_cache(maxsize=REMEMBERED)(lambda comment: frozenset(words.themes_of(comment)))
