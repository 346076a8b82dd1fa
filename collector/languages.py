"""Which language a visitor reads."""

from collections.abc import Sequence

from flask import Request

TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def known_language(tag: str, spoken: Sequence[str]) -> str | None:
    """Give the language for a tag, itself if that is spoken.

    zh-TW, zh-HK, zh-MO and zh-Hant-* read Traditional, other zh Simplified.
    """
    lower = tag.lower().replace("_", "-")
    exact = next((language for language in spoken if language.lower() == lower), None)
    if exact is not None:
        return exact
    if lower.startswith(TRADITIONAL):
        ours = "zh-Hant"
    elif lower.split("-")[0] == "zh":
        ours = "zh-Hans"
    else:
        ours = lower.split("-")[0]
    return ours if ours in spoken else None


def visitor_language(request: Request, spoken: Sequence[str], fallback: str) -> str:
    """Give the first language that the browser asks for and we speak."""
    for tag, quality in request.accept_languages:
        ours = known_language(tag, spoken)
        if ours is not None and quality > 0:
            return ours
    return fallback
