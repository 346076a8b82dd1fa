"""Cells of a table: what is wrong with one, how its text is shown, and what keeps it from being a formula."""

# A spreadsheet takes a cell that begins so for a formula; full-width forms are turned into these by some.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class CellFault(ValueError):
    """A cell cannot be used; the message says why, ``cure`` what to do."""

    def __init__(self, what: str, cure: str) -> None:
        """Keep both sentences."""
        self.cure = cure
        super().__init__(what)


def printable(text: str) -> str:
    """Give a header in one line that a terminal shows as it stands and obeys in nothing."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def safe_cell(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def plain_cell(text: str) -> str:
    """Give the text of a cell that ``safe_cell`` made safe; any other as it is."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_MARKS) else text
