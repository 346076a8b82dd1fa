"""How long a million made-up rows take to write in each format, and how much memory: bench/export.py [ROWS [FORMAT …]].

Each format is written by a process of its own, so that its greatest resident memory is its alone.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from revisit.records.organisation import Organisation, Unit
from revisit.records.responses import Answer, Response
from revisit.records.survey import Choice, Privacy, Question, Section, Survey
from revisit.reports.exports import FORMATS, write
from revisit.reports.exports import responses as responses_table
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Table

ROWS = 1_000_000
ITEMS = 12
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
POINTS = tuple(Choice(str(code), f"Point {code}") for code in range(1, 6))
STATES = (Answer("answered", 5), Answer("answered", 4), Answer("blank"), Answer("na"), Answer("answered", 1))
WORDS = ("The car was ready in time.", "Call me: +86 130 0000 0012", "=1+1", "车洗得很干净。", "")


def survey() -> Survey:
    """Make a survey of twelve items and a comment."""
    items = tuple(
        Question(f"item_{number}", "satisfaction", f"Item {number}", choices=POINTS) for number in range(ITEMS)
    )
    sections = (Section("all", "All", (*items, Question("comment", "text", "What else?"))),)
    return Survey("repair", "en", "Repair", sections, Privacy("", "", "", ""))


def made_up(count: int) -> Iterator[Response]:
    """Give responses one after another; none is kept."""
    answers = cycle(STATES)
    for number in range(count):
        held = {f"item_{item}": next(answers) for item in range(ITEMS)}
        words = WORDS[number % len(WORDS)]
        held["comment"] = Answer("answered", words) if words else Answer("blank")
        at = NOW - timedelta(seconds=number)
        yield Response(
            *(f"{number:064x}", "abc", "repair", "en", "f" * 16, "t" * 16, f"demo/s{number % 500}/Someone", at.date()),
            *(at, "web", held, "b" * 64),
            duration=float(30 + number % 200),
        )


def table(count: int) -> Table:
    """Give the table that revisit export makes of them, free words covered."""
    units = [Unit("demo", "demo", "headquarters", "Demo")]
    units += [Unit(f"s{number}", f"demo/s{number}", "station", f"Station {number}") for number in range(500)]
    cover = Cover(Organisation(tuple(units)), "en")
    rows: Iterator[Sequence[Cell]] = responses_table.rows(survey(), made_up(count), cover)
    return Table("responses", "Responses", responses_table.columns(survey()), rows, ZoneInfo("Asia/Shanghai"), NOW)


def measure(kind: str, count: int) -> None:
    """Write one file and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{kind}"
        begun = time.perf_counter()
        rows = write(table(count), path, kind)
        seconds = time.perf_counter() - begun
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        size = path.stat().st_size / 2**20
        took = f"{seconds:7.1f} s {cpu:7.1f} CPU s {peak:7.0f} MiB at most"
        print(f"{kind:8} {rows:>9,} rows {took} {size:7.0f} MiB written", flush=True)


def main() -> None:
    """Measure the bare making of rows first, then each format."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    begun = time.perf_counter()
    sum(1 for _row in islice(table(count).rows, count))
    print(f"rows alone {time.perf_counter() - begun:.1f} s", flush=True)
    for kind in sys.argv[2:] or FORMATS:
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(kind, count))
        process.start()
        process.join()


if __name__ == "__main__":
    main()
