"""Preview: the survey as its author saves it, read anew at every change; what is sent to it goes nowhere."""

import re
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISDIR
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import TemplateError, TemplateSyntaxError
from markupsafe import escape
from watchfiles import Change, watch

from revisit.forms.combinations import combinations
from revisit.forms.form import AnswerForm, Posted, answer_form
from revisit.forms.library import read_library
from revisit.forms.page import LANGUAGE_NAMES, draw, message
from revisit.forms.press import forget_templates
from revisit.forms.theme import check_theme
from revisit.records.languages import own_name
from revisit.records.problems import CallError, ContentError, Problem
from revisit.records.survey import OTHER, Question, Survey
from revisit.settings import Settings, clock, load
from revisit.texts import environment

QUIET = 20  # milliseconds without a further change after which a file counts as saved
SHOWN = {"phone": ("phone",), "desktop": ("desk",), "both": ("phone", "desk")}
NOTE = b'<p class="box" role="note">Preview: what you send here goes nowhere.</p>'
SAMPLES = {"no": "None", "yes": "Samples", "low": "Low answers"}
NO_FACTS = "-"  # stands for the empty name of a page in an address
PACE: dict[str, Any] = {"debounce": 10 * QUIET, "step": QUIET, "rust_timeout": 500}
_FAULT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A fault in a template</title></head>'
    '<body><main><p role="alert">{said}</p></main></body></html>'
)
_MAIN = re.compile(rb"<main[^>]*>")


@dataclass(frozen=True, slots=True)
class View:
    """What the author looks at: a survey in a language for a set of order facts, in which frames, filled or empty."""

    survey: str
    language: str
    facts: str = NO_FACTS
    width: str = "both"
    sample: str = "no"

    @property
    def form(self) -> str:
        """Give the address of the form itself."""
        return f"/form/{self.survey}/{self.language}/{self.facts}/?" + urlencode({"sample": self.sample})

    @property
    def address(self) -> str:
        """Give the address of the page around it."""
        names = ("survey", "language", "facts", "width", "sample")
        return "/?" + urlencode({name: getattr(self, name) for name in names})


class Preview:
    """The surveys of a workspace as they are now, with their problems, and for each its last version without faults.

    ``edition`` counts the readings; ``wait`` returns when there is a newer one.
    """

    def __init__(self, settings: Settings, only: str = "") -> None:
        self.settings = settings
        self.only = only
        self.edition = 0
        self.problems: list[Problem] = []
        self.amiss: list[Problem] = []  # in the settings and the theme
        self.surveys: dict[tuple[str, str], Survey] = {}
        self.changed = threading.Condition()
        self.seen = self._stamps()
        self.settle()
        self.read()
        for language in LANGUAGE_NAMES:
            self.thanks(language)  # compiles the templates, so that nobody waits for that

    def settle(self) -> None:
        """Read the settings and the templates anew; settings with a fault are told, and the last good ones used."""
        forget_templates()
        try:
            fresh = load(self.settings.workspace.root)
            self.amiss = check_theme(fresh)
        except ContentError as error:
            self.amiss = error.problems
        except (CallError, TemplateError):
            return  # settings that are just being written, or a template that the form's own page tells of
        else:
            self.settings = fresh

    def read(self, names: Collection[str] = ()) -> None:
        """Read the surveys of these names anew, without names all of them, and tell everybody who waits."""
        settings = self.settings
        wanted = [self.only] if self.only else names
        library, problems = read_library(settings.workspace.surveys, settings.languages, settings.timezone, wanted)
        with self.changed:
            kept = [problem for problem in self.problems if names and _survey_of(problem.path) not in names]
            self.problems = sorted(kept + problems)
            there = {_survey_of(path.name) for path in settings.workspace.surveys.glob("*.md")}
            whole = (set(library.names) - self.faulty) | ({name for name, _language in self.surveys} - there)
            self.surveys = {key: survey for key, survey in self.surveys.items() if key[0] not in whole}
            for name in library.names:
                for language, survey in library.surveys[name].items():
                    self.surveys[name, language] = survey
            self.edition += 1
            self.changed.notify_all()

    @property
    def faulty(self) -> set[str]:
        """Give the names of the surveys that have a fault now."""
        return {_survey_of(problem.path) for problem in self.problems if problem.severity == "error"}

    def wait(self, seen: int, seconds: float) -> int:
        """Give the edition once it is newer than the one that was seen, or as it is after that many seconds."""
        with self.changed:
            self.changed.wait_for(lambda: self.edition != seen, seconds)
            return self.edition

    def follow(self, stop: threading.Event) -> None:
        """Read anew whenever a survey, a template or the settings are saved, until ``stop`` is set."""
        moved = threading.Event()
        beside = threading.Thread(target=self._follow_root, args=(stop, moved), daemon=True)
        beside.start()
        while not stop.is_set():
            moved.clear()
            folders = [path for path in self._folders if path.is_dir()]
            if not folders:
                moved.wait(timeout=0.5)
            heard = _Either(stop, moved)
            with suppress(FileNotFoundError):  # a folder that has just gone
                for changes in watch(*folders, stop_event=heard, yield_on_timeout=True, **PACE) if folders else ():
                    self._take({Path(path) for _change, path in changes})
        beside.join()

    def _take(self, told: set[Path]) -> None:
        """Read what was saved: what was told, and what was saved while nobody listened."""
        seen = self._stamps()
        written = told | {path for path, _stamp in seen.items() ^ self.seen.items()}
        self.seen = seen
        if any(path.suffix != ".md" for path in written):
            self.settle()
            self.read()
        elif written:
            self.read({_survey_of(path.name) for path in written})

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        """Give time and size of each file that a page is made from."""
        found = {}
        for pattern, folder in (("*.toml", self.settings.workspace.root), *(("**/*", one) for one in self._folders)):
            with suppress(FileNotFoundError):  # what has gone in the meantime
                for path in folder.glob(pattern):
                    known = path.stat()
                    if not S_ISDIR(known.st_mode):
                        found[path] = known.st_mtime_ns, known.st_size
        return found

    @property
    def _folders(self) -> tuple[Path, Path]:
        return self.settings.workspace.surveys, self.settings.workspace.templates

    def _follow_root(self, stop: threading.Event, moved: threading.Event) -> None:
        """Follow the workspace's own folder, which the settings lie in and to which templates may come."""
        names = {folder.name for folder in self._folders}
        for changes in watch(self.settings.workspace.root, stop_event=stop, recursive=False, **PACE):
            folders = {Path(path) for change, path in changes if change != Change.modified}
            folders = {path for path in folders if path.name in names}
            self._take(folders | {Path(path) for _change, path in changes if path.endswith(".toml")})
            if folders:
                moved.set()

    def view(self, query: str) -> View:
        """Give what an address of the page around the form asks for; what it leaves out is chosen."""
        asked = dict(parse_qsl(query))
        names = sorted({name for name, _language in self.surveys})
        name = asked.get("survey", "")
        name = name if name in names else (self.only or next(iter(names), "repair"))
        languages = [language for known, language in self.surveys if known == name]
        language = asked.get("language", "")
        language = language if language in languages else next(iter(languages), self.settings.default_language)
        survey = self.surveys.get((name, language))
        sets = [short or NO_FACTS for short in combinations(survey)] if survey else [NO_FACTS]
        facts = asked.get("facts", "")
        width = asked.get("width", "")
        sample = asked["sample"] if asked.get("sample") in SAMPLES else "no"
        return View(name, language, facts if facts in sets else sets[0], width if width in SHOWN else "both", sample)

    def page(self, view: View) -> bytes:
        """Draw the page around the form: what to look at, the problems, the frames."""
        survey = self.surveys.get((view.survey, view.language))
        drawn = environment("form", "en").get_template("preview/page.html")
        return drawn.render(
            name=view.survey,
            controls=list(self._controls(view, survey)),
            problems=[*self.amiss, *self.problems],
            stale=survey is not None and view.survey in self.faulty,
            frames=SHOWN[view.width] if survey else (),
            form=view.form,
            edition=self.edition,
        ).encode()

    def _controls(self, view: View, survey: Survey | None) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
        names = sorted({name for name, _language in self.surveys})
        yield "Survey", [(name, replace(view, survey=name, facts="").address, name == view.survey) for name in names]
        spoken = [language for name, language in self.surveys if name == view.survey]
        yield "Language", _choices(view, "language", [(one, own_name(one)) for one in spoken])
        if survey is not None:
            sets = [(short or NO_FACTS, _said(facts)) for short, facts in combinations(survey).items()]
            if len(sets) > 1:
                yield "Order", _choices(view, "facts", sets)
        yield "Width", _choices(view, "width", [(one, one.capitalize()) for one in SHOWN])
        yield "Answers", _choices(view, "sample", list(SAMPLES.items()))

    def form(self, path: Sequence[str], query: str, pairs: Sequence[tuple[str, str]] | None) -> bytes | None:
        """Draw a form, or with ``pairs`` what becomes of them: the form with its errors, None when all is well.

        ``path`` is survey, language and facts. Raises CallError where there is no such form.
        """
        name, language, short = path
        switched = dict(pairs or ()).get("switch", language)
        survey = self.surveys.get((name, switched)) or self.surveys.get((name, language))
        sets = {known or NO_FACTS: facts for known, facts in combinations(survey).items()} if survey else {}
        if survey is None or short not in sets:
            raise CallError("There is no such form in this preview. Go back to its first page.")
        facts = sets[short]
        if pairs is None:
            sample = dict(parse_qsl(query)).get("sample", "")
            given = Posted(samples(survey, low=sample == "low")) if sample in ("yes", "low") else None
            return self._drawn(survey, facts, None if given is None else answer_form(survey, facts, given))
        form = answer_form(survey, facts, Posted(pairs))
        if switched == language and form.check():
            return None
        return self._drawn(survey, facts, form)

    def _drawn(self, survey: Survey, facts: dict[str, str], form: AnswerForm | None) -> bytes:
        spoken = [(one, own_name(one)) for name, one in self.surveys if name == survey.name]
        try:
            return _noted(draw(self.settings, survey, facts, form, languages=spoken))
        except TemplateError as error:
            return _fault(error)

    def thanks(self, language: str) -> bytes:
        """Draw the thanks, with the word that nothing was stored."""
        try:
            return _noted(message(self.settings, language, "thanks"))
        except TemplateError as error:
            return _fault(error)


@dataclass(frozen=True, slots=True)
class _Either:
    """Two events as one: set when one of them is."""

    one: threading.Event
    other: threading.Event

    def is_set(self) -> bool:
        return self.one.is_set() or self.other.is_set()


def samples(survey: Survey, *, low: bool = False) -> list[tuple[str, str]]:
    """Give an answer to every question as a browser would send it: content, but not full marks.

    ``low`` ones are those of somebody who is not: the worst point but one, the last choice. Questions for reasons show.
    """
    return [pair for question in survey.questions for pair in _sample(question, low=low)]


def _sample(question: Question, *, low: bool) -> list[tuple[str, str]]:
    codes = [choice.code for choice in question.choices if choice.code not in (OTHER, question.exclusive)]
    if question.kind == "ranking":
        return [(f"{question.id}.{code}", str(place)) for place, code in enumerate(codes, 1)]
    if codes:
        worse, better = (codes[1], codes[-2]) if question.has_numbers else (codes[-1], codes[0])
        turned = question.has_numbers and question.reversed
        return [(question.id, worse if low is not turned else better)]
    if question.kind == "number":
        return [(question.id, str(question.least))]
    if question.kind == "date":
        return [(question.id, f"{clock()():%Y-%m-%d}")]
    return [(question.id, "A sample answer. 示例回答。")] if question.kind == "text" else []


def _choices(view: View, name: str, offered: Sequence[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    return [(words, replace(view, **{name: value}).address, getattr(view, name) == value) for value, words in offered]


def _said(facts: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items()) or "unknown"


def _survey_of(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _fault(error: TemplateError) -> bytes:
    """Say on a page of its own which template cannot be drawn."""
    where = f"{error.name}, line {error.lineno}: " if isinstance(error, TemplateSyntaxError) else ""
    said = f"A template of the form cannot be drawn. {where}{error.message}. Mend it and save: this page follows."
    return _FAULT.format(said=escape(said)).encode()


def _noted(content: bytes) -> bytes:
    return _MAIN.sub(lambda found: found[0] + NOTE, content, count=1)
