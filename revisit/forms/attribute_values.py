"""Attribute values: what the attributes of a question say, each read with the place of what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from revisit.forms.attributes import Attribute, AttributeList
from revisit.forms.catalogue import Place
from revisit.forms.kinds import ATTRIBUTES, CONTACT_ASKS, FLAG_WORDS, FLAGS, KINDS, OWN, POINTS
from revisit.forms.nearest import guess
from revisit.forms.prose import find_html
from revisit.records.problems import Problem
from revisit.records.survey import DIMENSIONS, OTHER, SCALE_KINDS

MOST_TEXT = 4000
DEFAULT_TEXT = 2000
DEFAULT_SHORT = 200
MOST_NUMBER = 999_999_999
DEFAULT_NUMBER = 999_999
MOST_UNIT = 20

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"-?[0-9]{1,10}")


@dataclass(slots=True)
class Values:
    """The attributes of one heading, or of one item of a matrix; what cannot be read keeps its default."""

    given: AttributeList
    place: Place
    kind: str
    problems: list[Problem] = field(default_factory=list)

    def report(self, part: Attribute, code: str, *, at_value: bool = False, **words: object) -> None:
        """Note a problem at an attribute's name or value, once however often the value is read."""
        column = part.value_column if at_value else part.column
        problem = self.place.at(self.place.line, column).problem(code, **words)
        if problem not in self.problems:
            self.problems.append(problem)

    def wrong(self, part: Attribute, example: str) -> None:
        """Note a value that cannot be read; one that is empty has been told by ``check``."""
        if part.value.strip():
            self.report(part, "Q015", at_value=True, name=part.name, value=part.value[:40], example=example)

    def has(self, flag: str) -> bool:
        """Say whether a flag stands there."""
        return self.given.get(flag) is not None

    def check(self, known: Iterable[str] = ATTRIBUTES, holder: str = "") -> None:
        """Report attributes that do not exist, do not go with the kind, or have no value or one too many."""
        allowed = set(known) if holder else (KINDS[self.kind].attributes if self.kind else set(ATTRIBUTES))
        for part in self.given.parts:
            if part.name in ("#", ".") and not holder:
                continue
            if part.name not in ATTRIBUTES and part.name not in ("#", "."):
                self.report(part, "Q008", name=part.name[:40], guess=guess(part.name, self.fitting(known)))
            elif part.name not in allowed:
                shown = f".{part.value}" if part.name == "." else part.name
                self.report(part, "Q009", name=shown, kind=holder or f".{self.kind}")
            elif part.name in FLAGS and part.value not in ("", "yes", "true", *FLAG_WORDS.get(part.name, ())):
                example = " or ".join((part.name, *(f"{part.name}={word}" for word in FLAG_WORDS.get(part.name, ()))))
                self.report(part, "Q015", at_value=True, name=part.name, value=part.value[:40], example=example)
            elif part.name not in FLAGS and not part.value.strip():
                self.report(part, "Q015", name=part.name, value="", example=f'{part.name}="…"')

    def fitting(self, known: Iterable[str]) -> list[str]:
        """Give those of the known attributes that go with the kind."""
        allowed = KINDS[self.kind].attributes if self.kind else set(known)
        return [name for name in known if name in allowed and name not in ("#", ".")]

    def dimension(self, inherited: str | None) -> str | None:
        """Give the dimension: the one that stands here, else the one above."""
        part = self.given.get("dimension")
        if part is None:
            return inherited
        if part.value in DIMENSIONS:
            return part.value
        if part.value.strip() and part.value != "none":
            self.report(part, "F011", at_value=True, name=part.value[:40], guess=guess(part.value, DIMENSIONS))
        return None

    def max_length(self) -> int:
        """Give the most characters of a text."""
        part = self.given.get("max")
        default = DEFAULT_SHORT if self.has("short") else DEFAULT_TEXT
        if part is None or self.kind != "text":
            return default
        if re.fullmatch(r"[0-9]{1,4}", part.value) and 1 <= int(part.value) <= MOST_TEXT:
            return int(part.value)
        self.wrong(part, f"max=500 (1 to {MOST_TEXT} characters)")
        return default

    def bounds(self) -> tuple[int, int]:
        """Give the least and the greatest value of a number."""
        if self.kind != "number":
            return 0, 0
        least = self._bound("min", 0)
        greatest = self._bound("max", max(DEFAULT_NUMBER, least))
        part = self.given.get("max") or self.given.get("min")
        if least >= greatest and part is not None:
            self.wrong(part, "min=0 max=500, the least first")
            return 0, DEFAULT_NUMBER
        return least, greatest

    def _bound(self, name: str, default: int) -> int:
        part = self.given.get(name)
        if part is None:
            return default
        if _NUMBER.fullmatch(part.value) and abs(int(part.value)) <= MOST_NUMBER:
            return int(part.value)
        self.wrong(part, f"{name}=500, a whole number")
        return default

    def unit(self) -> str:
        """Give the words behind a number."""
        part = self.given.get("unit")
        if part is None:
            return ""
        words = " ".join(part.value.split())
        if len(words) > MOST_UNIT:
            self.report(part, "S013", at_value=True, size=len(words), most=MOST_UNIT)
        self.problems += find_html(words, self.place.at(self.place.line, part.value_column))
        return words

    def points(self) -> int:
        """Give the number of points of a scale."""
        part = self.given.get("points")
        if part is None:
            return POINTS[0]
        if part.value in {str(size) for size in POINTS}:
            return int(part.value)
        self.wrong(part, "points=7 (5 or 7)")
        return POINTS[0]

    def scale(self) -> str:
        """Give the kind of scale that the items of a matrix share."""
        part = self.given.get("scale")
        if part is None:
            return SCALE_KINDS[0]
        if part.value in SCALE_KINDS:
            return part.value
        self.wrong(part, f"scale=quality ({', '.join(SCALE_KINDS)})")
        return SCALE_KINDS[0]

    def asks(self) -> tuple[str, ...]:
        """Give what is asked besides: of a contact a phone number or an address, of a choice other words."""
        if self.has("other"):
            return (OTHER,)
        part = self.given.get("ask")
        if part is None:
            return ()
        words = part.value.replace(",", " ").split()
        if any(word not in CONTACT_ASKS for word in words):
            self.wrong(part, 'ask=phone or ask="phone email"')
        return tuple(name for name in CONTACT_ASKS if name in words)

    def has_house_reasons(self) -> bool:
        """Say whether the house's reasons are wanted, and not only those that the author writes."""
        part = self.given.get("reasons")
        return part is not None and part.value != OWN

    def was(self) -> str:
        """Give the id that the question had before."""
        part = self.given.get("was")
        if part is None or not part.value:
            return ""
        if not ID.fullmatch(part.value):
            self.report(part, "Q005", at_value=True, name=part.value[:60])
            return ""
        return part.value
