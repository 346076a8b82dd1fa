"""Lines of text on a terminal: broken where their language lets them, never inside short brackets or a figure."""

import re
import unicodedata

from rich.cells import cell_len
from rich.console import Console

# What may not begin or end a line of Chinese; a range of numbers is broken on neither side of its sign.
NO_START = frozenset("，。、；：？！）】》」』”’…％%～·")
NO_END = frozenset("（【《「『“‘～")
_SHORT_BRACKET = re.compile(r"[（(][^（）()]{1,24}[)）]")  # longer ones may be broken


def say(console: Console, text: str, mark: str = "") -> None:
    """Print a text as a paragraph that is as wide as the terminal, its further lines indented below the first."""
    for line in wrapped(mark + text, console.width, " " * len(mark)):
        console.print(line, markup=False, highlight=False, no_wrap=True, overflow="ignore", crop=False)


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Break a text into lines of ``width`` columns, in which a Chinese sign takes two; what cannot be broken stays."""
    lines, line = [], ""
    for piece in pieces(text):
        if line.strip() and cell_len((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = indent
        line += piece if line.strip() else piece.lstrip() if lines else piece
    return [*lines, line.rstrip()]


def pieces(text: str) -> list[str]:
    """Cut a text wherever a line may end; spaces stay at the end of the piece before."""
    held = {place for found in _SHORT_BRACKET.finditer(text) for place in range(found.start() + 1, found.end())}
    cuts = [place for place in range(1, len(text)) if place not in held and _may_part(text[place - 1], text[place])]
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _may_part(left: str, right: str) -> bool:
    if right == " " or left in NO_END or right in NO_START:
        return False
    return left == " " or _is_wide(left) or _is_wide(right)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"
