"""Phone numbers and e-mail addresses as they stand in exports, brought into one form."""

import re
import unicodedata

import phonenumbers

from revisit.visits.cells import CellFault

NOTHING: frozenset[str] = frozenset({"", "-", "--", "/", "无", "無", "没有", "none", "n/a", "na", "null", "0"})
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_SEVERAL = re.compile(r"[/、,;|]| 或 ")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def is_scientific(text: str) -> bool:
    """Say whether a spreadsheet has shortened a long number, as in 1.38E+10."""
    return _SCIENTIFIC.fullmatch(text.strip()) is not None


def read_phone(text: str, region: str) -> str:
    """Give a phone number in E.164 form, such as +8613000000012; empty where none was given.

    ``region`` (two letters) is assumed where the number names no country. Of several numbers in one cell the first
    counts. Raises CellFault; its message never repeats the number.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.casefold() in NOTHING:
        return ""
    if is_scientific(plain):
        raise CellFault(
            f'"{plain}" is a phone number that a spreadsheet has cut short',
            "Format the column as text in the spreadsheet, or export again from the source.",
        )
    first = _SEVERAL.split(plain)[0]
    try:
        number = phonenumbers.parse(first, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise CellFault(
            f'"{masked(first)}" is no phone number of {region} nor one with a country code',
            "Correct the number, or leave the cell empty.",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(text: str) -> str:
    """Give an e-mail address; empty where none was given. Raises CellFault, which never repeats the address."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.casefold() in NOTHING:
        return ""
    if not _ADDRESS.fullmatch(plain) or len(plain) > 254:
        raise CellFault("This is no e-mail address", "Correct it, or leave the cell empty.")
    return plain


def masked(text: str) -> str:
    """Give a number or address with its middle hidden, for messages and lists that more eyes see."""
    if "@" in text:
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{text[:3]}***{text[-2:]}" if len(text) >= 7 else "***"
