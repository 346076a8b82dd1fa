"""A survey as its author wrote it, in one language: sections, questions, scales and what they mean."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from revisit.records import languages
from revisit.records.conditions import Condition

Language = Literal["en", "zh-Hans", "zh-Hant"]
LANGUAGES = languages.LANGUAGES

DIMENSIONS: tuple[str, ...] = ("speed", "attitude", "quality", "price", "channel")

# The themes of comments that Revisit brings terms for.
THEMES: tuple[str, ...] = (
    *("attitude", "skill", "quality", "speed", "waiting", "price", "explanation", "parts", "cleanliness"),
    *("communication", "rework", "network", "praise"),
)

# The values a repair order can have for a fact that a condition may name. The list is closed, so that
# ``build`` can make one page per combination and a typo in a condition is an error.
FACTS: dict[str, tuple[str, ...]] = {
    "payer": ("customer", "warranty", "insurance", "internal"),
    "kind": ("repair", "service", "bodywork", "recall", "installation"),
}

SCALE_KINDS: tuple[str, ...] = ("satisfaction", "agreement", "quality", "effort")
NOT_APPLICABLE = "na"
OTHER = "other"
NONE = "none"
# What a consent keeps besides: the hash of the words that were agreed to, as ``<id>.text``.
CONSENT_TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: a stable code and the words of this language; of a reason also the dimension it is of."""

    code: str
    label: str
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a heading that stand for the answer to an earlier question: its id, and where they begin and end."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question. For scales and the 0-10 question the choices' codes are the integers 1..points or 0..10.

    ``dimension`` is set for scored items only. ``reversed`` items are turned (min + max - x) before scoring.
    ``label`` is plain text; ``help`` is sanitised HTML made from the Markdown prose under the heading. A ``short`` text
    is one line. A contact question asks yes or no and, where ``asks`` says so, for a phone number or an e-mail address;
    these are answers of their own, named ``<id>.phone`` and ``<id>.email``. ``was`` is the id it had in earlier
    versions.

    A choice with ``other`` in ``asks`` has words of its own under ``<id>.other``. ``exclusive`` is the code that goes
    with no other one. A number is whole, from ``least`` to ``greatest``, and counts ``unit``. The items of a matrix are
    questions of their own that share ``group``, the matrix's id, and ``stem``, the words above all of them. ``quotes``
    says which words of the heading (``label``, of a matrix ``stem``) stand for earlier answers. The choices of a
    question for ``reasons`` stand under their dimensions.
    """

    id: str
    kind: str
    label: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    not_applicable: bool = False
    reversed: bool = False
    dimension: str | None = None
    show_if: Condition | None = None
    max_length: int = 2000
    short: bool = False
    asks: tuple[str, ...] = ()
    was: str = ""
    exclusive: str = ""
    least: int = 0
    greatest: int = 0
    unit: str = ""
    group: str = ""
    stem: str = ""
    quotes: tuple[Quote, ...] = ()
    reasons: bool = False
    line: int = field(default=0, compare=False)

    @property
    def is_scale(self) -> bool:
        """Say whether this is a labelled scale whose answers can be averaged."""
        return self.kind in SCALE_KINDS

    @property
    def has_numbers(self) -> bool:
        """Say whether its answers are whole numbers: the scales, the 0-10 question and numbers."""
        return self.is_scale or self.kind in ("nps", "number")

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of its answers: its id, then those of what it asks besides; a statement has none."""
        if self.kind == "statement":
            return ()
        also = (CONSENT_TEXT,) if self.kind == "consent" else self.asks
        return (self.id, *(f"{self.id}.{what}" for what in also))

    @property
    def points(self) -> tuple[int, int]:
        """Give the least and the greatest value of a scale, of the 0-10 question or of a number."""
        if self.kind == "number":
            return self.least, self.greatest
        values = [int(choice.code) for choice in self.choices]
        return min(values), max(values)

    @property
    def has_score(self) -> bool:
        """Say whether its answers make a score of 0-100: the scales and the 0-10 question."""
        return self.is_scale or self.kind == "nps"

    @property
    def is_item(self) -> bool:
        """Say whether this question is a scored item of a dimension."""
        return self.is_scale and self.dimension is not None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading; a dimension or a condition given here holds for all of them."""

    id: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    dimension: str | None = None
    show_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Privacy:
    """The notice above the first question: who asks, whom to write to, what for, how long it is kept."""

    who: str
    contact: str
    purpose: str
    kept: str


@dataclass(frozen=True, slots=True)
class Targets:
    """What the survey aims at: ``csi`` is a score of 0-100, the others are shares of 0-1."""

    csi: float | None = None
    satisfied: float | None = None
    fixed: float | None = None
    coverage: float | None = None
    response: float | None = None


@dataclass(frozen=True, slots=True)
class Composite:
    """A weighted mean beside the CSI: its parts are scale questions, 0-10 questions or dimensions, by name.

    ``weights`` sum to 1; a part whose weight is 0 had one earlier.
    """

    id: str
    name: str
    weights: dict[str, float]


@dataclass(frozen=True, slots=True)
class OwnTheme:
    """What an author adds to the themes of comments: terms for one that Revisit brings, or a theme of the author's own.

    ``names``: what the author's own theme is called, by language; empty for one of ``THEMES``. Terms and ``excluded``
    ones, which mean something else, are English words (a final * stands for any ending) or Chinese ones in either
    script. ``polar``: a negated term does not count, as in praise.
    """

    id: str
    names: tuple[tuple[str, str], ...] = ()
    english: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    excluded_english: tuple[str, ...] = ()
    excluded_chinese: tuple[str, ...] = ()
    polar: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey in one language.

    ``form_hash`` covers ids, kinds, codes, scales and conditions and is the same for all languages;
    ``text_hash`` covers the wording of this language. ``weights`` sum to 1 over the scored dimensions.
    ``layout`` is how the page's script shows it, "page" or "sections"; "" leaves that to its length.
    ``min_items`` is the least number of answered items for a dimension score; 0 means half of them, rounded up.
    ``materiality`` is the change in points of 100 below which a change counts as small. Answers are taken from
    ``open_from`` on and until ``open_until``, both aware; None means no bound. ``themes`` are the author's additions;
    ``composites`` are weighted means beside the CSI. ``sampled``: only some outlets are asked, and stand for all.
    """

    name: str
    language: str
    title: str
    sections: tuple[Section, ...]
    privacy: Privacy
    intro: str = ""
    source_language: str = "en"
    weights: dict[str, float] = field(default_factory=dict)
    targets: Targets = field(default_factory=Targets)
    layout: str = ""
    send_after: timedelta = timedelta(hours=24)
    expires_after: timedelta = timedelta(days=15)
    min_items: int = 0
    materiality: float = 5.0
    open_from: datetime | None = None
    open_until: datetime | None = None
    themes: tuple[OwnTheme, ...] = ()
    composites: tuple[Composite, ...] = ()
    sampled: bool = False
    form_hash: str = ""
    text_hash: str = ""

    def is_open(self, now: datetime) -> bool:
        """Say whether answers are taken at a moment: from ``open_from`` on, before ``open_until``."""
        begun = self.open_from is None or now >= self.open_from
        return begun and (self.open_until is None or now < self.open_until)

    @property
    def house_language(self) -> str:
        """Give the language of what Revisit says around the author's words: its own if Revisit speaks that."""
        return languages.house_language(self.language, self.source_language)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Give all questions in the order they stand on the page."""
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, question_id: str) -> Question | None:
        """Find a question by its id."""
        return next((question for question in self.questions if question.id == question_id), None)

    def items(self, dimension: str) -> tuple[Question, ...]:
        """Give the scored items of one dimension."""
        return tuple(question for question in self.questions if question.is_item and question.dimension == dimension)

    def part(self, name: str) -> Question | str | None:
        """Find a part of a composite: the question with a score that has this id, else the dimension, else None."""
        question = self.question(name)
        if question is not None and question.has_score:
            return question
        return name if name in self.dimensions else None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Give the dimensions that this survey scores, in the house's order."""
        scored = {question.dimension for question in self.questions if question.is_item}
        return tuple(name for name in DIMENSIONS if name in scored)
