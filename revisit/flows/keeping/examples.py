"""The surveys that ship with Revisit: what there is, and copying one into a workspace."""

from dataclasses import dataclass
from pathlib import Path

from revisit.flows.keeping.workspace import with_name, write_whole
from revisit.forms.library import Library, read_library
from revisit.forms.nearest import guess
from revisit.records.problems import CallError
from revisit.records.survey import Survey
from revisit.settings import Settings, defaults


def folders() -> tuple[Path, Path]:
    """Give where the shipped surveys lie: those of every new workspace, and the others."""
    return defaults() / "surveys", defaults() / "examples" / "surveys"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One shipped survey: its source language's text, and its files."""

    survey: Survey
    languages: tuple[str, ...]
    files: tuple[Path, ...]


def shipped() -> dict[str, Shipped]:
    """Give the shipped surveys by name."""
    found: dict[str, Shipped] = {}
    for folder in folders():
        library: Library = read_library(folder)[0]
        for name in library.names:
            survey = library.survey(name, "")
            files = tuple(sorted(path for path in folder.glob("*.md") if path.name.partition(".")[0] == name))
            if survey is not None:
                found[name] = Shipped(survey, library.languages(name), files)
    return found


def add(settings: Settings, name: str) -> list[str]:
    """Copy a shipped survey in all its languages into the workspace; gives the names of the files.

    The organisation's name stands in its privacy notice. Raises CallError for an unknown name, and where a file of that
    name is there already; then nothing is copied.
    """
    known = shipped()
    if name not in known:
        raise CallError(f'No survey called "{name}" ships with Revisit. {guess(name, known)}')
    target = settings.workspace.surveys
    taken = [path.name for path in known[name].files if (target / path.name).exists()]
    if taken:
        raise CallError(f'"surveys/{taken[0]}" is there already. Nothing was copied.')
    target.mkdir(exist_ok=True)
    for path in known[name].files:
        write_whole(target / path.name, with_name(path.read_text(encoding="utf-8"), settings.organisation.root.name))
    return [path.name for path in known[name].files]
