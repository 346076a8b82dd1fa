"""The length of a text message as networks count it: in segments."""

from collections.abc import Iterable
from dataclasses import dataclass

# GSM 03.38: the default alphabet, and the characters that take two places because an escape goes before them.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_ESCAPED = frozenset("\f^{}\\[~]|€")
SINGLE = {"gsm-7": 160, "ucs-2": 70}
JOINED = {"gsm-7": 153, "ucs-2": 67}


@dataclass(frozen=True, slots=True)
class Length:
    """How long a message is: its alphabet (gsm-7 or ucs-2), the places it takes, the segments it is billed as."""

    alphabet: str
    places: int
    segments: int


def length(text: str) -> Length:
    """Count a message. No character is cut in two at the edge of a segment, so a place may stay free there."""
    if all(letter in GSM or letter in GSM_ESCAPED for letter in text):
        alphabet, sizes = "gsm-7", [2 if letter in GSM_ESCAPED else 1 for letter in text]
    else:
        alphabet, sizes = "ucs-2", [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    places = sum(sizes)
    if places <= SINGLE[alphabet]:
        return Length(alphabet, places, 1)
    return Length(alphabet, places, _packed(sizes, JOINED[alphabet]))


def _packed(sizes: Iterable[int], room: int) -> int:
    segments, used = 1, 0
    for size in sizes:
        if used + size > room:
            segments, used = segments + 1, 0
        used += size
    return segments
