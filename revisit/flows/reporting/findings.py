"""Findings are made: the records of a unit and period are read from the store and summed up."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from revisit.findings.counts.codes import MODES, is_counted
from revisit.findings.counts.composites import with_earlier_parts
from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.findings.withholding.masking import mask
from revisit.findings.withholding.pool import SECOND, Pool
from revisit.findings.withholding.suppression import LEAST
from revisit.flows.answering.tags import with_marks
from revisit.forms import versions
from revisit.forms.nearest import guess
from revisit.forms.series import composites_since, sampled_since, weights_since
from revisit.records.languages import is_language
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.responses import Response
from revisit.records.survey import LANGUAGES, Survey
from revisit.settings import Settings
from revisit.store.protocol import Scope, Store


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
    history = composites_since(settings.workspace.versions, survey)
    pool = shared or read_pool(store, settings, survey, (unit, first, last), cutoff)
    scope = Scope(unit.path, first, last)
    known = any(pool.columns.jobs)
    return summarise(
        Evidence(
            survey=with_earlier_parts(survey, history),
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
            history=history,
            sampled=sampled_since(settings.workspace.versions, survey.name),
            names=_called(settings.workspace.versions, survey),
            jobs={order.id: order.facts.get("kind", "") for order in store.orders(scope)} if known else {},
            workplaces=read_workplaces(store, settings.organisation, pool.columns.units),
        )
    )


def read_workplaces(store: Store, organisation: Organisation, earned: Iterable[str]) -> frozenset[str]:
    """Give the units at which orders were closed, where answers were earned at a unit that the settings do not hold."""
    known, employers = {unit.path for unit in organisation.units}, organisation.employers
    if all(path in known or path.rpartition("/")[0] in employers for path in earned):
        return frozenset()
    return frozenset(unit for (unit,) in store.count("orders", ("unit",), Scope(organisation.root.path)))


def read_pool(
    store: Store, settings: Settings, survey: Survey, about: tuple[Unit, date, date], cutoff: datetime
) -> Pool:
    """Read everybody's answers that findings of a unit and days look at: the organisation's, of their whole years."""
    unit, first, last = about
    span = Evidence.span(Period.between(first, last), unit, cutoff)
    rows = store.response_rows(survey.name, Scope(settings.organisation.root.path, *span))
    survey = with_earlier_parts(survey, composites_since(settings.workspace.versions, survey))
    return Pool.of(survey, settings.organisation, with_marks(store, rows, cutoff), span, cutoff)


def _called(folder: Path, survey: Survey) -> dict[str, dict[str, str]]:
    """Give what the composites of a survey are called in each language in which it is published, by their ids."""
    if not survey.composites:
        return {}
    languages = versions.published_languages(folder, survey.name)
    published = (versions.latest(folder, survey.name, each) for each in languages)
    worded = [one for one in published if one is not None] or [survey]
    return {
        composite.id: {one.language: same.name for one in worded for same in one.composites if same.id == composite.id}
        for composite in survey.composites
    }


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
    *,
    held: Iterable[Response] | None = None,
) -> list[Comment]:
    """Give the free-text answers that may be printed: none from a unit with fewer than ten answers, all masked.

    In an order that says nothing but what the words say: by their hash. ``held`` are the responses, where the
    caller has read them.
    """
    end = cutoff or datetime.max.replace(tzinfo=UTC)
    scope = Scope(unit.path, first, last)
    found = [
        response
        for response in (store.responses(survey.name, scope) if held is None else held)
        if response.received_at <= end and SECOND not in response.flags
    ]
    if len(found) < LEAST:
        return []
    questions = [question.id for question in survey.questions if question.kind == "text"]
    names = set(_names(store, settings, scope, found))
    said = [
        Comment(question, mask(answer.value.strip(), names))
        for response in found
        for question in questions
        if (answer := response.answers.get(question)) is not None
        and isinstance(answer.value, str)
        and answer.value.strip()
    ]
    return sorted(said, key=lambda one: (hashlib.sha256(one.text.encode()).digest(), one.question))


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


def find_only(mode: str = "", language: str = "") -> Only:
    """Give what findings are narrowed to. CallError where there is no such mode or language."""
    for option, word, known in (("--mode", mode, MODES), ("--lang", language, LANGUAGES)):
        if word and word not in known and not (option == "--lang" and is_language(word)):
            raise CallError(f'There are no answers of {option} "{word}". {guess(word, known)}')
    return Only(mode, language)
