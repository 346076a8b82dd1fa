"""How partitions are named: three characters at the head of each code, for one survey, month of issue and sequel."""

import secrets
from collections.abc import Container
from datetime import date

from revisit.store.protocol import StoreError

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: no i, l, o, u
FULL = 3000  # links: beyond that a commit to the partition's file takes longer than an answer should wait


def month_of_issue(issued: date) -> str:
    """Give the month (yymm) whose partitions take links issued on a day."""
    return f"{issued:%y%m}"


def is_name(text: str) -> bool:
    """Say whether a text can be a partition's name: it comes from a browser."""
    return len(text) == 3 and set(text) <= set(ALPHABET)


def free_name(taken: Container[str], count: int) -> str:
    """Give a name that none of the ``count`` partitions has."""
    if count >= len(ALPHABET) ** 3:
        raise StoreError("All names for partitions are in use. Begin a new workspace for the years to come.")
    while True:
        name = "".join(secrets.choice(ALPHABET) for _ in range(3))
        if name not in taken:
            return name
