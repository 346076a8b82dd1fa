"""Anchors: short pieces of text without which a pattern cannot match, so that few of many patterns need be tried."""

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from operator import add
from typing import Any, Protocol

# What the module ``re`` itself makes of a pattern. It has no public name; without it this would be a second parser.
_parser: Any = importlib.import_module("re._parser")
SIZES = (1, 2, 4)  # lengths of the pieces that a text is looked up by, as `candidates` cuts them
MOST_SIGNS = 40  # a wider set of signs says nothing

# Texts of which every match of a pattern contains one; None where nothing is known.
Needs = frozenset[str] | None


class Written(Protocol):
    """A pattern, compiled or not."""

    @property
    def pattern(self) -> str:
        """Give its text."""
        ...


class Rule:
    """A pattern that is compiled when a text first has one of its anchors. Raises re.error for one that is wrong."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        needed(pattern)  # reads it, as its anchors are asked for anyway

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Give the pattern to search with."""
        return re.compile(self.pattern)


class Anchors:
    """Patterns by their anchors."""

    def __init__(self, patterns: Sequence[Written]) -> None:
        self._always: list[int] = []
        self._by_piece: dict[str, list[int]] = {}
        for place, pattern in enumerate(patterns):
            needs = needed(pattern.pattern)
            if needs is None:
                self._always.append(place)
            for piece in {_piece(text) for text in needs or ()}:
                self._by_piece.setdefault(piece, []).append(place)

    def candidates(self, text: str) -> list[int]:
        """Give the places of the patterns that may match some part of a text, in their order; no other one can."""
        pairs = list(map(add, text, text[1:]))
        found = set(self._always)
        for piece in self._by_piece.keys() & {*text, *pairs, *map(add, pairs, pairs[2:])}:
            found.update(self._by_piece[piece])
        return sorted(found)


def _piece(text: str) -> str:
    """Give the part of an anchor that is looked up: its last signs, as many as there is a size for."""
    return text[-max(size for size in SIZES if size <= len(text)) :]


@lru_cache(maxsize=2048)
def needed(pattern: str) -> Needs:
    """Give texts of which every match of a pattern contains at least one, or None."""
    return _of_sequence(_parser.parse(pattern))


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> Needs:
    """Give the best that any part of a sequence needs: the longest texts, then the fewest."""
    known = [needs for needs in _parts(parts) if needs]
    return max(known, key=lambda needs: (min(map(len, needs)), -len(needs)), default=None)


def _parts(parts: Iterable[tuple[Any, Any]]) -> Iterator[Needs]:
    run = ""
    for kind, what in parts:
        if kind is _parser.LITERAL:
            run += chr(what)
            continue
        if run:
            yield frozenset({run})
            run = ""
        yield _of(kind, what)
    if run:
        yield frozenset({run})


def _of(kind: Any, what: Any) -> Needs:
    if kind is _parser.SUBPATTERN:
        return _of_sequence(what[-1])
    if kind is _parser.BRANCH:
        needs = [_of_sequence(one) for one in what[1]]
        return None if None in needs else frozenset[str]().union(*(one for one in needs if one))
    if kind in (_parser.MAX_REPEAT, _parser.MIN_REPEAT):
        return _of_sequence(what[2]) if what[0] else None
    if kind is _parser.IN and all(one is _parser.LITERAL for one, _sign in what) and len(what) <= MOST_SIGNS:
        return frozenset(chr(sign) for _one, sign in what)
    return None
