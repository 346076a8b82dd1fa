"""The survey that visits ask: its published version where there is one, else what its files say."""

from revisit.forms import versions
from revisit.forms.library import read_library
from revisit.forms.nearest import guess
from revisit.records.problems import CallError, ContentError
from revisit.records.survey import Survey
from revisit.settings import Settings
from revisit.visits.policy import Asking


def published(settings: Settings, name: str, language: str = "") -> Survey:
    """Give the version of a survey that customers get now. Raises CallError when it was not built yet."""
    survey = versions.latest(settings.workspace.versions, name, language or settings.default_language)
    if survey is None:
        raise CallError(f'The survey "{name}" has not been built, so its links lead nowhere. Run: revisit build')
    return survey


def asking(settings: Settings, name: str) -> Asking:
    """Give how a survey is sent: from its published version, else from its files.

    Raises CallError where there is no such survey, and ContentError where its files have faults.
    """
    survey = versions.latest(settings.workspace.versions, name, settings.default_language)
    if survey is None:
        library, problems = read_library(settings.workspace.surveys)
        faults = [problem for problem in problems if problem.severity == "error"]
        if faults:
            raise ContentError(faults)
        if name not in library.names:
            raise CallError(f'There is no survey "{name}". {guess(name, library.names)}')
        survey = library.survey(name, settings.default_language)
        assert survey is not None  # noqa: S101 -- a survey that has a name has its source language
    return Asking(survey.name, survey.send_after, survey.expires_after)
