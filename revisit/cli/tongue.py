"""Languages as the terminal takes them: a tag, with a hint for whoever means another one."""

from typing import Any

import click

from revisit.records.languages import LANGUAGES, is_language, own_name

TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")


class Tongue(click.ParamType[str]):
    """A language that Revisit speaks, of ``also`` other words, or with ``any_language`` any that there is."""

    name = "language"

    def __init__(self, *also: str, any_language: bool = False) -> None:
        self.allowed = (*LANGUAGES, *also)
        self.any_language = any_language

    def get_metavar(self, *_context: Any, **_more: Any) -> str:
        """Show what may be said."""
        return "LANGUAGE" if self.any_language else f"[{'|'.join(self.allowed)}]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Give the tag. Fails with the one that was probably meant."""
        if value and value not in self.allowed and not (self.any_language and is_language(value)):
            self.fail(f'"{value}" is no language here. {hint(value, self.allowed)}', param, ctx)
        return value


def hint(word: str, allowed: tuple[str, ...]) -> str:
    """Say which language was probably meant."""
    lower = word.lower().replace("_", "-")
    if lower in ("zh", "cn", "chinese", "中文"):
        return f"Did you mean zh-Hans ({own_name('zh-Hans')}) or zh-Hant ({own_name('zh-Hant')})?"
    near = next((each for each in allowed if lower.partition("-")[0] == each.lower()), "")
    if lower.startswith("zh"):
        near = "zh-Hant" if lower.startswith(TRADITIONAL) else "zh-Hans"
    return f"Did you mean {near}?" if near else f"Choose one of: {', '.join(allowed)}."
