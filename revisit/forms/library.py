"""The library: all surveys of a workspace in all their languages."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path

from revisit.forms.catalogue import Place
from revisit.forms.estimate import warnings
from revisit.forms.reader import read_file, split_name
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
        """Give the languages a survey is written in, in the house's order."""
        return tuple(language for language in LANGUAGES if language in self.surveys.get(name, {}))

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
    for path in sorted(paths, key=_source_first):
        shown = f"{folder.name}/{path.name}"
        named = split_name(path.name)
        source = None if named is None else next(iter(surveys.get(named[0], {}).values()), None)
        survey, found = read_file(path, shown, source, zone)
        problems += found
        if survey is not None:
            surveys.setdefault(survey.name, {})[survey.language] = survey
    for name, held in surveys.items():
        shown = f"{folder.name}/{name}.md"
        problems += warnings(next(iter(held.values())), shown)
        written = {path.name for path in paths}
        for language in languages:
            if language not in held and f"{name}.{language}.md" not in written:
                words = {"languages": language, "file": f"{folder.name}/{name}.{language}.md"}
                problems.append(Place(shown).problem("T010", **words))
    return Library(dict(sorted(surveys.items()))), sorted(problems)


def _source_first(path: Path) -> tuple[str, bool, str]:
    named = split_name(path.name)
    return (path.name, True, "") if named is None else (named[0], bool(named[1]), named[1])
