"""An export is written: records are read from the store and covered unless names are wanted."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from revisit.flows.asked import find_survey
from revisit.flows.reporting.export import Job
from revisit.records.responses import Response
from revisit.records.survey import Survey
from revisit.reports.exports import findings as findings_table
from revisit.reports.exports import orders as orders_table
from revisit.reports.exports import responses as responses_table
from revisit.reports.exports import visits as visits_table
from revisit.reports.exports import write
from revisit.reports.exports.table import Cell, Column, Table
from revisit.reports.exports.words import Words
from revisit.store import open_store
from revisit.store.protocol import Scope, Store

R = TypeVar("R")
Rows = Generator[Sequence[Cell], None, None]
SIZE = 500  # records for which others are looked up at once, never for all


class Content(NamedTuple):
    """What goes out: its title, the columns, and the rows one after another."""

    title: str
    columns: Sequence[Column]
    rows: Rows


def write_export(store: Store, job: Job, path: Path, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Write an export to a file, whole or not at all; gives the number of rows.

    Noting it is left to whoever asked: they know when it was handed out. Raises CallError for a survey that is not
    published and for a file that cannot be written.
    """
    makers = {"responses": _responses, "orders": _orders, "visits": _visits, "findings": _findings}
    content = makers[job.kind](store, job)
    with closing(content.rows):  # a store that gives records one after another is let go of
        return write(_table(job, content), path, job.format, progress)


def write_apart(work: tuple[Job, Path]) -> int:
    """Write an export in a process of its own, with a store of its own."""
    job, path = work
    with closing(open_store(job.settings.workspace, lean=job.goes_through_once)) as store:
        return write_export(store, job, path)


def _table(job: Job, content: Content) -> Table:
    """Give the table of a job, with what its codebook says of the whole."""
    zone = job.settings.zone(job.unit.path)
    facts = {
        "title": content.title,
        "unit": job.unit.path,
        "first": f"{job.first:%F}",
        "last": f"{job.last:%F}",
        "made": job.now.astimezone(zone).isoformat(timespec="seconds"),
        "zone": zone.key,
    }
    notes = Words(job.language).notes(facts, names=job.names)
    return Table(job.kind, content.title, content.columns, content.rows, zone, job.now, notes, job.language)


def _responses(store: Store, job: Job) -> Content:
    survey = find_survey(job.settings, job.survey, job.language)
    words = Words(job.language)

    def rows() -> Rows:
        people = _People(store, job, survey)
        for group in _groups(store.responses(survey.name, job.scope)):
            yield from responses_table.rows(survey, group, job.cover, people.of(group))

    return Content(words.title("responses", survey.title), responses_table.columns(survey, job.language), rows())


def _orders(store: Store, job: Job) -> Content:
    words = Words(job.language)

    def rows() -> Rows:
        for group in _groups(store.orders(job.scope)):
            contacts = store.contacts({order.contact_id for order in group})
            yield from orders_table.rows(group, contacts, job.cover)

    return Content(words.title("orders"), words.columns(orders_table.COLUMNS), rows())


def _visits(store: Store, job: Job) -> Content:
    survey = find_survey(job.settings, job.survey, job.language)
    words = Words(job.language)
    answered = store.answered_visits()

    def rows() -> Rows:
        for group in _groups(visit for visit in store.visits(job.scope) if visit.survey == survey.name):
            orders = store.orders_of([visit.id for visit in group])
            contacts = {} if job.names else store.contacts({order.contact_id for order in orders.values()})
            yield from visits_table.rows(group, orders, answered, job.now, job.cover, contacts)

    return Content(words.title("visits", survey.title), words.columns(visits_table.COLUMNS), rows())


def _findings(store: Store, job: Job) -> Content:
    from revisit.flows.reporting.findings import findings  # noqa: PLC0415  statistics, which only this kind needs

    survey = find_survey(job.settings, job.survey, job.language)
    found = findings(store, job.settings, survey, job.unit, job.first, job.last, job.now)
    words = Words(job.language)
    columns = words.columns(findings_table.COLUMNS)
    return Content(words.title("findings", survey.title), columns, findings_table.rows(found))


def _groups(records: Iterable[R]) -> Iterator[list[R]]:
    """Give records in groups of SIZE."""
    waiting = iter(records)
    while group := list(islice(waiting, SIZE)):
        yield group


class _People:
    """Who may be named in the free words of a response: its customer, and everybody who works at the unit.

    Nobody is looked up where names are wanted or the survey has no free words.
    """

    def __init__(self, store: Store, job: Job, survey: Survey) -> None:
        free = any(question.kind == "text" or question.asks for question in survey.questions)
        self.wanted = free and not job.names
        self._store = store
        self._organisation = job.settings.organisation
        self._staff: dict[str, set[str]] = {}
        if self.wanted:
            outlet = self._organisation.of_path(job.unit.path).path
            for order in store.orders(Scope(outlet, job.first, job.last)):
                self._staff.setdefault(order.unit, set()).update({order.engineer, order.adviser} - {""})

    def of(self, group: Sequence[Response]) -> Callable[[Response], Collection[str]]:
        """Give what tells who may be named in the responses of a group."""
        if not self.wanted:
            return lambda _response: ()
        orders = self._store.orders_of({response.visit_id for response in group if response.visit_id})
        customers = self._store.contacts({order.contact_id for order in orders.values()})

        def people(response: Response) -> Collection[str]:
            order = orders.get(response.visit_id or "")
            known = self._organisation.of_path(response.unit).path
            customer = customers.get(order.contact_id) if order is not None else None
            names = {response.unit.removeprefix(known).lstrip("/"), customer.name if customer is not None else ""}
            return names | self._staff.get(order.unit if order is not None else known, set())

        return people
