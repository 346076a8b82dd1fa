"""How long a branch report takes beside bare WeasyPrint on the same HTML, and how many are made over all cores.

Run: .venv/bin/python bench/report.py [REPORTS] [WORKSPACE]     (100 reports of this repository's demo; try 1000)
"""

import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import weasyprint

from revisit.flows.draw_report import draw, make_order
from revisit.flows.findings import find_survey
from revisit.flows.issue_many import issue_many
from revisit.flows.issue_report import Job
from revisit.flows.report_data import gather
from revisit.reports.pages import draw_pages
from revisit.reports.report import make_report
from revisit.settings import Settings, clock, load
from revisit.store import open_store
from revisit.texts import compile_catalogues

ROUNDS = 5
KEPT = ("revisit.toml", "keys.toml")


def job_of(settings: Settings, number: int = 0) -> Job:
    """Give one branch report; another number gives another unit, and so another file."""
    stations = settings.organisation.units[1:] or settings.organisation.units
    unit = stations[number % len(stations)]
    return Job(settings, "", unit, date(2026, 7, 1), date(2026, 9, 30), "en", clock()())


def timed(work: Callable[[], object]) -> float:
    """Give the CPU seconds of some work: other programs on the machine do not change them much."""
    start = time.process_time()
    work()
    return time.process_time() - start


def one_report(settings: Settings) -> None:
    """Time the product and bare WeasyPrint in turn, so that a busy moment of the machine hits both."""
    job = job_of(settings)
    survey = find_survey(settings, "", job.language)
    with closing(open_store(settings.workspace)) as store:
        html = draw_pages(make_report(make_order(job, survey, gather(store, job, survey))), settings.workspace)

    def bare() -> object:
        return weasyprint.HTML(string=html, base_url="data:,").write_pdf(pdf_variant="pdf/ua-1")

    draw(job), bare()  # fonts and templates are read once
    pairs = [(timed(lambda: draw(job)), timed(bare)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"one branch report: {ours:.2f} CPU s; bare WeasyPrint on its HTML: {theirs:.2f} CPU s; {ratio:.2f} times")


def many_reports(settings: Settings, count: int) -> None:
    """Make many and tell the time, and the most memory any child held after a tenth and at the end."""
    jobs = [job_of(settings, number) for number in range(count)]
    # The same station under other ids: other reports to the archive, the same records.
    jobs = [replace(job, unit=replace(job.unit, id=f"{job.unit.id}-{place}")) for place, job in enumerate(jobs)]
    start, most = time.perf_counter(), []
    with closing(open_store(settings.workspace)) as store:
        for done, outcome in enumerate(issue_many(store, jobs, by="bench", again=True), 1):
            if outcome.error:
                sys.exit(outcome.error)
            if done in (max(1, count // 10), count):
                most.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    seconds = time.perf_counter() - start
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} branch reports over all cores: {seconds:.0f} s, {count / seconds:.2f} a second; the largest child "
        f"{most[0]:.0f} MiB after a tenth, {most[-1]:.0f} MiB at the end; this process {own:.0f} MiB"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    root = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parents[1]
    compile_catalogues()
    with tempfile.TemporaryDirectory() as folder:
        for name in KEPT:
            shutil.copy(root / name, folder)
        shutil.copytree(root / "data", Path(folder) / "data")
        settings = load(Path(folder))
        one_report(settings)
        many_reports(settings, count)


if __name__ == "__main__":
    main()
