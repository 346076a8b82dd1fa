"""Cells of a table: what is wrong with one, and how its text is shown."""


class CellFault(ValueError):
    """A cell cannot be used; the message says why, ``cure`` what to do."""

    def __init__(self, what: str, cure: str) -> None:
        """Keep both sentences."""
        self.cure = cure
        super().__init__(what)


def printable(text: str) -> str:
    """Give a header in one line that a terminal shows as it stands and obeys in nothing."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
