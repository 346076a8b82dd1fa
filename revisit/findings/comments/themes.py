"""Themes: what comments are about, by a dictionary of terms and turns of phrase; counted, never scored."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from itertools import chain
from typing import Any

from revisit.findings.comments.anchors import Anchors, Rule
from revisit.findings.comments.han import fold
from revisit.records.survey import OwnTheme

WINDOW = 3
BRIEF = 12  # words or Chinese characters
_NOT_ENGLISH = frozenset(
    {
        *("not", "no", "never", "nothing", "without", "hardly", "cannot", "can't", "couldn't", "wouldn't"),
        *("isn't", "wasn't", "aren't", "weren't", "don't", "didn't", "doesn't", "won't", "neither", "nor", "barely"),
    }
)
_NOT_CHINESE = ("不", "没", "无", "未", "别", "非")
_SENTENCES = re.compile(r"[.!?;。\n]+(?:\s|$)|[!?;。\n]+")
_WORDS = re.compile(r"[a-z0-9]+(?:['\-][a-z0-9]+)*")
_UNITS = re.compile(r"[a-z0-9][a-z0-9'\-]*|[\u3400-\u9fff]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
IGNORE = "ignore"
# The sorts of rules, in the order in which they are applied.
_SORTS = (IGNORE, "own", "rules", "weak")
# What stands in the place of an ignored term: no letter, no character, no end of a sentence.
_BLANK = "\x00"
# The gap of a rule: up to six characters, or up to four words, that no comma cuts.
_GAP = {"zh": "[^,;、\x00]{0,6}?", "en": r"(?:[^\w,;\x00]+[\w'\-]+){0,4}?[^\w,;\x00]+"}


@dataclass(frozen=True, slots=True)
class Theme:
    """The terms and rules of one theme, by language.

    ``own``: rules whose words belong to this theme alone. ``weak``: rules of which it takes two in a comment.
    ``polar``: negated, a term does not count. ``alone``: the theme counts only where there is no other. ``brief``:
    terms that count only in a short sentence. ``beside``: what a term needs in its sentence.
    """

    name: str
    terms: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...] = ()
    own: tuple[Rule, ...] = ()
    weak: tuple[Rule, ...] = ()
    brief: frozenset[str] = frozenset()
    polar: bool = False
    alone: bool = False
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Dictionary:
    """The themes of a survey, and the terms to ignore; ``own`` holds the terms that an author added.

    Own terms are looked for by themselves, so that nothing which comes with the program hides them.
    """

    themes: tuple[Theme, ...]
    ignored: Theme
    own: "Dictionary | None" = None

    @classmethod
    def read(cls, text: str) -> "Dictionary":
        """Read a dictionary from TOML; raises TOMLDecodeError or ValueError naming the theme that is wrong."""
        tables = tomllib.loads(text)
        words = tables.pop("words", {})
        themes = [_theme(name, table, words) for name, table in tables.items()]
        ignored = next((one for one in themes if one.name == IGNORE), Theme(IGNORE, {}))
        return cls(tuple(one for one in themes if one.name != IGNORE), ignored)

    @cached_property
    def _chinese(self) -> dict[str, list[Theme]]:
        return _by_term((*self.themes, self.ignored), "zh")

    @cached_property
    def _sizes(self) -> dict[str, tuple[int, ...]]:
        """Give the lengths of the Chinese terms by their first character, the longest first."""
        sizes: dict[str, set[int]] = defaultdict(set)
        for term in self._chinese:
            sizes[term[:1]].add(len(term))
        return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}

    @cached_property
    def _alone(self) -> set[str]:
        themes = self.themes if self.own is None else (*self.themes, *self.own.themes)
        return {theme.name for theme in themes if theme.alone}

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of all themes: those that come with the program, then the author's."""
        added = () if self.own is None else self.own.themes
        return tuple(dict.fromkeys(theme.name for theme in (*self.themes, *added)))

    def with_own(self, added: Iterable[OwnTheme]) -> "Dictionary":
        """Give this dictionary with what an author added."""
        own = tuple(added)
        if not own:
            return self
        known = {theme.name: theme for theme in self.themes}
        themes = []
        for one in own:
            held = known.get(one.id, Theme(one.id, {}))
            terms = {"en": one.english, "zh": one.chinese}
            folded = {language: tuple(fold(term) for term in said) for language, said in terms.items()}
            themes.append(Theme(one.id, folded, polar=held.polar or one.polar, alone=held.alone))
        covered = tuple(
            _literal(one.id, term, language)
            for one in own
            for language, terms in (("en", one.excluded_english), ("zh", one.excluded_chinese))
            for term in terms
        )
        ignored = replace(self.ignored, rules=(*covered, *self.ignored.rules))
        return Dictionary(self.themes, ignored, Dictionary(tuple(themes), Theme(IGNORE, {}, covered)))

    @cached_property
    def _rules(self) -> list[tuple[str, Theme, Rule]]:
        """Give every rule with its sort and theme, in the order in which they are applied."""
        ignored = [(IGNORE, self.ignored, rule) for rule in self.ignored.rules]
        return [
            *ignored,
            *((sort, theme, rule) for sort in _SORTS[1:] for theme in self.themes for rule in getattr(theme, sort)),
        ]

    @cached_property
    def _anchors(self) -> Anchors:
        return Anchors([rule for _sort, _theme, rule in self._rules])

    @cached_property
    def _begins(self) -> tuple[frozenset[str], frozenset[str], tuple[int, ...]]:
        """Give the first words of English terms, the beginnings that stand for any ending, and the lengths of these."""
        terms, _longest = self._english
        whole = frozenset(term[0] for term in terms if term and term[1:2] != ("*",))
        begun = frozenset(term[0] for term in terms if term[1:2] == ("*",))
        return whole, begun, tuple({len(one) for one in begun})

    @cached_property
    def _english(self) -> tuple[dict[tuple[str, ...], list[Theme]], int]:
        terms = {
            tuple(_WORDS.findall(term)) + (("*",) if term.endswith("*") else ()): themes
            for term, themes in _by_term((*self.themes, self.ignored), "en").items()
        }
        return terms, max((len(term) for term in terms), default=0)

    def themes_of(self, comment: str) -> set[str]:
        """Give the names of the themes that a comment mentions."""
        found = self._found(comment) | (set() if self.own is None else self.own.themes_of(comment))
        return found - self._alone or found

    def _found(self, comment: str) -> set[str]:
        found: set[str] = set()
        hints: dict[str, set[re.Pattern[str]]] = defaultdict(set)
        folded = fold(comment)
        live = self._live(folded)
        for sentence in _SENTENCES.split(folded):
            blanked, owners = self._blanked(sentence, live)
            found |= owners
            hits = chain(self._chinese_hits(blanked), self._english_hits(blanked))
            found |= {
                theme.name for theme, term, negated in hits if self._counts(theme, term, sentence, negated=negated)
            }
            found |= {theme.name for theme, rule in live["rules"] if theme.name not in found and rule.search(blanked)}
            for theme, rule in live["weak"]:
                if rule.search(blanked):
                    hints[theme.name].add(rule)
        # A weak rule beside a term or a sure rule adds nothing: only two weak ones make a theme that is not found yet.
        return found | {name for name, rules in hints.items() if len(rules) > 1}

    def _live(self, folded: str) -> Mapping[str, list[tuple[Theme, re.Pattern[str]]]]:
        """Give the rules that may match in a comment, by their sort, in the dictionary's order; no other one can."""
        live: dict[str, list[tuple[Theme, re.Pattern[str]]]] = {sort: [] for sort in _SORTS}
        for place in self._anchors.candidates(folded):
            sort, theme, rule = self._rules[place]
            live[sort].append((theme, rule.compiled))
        return live

    def _blanked(self, sentence: str, live: Mapping[str, list[tuple[Theme, re.Pattern[str]]]]) -> tuple[str, set[str]]:
        """Cover what is ignored, then what belongs to one theme alone; gives the rest and these themes."""
        found: set[str] = set()
        for _ignored, rule in live[IGNORE]:
            sentence = rule.sub(_BLANK, sentence)
        for theme, rule in live["own"]:
            sentence, count = rule.subn(_BLANK, sentence)
            if count:
                found.add(theme.name)
        return sentence, found

    @staticmethod
    def _counts(theme: Theme, term: str, sentence: str, *, negated: bool) -> bool:
        needed = theme.beside.get(term, ())
        return (
            theme.name != IGNORE
            and not (theme.polar and negated)
            and not (term in theme.brief and len(_UNITS.findall(sentence)) > BRIEF)
            and (not needed or any(word in sentence for word in needed))
        )

    def _chinese_hits(self, sentence: str) -> Iterator[tuple[Theme, str, bool]]:
        """Give the longest term at each place, from left to right."""
        if not _CHINESE.search(sentence):
            return
        place = 0
        while place < len(sentence):
            sizes = self._sizes.get(sentence[place], ())
            longest = next((size for size in sizes if sentence[place : place + size] in self._chinese), 0)
            if longest:
                term = sentence[place : place + longest]
                before = sentence[max(0, place - WINDOW) : place]
                negated = any(word in before for word in _NOT_CHINESE)
                for theme in self._chinese[term]:
                    yield theme, term, negated
            place += longest or 1

    def _english_hits(self, sentence: str) -> Iterator[tuple[Theme, str, bool]]:
        terms, longest = self._english
        whole, begun, lengths = self._begins
        words = _WORDS.findall(sentence)
        place = 0
        while place < len(words):
            word = words[place]
            if word not in whole and not any(word[:length] in begun for length in lengths):
                place += 1
                continue
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
    return Dictionary.read((files(__package__) / "themes.toml").read_text(encoding="utf-8"))


def _theme(name: str, table: Any, words: Mapping[str, Sequence[str]]) -> Theme:
    known = {
        *("en", "zh", "en_rules", "zh_rules", "en_own", "zh_own", "en_weak", "zh_weak"),
        *("brief", "polar", "alone", "with"),
    }
    if not isinstance(table, dict) or not known.issuperset(table):
        raise ValueError(f'The theme "{name}" may hold {", ".join(sorted(known))} and nothing else.')
    rules, own, weak = (
        tuple(_rule(name, rule, words, language) for language in _GAP for rule in table.get(f"{language}_{kind}", ()))
        for kind in ("rules", "own", "weak")
    )
    return Theme(
        name,
        {language: tuple(fold(term) for term in table.get(language, ())) for language in _GAP},
        rules,
        own,
        weak,
        frozenset(fold(term) for term in table.get("brief", ())),
        polar=bool(table.get("polar")),
        alone=bool(table.get("alone")),
        beside={fold(term): tuple(fold(word) for word in needed) for term, needed in table.get("with", {}).items()},
    )


def _rule(name: str, rule: str, words: Mapping[str, Sequence[str]], language: str) -> Rule:
    """Make a rule's pattern: ``{fault}`` is any of the words of that name, ``…`` a gap; English at word boundaries."""

    def family(found: re.Match[str]) -> str:
        if found[1] not in words:
            raise ValueError(f'The theme "{name}" names the words "{found[1]}", which are not there.')
        return f"(?:{'|'.join(sorted(words[found[1]], key=len, reverse=True))})"

    text = re.sub(r"\{([a-z_]+)\}", family, fold(rule))
    if language == "en":
        spaced = text.replace(" … ", "…").replace(" ", r"[^\w,;]+")
        text = rf"(?<![\w'])(?:{spaced})(?![\w'])"
    try:
        return Rule(text.replace("…", _GAP[language]))
    except re.error as error:
        raise ValueError(f'The theme "{name}" has a rule that cannot be read: {rule} ({error}).') from None


def _literal(name: str, term: str, language: str) -> Rule:
    """Make the rule that finds a term as it stands; a final * stands for any ending."""
    words = " ".join(re.escape(word) for word in term.removesuffix("*").split(" "))
    return _rule(name, words + (r"[\w'\-]*" if term.endswith("*") else ""), {}, language)


def _by_term(themes: Sequence[Theme], language: str) -> dict[str, list[Theme]]:
    found: dict[str, list[Theme]] = {}
    for theme in themes:
        for term in dict.fromkeys(theme.terms.get(language, ())):
            found.setdefault(term, []).append(theme)
    return found
