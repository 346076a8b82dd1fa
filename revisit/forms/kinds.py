"""The kinds of questions: which attributes each takes and where its choices come from."""

from dataclasses import dataclass

from revisit.records.survey import SCALE_KINDS

POINTS: tuple[int, ...] = (5, 7)
MOST_OPTIONS = 40
MOST_RANKED = 7

_EVERY = frozenset({"#", ".", "required", "show-if", "was"})
_SCALE = _EVERY | {"na", "reversed", "dimension", "points"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind may have.

    ``options``: "none", "own" (the author writes them), "labels" (the author may) or "items" (of a matrix).
    """

    attributes: frozenset[str]
    options: str = "none"


KINDS: dict[str, Kind] = {
    **{name: Kind(frozenset(_SCALE), "labels") for name in SCALE_KINDS},
    "matrix": Kind(_SCALE | {"scale"}, "items"),
    "nps": Kind(_EVERY | {"na"}),
    "yesno": Kind(_EVERY | {"na", "partly"}, "labels"),
    "choice": Kind(_EVERY | {"na", "other"}, "own"),
    "choices": Kind(_EVERY | {"na", "other", "none", "reasons"}, "own"),
    "ranking": Kind(_EVERY, "own"),
    "number": Kind(_EVERY | {"na", "min", "max", "unit"}),
    "date": Kind(_EVERY | {"na"}),
    "text": Kind(_EVERY | {"max", "short"}),
    "contact": Kind(_EVERY | {"ask"}),
    "consent": Kind(_EVERY),
    "statement": Kind(frozenset({"#", ".", "show-if", "was"})),
}
# What an item of a matrix may say for itself, at the end of its line.
ITEM_ATTRIBUTES: tuple[str, ...] = ("required", "na", "reversed", "dimension", "was")
# And what a reason that the author writes may say.
REASON_ATTRIBUTES: tuple[str, ...] = ("dimension",)
ATTRIBUTES: tuple[str, ...] = (
    "required",
    "na",
    "reversed",
    "dimension",
    "show-if",
    "points",
    "scale",
    "partly",
    "other",
    "none",
    "reasons",
    "min",
    "max",
    "unit",
    "short",
    "ask",
    "was",
)
FLAGS: frozenset[str] = frozenset({"required", "na", "reversed", "short", "partly", "other", "none", "reasons"})
# What a flag may say besides: reasons=own are those that the author writes, without the house's.
OWN = "own"
FLAG_WORDS: dict[str, tuple[str, ...]] = {"reasons": (OWN,)}
SECTION_ATTRIBUTES: tuple[str, ...] = ("#", "dimension", "show-if")
CONTACT_ASKS: tuple[str, ...] = ("phone", "email")

# Words that the form itself uses as names of fields.
FORM_NAMES: frozenset[str] = frozenset({"form_hash", "text_hash", "website", "switch", "na"})
