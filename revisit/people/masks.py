"""Masks: personal data as lists show it, enough to tell two people apart and no more."""

import phonenumbers


def mask_phone(phone: str) -> str:
    """Give a phone number with its middle hidden: ``+8613800001234`` becomes ``138****1234``."""
    try:
        parsed = phonenumbers.parse(phone, None)
        digits = phonenumbers.national_significant_number(parsed)
        if parsed.country_code == 886 and digits.startswith("9"):  # Taiwan's mobiles are known by their leading 0
            digits = f"0{digits}"
    except phonenumbers.NumberParseException:
        digits = "".join(mark for mark in phone if mark.isdigit())
    if len(digits) < 7:
        return "*" * len(digits)
    hidden = max(3, len(digits) - 7)
    return f"{digits[: len(digits) - hidden - 4]}{'*' * hidden}{digits[-4:]}"


def show_phone(phone: str) -> str:
    """Give a phone number in full as people read it, with its country code."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(phone, None), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return phone
