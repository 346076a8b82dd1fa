"""An export is written: records are read from the store and covered unless names are wanted."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from revisit.flows.asked import find_survey
from revisit.flows.reporting.export import Job
from revisit.records.orders import RepairOrder
from revisit.records.responses import Response
from revisit.records.survey import Survey
from revisit.reports.exports import findings as findings_table
from revisit.reports.exports import orders as orders_table
from revisit.reports.exports import responses as responses_table
from revisit.reports.exports import visits as visits_table
from revisit.reports.exports import write
from revisit.reports.exports.table import Cell, Column, Table
from revisit.store import open_store
from revisit.store.protocol import Scope, Store


def write_export(store: Store, job: Job, path: Path, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Write an export to a file, whole or not at all; gives the number of rows.

    Noting it is left to whoever asked: they know when it was handed out. Raises CallError for a survey that is not
    published and for a file that cannot be written.
    """
    return write(_table(store, job), path, job.format, progress)


def write_apart(work: tuple[Job, Path]) -> int:
    """Write an export in a process of its own, with a store of its own."""
    job, path = work
    with closing(open_store(job.settings.workspace)) as store:
        return write_export(store, job, path)


Content = tuple[str, Sequence[Column], Iterator[Sequence[Cell]]]


def _table(store: Store, job: Job) -> Table:
    """Give the table of a job, with what its codebook says of the whole."""
    makers = {"responses": _responses, "orders": _orders, "visits": _visits, "findings": _findings}
    title, columns, rows = makers[job.kind](store, job)
    zone = job.settings.zone(job.unit.path)
    notes = {
        "Export": title,
        "Unit": job.unit.path,
        "From": f"{job.first:%F}",
        "To": f"{job.last:%F}",
        "Made at": job.now.astimezone(zone).isoformat(timespec="seconds"),
        "Times are local to": zone.key,
        "Names": "as they are" if job.names else "covered",
    }
    return Table(job.kind, title, columns, rows, zone, job.now, notes)


def _responses(store: Store, job: Job) -> Content:
    survey = find_survey(job.settings, job.survey, job.language)
    held = store.responses(survey.name, job.scope)
    rows = responses_table.rows(survey, held, job.cover, _people(store, job, survey))
    return f"Responses: {survey.title}", responses_table.columns(survey), rows


def _orders(store: Store, job: Job) -> Content:
    def rows() -> Iterator[Sequence[Cell]]:
        for group in _groups(store.orders(job.scope)):
            contacts = store.contacts({order.contact_id for order in group})
            yield from orders_table.rows(group, contacts, job.cover)

    return "Repair orders", orders_table.COLUMNS, rows()


def _visits(store: Store, job: Job) -> Content:
    survey = find_survey(job.settings, job.survey, job.language)
    visits = (visit for visit in store.visits(job.scope) if visit.survey == survey.name)
    rows = visits_table.rows(visits, store.answered_visits(), job.now, job.cover)
    return f"Visits: {survey.title}", visits_table.COLUMNS, rows


def _findings(store: Store, job: Job) -> Content:
    from revisit.flows.reporting.findings import findings  # noqa: PLC0415  statistics, which only this kind needs

    survey = find_survey(job.settings, job.survey, job.language)
    found = findings(store, job.settings, survey, job.unit, job.first, job.last, job.now)
    return f"Findings: {survey.title}", findings_table.COLUMNS, findings_table.rows(found)


def _groups(orders: Iterator[RepairOrder], size: int = 500) -> Iterator[list[RepairOrder]]:
    """Give orders in groups, so that contacts are looked up for many at a time and never for all."""
    group: list[RepairOrder] = []
    for order in orders:
        group.append(order)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _people(store: Store, job: Job, survey: Survey) -> Callable[[Response], Collection[str]]:
    """Give what tells who may be named in a response: its customer, and everybody who works at the unit.

    Nobody is looked up where names are wanted or the survey has no free words.
    """
    if job.names or not any(question.kind == "text" or question.asks for question in survey.questions):
        return lambda _response: ()
    outlet = job.settings.organisation.of_path(job.unit.path).path
    orders = {order.id: order for order in store.orders(Scope(outlet, job.first, job.last))}
    visits = {visit.id: orders.get(visit.order_id) for visit in store.visits(Scope(outlet, job.first, job.last))}
    customers = store.contacts({order.contact_id for order in orders.values()})
    staff: dict[str, set[str]] = {}
    for order in orders.values():
        staff.setdefault(order.unit, set()).update({order.engineer, order.adviser} - {""})

    def people(response: Response) -> Collection[str]:
        order = visits.get(response.visit_id or "")
        unit = order.unit if order is not None else job.settings.organisation.of_path(response.unit).path
        customer = customers.get(order.contact_id) if order is not None else None
        return staff.get(unit, set()) | ({customer.name} if customer is not None else set())

    return people
