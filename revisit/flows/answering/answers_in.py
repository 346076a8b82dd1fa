"""Taking in answers and dispositions that another tool gathered, so that earlier months count as if gathered here."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from revisit.flows.answering.answer import hash_answers
from revisit.flows.answering.states import Asked
from revisit.flows.asked import find_survey
from revisit.flows.office import Office
from revisit.forms.versions import published_languages
from revisit.records.ids import new_id
from revisit.records.orders import Batch, RepairOrder
from revisit.records.responses import Response
from revisit.records.survey import Survey
from revisit.records.visits import Attempt, Invitation, Outcome, Settled, Settlement, Visit
from revisit.settings import Keys, Settings, append_units
from revisit.store.protocol import Store
from revisit.visits import answers_file
from revisit.visits.answers_file import AnswerRow, AnswersReading, read_answers
from revisit.visits.answers_words import AnswerMap, Vocabulary, vocabulary
from revisit.visits.bad_rows import BadRow, BadSheet
from revisit.visits.dispositions_file import DispositionRow, DispositionsReading, read_dispositions
from revisit.visits.units_file import UnitsReading, read_units

# One answers file of a store is full at about 3,000 rows; more are filed in several.
SLICE = 2500
NO_MAP = AnswerMap()


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is to be taken in: the survey in the source's language, the answers, the dispositions, the file's name.

    ``settings`` know the units that come in with it.
    """

    survey: Survey
    answers: AnswersReading
    dispositions: DispositionsReading
    file_name: str
    settings: Settings
    units: UnitsReading
    words: Vocabulary
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer counts: for an order's visit, or for a unit alone."""

    unit: str
    day: date
    order: RepairOrder | None = None
    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows with where they count; what cannot be matched is bad, what is there already is known."""

    answers: list[tuple[AnswerRow, Place]]
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
    """The files of one import: answers, dispositions and units if there are any, what words mean, the encoding."""

    answers: Path
    orders: Path | None = None
    own: AnswerMap = NO_MAP
    encoding: str = ""
    units: Path | None = None


def read(settings: Settings, files: Files, survey_name: str, *, sample: bool = False) -> Incoming:
    """Read the files and change nothing. Raises CallError where a file as a whole cannot be read."""
    own, encoding = files.own, files.encoding
    units = UnitsReading(settings.organisation, (), [], 0)
    if files.units is not None:
        units = read_units(files.units, settings.organisation, encoding=encoding)
        settings = replace(settings, organisation=units.organisation)
    survey = find_survey(settings, survey_name)
    spoken = published_languages(settings.workspace.versions, survey.name)
    surveys = [survey, *(find_survey(settings, survey.name, language) for language in spoken)]
    words = vocabulary(surveys, own)
    answers = read_answers(files.answers, survey, words, settings, encoding=encoding)
    dispositions = DispositionsReading([], [])
    if files.orders is not None:
        dispositions = read_dispositions(files.orders, own, settings, encoding=encoding)
    return Incoming(survey, answers, dispositions, files.answers.name, settings, units, words, sample)


def bad_sheet(files: Files, incoming: Incoming, matched: Matched) -> BadSheet:
    """Give the bad rows of the answers file as they stand there. Raises CallError where it cannot be read again."""
    return answers_file.bad_sheet(files.answers, incoming.words, files.encoding, matched.bad)


def match(store: Store, incoming: Incoming, now: datetime) -> Matched:
    """Find each row's order and visit, or the unit it counts for; change nothing."""
    index = _Index(store, incoming)
    matched = Matched([], [], list(incoming.answers.bad), list(incoming.dispositions.bad))
    known = 0
    taken: dict[str, int] = {}
    for row in incoming.answers.rows:
        found = index.place(row)
        fault = found if isinstance(found, Fault) else _fault(row, found, taken, incoming, now)
        if fault is not None:
            header = fault.column or (incoming.answers.number if row.number else incoming.answers.id)
            matched.bad.append(BadRow(row.row, header, fault.what, fault.cure))
        elif not isinstance(found, Fault):
            taken |= dict.fromkeys(_keys(row, found), row.row)
            if index.has(row, found):
                known += 1
            else:
                matched.answers.append((row, found))
    for one in incoming.dispositions.rows:
        _match_disposition(one, index, taken, matched, incoming.dispositions.number)
    matched.bad.sort(key=lambda bad: bad.row)
    matched.bad_dispositions.sort(key=lambda bad: bad.row)
    return replace(matched, known=known)


def _match_disposition(
    row: DispositionRow, index: "_Index", taken: Mapping[str, int], matched: Matched, header: str
) -> None:
    """Put a disposition where it belongs; one that says nothing new is passed over."""
    found = index.find(row.number, row.unit)
    if isinstance(found, Fault):
        matched.bad_dispositions.append(BadRow(row.row, header, found.what, found.cure))
        return
    visit = found[1]
    if row.what == "nothing":
        return
    if visit.id in index.answered or visit.id in taken:
        fault = Fault(f"This order has an answer, so it was not {row.what}", "Take the row out of the file.")
        matched.bad_dispositions.append(BadRow(row.row, header, fault.what, fault.cure))
    elif not _is_known(row, visit):
        matched.dispositions.append((row, visit))


class Fault(NamedTuple):
    """Why a row cannot be used, what to do, and the header of the column concerned, where it is not the number."""

    what: str
    cure: str
    column: str = ""


class _Index:
    """The orders by number, their visits, and which of these are answered; the ids of answers that are there."""

    def __init__(self, store: Store, incoming: Incoming) -> None:
        self.incoming = incoming
        self.orders: dict[str, list[RepairOrder]] = defaultdict(list)
        for order in store.orders():
            self.orders[order.number].append(order)
        self.visits = {visit.order_id: visit for visit in store.visits()}
        self.answered = store.answered_visits()
        alone = any(not row.number for row in incoming.answers.rows)
        self.filed = {row["id"] for row in store.response_rows(incoming.survey.name)} if alone else set()

    def place(self, row: AnswerRow) -> Place | Fault:
        """Give where an answer counts: its order's visit, or else the unit and day it names itself."""
        if row.number:
            found = self.find(row.number, row.unit)
            if isinstance(found, Fault):
                return found
            order, visit = found
            return Place(visit.unit, visit.day, order, visit)
        settings = self.incoming.settings
        if not row.unit and self.incoming.answers.unit:
            what = "The answer names neither an order nor a station"
            return Fault(what, "Fill one of them in.", self.incoming.answers.unit)
        unit = row.unit or settings.organisation.root.path
        return Place(unit, row.received_at.astimezone(settings.zone(unit)).date())

    def has(self, row: AnswerRow, place: Place) -> bool:
        """Say whether an answer is there already."""
        if place.visit is not None:
            return place.visit.id in self.answered
        return response_id(self.incoming.survey, row, place) in self.filed

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


def _keys(row: AnswerRow, place: Place) -> list[str]:
    """Give what no second row of a file may claim: the order's visit, the other tool's number of the answer."""
    return ([place.visit.id] if place.visit is not None else []) + ([f"id {row.id}"] if row.id else [])


def _fault(row: AnswerRow, place: Place, taken: Mapping[str, int], incoming: Incoming, now: datetime) -> Fault | None:
    if place.visit is not None and place.visit.id in taken:
        return Fault(f"The order was answered in row {taken[place.visit.id]} already", "Keep one of the two rows.")
    if row.id and f"id {row.id}" in taken:
        return Fault(
            f'The answer "{row.id}" stands in row {taken[f"id {row.id}"]} already', "Keep one of the two rows."
        )
    if row.received_at > now:
        what = f"The answer is from {row.received_at:%Y-%m-%d}, which lies in the future"
        return Fault(what, "Correct its date.", incoming.answers.received)
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

    A response is kept under its visit's link, or under an id that follows from survey and order: no order gets two.
    ``progress`` gets how many rows are done.
    """
    if incoming.units.new:
        append_units(incoming.settings.workspace, incoming.units.new)
    if not matched.answers and not matched.dispositions:
        return TakenIn("", 0, 0)
    store, at = office.store, office.clock()
    sample = incoming.sample
    batch = Batch(new_id(at.date()), incoming.file_name, at, 0, kind="responses", sample=sample)
    store.add_batch(batch)
    by = f"import:{batch.id}"
    changes = {visit.id: _change(row, by) for row, visit in matched.dispositions}
    visits = store.change_visits(changes, progress) if changes else 0
    store.add_batch(replace(batch, rows=visits))
    links = _open_links(store, matched.answers)
    new, asked = 0, Asked.of(incoming.survey)
    for group in _slices(matched.answers):
        first = group[0][0].received_at.astimezone(incoming.settings.timezone).date()
        partition = store.partition(incoming.survey.name, first)
        filing = _Filing(incoming, batch, partition, office.keys, links, asked)
        new += store.add_responses(batch, [filing.response(*found) for found in group], progress)
        store.add_batch(replace(batch, rows=new + visits))  # an import that is cut off says what it has done so far
    return TakenIn(batch.id, new, visits)


Found = tuple[AnswerRow, Place]


def _slices(found: list[Found]) -> Iterator[list[Found]]:
    """Give the answers by the month they came in, in slices that one file holds."""
    months: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        months[f"{one[0].received_at:%Y-%m}"].append(one)
    for _month, group in sorted(months.items()):
        waiting = iter(group)
        while slice_ := list(islice(waiting, SLICE)):
            yield slice_


def _open_links(store: Store, found: Sequence[Found]) -> dict[str, Invitation]:
    """Give the link of each visit that still has one; the newest, where it was issued anew."""
    visits = [place.visit.id for _row, place in found if place.visit is not None]
    return {link.visit_id: link for link in store.invitations(visits) if link.voided_at is None}


def response_id(survey: Survey, row: AnswerRow, place: Place) -> str:
    """Give the id under which a row's answer is kept: the same for the same order, or the same number of the answer."""
    order = place.order
    said = f"{order.unit} {order.number}" if order is not None else f"response {row.id}"
    return hashlib.sha256(f"import {survey.name} {said}".encode()).hexdigest()


def pseudonym(keys: Keys, customer: str) -> str:
    """Give what stands for a customer of another tool: without the key nobody can try numbers until one fits.

    The key is the one that is never rotated, so that next year's answers of the same person are known as theirs.
    """
    if not customer:
        return ""
    said = f"customer {customer}".encode()
    return hmac.new(keys.current("optout").secret, said, hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Filing:
    """What the responses of one slice share."""

    incoming: Incoming
    batch: Batch
    partition: str
    keys: Keys
    links: Mapping[str, Invitation]
    asked: Asked

    def response(self, row: AnswerRow, place: Place) -> Response:
        """Make the response of a row."""
        survey, order = self.incoming.survey, place.order
        facts = dict(order.facts) if order is not None else {}
        answers = self.asked.decide(row.answers, facts)
        # Under the visit's link, where it has one: the link is spent thereby, and open again when the import is undone.
        link = self.links.get(place.visit.id) if place.visit is not None else None
        return Response(
            id=response_id(survey, row, place) if link is None else link.id,
            partition=self.partition if link is None else link.partition,
            survey=survey.name,
            language=row.language,
            form_hash=survey.form_hash,
            text_hash=survey.text_hash,
            unit=place.unit,
            day=place.day,
            received_at=row.received_at,
            mode=row.mode,
            answers=answers,
            body_hash=hash_answers(answers),
            visit_id=place.visit.id if place.visit is not None else None,
            duration=row.duration,
            facts=facts,
            batch_id=self.batch.id,
            customer=pseudonym(self.keys, row.customer),
            sample=self.incoming.sample or (order is not None and order.sample),
        )


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
        return replace(visit, attempts=(*visit.attempts, attempt), settled=Settlement(what, at, by, row.reason))

    return change
