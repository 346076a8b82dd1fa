"""Colours: a brand's colour made safe to read, on white paper and in the dark."""

import re
from dataclasses import dataclass
from functools import lru_cache

from revisit.records.problems import ContentError, Problem
from revisit.settings import FILE_NAME, Settings

DEFAULT = "#0b57a4"
LEAST_CONTRAST = 4.5
LIGHT_PAPER = "#ffffff"
DARK_PAPER = "#14171a"
# The grounds of the form's style sheet that the brand's colour is hardest to read on, light and dark.
LIGHT_WORST = "#eff3f8"
DARK_WORST = "#3a3115"

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """The brand's colour as text and button in light and in dark, with a contrast of at least 4.5 on every ground."""

    light: str
    dark: str


def palette(settings: Settings) -> Palette:
    """Give the brand's colours, made readable on both papers. Raises ContentError for what is no colour."""
    colour = settings.brand.get("colour", DEFAULT)
    if not _HEX.fullmatch(colour):
        cure = 'Write it like colour = "#0b57a4".'
        raise ContentError(
            [Problem(FILE_NAME, 0, 0, "W002", f'"brand.colour" is "{colour}", which is no colour', cure)]
        )
    return Palette(readable(colour, LIGHT_WORST), readable(colour, DARK_WORST))


@lru_cache(maxsize=16)
def readable(colour: str, paper: str) -> str:
    """Move a colour away from the paper's until their contrast is at least 4.5."""
    towards = 0.0 if luminance(paper) > 0.5 else 1.0
    red, green, blue = _parse(colour)
    for step in range(101):
        share = step / 100
        mixed = _format(tuple(part + (towards - part) * share for part in (red, green, blue)))  # type: ignore[arg-type]
        if contrast(mixed, paper) >= LEAST_CONTRAST:
            return mixed
    return "#000000" if towards == 0 else "#ffffff"


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parse(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parse(colour: str) -> Rgb:
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _format(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
