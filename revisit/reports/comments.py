"""Comments: customers' own words made fit to print, whatever they typed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The mark that printers set for a sign they have not got.
GETA = "\u3013"
_EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\U000e0020-\U000e007f\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff][\ufe0e\ufe0f\u200d\u20e3]*)+"
)
_SPACES = re.compile(r"\s+")
_CLOSING = ".!。！ "


@dataclass(frozen=True, slots=True)
class Said:
    """One comment, and how many customers wrote just that."""

    text: str
    times: int = 1


def printable(text: str, emoji: str) -> str:
    """Give a comment as one paragraph: each run of emoji becomes a word, what cannot be seen is dropped.

    Text fonts have no emoji; control and direction characters could rearrange the line.
    """
    seen = _EMOJI.sub(emoji, text)
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", seen)
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cn", "Co", "Cs")
    )
    return _SPACES.sub(" ", kept).strip()


def without(texts: Iterable[str], characters: Sequence[str]) -> list[str]:
    """Give comments in which the characters that no font has are replaced by the printers' mark for a missing sign."""
    table = str.maketrans(dict.fromkeys(characters, GETA))
    return [text.translate(table) for text in texts]


def together(texts: Iterable[str]) -> list[Said]:
    """Put the same comment of several customers together; case and closing marks make no difference."""
    kept = [text for text in texts if text]
    counts = Counter(_alike(text) for text in kept)
    first = {_alike(text): text for text in reversed(kept)}
    return [Said(first[alike], times) for alike, times in counts.items()]


def _alike(text: str) -> str:
    return text.casefold().rstrip(_CLOSING) or text
