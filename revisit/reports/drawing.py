"""Drawings: what a chart has become."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG element and the words that stand for it where it cannot be seen."""

    svg: str
    description: str
