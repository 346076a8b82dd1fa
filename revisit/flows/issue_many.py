"""Many reports are issued: over all cores, in slices, so that memory stays flat and one failure stops no other."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date, timedelta

from revisit.flows.issue_report import Drawn, Job, file_name, keep
from revisit.records.organisation import Unit
from revisit.records.periods import Period
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
    store: Store, jobs: Sequence[Job], *, by: str, again: bool = False, workers: int = 0
) -> Iterator[Outcome]:
    """Draw and keep reports, giving each outcome as it comes; ``again`` makes those anew that were issued lately.

    Each slice is drawn in a child of its own. Where a child dies, its reports are tried one by one, so that only the
    one at fault fails.
    """
    held = {(one.unit, one.survey, one.file_name): one for one in reversed(store.reports())}
    waiting = []
    for job in jobs:
        earlier = held.get((job.unit.path, job.survey, _name(job)))
        if earlier is not None and not again and job.cutoff - earlier.issued_at < FRESH:
            yield Outcome(job)
            continue
        waiting.append(job if earlier is None else replace(job, earlier=store.report(earlier.id)[1]))
    slices = [waiting[start : start + SLICE] for start in range(0, len(waiting), SLICE)]
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for done in as_completed([pool.submit(_draw_slice, one) for one in slices]):
            for job, made in done.result():
                yield _kept(store, job, made, by)


def _kept(store: Store, job: Job, made: Drawn | str, by: str) -> Outcome:
    return Outcome(job, error=made) if isinstance(made, str) else Outcome(job, keep(store, job, made, by))


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


def _name(job: Job) -> str:
    return file_name(job.unit, Period.between(job.first, job.last), job.language, job.kind, job.level)


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
