"""Colours: the brand's, made fit for print, and the ones that say something, which keep their order in grey."""

import re
from dataclasses import dataclass

from revisit.records.problems import CallError

DEFAULT = "#17506b"
INK, MUTED, FAINT, GRID, PAPER = "#1c2430", "#5b6675", "#97a1ae", "#dfe4ea", "#ffffff"
# The range that chance draws: lighter than all that is laid over it, darker than the grid's paper.
BAND = "#e9ecf0"
# The target's mark: told from the rest by its shape as well.
TARGET = "#a8480b"
# From worst to best. Neighbours differ in lightness, so that they stay apart in grey and for colour-blind people; the
# two ends differ in lightness as well as in hue.
WORST_TO_BEST: dict[int, tuple[str, ...]] = {
    3: ("#8c3a08", "#e6e2da", "#3f79ab"),
    5: ("#7c2f05", "#dc9458", "#ece7de", "#a5c8e1", "#3f79ab"),
}
# WCAG 2.2 asks 4.5 : 1 of text; headings are printed in the brand's colour and tiles carry white on it.
CONTRAST = 4.5


@dataclass(frozen=True, slots=True)
class Palette:
    """The brand's colour, dark enough for text on white, with two tints of it."""

    brand: str = DEFAULT
    tint: str = "#e8eef2"
    soft: str = "#9fb8c6"


def palette(colour: str) -> Palette:
    """Make a palette from a colour such as ``#0a6e5c``; a light one is darkened until text in it can be read.

    Raises CallError for anything that is not a colour of six hexadecimal digits.
    """
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        raise CallError(
            f'[brand] colour is "{colour}" in revisit.toml. Write "#" and six hexadecimal digits, such as "{DEFAULT}".'
        )
    made = colour.lower()
    while contrast(made, PAPER) < CONTRAST:
        made = mix(made, "#000000", 0.06)
    return Palette(made, mix(made, PAPER, 0.9), mix(made, PAPER, 0.58))


def steps(count: int) -> tuple[str, ...]:
    """Give a colour for each point of a scale, worst first; a scale without five or three points is blended."""
    if count in WORST_TO_BEST:
        return WORST_TO_BEST[count]
    anchors = WORST_TO_BEST[5]
    places = [index * (len(anchors) - 1) / max(1, count - 1) for index in range(count)]
    return tuple(
        mix(anchors[int(place)], anchors[min(int(place) + 1, len(anchors) - 1)], place - int(place)) for place in places
    )


def on(colour: str) -> str:
    """Give the colour of text on a ground: ink or paper, whichever reads better."""
    return INK if contrast(colour, INK) >= contrast(colour, PAPER) else PAPER


def mix(one: str, other: str, share: float) -> str:
    """Mix two colours; ``share`` is the other one's part, 0 to 1."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
