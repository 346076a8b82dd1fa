"""The library: all surveys of a workspace in all their languages."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path

from revisit.forms.catalogue import Place
from revisit.forms.estimate import warnings
from revisit.forms.reader import read_file, split_name
from revisit.forms.shares import each
from revisit.records.languages import in_order
from revisit.records.problems import Problem
from revisit.records.survey import LANGUAGES, Survey


@dataclass(frozen=True, slots=True)
class Library:
    """Surveys by name and language; of each name the source language comes first."""

    surveys: dict[str, dict[str, Survey]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of all surveys."""
        return tuple(self.surveys)

    def languages(self, name: str) -> tuple[str, ...]:
        """Give the languages a survey is written in, in the house's order, then the others by their tags."""
        return in_order(self.surveys.get(name, {}))

    def survey(self, name: str, language: str) -> Survey | None:
        """Find a survey in a language, or in its source language where that one lacks."""
        held = self.surveys.get(name)
        return None if held is None else held.get(language) or next(iter(held.values()))


def read_library(
    folder: Path, languages: tuple[str, ...] = LANGUAGES, zone: tzinfo = UTC, only: Collection[str] = ()
) -> tuple[Library, list[Problem]]:
    """Read every ``*.md`` of a folder. Gives what could be read and all problems of all files.

    A survey that is not written in one of ``languages`` gets a warning. Opening hours are days and times of ``zone``.
    ``only`` are the names of the surveys to read; none means all.
    """
    paths = sorted(path for path in folder.glob("*.md") if path.name.upper() != "README.MD")
    problems: list[Problem] = [] if paths else [Place(folder.name).problem("S021", folder=folder.name)]
    if only:
        paths = [path for path in paths if path.name.partition(".")[0] in only]
    surveys: dict[str, dict[str, Survey]] = {}
    together = [list(group) for _name, group in itertools.groupby(sorted(paths, key=_source_first), _name_of)]
    for read, found in each(lambda group: _read_together(group, zone), together):
        problems += found
        for survey in read:
            surveys.setdefault(survey.name, {})[survey.language] = survey
    written = {path.name for path in paths}
    for name, held in surveys.items():
        shown = f"{folder.name}/{name}.md"
        problems += warnings(next(iter(held.values())), shown)
        for language in languages:
            if language not in held and f"{name}.{language}.md" not in written:
                words = {"languages": language, "file": f"{folder.name}/{name}.{language}.md"}
                problems.append(Place(shown).problem("T010", **words))
    return Library(dict(sorted(surveys.items()))), sorted(problems)


def _read_together(paths: Sequence[Path], zone: tzinfo) -> tuple[list[Survey], list[Problem]]:
    """Read a survey in all its languages, the source first: the others are compared with it."""
    surveys: list[Survey] = []
    problems: list[Problem] = []
    for path in paths:
        source = None if split_name(path.name) is None else next(iter(surveys), None)
        survey, found = read_file(path, f"{path.parent.name}/{path.name}", source, zone)
        problems += found
        surveys += [] if survey is None else [survey]
    return surveys, problems


def _name_of(path: Path) -> str:
    return _source_first(path)[0]


def _source_first(path: Path) -> tuple[str, bool, str]:
    named = split_name(path.name)
    return (path.name, True, "") if named is None else (named[0], bool(named[1]), named[1])
