"""The line scanner: a survey's Markdown as front matter and blocks, each with its line and column."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from revisit.forms.attributes import AttributeList, looks_like_list, split_heading
from revisit.forms.catalogue import Place
from revisit.records.problems import Problem

MOST_BYTES = 256 * 1024
MOST_LINE_BYTES = 4 * 1024

_HEADING = re.compile(r"(?P<lead> {0,3}(?P<marks>#{1,6}))(?P<gap>[ \t　]*)(?P<text>.*)")
_LIST_LINE = re.compile(r" {0,3}[-*+](?=\s|$)")
_RULE = re.compile(r"\s{0,3}(=+|-+)\s*")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file without its end; ``number`` counts from 1."""

    number: int
    text: str


@dataclass(slots=True)
class Block:
    """A heading with what stands below it up to the next one. The first block of a file has level 0 and no words."""

    level: int
    words: str
    place: Place
    attributes: AttributeList
    words_column: int = 1
    lines: list[Line] = field(default_factory=list)

    @property
    def is_matrix(self) -> bool:
        """Say whether this is the heading of a matrix, whose option lines may end with attribute lists."""
        kind = self.attributes.get(".")
        return kind is not None and kind.value == "matrix"

    @property
    def has_attributes_below(self) -> bool:
        """Say whether its lines may have attributes of their own: the items of a matrix, and reasons."""
        return self.is_matrix or self.attributes.get("reasons") is not None


@dataclass(frozen=True, slots=True)
class Scanned:
    """A file taken apart: the front matter's text with the line it begins on, and the blocks; none if all is lost."""

    front: str | None
    front_line: int
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]


def scan(content: bytes, path: str) -> Scanned:
    """Take the bytes of a survey apart. Any bytes will do: what cannot be read becomes problems."""
    place = Place(path)
    if len(content) > MOST_BYTES:
        size = -(-len(content) // 1024)
        return Scanned(None, 1, (), (place.problem("S002", size=size, most=MOST_BYTES // 1024),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        return Scanned(None, 1, (), (place.at(number, column).problem("S001", byte=f"0x{content[error.start]:02X}"),))
    lines = [Line(number, line) for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1)]
    problems = [problem for line in lines for problem in _faults_of(line, place)]
    front, below, more = _front_matter(lines, place)
    blocks = _Blocks(place)
    for line in lines[below:]:
        # What is too long has been told; reading it could take long.
        blocks.add(line if len(line.text) <= MOST_LINE_BYTES else Line(line.number, ""))
    found = tuple(blocks.found) if below <= len(lines) else ()
    return Scanned(front, 2, found, (*problems, *more, *blocks.problems))


def _faults_of(line: Line, place: Place) -> Iterator[Problem]:
    size = len(line.text.encode())
    if size > MOST_LINE_BYTES:
        yield place.at(line.number).problem("S003", size=size, most=MOST_LINE_BYTES)
    if line.text.isprintable():
        return
    for column, sign in enumerate(line.text, 1):
        if (sign != "\t" and unicodedata.category(sign) in ("Cc", "Cs")) or sign in "\u2028\u2029":
            yield place.at(line.number, column).problem("S004", name=f"U+{ord(sign):04X}")
            return


def _front_matter(lines: list[Line], place: Place) -> tuple[str | None, int, list[Problem]]:
    """Give the front matter, the index of the first line below it, and what is wrong with its fences."""
    if lines[0].text.rstrip() != "---":
        above = itertools.takewhile(lambda line: not line.text.startswith("#"), lines)
        end = next((line.number for line in above if line.text.rstrip() == "---"), 0)
        return None, end, [place.at(1).problem("F001")]
    for index, line in enumerate(lines[1:], 1):
        if line.text.rstrip() == "---":
            return "\n".join(each.text for each in lines[1:index]), index + 1, []
    return None, len(lines) + 1, [place.at(1).problem("F002")]


class _Blocks:
    """Sorts the lines below the front matter into blocks."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self.found: list[Block] = [Block(0, "", place.at(1), AttributeList())]
        self.fenced = False

    def add(self, line: Line) -> None:
        if _FENCE.match(line.text):
            self.fenced = not self.fenced
        heading = None if self.fenced else _HEADING.fullmatch(line.text)
        if heading is None:
            self.add_prose(line)
        else:
            self.add_heading(line, heading)

    def add_prose(self, line: Line) -> None:
        item = self.found[-1].has_attributes_below and _LIST_LINE.match(line.text)
        column = 0 if self.fenced or item else looks_like_list(line.text)
        if column:
            self.problems.append(self.place.at(line.number, column).problem("S015"))
        rule = None if self.fenced else _RULE.fullmatch(line.text)
        if rule and (len(rule[1]) > 1 or rule[1] == "="):
            mark = "equals signs" if rule[1][0] == "=" else "dashes"
            self.problems.append(self.place.at(line.number).problem("S016", mark=mark))
            return
        self.found[-1].lines.append(line)

    def add_heading(self, line: Line, heading: re.Match[str]) -> None:
        here = self.place.at(line.number, heading.start("marks") + 1)
        text = heading["text"].rstrip()
        if heading["gap"] not in (" ", "\t") and not heading["gap"].startswith((" ", "\t")) and text:
            self.problems.append(here.problem("S008", marks=heading["marks"], text=text[:40]))
        level = len(heading["marks"])
        if level not in (2, 3):
            self.problems.append(here.problem("S007", marks=heading["marks"]))
        words, attributes, problems = split_heading(text, self.place.at(line.number, heading.start("text") + 1))
        self.problems += problems
        words = re.sub(r"\s+#+$", "", words)
        if not words:
            self.problems.append(here.problem("S009"))
        self.found.append(Block(level, words, here, attributes, heading.start("text") + 1))


def list_lines(block: Block) -> tuple[list[Line], list[Line]]:
    """Split the lines below a question into its option lines and the prose."""
    options = [line for line in block.lines if _LIST_LINE.match(line.text)]
    return options, [line for line in block.lines if not _LIST_LINE.match(line.text)]
