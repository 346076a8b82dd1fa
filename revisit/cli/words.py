"""Words that several commands print."""


def count(number: int, what: str) -> str:
    """Give a number of things in English: 1 order, 2 orders."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def signed(value: float) -> str:
    """Give a whole number with its sign; nought has none."""
    return f"{round(value):+d}" if round(value) else "0"
