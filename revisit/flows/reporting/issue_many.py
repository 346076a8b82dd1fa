"""Many reports are issued: over all cores, in slices, so that memory stays flat and one failure stops no other."""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from queue import SimpleQueue
from threading import Event

from revisit.flows.reporting.issue_report import Drawn, Job, keep, with_earlier
from revisit.records.organisation import Unit
from revisit.records.problems import RevisitError
from revisit.records.reports import IssuedReport
from revisit.reports.child import Limits, Stopped, each
from revisit.settings import Settings
from revisit.store.protocol import Scope, Store

# Reports that one child draws before it ends and gives its memory back.
SLICE = 8
# A report that was issued so lately is not made again by a call that goes on where an earlier one ended.
FRESH = timedelta(hours=12)
# The work of a child: its module and function.
DRAW = ("revisit.flows.reporting.draw_report", "draw_next")
# Seconds for one of many reports, at which nobody waits.
PATIENCE = 240.0

Made = tuple[Job, Drawn | str]
Waiting = tuple[Job, list[IssuedReport]]
Announce = Callable[[Job, IssuedReport], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report: kept, or why not, or ``there`` already from a call before."""

    job: Job
    issued: IssuedReport | None = None
    error: str | None = None
    there: IssuedReport | None = None


def issue_many(
    store: Store,
    jobs: Sequence[Job],
    *,
    by: str,
    again: bool = False,
    workers: int = 0,
    announce: Announce = lambda _job, _issued: None,
) -> Generator[Outcome, None, None]:
    """Draw and keep reports, giving each outcome as it comes; ``again`` makes those anew that were issued lately.

    Slices are drawn in children of their own. Where a child dies, only the report at fault fails. ``announce`` is
    called just before a report is kept. Whoever closes this before its end, or is interrupted in it, ends the children
    at once.
    """
    kept = list(reversed(store.reports()))
    held: dict[tuple[object, ...], IssuedReport] = {one.about: one for one in kept}
    latest: dict[tuple[object, ...], IssuedReport] = {one.subject: one for one in kept}
    waiting: list[Waiting] = []
    for job in jobs:
        earlier = held.get(job.about)
        if earlier is not None and not again and job.cutoff - earlier.issued_at < FRESH:
            yield Outcome(job, there=earlier)
        else:
            waiting.append((job, [latest[job.subject]] if job.subject in latest else []))
    yield from _kept(store, waiting, by, announce, workers or os.cpu_count() or 1)


def _kept(store: Store, waiting: Sequence[Waiting], by: str, announce: Announce, workers: int) -> Iterator[Outcome]:
    """Draw what waits and keep each report as soon as it is drawn: a call that is cut off loses those in work."""
    slices = [waiting[start : start + SLICE] for start in range(0, len(waiting), SLICE)]
    drawn: SimpleQueue[Made | Future[None]] = SimpleQueue()
    stopped, running = Event(), 0
    with ThreadPoolExecutor(workers) as pool:
        try:
            while slices or running:
                while slices and running < workers:
                    # Earlier editions are read for one slice at a time: a thousand of them would fill the memory.
                    ready = [with_earlier(store, job, earlier) for job, earlier in slices.pop(0)]
                    running += 1
                    pool.submit(_draw_slice, ready, drawn.put, stopped).add_done_callback(drawn.put)
                one = drawn.get()
                if isinstance(one, Future):  # a slice is over
                    running -= 1
                    one.result()
                    continue
                job, made = one
                if isinstance(made, str):
                    yield Outcome(job, error=made)
                else:
                    yield Outcome(job, keep(store, job, made, by, announce))
        finally:
            stopped.set()


def _draw_slice(jobs: Sequence[Job], give: Callable[[Made], None], stopped: Event) -> None:
    """Draw a slice in one child, giving each report as it comes; the child is ended where the call is cut off."""
    with suppress(Stopped), closing(each(*DRAW, jobs, Limits(seconds=PATIENCE), stopped.is_set)) as drawn:
        for job, made in zip(jobs, drawn, strict=True):
            give((job, str(made) if isinstance(made, RevisitError) else made))
            if stopped.is_set():
                return


def units_for(
    kind: str, store: Store, settings: Settings, below: Unit, days: tuple[date, date], survey: str
) -> list[Unit]:
    """Give every unit of a part of the tree that a kind of report is about.

    Network reports are about units with others below them, branch reports about those without, weekly notes about all,
    engineer sheets about the engineers whom answers of these days name.
    """
    tree = settings.organisation
    inside = [unit for unit in tree.units if below.holds(unit.path)]
    if kind == "engineer":
        return engineers(store, settings, below, days, survey)
    if kind == "weekly":
        return inside
    return [unit for unit in inside if any(tree.below(unit)) == (kind == "network")]


def engineers(store: Store, settings: Settings, below: Unit, days: tuple[date, date], survey: str) -> list[Unit]:
    """Give the engineers whom answers of these days name, as units below their stations, in order of path."""
    found: dict[str, Unit] = {}
    for response in store.responses(survey, Scope(below.path, *days)):
        station = settings.organisation.of_path(response.unit)
        if response.unit not in found and response.unit != station.path:
            name = response.unit.removeprefix(station.path + "/")
            found[response.unit] = Unit("engineer", response.unit, "engineer", name, timezone=station.timezone)
    return [found[path] for path in sorted(found)]


def known(store: Store, units: Sequence[Unit], below: Unit, days: tuple[date, date], survey: str) -> list[Unit]:
    """Give those units of which these days have any visit or answer; of others there is nothing to report."""
    scope = Scope(below.path, *days)
    told = {unit for (unit,) in store.count("visits", ("unit",), scope)}
    told |= {unit for name, unit in store.count("responses", ("survey", "unit"), scope) if name == survey}
    places = {
        "/".join(steps[:end]) for path in told for steps in (path.split("/"),) for end in range(1, len(steps) + 1)
    }
    return [unit for unit in units if unit.path in places]
