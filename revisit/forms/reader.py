"""The reader: one survey file to a Survey, or every fault it has."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path

from revisit.forms.advice import advise_use, advise_words
from revisit.forms.catalogue import Place
from revisit.forms.combinations import MOST_PAGES, combinations
from revisit.forms.definitions import check_names, check_parts
from revisit.forms.front_matter import FrontMatter, read_front_matter
from revisit.forms.hashes import with_hashes
from revisit.forms.questions import Draft, read_blocks
from revisit.forms.scanner import Scanned, scan
from revisit.forms.translations import compare, join
from revisit.records.languages import is_language
from revisit.records.problems import Problem
from revisit.records.survey import Privacy, Survey

MOST_QUESTIONS = 300

_TODO = re.compile(r"(?:#{2,3} |\s*[-*+] [^\s:]+: |.*\b(?:title|purpose|kept|name)\s*:\s*[\"']?)?TODO ")
# An address has one of these: of e-mail, of a page, of a house, or a telephone's figures.
_REACHED = re.compile(r"[@\d/,，、路街道巷弄号號村镇鎮乡鄉区區县縣市]|\w\.\w")
_NAME = re.compile(r"(?P<name>[a-z][a-z0-9-]{0,39})(?:\.(?P<language>[A-Za-z-]{2,20}))?\.md")


def split_name(file_name: str) -> tuple[str, str] | None:
    """Give a survey's name and, for a translation, its language; None where the name is none of a survey."""
    match = _NAME.fullmatch(file_name)
    return None if match is None else (match["name"], match["language"] or "")


def read_survey(path: Path, shown_as: str, zone: tzinfo = UTC) -> tuple[Survey | None, list[Problem]]:
    """Read one file; a translation is joined with the source file beside it.

    Gives the survey, or None and every problem; a survey may come with warnings. Never raises for what the files hold.
    """
    named = split_name(path.name)
    source: Survey | None = None
    problems: list[Problem] = []
    if named is not None and named[1]:
        beside = path.with_name(f"{named[0]}.md")
        if beside.exists():
            shown = shown_as.removesuffix(path.name) + beside.name
            source, problems = read_file(beside, shown, None, zone)
    survey, found = read_file(path, shown_as, source, zone)
    errors = [problem for problem in problems if problem.severity == "error"]
    return survey, sorted([*errors, *found])


def read_file(
    path: Path, shown_as: str, source: Survey | None, zone: tzinfo = UTC
) -> tuple[Survey | None, list[Problem]]:
    """Read one file, a translation with the source given; without a source only its own faults can be told.

    Opening hours are days and times of ``zone``.
    """
    place = Place(shown_as)
    named = split_name(path.name)
    if named is None:
        return None, [place.problem("S006", name=path.name)]
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, [place.problem("S005", why=error.strerror or "unknown")]
    name, language = named
    if not language:
        return read_source(content, name, shown_as, zone)
    survey, problems = read_translation(content, language, shown_as, source)
    if not path.with_name(f"{name}.md").exists():
        problems = sorted([*problems, place.problem("T001", source=f"{name}.md")])
    return survey, problems


def read_source(content: bytes, name: str, shown_as: str, zone: tzinfo = UTC) -> tuple[Survey | None, list[Problem]]:
    """Read the bytes of a source file."""
    scanned = scan(content, shown_as)
    front, draft, problems = _parts(scanned, shown_as, "", zone)
    if not scanned.blocks:
        return None, sorted(scanned.problems)
    problems += _check_size(draft, shown_as) + _check_weights(front, draft, scanned, problems)
    problems += check_parts(front.composites, draft.questions.values(), front.places)
    if any(problem.severity == "error" for problem in problems) or front.privacy is None:
        return None, sorted(problems)
    survey = _survey(name, front, draft, front.privacy)
    pages = len(combinations(survey))
    if pages > MOST_PAGES:
        problem = Place(shown_as).problem("S020", most=MOST_PAGES, size=pages)
        return None, sorted([*problems, problem])
    given = [name for name, traits in draft.traits.items() if {"dimension", "section"} & set(traits.given)]
    problems += advise_words(survey, Place(shown_as)) + advise_use(survey, given, Place(shown_as))
    return survey, sorted(problems)


def read_translation(
    content: bytes, language: str, shown_as: str, source: Survey | None
) -> tuple[Survey | None, list[Problem]]:
    """Read the bytes of a translation and join it with its source, if that could be read."""
    place = Place(shown_as)
    scanned = scan(content, shown_as)
    if not scanned.blocks:
        return None, sorted(scanned.problems)
    source_name = f"{source.name}.md" if source else "the source file"
    front, draft, problems = _parts(scanned, shown_as, source_name, theirs=_ids_of(source))
    here = front.places.get("language", place)
    if not is_language(language):
        problems.append(place.problem("F009", value=language))
    elif source is not None and language == source.language:
        problems.append(place.problem("T011", language=language))
    elif front.language and front.language != language:
        problems.append(here.problem("F010", named=language, value=front.language))
    problems += _untranslated(content, place)
    if source is not None and is_language(language):
        problems += compare(draft, source, language, shown_as, source_name)
        problems += check_names(front, source, place)
    if any(problem.severity == "error" for problem in problems) or front.privacy is None or source is None:
        return None, sorted(problems)
    said = {one.id: one.name for one in front.composites}
    survey = replace(
        source,
        language=language,
        title=front.title,
        sections=join(draft, source, language),
        privacy=front.privacy,
        intro=draft.intro,
        composites=tuple(replace(one, name=said[one.id]) for one in source.composites),
    )
    return with_hashes(survey), sorted([*problems, *advise_words(survey, place)])


def _advise_contact(front: FrontMatter) -> list[Problem]:
    contact = "" if front.privacy is None else front.privacy.contact
    if not contact or _REACHED.search(contact):
        return []
    return [front.places["privacy.contact"].problem("L010", value=contact[:40])]


def _untranslated(content: bytes, place: Place) -> list[Problem]:
    lines = enumerate(content.decode("utf-8", "replace").splitlines(), 1)
    return [place.at(number).problem("T012") for number, line in lines if _TODO.match(line)]


def _ids_of(survey: Survey | None) -> tuple[str, ...]:
    return () if survey is None else tuple(question.id for question in survey.questions)


def _parts(
    scanned: Scanned, shown_as: str, source: str, zone: tzinfo = UTC, theirs: Collection[str] = ()
) -> tuple[FrontMatter, Draft, list[Problem]]:
    front, problems = read_front_matter(scanned, shown_as, source, zone)
    problems += _advise_contact(front)
    draft, more = read_blocks(scanned.blocks, shown_as, front.language, translation=bool(source), theirs=theirs)
    return front, draft, [*scanned.problems, *problems, *more]


def _check_size(draft: Draft, shown_as: str) -> list[Problem]:
    size = sum(len(section.questions) for section in draft.sections)
    if size == 0:
        return [Place(shown_as).problem("S017")]
    if size > MOST_QUESTIONS:
        return [Place(shown_as).problem("S018", size=size, most=MOST_QUESTIONS)]
    return []


def _check_weights(front: FrontMatter, draft: Draft, scanned: Scanned, told: list[Problem]) -> list[Problem]:
    """Hold weights and questions together; what a misspelt dimension among the ones leaves the others is not told."""
    last = scanned.front_line + (scanned.front or "").count("\n")
    misspelt = {problem.line <= last for problem in told if problem.code == "F011"}
    scored = [question.dimension for question in draft.questions.values() if question.is_item and question.dimension]
    problems = []
    if False not in misspelt:
        idle = [name for name in front.weights if name not in scored]
        problems += [front.places[f"weights.{name}"].problem("F012", name=name) for name in idle]
    if front.weights and True not in misspelt:
        lacking = [name for name in dict.fromkeys(scored) if f"weights.{name}" not in front.places]
        problems += [front.places["weights"].problem("F013", name=name) for name in lacking]
    return problems


def _survey(name: str, front: FrontMatter, draft: Draft, privacy: Privacy) -> Survey:
    survey = Survey(
        name=name,
        language=front.language,
        title=front.title,
        sections=tuple(draft.sections),
        privacy=privacy,
        intro=draft.intro,
        source_language=front.language,
        targets=front.targets,
        send_after=front.send_after,
        expires_after=front.expires_after,
        open_from=front.open_from,
        open_until=front.open_until,
        layout=front.layout,
        min_items=front.min_items,
        materiality=front.materiality,
        themes=front.themes,
        sampled=front.sampled,
        composites=tuple(
            replace(one, weights={part: weight / sum(one.weights.values()) for part, weight in one.weights.items()})
            for one in front.composites
        ),
    )
    given = front.weights or dict.fromkeys(survey.dimensions, 1.0)
    whole = sum(given.values())
    weights = {dimension: given[dimension] / whole for dimension in survey.dimensions}
    return with_hashes(replace(survey, weights=weights))
