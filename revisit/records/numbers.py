"""Numbers as people type them."""

import re
import unicodedata

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.0{1,6})?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.0{1,6})?")


def read_number(text: str, unit: str = "") -> int | None:
    """Read a whole number with its unit, with signs for thousands, in full-width digits; None for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = plain.removesuffix(unicodedata.normalize("NFKC", unit)).replace(" ", "") if unit else plain.replace(" ", "")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    return int(plain.partition(".")[0]) if _NUMBER.fullmatch(plain) else None
