"""Cells of a table: what is wrong with one, how its text is shown, and what keeps it from being a formula."""

import re

# A spreadsheet takes a cell that begins so for a formula; full-width forms are turned into these by some.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What some take away first: spaces of every width, control characters, and those that are not seen.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\x7f-\xa0\xad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]*"
    f"[{re.escape(''.join(FORMULA_MARKS))}]"
)


class CellFault(ValueError):
    """A cell cannot be used; the message says why, ``cure`` what to do."""

    def __init__(self, what: str, cure: str) -> None:
        """Keep both sentences."""
        self.cure = cure
        super().__init__(what)


def printable(text: str) -> str:
    """Give a header in one line that a terminal shows as it stands and obeys in nothing."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet might take a text for a formula."""
    return _FORMULA.match(text) is not None


def safe_cell(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    return f"'{text}" if is_formula(text) else text


def plain_cell(text: str) -> str:
    """Give the text of a cell that ``safe_cell`` made safe; any other as it is."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text
