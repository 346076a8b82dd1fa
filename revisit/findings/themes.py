"""Themes: what comments are about, by a dictionary of terms in English and Chinese; counted, never scored."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

WINDOW = 3
_NOT_ENGLISH = frozenset(
    {
        *("not", "no", "never", "nothing", "without", "hardly", "cannot", "can't", "couldn't"),
        *("isn't", "wasn't", "aren't", "weren't", "don't", "didn't", "doesn't"),
    }
)
_NOT_CHINESE = ("不", "没", "沒", "无", "無", "未", "别", "別")
_SENTENCES = re.compile(r"[.!?;。！？；\n]+")
_WORDS = re.compile(r"[a-z0-9]+(?:['’\-][a-z0-9]+)*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Theme:
    """The terms of one theme. ``polar``: negated, a term does not count. ``beside``: what it needs in its sentence."""

    name: str
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()
    polar: bool = False
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Dictionary:
    """The themes of a survey, and the terms to ignore."""

    themes: tuple[Theme, ...]
    ignored: Theme

    @classmethod
    def read(cls, text: str) -> "Dictionary":
        """Read a dictionary from TOML; raises TOMLDecodeError or ValueError naming the theme that is wrong."""
        tables = tomllib.loads(text)
        themes = [_theme(name, table) for name, table in tables.items()]
        ignored = next((one for one in themes if one.name == IGNORE), Theme(IGNORE))
        return cls(tuple(one for one in themes if one.name != IGNORE), ignored)

    @cached_property
    def _chinese(self) -> dict[str, list[Theme]]:
        return _by_term((*self.themes, self.ignored), "zh")

    @cached_property
    def _longest(self) -> int:
        return max((len(term) for term in self._chinese), default=0)

    @cached_property
    def _english(self) -> tuple[dict[tuple[str, ...], list[Theme]], int]:
        terms = {
            tuple(_WORDS.findall(term)) + (("*",) if term.endswith("*") else ()): themes
            for term, themes in _by_term((*self.themes, self.ignored), "en").items()
        }
        return terms, max((len(term) for term in terms), default=0)

    def themes_of(self, comment: str) -> set[str]:
        """Give the names of the themes that a comment mentions."""
        found: set[str] = set()
        for sentence in _SENTENCES.split(comment.lower().replace("’", "'")):
            hits = [*self._chinese_hits(sentence), *self._english_hits(sentence)]
            found |= {
                theme.name for theme, term, negated in hits if self._counts(theme, term, sentence, negated=negated)
            }
        return found - {IGNORE}

    @staticmethod
    def _counts(theme: Theme, term: str, sentence: str, *, negated: bool) -> bool:
        needed = theme.beside.get(term, ())
        return not (theme.polar and negated) and (not needed or any(word in sentence for word in needed))

    def _chinese_hits(self, sentence: str) -> Iterable[tuple[Theme, str, bool]]:
        """Give the longest term at each place, from left to right."""
        if not _CHINESE.search(sentence):
            return
        place = 0
        while place < len(sentence):
            longest = next(
                (size for size in range(self._longest, 0, -1) if sentence[place : place + size] in self._chinese), 0
            )
            if longest:
                term = sentence[place : place + longest]
                before = sentence[max(0, place - WINDOW) : place]
                negated = any(word in before for word in _NOT_CHINESE)
                for theme in self._chinese[term]:
                    yield theme, term, negated
            place += longest or 1

    def _english_hits(self, sentence: str) -> Iterable[tuple[Theme, str, bool]]:
        terms, longest = self._english
        words = _WORDS.findall(sentence)
        place = 0
        while place < len(words):
            size, themes = next(self._matches(terms, words[place : place + longest]), (0, []))
            negated = not _NOT_ENGLISH.isdisjoint(words[max(0, place - WINDOW) : place])
            for theme in themes:
                yield theme, " ".join(words[place : place + size]), negated
            place += size or 1

    @staticmethod
    def _matches(
        terms: Mapping[tuple[str, ...], list[Theme]], words: Sequence[str]
    ) -> Iterator[tuple[int, list[Theme]]]:
        """Give the terms that begin with the first of these words, the longest first; whole words before endings."""
        for size in range(len(words), 0, -1):
            exact = terms.get(tuple(words[:size]))
            if exact:
                yield size, exact
            last = words[size - 1]
            for end in range(len(last), 1, -1):
                begun = terms.get((*words[: size - 1], last[:end], "*"))
                if begun:
                    yield size, begun


def default() -> Dictionary:
    """Give the dictionary that comes with the program."""
    return Dictionary.read((files("revisit.findings") / "themes.toml").read_text(encoding="utf-8"))


def _theme(name: str, table: Any) -> Theme:
    known = {"en", "zh", "polar", "with"}
    if not isinstance(table, dict) or not known.issuperset(table):
        raise ValueError(f'The theme "{name}" may hold {", ".join(sorted(known))} and nothing else.')
    beside = {term: tuple(words) for term, words in table.get("with", {}).items()}
    return Theme(name, tuple(table.get("en", ())), tuple(table.get("zh", ())), bool(table.get("polar")), beside)


def _by_term(themes: Iterable[Theme], language: str) -> dict[str, list[Theme]]:
    found: dict[str, list[Theme]] = {}
    for theme in themes:
        for term in getattr(theme, language):
            found.setdefault(term, []).append(theme)
    return found
