"""Front matter: the YAML above a survey, composed to nodes so that every key and value keeps its line and column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

import yaml

from revisit.forms.catalogue import Place
from revisit.forms.definitions import CompositeReader, ThemeReader
from revisit.forms.nearest import guess
from revisit.forms.prose import find_html
from revisit.forms.quotes import no_quotes
from revisit.forms.scanner import Scanned
from revisit.records.languages import is_language
from revisit.records.problems import Problem
from revisit.records.survey import DIMENSIONS, Composite, OwnTheme, Privacy, Targets

# The faster one where it was built, for texts too short to nest deeper than its stack.
FAST_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_FAST = 2000  # characters
WORDED: tuple[str, ...] = ("title", "language", "privacy")
KEYS: tuple[str, ...] = (
    *WORDED,
    "weights",
    "targets",
    "send_after",
    "expires_after",
    "open_from",
    "open_until",
    "layout",
    "min_items",
    "materiality",
    "themes",
    "composites",
    "outlets",
)
# What may stand in a translation.
TRANSLATED: tuple[str, ...] = (*WORDED, "composites")
LAYOUTS: tuple[str, str] = ("page", "sections")
# Which outlets are asked: all, or some that stand for the others.
OUTLETS: tuple[str, str] = ("all", "sample")
PRIVACY_KEYS: tuple[str, ...] = ("who", "contact", "purpose", "kept")
TARGET_KEYS: tuple[str, ...] = ("csi", "satisfied", "fixed", "coverage", "response")
EXAMPLES: dict[str, str] = {
    "title": "title: How was your repair?",
    "language": "language: en",
    "privacy": (
        "privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}"
    ),
    "who": "who: Example Motors",
    "contact": "contact: privacy@example.com",
    "purpose": "purpose: to improve our repairs",
    "kept": "kept: 24 months",
}
MOST_TITLE = 200
MOST_NOTICE = 500

_SPAN = re.compile(r"(\d{1,4})\s*([mhdw])")
_SPAN_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MOMENT = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:[ T](?P<time>\d\d:\d\d))?")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")


@dataclass(slots=True)
class FrontMatter:
    """What the front matter says; ``places`` holds where each key and each weight stands."""

    title: str = ""
    language: str = ""
    privacy: Privacy | None = None
    weights: dict[str, float] = field(default_factory=dict)
    targets: Targets = field(default_factory=Targets)
    send_after: timedelta = timedelta(hours=24)
    expires_after: timedelta = timedelta(days=15)
    open_from: datetime | None = None
    open_until: datetime | None = None
    layout: str = ""
    min_items: int = 0
    materiality: float = 5.0
    themes: tuple[OwnTheme, ...] = ()
    composites: tuple[Composite, ...] = ()
    sampled: bool = False
    places: dict[str, Place] = field(default_factory=dict)


def read_front_matter(
    scanned: Scanned, path: str, source: str = "", zone: tzinfo = UTC
) -> tuple[FrontMatter, list[Problem]]:
    """Read the front matter of a scanned file; ``source`` names the source file when this one is a translation.

    Days and times of day are those of ``zone``.
    """
    reader = _Reader(Place(path), scanned.front_line - 1, source, zone)
    if scanned.front is not None:
        reader.read(scanned.front)
    return reader.found, reader.problems


class _Reader:
    """Turns the nodes into values; a value that cannot be read keeps its default and becomes a problem."""

    def __init__(self, place: Place, above: int, source: str, zone: tzinfo) -> None:
        self.place = place
        self.zone = zone
        self.above = above
        self.source = source
        self.found = FrontMatter()
        self.problems: list[Problem] = []

    def at(self, mark: yaml.Mark | None) -> Place:
        if mark is None:
            return self.place.at(1)
        return self.place.at(mark.line + 1 + self.above, mark.column + 1)

    def read(self, text: str) -> None:
        # YAML ends lines at these as well, and its line numbers would no longer be those of the file; S004 tells them.
        text = re.sub("[\x85\u2028\u2029]", " ", text)
        try:
            node = yaml.compose(text, Loader=FAST_LOADER if len(text) <= MOST_FAST else yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            why = (error.problem or error.context or "it cannot be read").rstrip(".")
            self.problems.append(self.at(error.problem_mark or error.context_mark).problem("F003", why=why))
            return
        except yaml.YAMLError:
            self.problems.append(self.place.at(1).problem("F003", why="it holds a sign that YAML does not allow"))
            return
        except RecursionError:
            self.problems.append(self.place.at(2).problem("F003", why="it is nested too deep"))
            return
        if not isinstance(node, yaml.MappingNode):
            self.problems.append(self.place.at(2).problem("F004"))
            return
        self.read_keys(self.table(node, KEYS, ""))

    def table(self, node: yaml.MappingNode, known: tuple[str, ...], place: str) -> dict[str, yaml.Node]:
        """Give the nodes of the known keys; unknown and repeated keys become problems."""
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            here = self.at(key.start_mark)
            name = key.value if isinstance(key, yaml.ScalarNode) else "…"
            if name not in known:
                code, words = "F005", {"guess": guess(name, known)}
                if known is DIMENSIONS:
                    code = "F011"
                self.problems.append(here.problem(code, name=name[:40], place=place, **words))
            elif name in found:
                self.problems.append(here.problem("F006", name=name, place=place))
            else:
                found[name] = value
                self.found.places[f"{place.rpartition(' ')[2]}.{name}".lstrip(".")] = here
        return found

    def read_keys(self, nodes: dict[str, yaml.Node]) -> None:
        for name in WORDED:
            if name not in nodes:
                self.problems.append(self.place.at(1).problem("F007", name=name, place="", example=EXAMPLES[name]))
        for name, node in nodes.items():
            if self.source and name not in TRANSLATED:
                self.problems.append(self.found.places[name].problem("F017", name=name, source=self.source))
            else:
                getattr(self, f"read_{name}")(node)
        send, expires = self.found.send_after, self.found.expires_after
        if expires <= send:
            here = self.found.places.get("expires_after") or self.found.places["send_after"]
            self.problems.append(here.problem("F016", expires=_shown(expires), send=_shown(send)))
        if self.found.open_from and self.found.open_until and self.found.open_until <= self.found.open_from:
            self.problems.append(self.found.places["open_until"].problem("F018"))

    def scalar(self, name: str, node: yaml.Node, example: str, most: int = MOST_TITLE) -> str:
        """Give the words of a scalar, or "" and a problem."""
        if not isinstance(node, yaml.ScalarNode):
            self.bad(name, node, "not a single value", example)
            return ""
        words = " ".join(node.value.split())
        if not words:
            self.bad(name, node, "empty", example)
        elif len(words) > most:
            self.problems.append(self.at(node.start_mark).problem("S013", size=len(words), most=most))
        html = find_html(words, self.at(node.start_mark))
        self.problems += no_quotes(words, self.at(node.start_mark))
        self.problems += html
        return "" if html else words

    def bad(self, name: str, node: yaml.Node, found: str, example: str) -> None:
        self.problems.append(self.at(node.start_mark).problem("F008", name=name, found=found, example=example))

    def read_title(self, node: yaml.Node) -> None:
        self.found.title = self.scalar("title", node, EXAMPLES["title"])

    def read_language(self, node: yaml.Node) -> None:
        value = self.scalar("language", node, EXAMPLES["language"])
        if value and not is_language(value):
            self.problems.append(self.at(node.start_mark).problem("F009", value=value[:40]))
        else:
            self.found.language = value

    def mapping(
        self, name: str, node: yaml.Node, known: tuple[str, ...], example: str
    ) -> Iterator[tuple[str, yaml.Node]]:
        if isinstance(node, yaml.MappingNode):
            yield from self.table(node, known, f" under {name}").items()
        else:
            self.bad(name, node, "not a list of keys and values", example)

    def read_privacy(self, node: yaml.Node) -> None:
        given: dict[str, str] = {}
        for name, value in self.mapping("privacy", node, PRIVACY_KEYS, EXAMPLES["privacy"]):
            given[name] = self.scalar(name, value, EXAMPLES[name], MOST_NOTICE)
        if isinstance(node, yaml.MappingNode):
            for name in PRIVACY_KEYS:
                if name not in given:
                    here = self.found.places["privacy"]
                    example = EXAMPLES[name]
                    self.problems.append(here.problem("F007", name=name, place=" under privacy", example=example))
        if all(given.get(name) for name in PRIVACY_KEYS):
            self.found.privacy = Privacy(**given)

    def read_weights(self, node: yaml.Node) -> None:
        example = "weights: {speed: 20, quality: 30}"
        for name, value in self.mapping("weights", node, DIMENSIONS, example):
            words = self.scalar(name, value, f"{name}: 20")
            if words and not _NUMBER.fullmatch(words):
                self.bad(name, value, f'"{words[:20]}"', f"{name}: 20")
            elif words:
                self.found.weights[name] = float(words)
        if self.found.weights and not any(self.found.weights.values()):
            self.problems.append(self.at(node.start_mark).problem("F014"))
            self.found.weights = {}

    def read_targets(self, node: yaml.Node) -> None:
        given: dict[str, float] = {}
        for name, value in self.mapping("targets", node, TARGET_KEYS, "targets: {csi: 80, satisfied: 90%}"):
            example = "csi: 80" if name == "csi" else f"{name}: 90%"
            words = self.scalar(name, value, example).replace(" ", "")
            number = words.removesuffix("%")
            if not words:
                continue
            if not _NUMBER.fullmatch(number) or float(number) > 100:
                self.bad(name, value, f'"{words[:20]}"', example)
            elif words.endswith("%") is (name == "csi"):
                kinds = ("score of 0 to 100", "share") if name == "csi" else ("share of 0% to 100%", "score")
                here = self.at(value.start_mark)
                self.problems.append(here.problem("F015", name=name, is_a=kinds[0], not_a=kinds[1], example=example))
            else:
                given[name] = float(number) / (1 if name == "csi" else 100)
        self.found.targets = Targets(**given)

    def span(self, name: str, node: yaml.Node, example: str) -> timedelta | None:
        words = self.scalar(name, node, f"{name}: {example}")
        match = _SPAN.fullmatch(words)
        if match:
            span = timedelta(**{_SPAN_UNITS[match[2]]: int(match[1])})
            if span <= timedelta(days=366):
                return span
        if words:
            self.bad(name, node, f'"{words[:20]}"', f"{name}: {example} (m, h, d or w; at most a year)")
        return None

    def read_send_after(self, node: yaml.Node) -> None:
        self.found.send_after = self.span("send_after", node, "24h") or self.found.send_after

    def read_expires_after(self, node: yaml.Node) -> None:
        self.found.expires_after = self.span("expires_after", node, "15d") or self.found.expires_after

    def moment(self, name: str, node: yaml.Node, *, end: bool) -> datetime | None:
        """Read a day, with or without a time of day; the ``end`` of a day is the midnight after it."""
        words = self.scalar(name, node, f"{name}: 2026-12-31")
        match = _MOMENT.fullmatch(words)
        try:
            if match is not None:
                day = datetime.fromisoformat(match["day"]).date()
                at = time.fromisoformat(match["time"]) if match["time"] else time()
                whole = timedelta(days=1 if end and not match["time"] else 0)
                return datetime.combine(day + whole, at, self.zone).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        if words:
            self.bad(name, node, f'"{words[:20]}"', f"{name}: 2026-12-31 or {name}: 2026-12-31 18:00")
        return None

    def read_open_from(self, node: yaml.Node) -> None:
        self.found.open_from = self.moment("open_from", node, end=False)

    def read_open_until(self, node: yaml.Node) -> None:
        self.found.open_until = self.moment("open_until", node, end=True)

    def choice(self, name: str, node: yaml.Node, known: tuple[str, str]) -> str:
        """Read one of two words, or "" and a problem."""
        words = self.scalar(name, node, f"{name}: {known[1]}")
        if words and words not in known:
            self.bad(name, node, f'"{words[:20]}"', f"{name}: {known[0]} or {name}: {known[1]}")
        return words if words in known else ""

    def read_layout(self, node: yaml.Node) -> None:
        self.found.layout = self.choice("layout", node, LAYOUTS)

    def read_outlets(self, node: yaml.Node) -> None:
        self.found.sampled = self.choice("outlets", node, OUTLETS) == "sample"

    def number(self, name: str, node: yaml.Node, example: str, most: float) -> float | None:
        words = self.scalar(name, node, f"{name}: {example}")
        if _NUMBER.fullmatch(words) and float(words) <= most:
            return float(words)
        if words:
            self.bad(name, node, f'"{words[:20]}"', f"{name}: {example}")
        return None

    def read_min_items(self, node: yaml.Node) -> None:
        number = self.number("min_items", node, "2", 20)
        if number is not None and number == int(number):
            self.found.min_items = int(number)
        elif number is not None:
            self.bad("min_items", node, f'"{number}"', "min_items: 2")

    def read_materiality(self, node: yaml.Node) -> None:
        number = self.number("materiality", node, "5", 100)
        self.found.materiality = self.found.materiality if number is None else number

    def read_themes(self, node: yaml.Node) -> None:
        self.found.themes = ThemeReader(self).read(node)

    def read_composites(self, node: yaml.Node) -> None:
        self.found.composites = CompositeReader(self, self.found.places).read(node)


def _shown(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:g}d" if hours >= 48 and hours % 24 == 0 else f"{hours:g}h"
