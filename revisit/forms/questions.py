"""Questions: from the blocks of a scanned survey to sections and questions, with every fault on the way."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from revisit.forms.attributes import Attribute, AttributeList, looks_like_list
from revisit.forms.catalogue import Place
from revisit.forms.kinds import (
    ATTRIBUTES,
    CONTACT_ASKS,
    FLAGS,
    FORM_NAMES,
    KINDS,
    MOST_OPTIONS,
    POINTS,
    SECTION_ATTRIBUTES,
    standard_choices,
)
from revisit.forms.nearest import guess
from revisit.forms.prose import find_html, render
from revisit.forms.scanner import Block, Line, list_lines
from revisit.records.conditions import Condition
from revisit.records.grammar import RESERVED, parse
from revisit.records.problems import Problem
from revisit.records.survey import DIMENSIONS, FACTS, NOT_APPLICABLE, Choice, Question, Section

MOST_LABEL = 300
MOST_TEXT = 4000
DEFAULT_TEXT = 2000
DEFAULT_SHORT = 200

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[a-z0-9_]{1,40}")
_OPTION = re.compile(r"(?P<lead> {0,3}[-*+]\s+)(?P<code>[^\s:：]+)\s*(?P<colon>[:：])(?P<gap>\s*)(?P<label>.*)")


@dataclass(frozen=True, slots=True)
class Traits:
    """Where the parts of a question stand, for what is said of them later (translations)."""

    place: Place
    given: dict[str, Place] = field(default_factory=dict)
    codes: dict[str, Place] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """The body of a survey as far as it could be read."""

    intro: str = ""
    sections: list[Section] = field(default_factory=list)
    section_places: list[Place] = field(default_factory=list)
    traits: dict[str, Traits] = field(default_factory=dict)

    @property
    def questions(self) -> dict[str, Question]:
        """Give the questions by their ids, in order."""
        return {question.id: question for section in self.sections for question in section.questions}


def read_blocks(blocks: tuple[Block, ...], path: str, gettext: Callable[[str], str]) -> tuple[Draft, list[Problem]]:
    """Read the sections and questions below the front matter; ``gettext`` words the standard scales."""
    reader = _Body(Place(path), gettext)
    reader.every_id = [
        part.value for block in blocks if block.level == 3 and (part := block.attributes.get("#")) is not None
    ]
    for block in blocks:
        reader.add(block)
    reader.end_section()
    return reader.draft, reader.problems


class _Body:
    """Reads block after block; holds the section that is open and what was seen above."""

    def __init__(self, place: Place, gettext: Callable[[str], str]) -> None:
        self.place = place
        self.gettext = gettext
        self.draft = Draft()
        self.problems: list[Problem] = []
        self.every_id: list[str] = []
        self.above: dict[str, Question] = {}
        self.section = Section("", "", ())
        self.section_place = place.at(1)
        self.open_questions: list[Question] = []

    def add(self, block: Block) -> None:
        self.problems += find_html(block.words, block.place)
        if len(block.words) > MOST_LABEL:
            self.problems.append(block.place.problem("S013", size=len(block.words), most=MOST_LABEL))
        if block.level == 0:
            self.draft.intro = self.prose(block.lines)
        elif block.level == 3:
            self.add_question(block)
        elif block.level == 2:
            self.add_section(block)

    def prose(self, lines: list[Line]) -> str:
        html, problems = render(lines, self.place)
        self.problems += problems
        return html

    def end_section(self) -> None:
        """Close the section that is open; what stands above the first heading is none."""
        if self.open_questions:
            section = self.section
            made = Section(
                section.id,
                section.title,
                tuple(self.open_questions),
                section.intro,
                section.dimension,
                section.show_if,
            )
            self.draft.sections.append(made)
            self.draft.section_places.append(self.section_place)
        elif self.section.title:
            self.problems.append(self.section_place.problem("S019"))
        self.open_questions = []

    def add_section(self, block: Block) -> None:
        self.end_section()
        given = block.attributes
        for part in given.parts:
            if part.name not in SECTION_ATTRIBUTES:
                shown = f".{part.value}" if part.name == "." else part.name
                self.report(block, part, "Q009", name=shown, kind="a section")
        number = len(self.draft.sections) + 1
        self.section = Section(
            id=self.checked_id(block, given.get("#")) if given.get("#") else f"section_{number}",
            title=block.words or "…",
            questions=(),
            intro=self.prose(block.lines),
            dimension=self.dimension(block, given.get("dimension")),
            show_if=self.condition(block, given.get("show-if")),
        )
        self.section_place = block.place

    def report(self, block: Block, part: Attribute, code: str, *, at_value: bool = False, **words: object) -> None:
        column = part.value_column if at_value else part.column
        self.problems.append(block.place.at(block.place.line, column).problem(code, **words))

    def checked_id(self, block: Block, part: Attribute | None) -> str:
        """Give the id, or "" where there is none that could be used."""
        if part is None:
            return ""
        if not _ID.fullmatch(part.value):
            self.report(block, part, "Q005", name=part.value[:60])
            return ""
        if part.value in RESERVED or part.value in FORM_NAMES:
            self.report(block, part, "Q006", name=part.value)
            return ""
        seen = self.above.get(part.value)
        if seen is not None:
            self.report(block, part, "Q007", name=part.value, line=seen.line)
            return ""
        return part.value

    def dimension(self, block: Block, part: Attribute | None) -> str | None:
        if part is None or part.value == "none":
            return None
        if part.value in DIMENSIONS:
            return part.value
        self.report(block, part, "F011", at_value=True, name=part.value[:40], guess=guess(part.value, DIMENSIONS))
        return None

    def condition(self, block: Block, part: Attribute | None) -> Condition | None:
        if part is None:
            return None
        tree, flaws = parse(part.value, self.above, self.every_id)
        for flaw in flaws:
            words = dict(flaw.words)
            if flaw.code == "C002":
                words["guess"] = guess(words["name"], self.above)
            elif flaw.code == "C004":
                words["guess"] = guess(words["name"], FACTS)
            here = block.place.at(block.place.line, part.value_column + flaw.offset)
            self.problems.append(here.problem(flaw.code, **words))
        return None if tree is None else Condition(part.value, tree)

    def add_question(self, block: Block) -> None:
        given = block.attributes
        kind = self.kind(block, given)
        question_id = self.checked_id(block, given.get("#"))
        self.check_presence(block, given)
        self.check_attributes(block, given, kind)
        choices, codes, prose = self.choices(block, kind)
        question = Question(
            id=question_id or f"?{block.place.line}",
            kind=kind or "statement",
            label=block.words,
            help=self.prose(prose),
            choices=choices,
            required=given.get("required") is not None,
            not_applicable=given.get("na") is not None,
            reversed=given.get("reversed") is not None,
            dimension=self.question_dimension(block, given.get("dimension"), kind),
            show_if=self.condition(block, given.get("show-if")),
            max_length=self.max_length(block, given),
            short=given.get("short") is not None,
            asks=self.asks(block, given.get("ask")),
            was=self.was(block, given.get("was")),
            line=block.place.line,
        )
        self.open_questions.append(question)
        if question_id:
            self.above[question_id] = question
            places = {part.name: block.place.at(block.place.line, part.column) for part in given.parts}
            self.draft.traits[question_id] = Traits(block.place, places, codes)

    def check_presence(self, block: Block, given: AttributeList) -> None:
        """Report a question without a list or without an id. A list on a line of its own is told there."""
        if given.get("#") is not None or given.broken:
            return
        name = f"question_{len(self.above) + 1}"
        if given.column:
            self.problems.append(block.place.at(block.place.line, given.column).problem("Q002", id=name))
        elif not any(looks_like_list(line.text) for line in block.lines):
            self.problems.append(block.place.problem("Q001", id=name))

    def kind(self, block: Block, given: AttributeList) -> str:
        part = given.get(".")
        if part is None:
            if given.column and not given.broken:
                here = block.place.at(block.place.line, given.column)
                self.problems.append(here.problem("Q003", allowed=", ".join(f".{name}" for name in KINDS)))
            return ""
        if part.value in KINDS:
            return part.value
        self.report(block, part, "Q004", name=part.value[:40], guess=guess(part.value, KINDS))
        return ""

    def check_attributes(self, block: Block, given: AttributeList, kind: str) -> None:
        for part in given.parts:
            if part.name in ("#", "."):
                continue
            if part.name not in ATTRIBUTES:
                self.report(block, part, "Q008", name=part.name[:40], guess=guess(part.name, ATTRIBUTES))
            elif kind and part.name not in KINDS[kind].attributes:
                self.report(block, part, "Q009", name=part.name, kind=f".{kind}")
            elif part.name in FLAGS and part.value not in ("", "yes", "true"):
                self.report(
                    block, part, "Q015", at_value=True, name=part.name, value=part.value[:40], example=part.name
                )
            elif part.name not in FLAGS and not part.value.strip():
                example = f'{part.name}="…"'
                self.report(block, part, "Q015", name=part.name, value="", example=example)

    def question_dimension(self, block: Block, part: Attribute | None, kind: str) -> str | None:
        scored = not kind or "dimension" in KINDS[kind].attributes
        if part is not None:
            return self.dimension(block, part) if scored else None
        return self.section.dimension if scored else None

    def max_length(self, block: Block, given: AttributeList) -> int:
        part = given.get("max")
        default = DEFAULT_SHORT if given.get("short") is not None else DEFAULT_TEXT
        if part is None:
            return default
        if re.fullmatch(r"[0-9]{1,4}", part.value) and 1 <= int(part.value) <= MOST_TEXT:
            return int(part.value)
        if part.value:
            example = f"max=500 (1 to {MOST_TEXT} characters)"
            self.report(block, part, "Q015", at_value=True, name="max", value=part.value[:40], example=example)
        return default

    def asks(self, block: Block, part: Attribute | None) -> tuple[str, ...]:
        if part is None:
            return ()
        words = part.value.replace(",", " ").split()
        if any(word not in CONTACT_ASKS for word in words):
            example = 'ask=phone or ask="phone email"'
            self.report(block, part, "Q015", at_value=True, name="ask", value=part.value[:40], example=example)
        return tuple(name for name in CONTACT_ASKS if name in words)

    def was(self, block: Block, part: Attribute | None) -> str:
        if part is None or not part.value:
            return ""
        if not _ID.fullmatch(part.value):
            self.report(block, part, "Q005", at_value=True, name=part.value[:60])
            return ""
        return part.value

    def choices(self, block: Block, kind: str) -> tuple[tuple[Choice, ...], dict[str, Place], list[Line]]:
        """Give the choices of a question, where their codes stand, and the lines that are prose."""
        if kind in ("", "statement"):
            return (), {}, block.lines
        options, prose = list_lines(block)
        wants = KINDS[kind].options
        if wants == "none":
            if any(_OPTION.fullmatch(line.text) for line in options):
                here = block.place.at(options[0].number)
                self.problems.append(here.problem("Q021", kind=f".{kind}"))
            return standard_choices(kind, self.gettext), {}, block.lines
        choices, codes = self.read_options(block, options)
        if len(options) > MOST_OPTIONS:
            self.problems.append(block.place.problem("Q024", size=len(options), most=MOST_OPTIONS))
        if wants == "own":
            if len(options) < 2:
                self.problems.append(block.place.problem("Q019"))
            return choices, codes, prose
        if not options:
            return standard_choices(kind, self.gettext), {}, prose
        wanted = [str(code) for code in range(1, POINTS + 1)]
        if len(choices) == len(options) and [choice.code for choice in choices] != wanted:
            here = block.place.at(options[0].number)
            self.problems.append(here.problem("Q020", size=len(options), points=POINTS))
            return standard_choices(kind, self.gettext), codes, prose
        return choices, codes, prose

    def read_options(self, block: Block, options: list[Line]) -> tuple[tuple[Choice, ...], dict[str, Place]]:
        choices: list[Choice] = []
        codes: dict[str, Place] = {}
        for line in options:
            match = _OPTION.fullmatch(line.text)
            start = len(line.text) - len(line.text.lstrip()) + 1
            if match is None:
                self.problems.append(block.place.at(line.number, start).problem("Q016"))
                continue
            here = block.place.at(line.number, match.start("code") + 1)
            label = match["label"].strip()
            self.problems += find_html(label, block.place.at(line.number, match.start("label") + 1))
            code = match["code"]
            if match["colon"] == "：":
                colon = block.place.at(line.number, match.start("colon") + 1)
                self.problems.append(colon.problem("Q013", text="：", plain=":"))
            if code == NOT_APPLICABLE:
                self.problems.append(here.problem("Q022"))
            elif not _CODE.fullmatch(code):
                self.problems.append(here.problem("Q017", name=code[:60]))
            elif code in codes:
                self.problems.append(here.problem("Q018", name=code, line=codes[code].line))
            elif not label:
                self.problems.append(here.problem("Q023"))
            elif len(label) > MOST_LABEL:
                self.problems.append(here.problem("S013", size=len(label), most=MOST_LABEL))
            else:
                choices.append(Choice(code, label))
            codes.setdefault(code, here)
        return tuple(choices), codes
