"""Options: the lines below a question, read as choices of a question or as items of a matrix."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from revisit.forms.attribute_values import Values
from revisit.forms.attributes import AttributeList, split_heading
from revisit.forms.catalogue import Place
from revisit.forms.kinds import KINDS, MOST_OPTIONS, MOST_RANKED, POINTS, REASON_ATTRIBUTES
from revisit.forms.prose import find_html
from revisit.forms.quotes import no_quotes
from revisit.forms.reason_tree import standard_reasons
from revisit.forms.scales import added, has_words, standard_choices, yes_no
from revisit.forms.scanner import Block, Line, list_lines
from revisit.records.problems import Problem
from revisit.records.survey import DIMENSIONS, NOT_APPLICABLE, Choice
from revisit.texts import translations

MOST_LABEL = 300

_CODE = re.compile(r"[a-z0-9_]{1,40}")
OPTION = re.compile(r"(?P<lead> {0,3}[-*+]\s+)(?P<code>[^\s:：]+)\s*(?P<colon>[:：])(?P<gap>\s*)(?P<label>.*)")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a matrix: its code, its words, and what it says for itself."""

    choice: Choice
    place: Place
    given: AttributeList


@dataclass(slots=True)
class Options:
    """Reads the options of one question. ``codes`` says where each stands; ``prose`` is what is no option.

    ``dimensions`` are those about whose low answers the question's condition asks.
    """

    block: Block
    values: Values
    language: str
    translation: bool = False
    dimensions: tuple[str, ...] = ()
    prose: list[Line] = field(default_factory=list)
    codes: dict[str, Place] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def gettext(self) -> Callable[[str], str]:
        """Give the house's words, in English where it has none in this language."""
        return translations("form", self.language).gettext

    def lacks_words(self, kind: str, codes: Iterable[str]) -> None:
        """Report that the author must write what the house has no words for; in a translation its source tells."""
        if has_words(self.language) or self.translation:
            return
        shown = ", ".join(codes)
        self.problems.append(self.block.place.problem("Q031", language=self.language, kind=kind, codes=shown))

    def read(self) -> tuple[Choice, ...]:
        """Give the choices of the question: its own, or the standard ones of its kind."""
        kind = self.values.kind
        self.prose = self.block.lines
        if kind in ("", "statement"):
            return ()
        options, prose = list_lines(self.block)
        wants = KINDS[kind].options
        if wants == "none":
            if any(OPTION.fullmatch(line.text) for line in options):
                self.problems.append(self.block.place.at(options[0].number).problem("Q021", kind=f".{kind}"))
            return standard_choices(kind, self.gettext)
        self.prose = prose
        written = self.lines(options)
        most = MOST_RANKED if kind == "ranking" else MOST_OPTIONS
        if len(options) > most:
            self.problems.append(self.block.place.problem("Q024", size=len(options), most=most))
        if wants == "labels":
            return self.labels(options, written)
        if self.values.has("reasons") or (self.translation and kind == "choices"):
            return self.reasons(written)
        if len(options) < 2:
            self.problems.append(self.block.place.problem("Q019"))
        return (
            standard_choices(self.values.scale(), self.gettext, self.values.points())
            if self.items
            else (*written, *self.additions())
        )

    def lines(self, options: list[Line]) -> tuple[Choice, ...]:
        """Read the lines; each that cannot be read is a problem and left out."""
        found = []
        for line in options:
            match = OPTION.fullmatch(line.text)
            if match is None:
                start = len(line.text) - len(line.text.lstrip()) + 1
                self.problems.append(self.block.place.at(line.number, start).problem("Q016"))
                continue
            choice = self.line(line, match)
            if choice is not None:
                found.append(choice)
        return tuple(found)

    def line(self, line: Line, match: re.Match[str]) -> Choice | None:
        """Read one line; None and a problem where it cannot be used."""
        here = self.block.place.at(line.number, match.start("code") + 1)
        words = self.block.place.at(line.number, match.start("label") + 1)
        label, given = match["label"].strip(), AttributeList()
        if self.values.kind == "matrix" or self.values.has("reasons"):
            label, given, problems = split_heading(match["label"], words)
            self.problems += problems
        self.problems += [*find_html(label, words), *no_quotes(label, words)]
        code = match["code"]
        if match["colon"] == "：":
            colon = self.block.place.at(line.number, match.start("colon") + 1)
            self.problems.append(colon.problem("Q013", text="：", plain=":"))
        fault = self.fault(here, code, label)
        self.codes.setdefault(code, here)
        if fault is not None:
            self.problems.append(fault)
            return None
        choice = Choice(code, label, self.dimension(given, here))
        if self.values.kind == "matrix":
            self.items.append(Item(choice, here, given))
        return choice

    def dimension(self, given: AttributeList, here: Place) -> str | None:
        """Give the dimension that a reason's line says it is of."""
        if not self.values.has("reasons"):
            return None
        own = Values(given, here, "")
        own.check(REASON_ATTRIBUTES, "a reason")
        found = own.dimension(None)
        self.problems += own.problems
        if found is not None and found not in self.dimensions and self.dimensions:
            part = given.get("dimension")
            column = here.column if part is None else part.value_column
            told = here.at(here.line, column).problem("Q033", name=found, asked=", ".join(self.dimensions))
            self.problems.append(told)
        return found

    def reasons(self, written: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """Give the reasons of the question in the order of their dimensions, the author's words before the house's."""
        own = {choice.code: choice for choice in written}
        house = standard_reasons(self.gettext, self.dimensions if self.values.has_house_reasons() else ())
        missing = [choice.code for choice in house if choice.code not in own]
        if missing:
            self.lacks_words("these reasons", missing)
        found = [replace(choice, label=own[choice.code].label) if choice.code in own else choice for choice in house]
        found += [choice for choice in written if choice.code not in {one.code for one in house}]
        if len(found) < 2 and self.dimensions:
            self.problems.append(self.block.place.problem("Q019"))
        places = (*DIMENSIONS, None)
        found.sort(key=lambda choice: places.index(choice.dimension))
        return (*found, *self.additions())

    def fault(self, here: Place, code: str, label: str) -> Problem | None:
        """Say what is wrong with a code and its words; at most one thing."""
        if code == NOT_APPLICABLE:
            return here.problem("Q022")
        if not _CODE.fullmatch(code):
            return here.problem("Q017", name=code[:60])
        if code in self.codes:
            return here.problem("Q018", name=code, line=self.codes[code].line)
        if not label:
            return here.problem("Q023")
        if len(label) > MOST_LABEL:
            return here.problem("S013", size=len(label), most=MOST_LABEL)
        return None

    def labels(self, options: list[Line], written: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """Give the author's words for the points of a scale or for yes and no, or the standard ones."""
        kind = self.values.kind
        if kind == "yesno":
            standard = yes_no(self.gettext, partly=self.values.has("partly"))
            allowed = [["yes", "no"], ["yes", "partly", "no"]]
        else:
            standard = standard_choices(kind, self.gettext, self.values.points())
            asked = [self.values.points()] if self.values.given.get("points") else POINTS
            allowed = [[str(code) for code in range(1, size + 1)] for size in asked]
        if not options:
            self.lacks_words(f".{kind}", (choice.code for choice in standard))
        if not options or len(written) != len(options):
            return standard
        if [choice.code for choice in written] in allowed:
            return written
        here = self.block.place.at(options[0].number)
        if kind == "yesno":
            self.problems.append(here.problem("Q025"))
        else:
            points = " or ".join(str(len(codes)) for codes in allowed)
            self.problems.append(here.problem("Q020", size=len(options), points=points))
        return standard

    def additions(self) -> tuple[Choice, ...]:
        """Give "other" and "none of these" in the standard words where the author wrote no such option."""
        found = tuple(
            Choice(code, words)
            for code, words in added(self.gettext).items()
            if self.values.has(code) and code not in self.codes
        )
        if found:
            self.lacks_words("these options", (choice.code for choice in found))
        return found
