"""Drawings: what a chart has become."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG element, the words that stand for it where it cannot be seen, and another for a narrow window if need be.

    The narrow one says the same and takes its words from the broad one.
    """

    svg: str
    description: str
    narrow: str = ""
