"""Languages: the tags a survey may be written in, what they are called, and in which direction they run."""

from collections.abc import Collection
from functools import cache

from babel import Locale, UnknownLocaleError

# Those in which Revisit has words of its own.
LANGUAGES: tuple[str, ...] = ("en", "zh-Hans", "zh-Hant")


@cache
def _known(tag: str) -> Locale | None:
    """Give Babel's locale of a tag, if it is one of a language and written as BCP 47 has it."""
    try:
        found = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    # Of Chinese there must be no doubt in which script it is, and Revisit has both.
    doubtful = found.language == "zh" and tag not in LANGUAGES
    return None if doubtful or str(found).replace("_", "-") != tag else found


def is_language(tag: str) -> bool:
    """Say whether a survey may be written in this: a tag such as ``de``, ``ar`` or ``pt-BR``."""
    return _known(tag) is not None


def in_order(languages: Collection[str]) -> tuple[str, ...]:
    """Give languages in the house's order, then the others by their tags; what is no language is left out."""
    ours = [language for language in LANGUAGES if language in languages]
    return (*ours, *sorted(one for one in languages if one not in LANGUAGES and is_language(one)))


def direction(tag: str) -> str:
    """Give ``rtl`` for languages that run from right to left, ``ltr`` for all others."""
    found = _known(tag)
    return "ltr" if found is None else str(found.text_direction)


def own_name(tag: str) -> str:
    """Give what a language calls itself."""
    found = _known(tag)
    said = "" if found is None else found.get_display_name(found)
    return _NAMES.get(tag) or said or tag


def house_language(tag: str, *instead: str) -> str:
    """Give the language in which Revisit itself speaks where a survey is in ``tag``.

    That is the same one if Revisit has words of its own in it (British English has those of English), else the first
    of ``instead`` in which it has, else English.
    """
    wanted = (tag, tag.partition("-")[0], *instead)
    return next((language for language in wanted if language in LANGUAGES), "en")


# As people in mainland China, Taiwan and Hong Kong write it on a button.
_NAMES: dict[str, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
