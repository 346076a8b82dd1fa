"""Conditions: when a question is asked. One parsed tree serves Python, the page and the words on it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed ``show-if``.

    ``tree`` is a nested list of JSON values: ``["and", a, b]``, ``["or", a, b]``, ``["not", a]``,
    ``["=", ["fact", "payer"], "customer"]``, ``["<=", ["item", "overall"], 3]``, ``["in", x, [..]]``, ``["answered", x]``.
    A comparison with an answer that is blank, not applicable or not asked, or with a fact that is not known, is false.
    """

    source: str
    tree: list[Any]
