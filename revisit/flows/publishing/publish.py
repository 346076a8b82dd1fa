"""Publish: check the surveys, keep their versions, build the site."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from filelock import FileLock

from revisit.forms.edits import Counts, History, compare_versions, count, gone
from revisit.forms.library import Library, read_library
from revisit.forms.series import note_weights
from revisit.forms.site import Progress, build_site
from revisit.forms.theme import check_theme
from revisit.forms.versions import keep, latest, published, settle, versions
from revisit.records.problems import ContentError, Problem
from revisit.records.responses import Response
from revisit.settings import Settings, Workspace, clock


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: the surveys, the pages, how many of them were drawn anew, and the warnings."""

    library: Library
    pages: int
    drawn: int
    warnings: tuple[Problem, ...]


def check(settings: Settings) -> tuple[Library, list[Problem]]:
    """Read all surveys of the workspace; gives them with every problem and warning."""
    return read_library(settings.workspace.surveys, settings.languages, settings.timezone)


# Gives the stored answers to a survey.
Responses = Callable[[str], Iterable[Response]]


def edits(workspace: Workspace, library: Library, responses: Responses) -> list[Problem]:
    """Classify every change of the library since the last publication in a workspace."""
    folder = workspace.versions
    found: list[Problem] = []
    for name in sorted({*published(folder), *library.names}):
        new = library.survey(name, "")
        last = latest(folder, name, "" if new is None else new.language)
        if last is None or (new is None and (workspace.surveys / f"{name}.md").exists()):
            continue  # never published, or with faults of its own that are told already

        @cache
        def counts(name: str = name) -> Counts:
            return count(tuple(response.answers for response in responses(name)))

        earlier = tuple(one for one in versions(folder, name) if one.language == last.language)
        history = History(last, earlier, counts)
        path = f"surveys/{name}.md"
        found += gone(history, path) if new is None else compare_versions(new, history, path)
    return found


def publish(
    settings: Settings,
    progress: Progress | None = None,
    *,
    responses: Responses | None = None,
    allow_data_loss: bool = False,
) -> Published:
    """Publish all surveys. Raises ContentError with every fault, and changes nothing then.

    With ``responses`` a change that loses stored answers is a fault too, unless ``allow_data_loss``. Versions are kept
    before the site is swapped, so no page is ever out whose version is not known.
    """
    library, problems = check(settings)
    problems = [*check_theme(settings), *problems]
    if any(problem.severity == "error" for problem in problems):
        raise ContentError(problems)
    folder = settings.workspace.versions
    if responses is not None and not allow_data_loss:
        losses = [problem for problem in edits(settings.workspace, library, responses) if problem.severity == "error"]
        if losses:
            raise ContentError(losses)
    folder.mkdir(parents=True, exist_ok=True)
    today = clock()().astimezone(settings.timezone).date()
    with FileLock(folder / ".lock"):
        note_weights(folder, (survey for held in library.surveys.values() for survey in held.values()), today)
        keep(folder, *(survey for held in library.surveys.values() for survey in held.values()))
        for name in library.names:
            settle(folder, name, library.languages(name))
    built = build_site(settings, library, progress)
    return Published(library, built.pages, built.drawn, tuple(problems))
