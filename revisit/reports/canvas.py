"""The canvas: lines, bars, dots and words on a plane of CSS pixels become an SVG that every reader is told of."""

import unicodedata
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from revisit.reports.drawing import Drawing
from revisit.reports.palette import INK, PAPER

Place = tuple[float, float]
# From the middle of a line of words to the ground its letters stand on, in parts of the size of type.
_GROUND = 0.36
# Widths in parts of the size of type: a Chinese character is one, Latin letters are narrower.
_NARROW, _LATIN, _BROAD = 0.3, 0.56, 0.85
_THIN, _WIDE = frozenset("iljtf.,:;'|!()[]- \u2009"), frozenset("mwMW@%")


class Canvas:
    """Gathers marks in the order they are painted. ``face`` is the typeface: a drawing does not know its language."""

    def __init__(self, width: float, height: float, face: str, size: float) -> None:
        self.width, self.height, self.face, self.size = width, height, face, size
        self._marks: list[str] = []

    def bar(self, left: float, top: float, width: float, height: float, colour: str, *, opacity: float = 1) -> None:
        """Paint a rectangle."""
        seen = "" if opacity == 1 else f' opacity="{opacity:g}"'
        place = f'x="{_n(left)}" y="{_n(top)}" width="{_n(max(width, 0))}" height="{_n(height)}"'
        self._marks.append(f'<rect {place} fill="{colour}"{seen}/>')

    def stroke(self, path: str, colour: str, width: float = 1, *, dash: str = "", round_ends: bool = False) -> None:
        """Draw along a path."""
        style = f' stroke-dasharray="{dash}"' if dash else ""
        style += ' stroke-linecap="round"' if round_ends else ""
        self._marks.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{style}/>')

    def dot(self, at: Place, radius: float, colour: str) -> None:
        """Set a dot with a thin edge of paper that keeps it apart from the lines behind it."""
        edge = f'fill="{colour}" stroke="{PAPER}" stroke-width="1.2"'
        self._marks.append(f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" {edge}/>')

    def triangle(self, at: Place, size: float, colour: str) -> None:
        """Set a triangle that points upwards, ``size`` from its middle to each corner, with an edge of paper."""
        x, y = at
        half = size * 0.87
        path = f"M{_n(x)},{_n(y - size)}L{_n(x + half)},{_n(y + size / 2)}L{_n(x - half)},{_n(y + size / 2)}Z"
        self._marks.append(f'<path d="{path}" fill="{colour}" stroke="{PAPER}" stroke-width="1.2"/>')

    def square(self, at: Place, size: float, colour: str) -> None:
        """Set a square of this width with an edge of paper."""
        place = f'x="{_n(at[0] - size / 2)}" y="{_n(at[1] - size / 2)}" width="{_n(size)}" height="{_n(size)}"'
        self._marks.append(f'<rect {place} fill="{colour}" stroke="{PAPER}" stroke-width="1.2"/>')

    def words(
        self, at: Place, text: str, *, anchor: str = "start", colour: str = INK, size: float = 0, bold: bool = False
    ) -> None:
        """Write words whose line has its middle at this height; ``anchor`` says what of them stands at this place."""
        if not text:
            return
        style = "" if anchor == "start" else f' text-anchor="{anchor}"'
        style += "" if colour == INK else f' fill="{colour}"'
        style += f' font-size="{size:g}"' if size else ""
        style += ' font-weight="bold"' if bold else ""
        ground = at[1] + _GROUND * (size or self.size)
        self._marks.append(f'<text x="{_n(at[0])}" y="{_n(ground)}"{style}>{escape(text, quote=False)}</text>')

    def lines(self, at: Place, text: str, room: float, *, most: int = 2) -> None:
        """Write words around this height in lines of at most ``room`` pixels, with … where they end early."""
        whole = wrap(text, room, self.size, most)
        size = self.size if len(whole) == 1 else self.size - 1
        pitch = size * 1.15
        top = at[1] - pitch * (len(whole) - 1) / 2
        for number, line in enumerate(whole):
            self.words((at[0], top + number * pitch), line, size=0 if size == self.size else size)

    def drawing(self, name: str, description: str, *, narrow: "Canvas | None" = None) -> Drawing:
        """Give the drawing, with another canvas for narrow windows. The PDF takes its words from ``<title>``."""
        called = f"chart-{escape(name)}"
        svg = self.svg(f'id="{called}"', f"<title>{escape(description)}</title>")
        if narrow is None:
            return Drawing(svg, description)
        told = f'id="{called}-narrow" class="narrow" role="img" aria-labelledby="{called}"'
        return Drawing(svg, description, narrow.svg(told))

    def svg(self, attributes: str, title: str = "") -> str:
        """Write the element with these attributes."""
        size = f'width="{_n(self.width)}" height="{_n(self.height)}"'
        box = f'viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
        type_ = f'font-family="{escape(self.face)}" font-size="{self.size:g}" fill="{INK}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes} {size} {box}>'
        return f"{head}{title}<g {type_}>{''.join(self._marks)}</g></svg>"


def across(left: float, right: float, *heights: float) -> str:
    """Give the path of level lines."""
    return "".join(f"M{_n(left)},{_n(height)}H{_n(right)}" for height in heights)


def upright(top: float, bottom: float, *places: float) -> str:
    """Give the path of upright lines."""
    return "".join(f"M{_n(place)},{_n(top)}V{_n(bottom)}" for place in places)


def through(places: Sequence[Place]) -> str:
    """Give the path that goes straight from place to place."""
    return "M" + "L".join(f"{_n(x)},{_n(y)}" for x, y in places)


def smooth(places: Sequence[Place]) -> str:
    """Give a smooth path through places from left to right that never swings beyond them.

    Monotone cubic interpolation: M. Steffen, Astronomy and Astrophysics 239 (1990), 443.
    """
    if len(places) < 3:  # a straight line
        return through(places)
    slopes = _slopes(places)
    path = f"M{_n(places[0][0])},{_n(places[0][1])}"
    for (x, y), (to_x, to_y), slope, to_slope in zip(places, places[1:], slopes, slopes[1:], strict=False):
        third = (to_x - x) / 3
        path += f"C{_n(x + third)},{_n(y + third * slope)},{_n(to_x - third)},{_n(to_y - third * to_slope)}"
        path += f",{_n(to_x)},{_n(to_y)}"
    return path


def _slopes(places: Sequence[Place]) -> list[float]:
    steps = [(b[0] - a[0], (b[1] - a[1]) / (b[0] - a[0])) for a, b in pairwise(places)]
    inner = []
    for (width, one), (next_width, other) in pairwise(steps):
        mean = (one * next_width + other * width) / (width + next_width)
        inner.append(0.0 if one * other <= 0 else min(abs(one), abs(other), abs(mean) / 2) * 2 * (1 if one > 0 else -1))
    return [(3 * steps[0][1] - inner[0]) / 2, *inner, (3 * steps[-1][1] - inner[-1]) / 2]


def breadth(text: str, size: float) -> float:
    """Estimate how wide words are, in pixels: enough to give them room, not to set type."""
    return size * sum(_broad(character) for character in text)


def _broad(character: str) -> float:
    if character in _THIN:
        return _NARROW
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return _BROAD if character in _WIDE else _LATIN


def wrap(text: str, room: float, size: float, most: int) -> list[str]:
    """Break words into at most ``most`` lines, between words where there are any; what has no room becomes …."""
    if breadth(text, size) <= room:
        return [text]
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most:
        last = len(lines) == most - 1
        line = _fitting(rest, room, size, cut=last)
        lines.append(line)
        rest = "" if last else rest[len(line) :].lstrip()
    return [line.rstrip() for line in lines]


def _fitting(text: str, room: float, size: float, *, cut: bool) -> str:
    """Give as much of a text as has room: up to a gap between words, or cut off with … ."""
    if breadth(text, size) <= room:
        return text
    end, used, gap = 0, size if cut else 0.0, 0
    while end < len(text) and used + (wide := size * _broad(text[end])) <= room:
        used += wide
        end += 1
        if end < len(text) and (text[end] == " " or unicodedata.east_asian_width(text[end]) == "W"):
            gap = end
    if cut:
        return text[:end].rstrip() + "…"
    return text[: gap or max(end, 1)]


def _n(number: float) -> str:
    """Write a number of pixels to a tenth: finer is not seen."""
    written = f"{number:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written
