"""How records are named: random ids that carry the month they were born in."""

import uuid
from datetime import date


def new_id(born: date) -> str:
    """Give a random id whose first four digits (year and month) name the file that keeps the record."""
    return f"{born:%y%m}-{uuid.uuid4().hex}"


def month_of(record_id: str) -> str:
    """Give the ``yymm`` an id was born in."""
    return record_id[:4]
