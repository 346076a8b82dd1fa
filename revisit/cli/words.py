"""Words that several commands print."""


def count(number: int, what: str) -> str:
    """Give a number of things in English: 1 order, 2 orders."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
