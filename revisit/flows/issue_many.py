"""Many reports are issued: over all cores, in slices, so that memory stays flat and one failure stops no other."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, timedelta

from revisit.flows.issue_report import Drawn, Job, keep, with_earlier
from revisit.records.organisation import Unit
from revisit.records.problems import RevisitError
from revisit.records.reports import IssuedReport
from revisit.reports.child import Limits, watched
from revisit.settings import Settings
from revisit.store.protocol import Scope, Store

# Reports that one child draws before it ends and gives its memory back.
SLICE = 8
# A report that was issued so lately is not made again by a call that goes on where an earlier one ended.
FRESH = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report: kept, or why not. Both are None where it was there already."""

    job: Job
    issued: IssuedReport | None = None
    error: str | None = None


def issue_many(
    store: Store,
    jobs: Sequence[Job],
    *,
    by: str,
    again: bool = False,
    workers: int = 0,
    announce: Callable[[Job, IssuedReport], None] = lambda _job, _issued: None,
) -> Iterator[Outcome]:
    """Draw and keep reports, giving each outcome as it comes; ``again`` makes those anew that were issued lately.

    Each slice is drawn in a child of its own. Where a child dies, its reports are tried one by one, so that only the
    one at fault fails. ``announce`` is called just before a report is kept.
    """
    held: dict[tuple[object, ...], IssuedReport] = {one.about: one for one in reversed(store.reports())}
    waiting = []
    for job in jobs:
        earlier = held.get(job.about)
        if earlier is not None and not again and job.cutoff - earlier.issued_at < FRESH:
            yield Outcome(job)
        else:
            waiting.append((job, [earlier] if earlier is not None else []))
    slices = [waiting[start : start + SLICE] for start in range(0, len(waiting), SLICE)]
    cores = workers or os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        running: set[Future[list[tuple[Job, Drawn | str]]]] = set()
        while slices or running:
            while slices and len(running) < cores:
                # Earlier editions are read for one slice at a time: a thousand of them would fill the memory.
                ready = [with_earlier(store, job, earlier) for job, earlier in slices.pop(0)]
                running.add(pool.submit(_draw_slice, ready))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                for job, made in one.result():
                    if isinstance(made, str):
                        yield Outcome(job, error=made)
                    else:
                        yield Outcome(job, keep(store, job, made, by, announce))


def _draw_slice(jobs: Sequence[Job]) -> list[tuple[Job, Drawn | str]]:
    """Draw a slice in one child, or where that fails each report in a child of its own."""
    limits = Limits(seconds=Limits().seconds * len(jobs))
    try:
        made: list[Drawn | str] = watched("revisit.flows.draw_report", "draw_slice", tuple(jobs), limits)
    except RevisitError as error:
        if len(jobs) == 1:
            return [(jobs[0], str(error))]
        return [pair for job in jobs for pair in _draw_slice([job])]
    return list(zip(jobs, made, strict=True))


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
    told = {visit.unit for visit in store.visits(scope)} | {one.unit for one in store.responses(survey, scope)}
    places = {
        "/".join(steps[:end]) for path in told for steps in (path.split("/"),) for end in range(1, len(steps) + 1)
    }
    return [unit for unit in units if unit.path in places]
