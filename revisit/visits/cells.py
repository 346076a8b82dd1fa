"""What is wrong with a cell of a table."""


class CellFault(ValueError):
    """A cell cannot be used; the message says why, ``cure`` what to do."""

    def __init__(self, what: str, cure: str) -> None:
        """Keep both sentences."""
        self.cure = cure
        super().__init__(what)
