"""Taking in answers and dispositions that another tool gathered, so that earlier months count as if gathered here."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from revisit.flows.answer import hash_answers
from revisit.flows.asking import published
from revisit.flows.office import Office
from revisit.forms.form import is_asked
from revisit.records.ids import new_id
from revisit.records.orders import Batch, RepairOrder
from revisit.records.responses import Answer, Response
from revisit.records.survey import LANGUAGES, Survey
from revisit.records.visits import Attempt, Outcome, Settled, Settlement, Visit
from revisit.settings import Settings
from revisit.store.protocol import Store
from revisit.visits.answers_file import AnswerMap, AnswerRow, AnswersReading, names_of, read_answers, vocabulary
from revisit.visits.bad_rows import BadRow
from revisit.visits.dispositions_file import DispositionRow, DispositionsReading, read_dispositions

# One answers file of a store is full at about 3,000 rows; more are filed in several.
SLICE = 2500
NO_MAP = AnswerMap()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is to be taken in: the survey in the source's language, the answers, the dispositions, the file's name."""

    survey: Survey
    answers: AnswersReading
    dispositions: DispositionsReading
    file_name: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows with their orders and visits; what cannot be matched is bad, what is there already is known."""

    answers: list[tuple[AnswerRow, RepairOrder, Visit]]
    dispositions: list[tuple[DispositionRow, Visit]]
    bad: list[BadRow]
    bad_dispositions: list[BadRow]
    known: int = 0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import did; ``batch_id`` is empty when it changed nothing."""

    batch_id: str
    responses: int
    visits: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one import: answers, dispositions if there are any, what their words mean, and their encoding."""

    answers: Path
    orders: Path | None = None
    own: AnswerMap = NO_MAP
    encoding: str = ""


def read(settings: Settings, files: Files, survey_name: str, *, sample: bool = False) -> Incoming:
    """Read the files and change nothing. Raises CallError where a file as a whole cannot be read."""
    own, encoding = files.own, files.encoding
    survey = published(settings, survey_name)
    surveys = [survey, *(published(settings, survey_name, language) for language in LANGUAGES)]
    answers = read_answers(files.answers, survey, vocabulary(surveys, own), settings, encoding=encoding)
    dispositions = DispositionsReading([], [])
    if files.orders is not None:
        dispositions = read_dispositions(files.orders, own, settings, encoding=encoding)
    return Incoming(survey, answers, dispositions, files.answers.name, sample)


def match(store: Store, incoming: Incoming, now: datetime) -> Matched:
    """Find each row's order and visit; change nothing."""
    index = _Index(store)
    matched = Matched([], [], list(incoming.answers.bad), list(incoming.dispositions.bad))
    known = 0
    taken: dict[str, int] = {}
    for row in incoming.answers.rows:
        found = index.find(row.number, row.unit)
        fault = found if isinstance(found, Fault) else _fault(row, found[1], taken, now)
        if fault is not None:
            matched.bad.append(BadRow(row.row, incoming.answers.number, *fault))
        elif not isinstance(found, Fault):
            taken[found[1].id] = row.row
            if found[1].id in index.answered:
                known += 1
            else:
                matched.answers.append((row, *found))
    for one in incoming.dispositions.rows:
        found = index.find(one.number, one.unit)
        if isinstance(found, Fault):
            matched.bad_dispositions.append(BadRow(one.row, incoming.dispositions.number, *found))
        elif one.what != "nothing" and (found[1].id in index.answered or found[1].id in taken):
            fault = Fault(f"This order has an answer, so it was not {one.what}", "Take the row out of the file.")
            matched.bad_dispositions.append(BadRow(one.row, incoming.dispositions.number, *fault))
        elif one.what != "nothing" and not _is_known(one, found[1]):
            matched.dispositions.append((one, found[1]))
    matched.bad.sort(key=lambda bad: bad.row)
    matched.bad_dispositions.sort(key=lambda bad: bad.row)
    return replace(matched, known=known)


class Fault(NamedTuple):
    """Why a row cannot be used, and what to do."""

    what: str
    cure: str


class _Index:
    """The orders by number, their visits, and which of these are answered."""

    def __init__(self, store: Store) -> None:
        self.orders: dict[str, list[RepairOrder]] = defaultdict(list)
        for order in store.orders():
            self.orders[order.number].append(order)
        self.visits = {visit.order_id: visit for visit in store.visits()}
        self.answered = store.answered_visits()

    def find(self, number: str, unit: str) -> tuple[RepairOrder, Visit] | Fault:
        """Give the order of a number (at a unit or below it) and its visit, or why there is none."""
        held = [one for one in self.orders.get(number, []) if not unit or f"{one.unit}/".startswith(f"{unit}/")]
        if not held:
            return Fault(f'The order "{number}" is not known', "Bring it in first: revisit orders import FILE")
        if len(held) > 1:
            return Fault(f'Several stations have an order "{number}"', "Add a column with the station.")
        visit = self.visits.get(held[0].id)
        if visit is None:
            return Fault(f'The order "{number}" has no visit', "Leave it out.")
        return held[0], visit


def _fault(row: AnswerRow, visit: Visit, taken: Mapping[str, int], now: datetime) -> Fault | None:
    if visit.id in taken:
        return Fault(f"The order was answered in row {taken[visit.id]} already", "Keep one of the two rows.")
    if row.received_at > now:
        return Fault(f"The answer is from {row.received_at:%Y-%m-%d}, which lies in the future", "Correct its date.")
    return None


def _is_known(row: DispositionRow, visit: Visit) -> bool:
    if visit.settled is not None:
        return True
    return row.what == "tried" and any(
        attempt.by.startswith("import:") and attempt.at == (row.at or visit.due_at) for attempt in visit.attempts
    )


def take_in(
    office: Office, incoming: Incoming, matched: Matched, *, progress: Callable[[int], None] = lambda _done: None
) -> TakenIn:
    """File matched answers and dispositions as one batch that can be taken back; twice changes nothing.

    A response's id follows from survey and order, so no order gets two. ``progress`` gets how many rows are done.
    """
    if not matched.answers and not matched.dispositions:
        return TakenIn("", 0, 0)
    store, at = office.store, office.clock()
    sample = incoming.sample
    batch = Batch(new_id(at.date()), incoming.file_name, at, 0, kind="responses", sample=sample)
    store.add_batch(batch)
    by = f"import:{batch.id}"
    changes = {visit.id: _change(row, by) for row, visit in matched.dispositions}
    visits = store.change_visits(changes, progress) if changes else 0
    new = 0
    for group in _slices(matched.answers):
        first = group[0][0].received_at.astimezone(office.settings.timezone).date()
        partition = store.partition(incoming.survey.name, first)
        new += store.add_responses(batch, [_response(incoming, partition, batch, *found) for found in group], progress)
    store.add_batch(replace(batch, rows=new + visits))
    return TakenIn(batch.id, new, visits)


Found = tuple[AnswerRow, RepairOrder, Visit]


def _slices(found: list[Found]) -> Iterator[list[Found]]:
    """Give the answers by the month they came in, in slices that one file holds."""
    months: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        months[f"{one[0].received_at:%Y-%m}"].append(one)
    for _month, group in sorted(months.items()):
        waiting = iter(group)
        while slice_ := list(islice(waiting, SLICE)):
            yield slice_


def _response(
    incoming: Incoming, partition: str, batch: Batch, row: AnswerRow, order: RepairOrder, visit: Visit
) -> Response:
    survey = incoming.survey
    answers = decide(survey, row.answers, order.facts)
    return Response(
        id=hashlib.sha256(f"import {survey.name} {order.unit} {order.number}".encode()).hexdigest(),
        partition=partition,
        survey=survey.name,
        language=row.language,
        form_hash=survey.form_hash,
        text_hash=survey.text_hash,
        unit=visit.unit,
        day=visit.day,
        received_at=row.received_at,
        mode=row.mode,
        answers=answers,
        body_hash=hash_answers(answers),
        visit_id=visit.id,
        facts=dict(order.facts),
        batch_id=batch.id,
        sample=incoming.sample or order.sample,
    )


def decide(survey: Survey, given: Mapping[str, Answer], facts: Mapping[str, str]) -> dict[str, Answer]:
    """Give every question its state, by the rule of the web form: what a condition hides was not asked.

    A question that the other tool did not have was not asked either.
    """
    decided: dict[str, Answer] = {}
    for section in survey.sections:
        for question in section.questions:
            asked = is_asked(section, question, decided, facts)
            for name in names_of(question):
                decided[name] = given.get(name, Answer("not_asked")) if asked else Answer("not_asked")
    return decided


def _change(row: DispositionRow, by: str) -> Callable[[Visit], Visit]:
    """Give the change of a visit that a disposition stands for."""

    def change(visit: Visit) -> Visit:
        at = row.at or visit.due_at
        if row.what == "tried":
            return replace(visit, attempts=(*visit.attempts, Attempt(at, row.means, "no_answer", by)))
        if visit.settled is not None:
            return visit
        if row.what == "excluded":
            return replace(visit, settled=Settlement("excluded", at, by, row.reason))
        ends: dict[str, tuple[Outcome, Settled]] = {
            "declined": ("declined", "declined"),
            "unreachable": ("unreachable", "unreachable"),
        }
        outcome, what = ends[row.what]
        attempt = Attempt(at, row.means, outcome, by)
        return replace(visit, attempts=(*visit.attempts, attempt), settled=Settlement(what, at, by))

    return change
