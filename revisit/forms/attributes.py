"""Attribute lists: the trailing ``{: #id .kind name=value }`` of a heading, read with the column of every part."""

import re
from dataclasses import dataclass, field

from revisit.forms.catalogue import Place
from revisit.forms.kinds import FLAGS
from revisit.records.problems import Problem

_OPENING = re.compile(r"[{｛]\s*[:：]|[{｛](?=\s*[#.＃．])")
_PART = re.compile(
    r"""\s*(?:
        \#(?P<id>[^\s{}"'=]*)
      | \.(?P<kind>[^\s{}"'=]*)
      | (?P<name>[A-Za-z_][\w-]*)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s{}"'“”‘’]+))
      | (?P<flag>[A-Za-z_][\w-]*)(?=[\s}]|$)
    )""",
    re.VERBOSE,
)
_WIDE = {
    "｛": "{",
    "｝": "}",
    "：": ":",
    "＃": "#",
    "．": ".",
    "＝": "=",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "　": "a space",
}
_NARROW = {**_WIDE, "　": " "}
# What ends a value that begins with one of these.
_CLOSING = {'"': '"', "'": "'", "“": '”"', "‘": "’'"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One part: its name (``#`` for the id, ``.`` for the kind), its value, and the columns of both, from 1."""

    name: str
    value: str
    column: int
    value_column: int


@dataclass(frozen=True, slots=True)
class AttributeList:
    """What stands in the braces; ``column`` is that of the opening brace, 0 when there are none."""

    parts: tuple[Attribute, ...] = ()
    column: int = 0
    broken: bool = False
    by_name: dict[str, Attribute] = field(default_factory=dict)

    def get(self, name: str) -> Attribute | None:
        """Find a part by its name."""
        return self.by_name.get(name)


def split_heading(text: str, place: Place) -> tuple[str, AttributeList, list[Problem]]:
    """Take the words of a heading and its attribute list apart; ``place`` is where ``text`` begins."""
    opening = _OPENING.search(text)
    if opening is None:
        return text.strip(), AttributeList(), []
    words = text[: opening.start()].strip()
    reader = _Reader(text, place)
    reader.narrow(opening.start())
    if not opening.group().endswith((":", "：")):
        if opening.group()[0] == "{":
            reader.cannot_read(opening.start())
        return words, AttributeList((), place.column + opening.start(), broken=True), reader.problems
    return words, reader.attributes(opening), reader.problems


class _Reader:
    """Reads one attribute list from left to right and gathers what is wrong with it."""

    def __init__(self, text: str, place: Place) -> None:
        self.text = text
        self.place = place
        self.problems: list[Problem] = []

    def report(self, offset: int, code: str, **words: object) -> None:
        self.problems.append(self.place.at(self.place.line, self.place.column + offset).problem(code, **words))

    def cannot_read(self, offset: int) -> None:
        self.report(offset, "Q011", text=self.text[offset : offset + 20])

    def narrow(self, start: int) -> None:
        """Report every full-width sign from here on, and go on as if the plain one stood there.

        What stands between quotation marks is the author's own.
        """
        read, closing = "", ""
        for offset, sign in enumerate(self.text[start:], start):
            if closing:
                wide = sign in _WIDE and sign in closing
                closing = "" if sign in closing else closing
            else:
                wide = sign in _WIDE
                closing = _CLOSING.get(sign, "")
            if wide:
                self.report(offset, "Q013", text=sign, plain=_WIDE[sign])
            read += _NARROW.get(sign, sign) if wide else sign
        self.text = self.text[:start] + read

    def attributes(self, opening: re.Match[str]) -> AttributeList:
        parts: list[Attribute] = []
        at = opening.end()
        whole = False
        while True:
            rest = self.text[at:].lstrip(" \t")
            at = len(self.text) - len(rest)
            if not rest:
                self.report(opening.start(), "Q012")
                break
            if rest[0] == "}":
                whole = True
                if rest[1:].strip():
                    self.report(at + 1, "Q014")
                break
            match = _PART.match(self.text, at)
            if match is None:
                self.cannot_read(at)
                break
            parts.append(self.undotted(_part(match, self.place.column)))
            at = match.end()
        return AttributeList(tuple(parts), self.place.column + opening.start(), not whole, self.named(parts))

    def undotted(self, part: Attribute) -> Attribute:
        """Report a flag that is written like a kind, and go on as if it stood there without the dot."""
        if part.name != "." or part.value not in FLAGS:
            return part
        cure = f"Write {part.value} without the dot; only the kind of the question has one."
        self.report(part.column - self.place.column, "Q004", name=part.value, guess=cure)
        return Attribute(part.value, "", part.column, part.value_column)

    def named(self, parts: list[Attribute]) -> dict[str, Attribute]:
        by_name: dict[str, Attribute] = {}
        for part in parts:
            if part.name in by_name:
                shown = {"#": "The id", ".": "The kind"}.get(part.name, part.name)
                self.report(part.column - self.place.column, "Q010", name=shown)
            by_name.setdefault(part.name, part)
        return by_name


def _part(match: re.Match[str], first: int) -> Attribute:
    """Make a part of what was matched; ``first`` is the column of the text's first character."""
    for name, group in (("#", "id"), (".", "kind")):
        if match[group] is not None:
            column = match.start(group) + first
            return Attribute(name, match[group], column - 1, column)
    if match["flag"] is not None:
        column = match.start("flag") + first
        return Attribute(match["flag"], "", column, column)
    group = next(name for name in ("double", "single", "bare") if match[name] is not None)
    return Attribute(match["name"], match[group], match.start("name") + first, match.start(group) + first)


def looks_like_list(line: str) -> int:
    """Give the column of something that looks like an attribute list in a line of prose, or 0."""
    found = _OPENING.search(line)
    return found.start() + 1 if found else 0
