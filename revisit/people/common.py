"""The passwords that are guessed first: known words and the patterns people make from them."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

WORDS_FILE = Path(__file__).resolve().parent / "common_words.txt"

# What is written along a keyboard or an alphabet, in either direction, is guessed in one go.
ROWS: tuple[str, ...] = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "`1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "147258369",
    "159753",
    "741852963",
)
LEET = str.maketrans("01345789@$!|+", "oleastbgasilt")
DATE = re.compile(
    r"(19|20)\d\d[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])|(0[1-9]|[12]\d|3[01])[-./]?(0[1-9]|1[0-2])[-./]?(19|20)\d\d"
)
MOBILE = re.compile(r"1[3-9]\d{9}|09\d{8}|[569]\d{7}")
REPEAT = re.compile(r"(.{1,5})\1+.{0,2}")


def is_common(password: str) -> bool:
    """Say whether a password is a word from the list, a pattern, or a plain mixture of both."""
    plain = re.sub(r"\s", "", password.casefold())
    if _is_pattern(plain):
        return True
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    rest = plain.replace(core, "", 1) if core else plain
    if len(core) <= 3:  # a letter or three and a row of digits
        return _is_pattern(rest) or (rest.isdigit() and len(rest) < 7)
    return any(_is_made_of_words(text) for text in {core, core.translate(LEET), plain.translate(LEET)})


def _is_pattern(text: str) -> bool:
    return bool(
        not text
        or len(set(text)) <= 2
        or REPEAT.fullmatch(text)
        or DATE.fullmatch(text)
        or MOBILE.fullmatch(text)
        or _is_along_rows(text)
    )


def _is_along_rows(text: str) -> bool:
    """Say whether a text is one or two runs of at least three keys along a row."""
    cuts = [0, *(cut for cut in range(3, len(text) - 2)), len(text)]
    whole = any(_is_run(text[:cut]) and _is_run(text[cut:]) for cut in cuts)
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return whole or len(steps) == 1


def _is_run(text: str) -> bool:
    return not text or any(text in row or text[::-1] in row for row in ROWS) or len(set(text)) == 1


def _is_made_of_words(text: str) -> bool:
    words = _words()
    if text in words:
        return True
    return any(text[:cut] in words and (text[cut:] in words or _is_pattern(text[cut:])) for cut in range(3, len(text)))


@cache
def _words() -> frozenset[str]:
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
