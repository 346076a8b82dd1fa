"""Definitions: what the front matter may define for the findings: themes of comments, and composites."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import yaml

from revisit.forms.attribute_values import ID
from revisit.forms.catalogue import Place
from revisit.forms.nearest import guess
from revisit.records.languages import is_language
from revisit.records.problems import Problem
from revisit.records.survey import DIMENSIONS, LANGUAGES, THEMES, Composite, OwnTheme, Question, Survey

THEME_KEYS: tuple[str, ...] = ("name", "terms", "not", "polar")
# Rows of the findings, and a table of the dictionary, that no theme may be called like.
NO_THEME: tuple[str, ...] = ("none", "ignore", "words")
MOST_THEMES = 50
MOST_TERMS = 300  # of a theme and language

COMPOSITE_KEYS: tuple[str, ...] = ("name", "parts")
# What other figures are called, or parts of them: no composite may have the same name.
FIGURES: tuple[str, ...] = (
    *("csi", "csat", "fixed", "nps", "overall", *DIMENSIONS),
    *("top2", "options", "coverage", "response_rate", "effective", "themes", "late", "shrunken", "mode_effect"),
    *("weighted", "standardised", "unweighted"),
)
MOST_COMPOSITES = 5
MOST_PARTS = 20

_COMPOSITES = "composites: {loyalty: {name: Loyalty, parts: {come_back: 2, recommend: 1}}}"
_PARTS = "parts: {come_back: 2, recommend: 1}"
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_THEMES = "themes: {waiting: {terms: {en: [queue at the gate]}}}"
_TERMS = "{en: [shuttle, courtesy bus*], zh-Hans: [接驳车]}"
_NAMES = "name: {en: Shuttle bus, zh-Hans: 接驳车}"
# As the findings look for them: whole words, of which the last may have any ending from its third letter on.
_ENGLISH = re.compile(r"[a-z0-9][a-z0-9' -]*|[a-z0-9' -]*[a-z0-9]{2}\*", re.IGNORECASE)
_CHINESE = re.compile(r"[a-z0-9]*[\u3400-\u9fff][a-z0-9\u3400-\u9fff]*", re.IGNORECASE)


class Nodes(Protocol):
    """What reads the nodes of the front matter, and notes what is wrong with them."""

    problems: list[Problem]
    source: str

    def at(self, mark: yaml.Mark | None) -> Place:
        """Give the place of a node."""

    def bad(self, name: str, node: yaml.Node, found: str, example: str) -> None:
        """Note that a value is not what it should be."""

    def scalar(self, name: str, node: yaml.Node, example: str, most: int = ...) -> str:
        """Give the words of a value, or "" and a problem."""

    def mapping(
        self, name: str, node: yaml.Node, known: tuple[str, ...], example: str
    ) -> Iterator[tuple[str, yaml.Node]]:
        """Give keys and values under a key, problems of unknown ones noted."""


def entries(nodes: Nodes, name: str, node: yaml.Node, example: str) -> Iterator[tuple[str, Place, yaml.Node]]:
    """Give the ids that an author chose below a key, each with its place and value; no id stands twice."""
    if not isinstance(node, yaml.MappingNode):
        nodes.bad(name, node, "not a list of keys and values", example)
        return
    seen: set[str] = set()
    for key, value in node.value:
        here = nodes.at(key.start_mark)
        found = key.value if isinstance(key, yaml.ScalarNode) else "…"
        if not ID.fullmatch(found):
            nodes.problems.append(here.problem("Q005", name=found[:60]))
        elif found in seen:
            nodes.problems.append(here.problem("F006", name=found, place=f" under {name}"))
        else:
            seen.add(found)
            yield found, here, value


class ThemeReader:
    """Reads the author's own themes and terms; what is wrong is noted, and what is right is kept."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes

    def read(self, node: yaml.Node) -> tuple[OwnTheme, ...]:
        """Read all that stands under ``themes``."""
        found = [self.theme(*one) for one in entries(self.nodes, "themes", node, _THEMES)]
        if len(found) > MOST_THEMES:
            self.nodes.bad("themes", node, f"{len(found)} themes long", f"{_THEMES}, with at most {MOST_THEMES}")
        return tuple(found)

    def theme(self, name: str, here: Place, node: yaml.Node) -> OwnTheme:
        """Read one theme."""
        given = dict(self.nodes.mapping(name, node, THEME_KEYS, f"{name}: {{terms: {_TERMS}}}"))
        names = self.names(given["name"]) if "name" in given else ()
        if name in NO_THEME:
            self.nodes.problems.append(here.problem("F022", name=name))
        elif name in THEMES and "name" in given:
            self.nodes.problems.append(here.problem("F020", name=name))
        elif name not in THEMES and "name" not in given:
            self.nodes.problems.append(here.problem("F019", name=name, guess=guess(name, THEMES, most=len(THEMES))))
        elif isinstance(node, yaml.MappingNode) and not given.keys() & (
            {"terms", "not"} if name in THEMES else {"terms"}
        ):
            example = f"terms: {_TERMS}"
            self.nodes.problems.append(here.problem("F007", name="terms", place=f" under {name}", example=example))
        terms, excluded = self.terms("terms", given.get("terms")), self.terms("not", given.get("not"))
        polar = self.polar(given["polar"]) if "polar" in given else False
        return OwnTheme(name, names, *terms, *excluded, polar)

    def names(self, node: yaml.Node) -> tuple[tuple[str, str], ...]:
        """Read what a theme is called, by language."""
        found: list[tuple[str, str]] = []
        if not isinstance(node, yaml.MappingNode) or not node.value:
            self.nodes.bad("name", node, "not a name in each language", _NAMES)
            return ()
        for key, value in node.value:
            language = key.value if isinstance(key, yaml.ScalarNode) else "…"
            if not is_language(language):
                self.nodes.problems.append(self.nodes.at(key.start_mark).problem("F009", value=language[:40]))
            elif language in dict(found):
                place = self.nodes.at(key.start_mark)
                self.nodes.problems.append(place.problem("F006", name=language, place=" under name"))
            else:
                found.append((language, self.nodes.scalar(language, value, _NAMES, 60)))
        return tuple(found)

    def terms(self, name: str, node: yaml.Node | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Read terms: the English ones, and the Chinese ones of both scripts."""
        english: list[str] = []
        chinese: list[str] = []
        if node is not None:
            for language, value in self.nodes.mapping(name, node, LANGUAGES, f"{name}: {_TERMS}"):
                (english if language == "en" else chinese).extend(self.listed(language, value))
        return tuple(dict.fromkeys(english)), tuple(dict.fromkeys(chinese))

    def listed(self, language: str, node: yaml.Node) -> Iterator[str]:
        """Read the terms of one language."""
        example = "en: [shuttle, courtesy bus*]" if language == "en" else f"{language}: [接驳车]"
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.nodes.bad(language, node, "not a list of terms", example)
            return
        if len(node.value) > MOST_TERMS:
            self.nodes.bad(language, node, f"{len(node.value)} terms long", f"{example}, with at most {MOST_TERMS}")
        right = _ENGLISH if language == "en" else _CHINESE
        for one in node.value:
            term = self.nodes.scalar(language, one, example, 60)
            if term and not right.fullmatch(term):
                self.nodes.problems.append(
                    self.nodes.at(one.start_mark).problem("F021", term=term[:40], language=language)
                )
            elif term:
                yield term

    def polar(self, node: yaml.Node) -> bool:
        """Read whether a negated term does not count."""
        word = self.nodes.scalar("polar", node, "polar: true")
        if word and word not in ("true", "false"):
            self.nodes.bad("polar", node, f'"{word[:20]}"', "polar: true")
        return word == "true"


class CompositeReader:
    """Reads the composites; ``places`` gets where each and each of its parts stands. A translation has names alone."""

    def __init__(self, nodes: Nodes, places: dict[str, Place]) -> None:
        self.nodes = nodes
        self.places = places

    def read(self, node: yaml.Node) -> tuple[Composite, ...]:
        """Read all that stands under ``composites``; the weights are as they were written."""
        found = [self.composite(*one) for one in entries(self.nodes, "composites", node, _COMPOSITES)]
        if len(found) > MOST_COMPOSITES:
            example = f"{_COMPOSITES}, with at most {MOST_COMPOSITES}"
            self.nodes.bad("composites", node, f"{len(found)} composites long", example)
        return tuple(found)

    def composite(self, name: str, here: Place, node: yaml.Node) -> Composite:
        """Read one composite."""
        self.places[f"composites.{name}"] = here
        if name in FIGURES:
            self.nodes.problems.append(here.problem("F022", name=name))
        example = f"{name}: {{name: Loyalty}}" if self.nodes.source else _COMPOSITES.partition("{")[2][:-1]
        given = dict(self.nodes.mapping(name, node, COMPOSITE_KEYS, example))
        said = self.nodes.scalar("name", given["name"], "name: Loyalty", 60) if "name" in given else ""
        weights: dict[str, float] = {}
        if "parts" in given and self.nodes.source:
            self.nodes.problems.append(
                self.nodes.at(given["parts"].start_mark).problem("F017", name="parts", source=self.nodes.source)
            )
        elif "parts" in given:
            weights = self.parts(name, given["parts"])
        examples = {"name": "name: Loyalty"} | ({} if self.nodes.source else {"parts": _PARTS})
        for key, line in examples.items():
            if isinstance(node, yaml.MappingNode) and key not in given:
                self.nodes.problems.append(here.problem("F007", name=key, place=f" under {name}", example=line))
        return Composite(name, said, weights)

    def parts(self, name: str, node: yaml.Node) -> dict[str, float]:
        """Read the parts: a list, all alike, or each with its weight."""
        found: dict[str, float] = {}
        if isinstance(node, yaml.SequenceNode) and node.value:
            for one in node.value:
                part = self.nodes.scalar("parts", one, _PARTS, 60)
                if part:
                    self.part(found, (name, part), one, "1")
        elif isinstance(node, yaml.MappingNode) and node.value:
            for key, value in node.value:
                part = key.value if isinstance(key, yaml.ScalarNode) else "…"
                self.part(found, (name, part), key, self.nodes.scalar(part, value, _PARTS, 60))
        else:
            self.nodes.bad("parts", node, "not a list of questions and dimensions", _PARTS)
        if len(found) > MOST_PARTS:
            self.nodes.bad("parts", node, f"{len(found)} parts long", f"{_PARTS}, with at most {MOST_PARTS}")
        return found

    def part(self, found: dict[str, float], named: tuple[str, str], node: yaml.Node, weight: str) -> None:
        """Add one part with its weight, which is above 0."""
        composite, part = named
        here = self.nodes.at(node.start_mark)
        if part in found:
            self.nodes.problems.append(here.problem("F006", name=part[:40], place=" under parts"))
        elif weight and (not _NUMBER.fullmatch(weight) or float(weight) == 0):
            self.nodes.bad(part[:40], node, f'"{weight[:20]}"', f"{part[:40]}: 2, a number above 0")
        elif weight:
            found[part] = float(weight)
            self.places[f"composites.{composite}.{part}"] = here


def check_parts(
    composites: tuple[Composite, ...], questions: Iterable[Question], places: Mapping[str, Place]
) -> list[Problem]:
    """Report parts of composites that are neither questions with a score nor dimensions that have questions."""
    asked = tuple(questions)
    known = [question.id for question in asked if question.has_score]
    known += [name for name in DIMENSIONS if any(one.is_item and one.dimension == name for one in asked)]
    return [
        places[f"composites.{one.id}.{part}"].problem("F023", name=part[:40], guess=guess(part, known))
        for one in composites
        for part in one.weights
        if part not in known
    ]


class Said(Protocol):
    """The front matter of a translation, as far as it names composites."""

    composites: tuple[Composite, ...]
    places: dict[str, Place]


def check_names(front: Said, source: Survey, place: Place) -> list[Problem]:
    """Report composites of the source that a translation does not name, and names of what the source does not have."""
    named, wanted = [one.id for one in front.composites], [one.id for one in source.composites]
    here = front.places.get("composites", place.at(1))
    lacking = [name for name in wanted if name not in named]
    found = [here.problem("T014", name=name, source=f"{source.name}.md") for name in lacking]
    return found + [
        front.places[f"composites.{name}"].problem(
            "T015", name=name, source=f"{source.name}.md", guess=guess(name, lacking or wanted)
        )
        for name in named
        if name not in wanted
    ]
