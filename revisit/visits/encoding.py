"""The encoding of a text file: told by its mark, by being UTF-8, or by the headers that only one encoding shows."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from revisit.records.problems import CallError

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESSES: tuple[str, ...] = ("gb18030", "big5")
LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and the encoding it was read with. A byte that is no text stands as U+FFFD."""

    text: str
    encoding: str


def decode(content: bytes, chosen: str, has_headers: Callable[[str], bool]) -> Decoded:
    """Turn a file's bytes into text.

    ``chosen`` decides when given. Else: a byte order mark, UTF-16 without one where that shows the headers, strict
    UTF-8, then that one of GB18030 and Big5 under which ``has_headers`` finds the columns. Raises CallError when none
    or both do, and for an unknown encoding.
    """
    if chosen:
        return _decode_as(content, chosen)
    for mark, name in MARKS:
        if content.startswith(mark):
            return Decoded(content.decode(name, errors="replace"), name)
    if b"\x00" in content[:4096]:
        for name in ("utf-16-le", "utf-16-be"):
            if has_headers(content.decode(name, errors="replace")):
                return _decode_as(content, name)
        if not has_headers(content.decode("utf-8", errors="replace")):
            raise CallError(
                "The file has no encoding mark but looks like UTF-16. If it is, add: --encoding utf-16-le "
                "(or save it as UTF-8 and import it again)."
            )
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    fitting = [guess for guess in GUESSES if has_headers(content.decode(guess, errors="replace"))]
    if len(fitting) == 1:
        return _decode_as(content, fitting[0])
    why = (
        "both GB18030 (simplified Chinese) and Big5 (traditional Chinese) fit its headers"
        if fitting
        else "its headers are known in neither UTF-8, GB18030 nor Big5"
    )
    raise CallError(
        f"The file's encoding cannot be told: {why}. Add the one your system exports: "
        "--encoding gb18030 or --encoding big5 or --encoding utf-8."
    )


def _decode_as(content: bytes, name: str) -> Decoded:
    try:
        known = codecs.lookup(name).name
        text = content.decode(known, errors="replace")
    except (LookupError, ValueError):
        raise CallError(
            f'There is no text encoding "{name}". Choose one such as utf-8, gb18030, big5 or utf-16.'
        ) from None
    return Decoded(text.removeprefix("\ufeff"), known)


def is_garbled(text: str) -> bool:
    """Say whether a text was damaged on its way: lost letters, or UTF-8 that somebody read as GBK and saved so."""
    if LOST in text or "锟斤拷" in text:
        return True
    if text.isascii():
        return False
    try:
        back = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return sum("\u4e00" <= letter <= "\u9fff" for letter in back) >= 2
