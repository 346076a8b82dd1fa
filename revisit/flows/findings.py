"""Findings are made: the records of a unit and period are read from the store and summed up."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from revisit.findings.codes import MODES, is_counted
from revisit.findings.evidence import Evidence
from revisit.findings.masking import mask
from revisit.findings.pool import SECOND, Pool
from revisit.findings.summary import summarise
from revisit.findings.suppression import LEAST
from revisit.flows.tags import with_marks
from revisit.forms import versions
from revisit.forms.nearest import guess
from revisit.forms.series import weights_since
from revisit.records.languages import is_language
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.responses import Response
from revisit.records.survey import LANGUAGES, Survey
from revisit.settings import Settings
from revisit.store.protocol import Scope, Store

DEFAULT_SURVEY = "repair"


@dataclass(frozen=True, slots=True)
class Only:
    """What findings are narrowed to besides units and days: a mode, a language; empty is all."""

    mode: str = ""
    language: str = ""


EVERY = Only()


@dataclass(frozen=True, slots=True)
class Comment:
    """What one customer wrote to one question, masked; when and about whom is left out on purpose."""

    question: str
    text: str


def findings(  # noqa: PLR0913, PLR0917 — the seven words of the question every report asks
    store: Store,
    settings: Settings,
    survey: Survey,
    unit: Unit,
    first: date,
    last: date,
    cutoff: datetime,
    *,
    people: bool = False,
    shared: Pool | None = None,
    only: Only = EVERY,
) -> dict[str, Any]:
    """Give the findings of a unit from ``first`` to ``last`` (local days, both in) as known at the cut-off (aware UTC).

    The object is the public contract of docs/findings.md. ``people``: engineers are listed among the children; that is
    data on persons, for their line manager only. ``shared``: everybody's answers, where the caller has read them for
    findings of the same days already; ``only``: the mode and the language to look at.
    """
    period = Period.between(first, last)
    pool = shared or read_pool(store, settings, survey, (unit, first, last), cutoff)
    scope = Scope(unit.path, first, last)
    known = any(pool.columns.jobs)
    return summarise(
        Evidence(
            survey=survey,
            organisation=settings.organisation,
            unit=unit,
            period=period,
            cutoff=cutoff,
            responses=(),
            visits=list(store.visits(scope)),
            people=people,
            shared=pool,
            mode=only.mode,
            language=only.language,
            wordings=_wordings(settings.workspace.versions, survey.name),
            weights=weights_since(settings.workspace.versions, survey.name),
            jobs={order.id: order.facts.get("kind", "") for order in store.orders(scope)} if known else {},
        )
    )


def read_pool(
    store: Store, settings: Settings, survey: Survey, about: tuple[Unit, date, date], cutoff: datetime
) -> Pool:
    """Read everybody's answers that findings of a unit and days look at: the organisation's, of their whole years."""
    unit, first, last = about
    span = Evidence.span(Period.between(first, last), unit, cutoff)
    rows = store.response_rows(survey.name, Scope(settings.organisation.root.path, *span))
    return Pool.of(survey, settings.organisation, with_marks(store, rows, cutoff), span, cutoff)


def _wordings(folder: Path, name: str) -> dict[str, str]:
    """Give for each published text of a survey, by its hash, what stands for the words of its scored questions."""
    return {one.text_hash: _words(one) for one in versions.versions(folder, name)}


def _words(survey: Survey) -> str:
    """Hash the words of the questions whose answers are counted: other words are other questions."""
    said = [
        [question.id, question.stem, question.label, [choice.label for choice in question.choices]]
        for question in survey.questions
        if is_counted(question)
    ]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def comments(  # noqa: PLR0913, PLR0917 — as for findings
    store: Store,
    settings: Settings,
    survey: Survey,
    unit: Unit,
    first: date,
    last: date,
    cutoff: datetime | None = None,
) -> list[Comment]:
    """Give the free-text answers that may be printed: none from a unit with fewer than ten answers, all masked.

    In an order that says nothing about time: by the hash of the response's id.
    """
    end = cutoff or datetime.max.replace(tzinfo=UTC)
    scope = Scope(unit.path, first, last)
    found = [
        response
        for response in store.responses(survey.name, scope)
        if response.received_at <= end and SECOND not in response.flags
    ]
    if len(found) < LEAST:
        return []
    questions = [question.id for question in survey.questions if question.kind == "text"]
    names = set(_names(store, settings, scope, found))
    return [
        Comment(question, mask(answer.value.strip(), names))
        for response in sorted(found, key=lambda one: hashlib.sha256(one.id.encode()).digest())
        for question in questions
        if (answer := response.answers.get(question)) is not None
        and isinstance(answer.value, str)
        and answer.value.strip()
    ]


def _names(store: Store, settings: Settings, scope: Scope, responses: list[Response]) -> Iterator[str]:
    """Give the names of people that comments of this scope may hold: engineers, advisers and customers."""
    for response in responses:
        known = settings.organisation.of_path(response.unit)
        if response.unit != known.path:
            yield response.unit.removeprefix(known.path + "/")
    outlet = settings.organisation.of_path(scope.unit).path
    orders = list(store.orders(Scope(outlet, scope.first, scope.last)))
    for order in orders:
        yield order.engineer
        yield order.adviser
    for contact in store.contacts({order.contact_id for order in orders}).values():
        yield contact.name


def find_survey(settings: Settings, name: str = "", language: str = "") -> Survey:
    """Give the published survey of a name: by default the only one, or ``repair``. CallError when there is none."""
    folder = settings.workspace.versions
    known = versions.published(folder)
    if not known:
        raise CallError("No survey is published yet. Run: revisit build")
    wanted = name or (known[0] if len(known) == 1 else DEFAULT_SURVEY)
    survey = versions.latest(folder, wanted, language or settings.default_language) if wanted in known else None
    if survey is None:
        raise CallError(f'There is no published survey "{wanted}". {guess(wanted, known)}')
    return survey


def find_unit(settings: Settings, text: str = "", store: Store | None = None) -> Unit:
    """Give the unit that people call so, by default the root. CallError with the nearest name when there is none.

    With a store, the path of an engineer whom its records know (``network/lakeside/Li``) is a unit too.
    """
    organisation = settings.organisation
    if not text:
        return organisation.root
    unit = organisation.named(text)
    if unit is None and store is not None:
        unit = _engineer(settings, store, text.strip())
    if unit is None:
        known = {called for one in organisation.units for called in (one.id, one.name, *one.names.values())}
        raise CallError(f'There is no unit "{text}". {guess(text, sorted(known))}')
    return unit


def _engineer(settings: Settings, store: Store, path: str) -> Unit | None:
    """Give an engineer as a unit below the one that employed them when the answers were earned."""
    above, _, name = path.rpartition("/")
    outlet = next((one for one in settings.organisation.units if one.path == above), None)
    if outlet is None or not name or not any(True for _ in store.visits(Scope(path))):
        return None
    return Unit(name, path, "engineer", name, timezone=outlet.timezone)


def find_only(mode: str = "", language: str = "") -> Only:
    """Give what findings are narrowed to. CallError where there is no such mode or language."""
    for option, word, known in (("--mode", mode, MODES), ("--lang", language, LANGUAGES)):
        if word and word not in known and not (option == "--lang" and is_language(word)):
            raise CallError(f'There are no answers of {option} "{word}". {guess(word, known)}')
    return Only(mode, language)


def find_period(
    settings: Settings, now: datetime, unit: Unit, word: str = "", days: tuple[str, str] = ("", "")
) -> Period:
    """Give the period of a word, of two days (2026-07-01), or else the last closed month at the unit. CallError."""
    first, last = days
    if word and (first or last):
        raise CallError("Give either --period or --from and --to, not both.")
    if word:
        return Period.parse(word)
    if first or last:
        if not (first and last):
            raise CallError("Give both --from and --to, or a whole period such as --period 2026-Q3.")
        return Period.between(_day("--from", first), _day("--to", last))
    return Period.last_closed("month", now.astimezone(settings.zone(unit.path)).date())


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CallError(f'{option} is "{text}", which is no day. Write it as 2026-07-01.') from None
