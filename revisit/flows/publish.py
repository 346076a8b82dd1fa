"""Publish: check the surveys, keep their versions, build the site."""

from dataclasses import dataclass

from filelock import FileLock

from revisit.forms.colours import palette
from revisit.forms.library import Library, read_library
from revisit.forms.site import Progress, build_site
from revisit.forms.versions import keep, settle
from revisit.records.problems import ContentError, Problem
from revisit.settings import Settings


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: the surveys, the number of pages, and the warnings."""

    library: Library
    pages: int
    warnings: tuple[Problem, ...]


def check(settings: Settings) -> tuple[Library, list[Problem]]:
    """Read all surveys of the workspace; gives them with every problem and warning."""
    return read_library(settings.workspace.surveys, settings.languages)


def publish(settings: Settings, progress: Progress | None = None) -> Published:
    """Publish all surveys. Raises ContentError with every fault, and changes nothing then.

    Versions are kept before the site is swapped, so no page is ever out whose version is not known.
    """
    palette(settings)
    library, problems = check(settings)
    if any(problem.severity == "error" for problem in problems):
        raise ContentError(problems)
    versions = settings.workspace.versions
    versions.mkdir(parents=True, exist_ok=True)
    with FileLock(versions / ".lock"):
        for name in library.names:
            for survey in library.surveys[name].values():
                keep(versions, survey)
            settle(versions, name, library.languages(name))
    pages = build_site(settings, library, progress)
    return Published(library, pages, tuple(problems))
