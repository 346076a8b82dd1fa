"""How long a branch report takes beside bare WeasyPrint on the same HTML, and how many are made over all cores.

Run: .venv/bin/python bench/report.py [REPORTS] [WORKSPACE]     (100 reports of this repository's demo; try 1000)
"""

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import weasyprint

from revisit.flows.asked import find_survey
from revisit.flows.reporting.draw_report import draw, make_order
from revisit.flows.reporting.issue_many import issue_many
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.report_data import gather
from revisit.reports.child import MIB, resident
from revisit.reports.pages import draw_pages
from revisit.reports.report import make_report
from revisit.settings import Settings, clock, load
from revisit.store import open_store
from revisit.texts import compile_catalogues

ROUNDS = 7
COLD = 3
KEPT = ("revisit.toml", "keys.toml")
Cost = tuple[float, float]  # wall seconds, CPU seconds


def job_of(settings: Settings, number: int = 0) -> Job:
    """Give one branch report; another number gives another unit, and so another file."""
    stations = settings.organisation.units[1:] or settings.organisation.units
    unit = stations[number % len(stations)]
    return Job(settings, "", unit, date(2026, 7, 1), date(2026, 9, 30), "en", clock()())


def cost(work: Callable[[], object]) -> Cost:
    """Give what some work takes in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def cost_apart(*words: str) -> Cost:
    """Give what a whole command takes, with the processes it starts."""
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - wall, cpu


def compare(what: str, rounds: int, ours: Callable[[], Cost], theirs: Callable[[], Cost]) -> None:
    """Measure both in turn, so that a busy moment of the machine hits both, and print the medians."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    for place, name in enumerate(("wall", "CPU")):
        one, other = (statistics.median(pair[side][place] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[0][place] / pair[1][place] for pair in pairs)
        print(f"{what}: {one:.2f} s {name}; bare WeasyPrint on its HTML {other:.2f} s; {ratio:.2f} times", flush=True)


def one_report(settings: Settings) -> None:
    """Time the product and bare WeasyPrint: in a process that is warm, and as commands from their start."""
    job = job_of(settings)
    survey = find_survey(settings, "", job.language)
    with closing(open_store(settings.workspace)) as store:
        html = draw_pages(make_report(make_order(job, survey, gather(store, job, survey))), settings.workspace)

    def bare() -> object:
        return weasyprint.HTML(string=html, base_url="data:,").write_pdf(pdf_variant="pdf/ua-1")

    draw(job), bare()  # fonts and templates are read once
    compare("one branch report", ROUNDS, lambda: cost(lambda: draw(job)), lambda: cost(bare))
    page = settings.workspace.root / "bare.html"
    page.write_text(html, encoding="utf-8")
    command = ["-c", "from revisit.cli import main; main()", "-C", str(settings.workspace.root), "report", "branch"]
    command += ["--unit", job.unit.id, "--period", "2026-Q3", "--lang", job.language]
    engine = f"import weasyprint; weasyprint.HTML({str(page)!r}).write_pdf('{page}.pdf', pdf_variant='pdf/ua-1')"
    compare("as a command", COLD, lambda: cost_apart(*command), lambda: cost_apart("-c", engine))


class Watch:
    """Looks every tenth of a second at how much memory all children hold together."""

    def __init__(self) -> None:
        self.seen: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        children = Path(f"/proc/self/task/{threading.main_thread().native_id}/children")
        while not self._over.wait(0.1):
            pools = Path("/proc/self/task").glob("*/children")
            pids = {pid for path in (children, *pools) if path.exists() for pid in path.read_text().split()}
            self.seen.append(sum(resident(int(pid)) for pid in pids) / MIB)

    def end(self) -> None:
        """Print the most memory of each tenth of the time."""
        self._over.set()
        self._thread.join()
        size = max(1, len(self.seen) // 10)
        tenths = [max(self.seen[start : start + size]) for start in range(0, len(self.seen), size)][:10]
        print("all children together, MiB at most in each tenth:", *(f"{most:.0f}" for most in tenths), flush=True)


def many_reports(settings: Settings, count: int, workers: int) -> float:
    """Make many; gives the seconds."""
    jobs = [job_of(settings, number) for number in range(count)]
    # The same station under other ids: other reports to the archive, the same records.
    jobs = [replace(job, unit=replace(job.unit, id=f"{job.unit.id}-{place}")) for place, job in enumerate(jobs)]
    start, watch = time.perf_counter(), Watch()
    with closing(open_store(settings.workspace)) as store:
        failed = [one.error for one in issue_many(store, jobs, by="bench", again=True, workers=workers) if one.error]
    seconds = time.perf_counter() - start
    print(f"{count} branch reports, {workers} at a time: {seconds:.0f} s, {count / seconds:.2f} a second", flush=True)
    watch.end()
    if failed:
        sys.exit(failed[0])
    return seconds


def main() -> None:
    """Measure one report, then many: a tenth of them by one worker, all of them by two."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    root = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parents[1]
    compile_catalogues()
    with tempfile.TemporaryDirectory() as folder:
        for name in KEPT:
            shutil.copy(root / name, folder)
        shutil.copytree(root / "data", Path(folder) / "data")
        settings = load(Path(folder))
        settings.workspace.compiled.mkdir(parents=True)  # as in every workspace that has built its forms
        one_report(settings)
        if count:
            few = max(8, count // 10)
            alone = many_reports(settings, few, 1) / few
            print(f"two at a time are {alone * count / many_reports(settings, count, 2):.2f} times as fast", flush=True)


if __name__ == "__main__":
    main()
