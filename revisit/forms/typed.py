"""Typed values: what people write into a field, made storable and read kindly."""

import re
import unicodedata
from datetime import date

MOST_PHONE = 40
MOST_EMAIL = 254

_PHONE = re.compile(r"[+0-9()./ \-－（）]+(?:(?:ext|x|转|轉|#)\.? ?[0-9]{1,6})?", re.IGNORECASE)
_LEAST_DIGITS = 5
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's Cc and Cs but for tab and line feed
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_DATE = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?|([0-9]{4})([0-9]{2})([0-9]{2})")
_YEARS = range(1900, 2101)


def clean(text: str | None) -> str:
    """Make typed text storable: one sort of line end, no control characters, no space around it."""
    unified = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", unified).strip()


def clean_line(text: str | None) -> str:
    """Make typed text storable as one line."""
    return " ".join(clean(text).split())


def read_date(text: str) -> date | None:
    """Read a day as browsers send it or as people write it, the year first; None for anything else."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def is_phone(text: str) -> bool:
    """Say whether this could be a phone number, in whatever form."""
    long_enough = sum(sign.isdigit() for sign in text) >= _LEAST_DIGITS
    return len(text) <= MOST_PHONE and long_enough and _PHONE.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Say whether this could be an e-mail address."""
    return len(text) <= MOST_EMAIL and _EMAIL.fullmatch(text) is not None
