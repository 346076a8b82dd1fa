"""Questions: from the blocks of a scanned survey to sections and questions, with every fault on the way."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from revisit.forms.attribute_values import ID, Values
from revisit.forms.attributes import Attribute, AttributeList, looks_like_list
from revisit.forms.catalogue import Place
from revisit.forms.kinds import FORM_NAMES, ITEM_ATTRIBUTES, KINDS, SECTION_ATTRIBUTES
from revisit.forms.nearest import guess
from revisit.forms.options import MOST_LABEL, OPTION, Item, Options
from revisit.forms.prose import find_html, render
from revisit.forms.quotes import Check, Quoting, no_quotes, split_quotes
from revisit.forms.scanner import Block, Line, list_lines
from revisit.records.conditions import Condition
from revisit.records.grammar import RESERVED, parse
from revisit.records.problems import Problem
from revisit.records.reasons import low_dimensions
from revisit.records.survey import FACTS, NONE, Choice, Question, Quote, Section


@dataclass(frozen=True, slots=True)
class Traits:
    """Where the parts of a question stand and the kind that is written there, for what is said of them later."""

    place: Place
    given: dict[str, Place] = field(default_factory=dict)
    codes: dict[str, Place] = field(default_factory=dict)
    kind: str = ""


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


def read_blocks(
    blocks: tuple[Block, ...], path: str, language: str, *, translation: bool = False, theirs: Collection[str] = ()
) -> tuple[Draft, list[Problem]]:
    """Read the sections and questions below the front matter; ``language`` words the standard scales.

    ``theirs`` are the ids in a translation's source: those that are missing here are told where they are compared.
    """
    reader = _Body(Place(path), language, translation=translation)
    reader.every_id = [name for block in blocks if block.level == 3 for name in _ids(block)]
    reader.faulty = set(theirs) - set(reader.every_id)
    for block in blocks:
        reader.add(block)
    reader.end_section()
    return reader.draft, reader.problems


def _ids(block: Block) -> list[str]:
    """Give the ids of the questions under a heading: of a matrix those of its items."""
    part = block.attributes.get("#")
    if part is None:
        return []
    if not block.is_matrix:
        return [part.value]
    matches = [OPTION.fullmatch(line.text) for line in list_lines(block)[0]]
    return [f"{part.value}_{match['code']}" for match in matches if match is not None]


class _Body:
    """Reads block after block; holds the section that is open and what was seen above."""

    def __init__(self, place: Place, language: str, *, translation: bool) -> None:
        self.place = place
        self.language = language
        self.translation = translation
        self.draft = Draft()
        self.problems: list[Problem] = []
        self.every_id: list[str] = []
        self.above: dict[str, Question] = {}
        self.used: dict[str, int] = {}
        # Ids of questions with a fault of their own: what names them is not told a second time.
        self.faulty: set[str] = set()
        self.section = Section("", "", ())
        self.section_place = place.at(1)
        self.section_given: dict[str, Place] = {}
        self.open_questions: list[Question] = []

    def add(self, block: Block) -> None:
        self.problems += find_html(block.words, block.place)
        if len(block.words) > MOST_LABEL:
            self.problems.append(block.place.problem("S013", size=len(block.words), most=MOST_LABEL))
        if block.level == 0:
            self.draft.intro = self.prose(block.lines, self.quoting())
        elif block.level == 3:
            self.add_question(block)
        elif block.level == 2:
            self.add_section(block)

    def prose(self, lines: list[Line], check: Check) -> str:
        html, problems = render(lines, self.place, check)
        self.problems += problems
        return html

    def quoting(self) -> Check:
        """Give what finds faults in quotes of the questions read so far."""
        return Quoting(self.above, self.every_id, self.faulty, translation=self.translation).faults

    def heading(self, block: Block, check: Check) -> tuple[str, tuple[Quote, ...]]:
        """Give the plain words of a heading and what they quote."""
        self.problems += check(block.words, block.place.at(block.place.line, block.words_column))
        return split_quotes(block.words)

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
        values = Values(given, block.place, "")
        values.check(SECTION_ATTRIBUTES, "a section")
        number = len(self.draft.sections) + 1
        self.section = Section(
            id=self.checked_id(block, given.get("#")) if given.get("#") else f"section_{number}",
            title=self.heading(block, no_quotes)[0] or "…",
            questions=(),
            intro=self.prose(block.lines, self.quoting()),
            dimension=values.dimension(None),
            show_if=self.condition(block, given.get("show-if")),
        )
        self.problems += values.problems
        self.section_place = block.place
        self.section_given = {"section": block.place} if given.get("dimension") else {}

    def report(self, block: Block, part: Attribute, code: str, **words: object) -> None:
        self.problems.append(block.place.at(block.place.line, part.column).problem(code, **words))

    def checked_id(self, block: Block, part: Attribute | None) -> str:
        """Give the id, or "" where there is none that could be used."""
        if part is None:
            return ""
        if not ID.fullmatch(part.value):
            self.report(block, part, "Q005", name=part.value[:60])
            return ""
        if part.value in RESERVED or part.value in FORM_NAMES:
            self.report(block, part, "Q006", name=part.value)
            return ""
        seen = self.used.get(part.value)
        if seen is not None:
            self.report(block, part, "Q007", name=part.value, line=seen)
            return ""
        self.used[part.value] = block.place.line
        return part.value

    def condition(self, block: Block, part: Attribute | None) -> Condition | None:
        if part is None:
            return None
        tree, flaws = parse(part.value, self.above, self.every_id)
        for flaw in flaws:
            words = dict(flaw.words)
            if words.get("name") in self.faulty:
                continue
            if flaw.code == "C002":
                words["guess"] = guess(words["name"], self.above)
            elif flaw.code == "C004":
                words["guess"] = guess(words["name"], FACTS)
            here = block.place.at(block.place.line, part.value_column + flaw.offset)
            self.problems.append(here.problem(flaw.code, **words))
        return None if tree is None else Condition(part.value, tree)

    def add_question(self, block: Block) -> None:
        given = block.attributes
        values = Values(given, block.place, self.kind(block, given))
        question_id = self.checked_id(block, given.get("#"))
        self.check_presence(block, given)
        part = given.get("#")
        if part is not None and not (question_id and values.kind):
            self.faulty.add(part.value)
        values.check()
        show_if = self.condition(block, given.get("show-if"))
        low = () if show_if is None else low_dimensions(show_if.tree, self.above)
        options = Options(block, values, self.language, self.translation, low)
        choices = options.read()
        # A consent says the same to everybody, or nobody could tell later what was agreed to.
        check = no_quotes if values.kind == "consent" else self.quoting()
        label, quotes = self.heading(block, check)
        question = replace(
            self.question(block, values, question_id, choices),
            label=label,
            quotes=quotes,
            help=self.prose(options.prose, check),
            show_if=show_if,
        )
        self.problems += values.problems + options.problems
        part = given.get("reasons")
        faulty = show_if is None and given.get("show-if") is not None
        if part is not None and not low and not faulty and not self.translation and values.kind == "choices":
            self.report(block, part, "Q032", name=question_id)
        if values.kind == "matrix":
            self.add_items(block, question, options)
            return
        self.open_questions.append(question)
        if question_id:
            self.above[question_id] = question
            self.draft.traits[question_id] = Traits(
                block.place, self.section_given | _places(given, block.place), options.codes, values.kind
            )

    def question(self, block: Block, values: Values, question_id: str, choices: tuple[Choice, ...]) -> Question:
        """Make a question of what its heading says."""
        scored = not values.kind or "dimension" in KINDS[values.kind].attributes
        least, greatest = values.bounds()
        return Question(
            id=question_id or f"?{block.place.line}",
            kind=_RECORDED.get(values.kind, values.kind) or "statement",
            label="",
            choices=choices,
            required=values.has("required"),
            not_applicable=values.has("na"),
            reversed=values.has("reversed"),
            dimension=values.dimension(self.section.dimension) if scored else None,
            max_length=values.max_length(),
            short=values.has("short"),
            asks=values.asks(),
            was=values.was(),
            exclusive=NONE if values.has("none") else "",
            least=least,
            greatest=greatest,
            unit=values.unit(),
            reasons=values.has("reasons"),
            line=block.place.line,
        )

    def add_items(self, block: Block, matrix: Question, options: Options) -> None:
        """Add the items of a matrix: questions of their own on one scale."""
        scale = options.values.scale()
        for item in options.items:
            made = self.item(replace(matrix, kind=scale), item)
            self.open_questions.append(made)
            if made.id in self.used:
                here = item.place
                self.problems.append(here.problem("Q007", name=made.id, line=self.used[made.id]))
                continue
            if not ID.fullmatch(made.id) and not matrix.id.startswith("?"):
                self.problems.append(item.place.problem("Q005", name=made.id[:60]))
                continue
            self.used[made.id] = made.line
            self.above[made.id] = made
            places = self.section_given | _places(block.attributes, block.place) | _places(item.given, item.place)
            self.draft.traits[made.id] = Traits(item.place, places, {}, "matrix")

    def item(self, matrix: Question, item: Item) -> Question:
        own = Values(item.given, item.place, "")
        own.check(ITEM_ATTRIBUTES, "an item of a matrix")
        made = replace(
            matrix,
            id=f"{matrix.id}_{item.choice.code}",
            label=item.choice.label,
            group=matrix.id,
            stem=matrix.label,
            required=matrix.required or own.has("required"),
            not_applicable=matrix.not_applicable or own.has("na"),
            reversed=matrix.reversed or own.has("reversed"),
            dimension=own.dimension(matrix.dimension),
            was=own.was() or (f"{matrix.was}_{item.choice.code}" if matrix.was else ""),
            line=item.place.line,
        )
        self.problems += own.problems
        return made

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


# Yes and no are a choice whose words the house knows.
_RECORDED = {"yesno": "choice"}


def _places(given: AttributeList, place: Place) -> dict[str, Place]:
    return {part.name: place.at(place.line, part.column) for part in given.parts}
