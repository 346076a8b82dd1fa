"""How long a million made-up responses take to export in each format from each store, and in how much memory.

    python bench/export.py                               each format from rows that are made as they are asked for
    python bench/export.py 1000000 csv sav               some of them
    python bench/export.py 1000000 --store folder csv    from a workspace's own folder, orders and customers looked up
    python bench/export.py 1000000 --store postgres csv  from a PostgreSQL server of its own

Each format is written by a process of its own, so that its greatest resident memory is its alone.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from revisit.flows.reporting.export import Job
from revisit.flows.reporting.write_export import write_apart
from revisit.forms.versions import keep
from revisit.records.orders import Contact, RepairOrder
from revisit.records.organisation import Organisation, Unit
from revisit.records.responses import Answer, Response
from revisit.records.survey import Choice, Privacy, Question, Section, Survey
from revisit.records.visits import Visit
from revisit.reports.exports import FORMATS, write
from revisit.reports.exports import responses as responses_table
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Table
from revisit.settings import Settings, Workspace
from revisit.store import codec, open_store
from revisit.store.contents import Row
from revisit.store.partitions import FULL
from revisit.store.protocol import Store
from tests.store.postgres import running

ROWS = 1_000_000
ITEMS = 12
STATIONS = 500
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)
DAYS = (LAST - FIRST).days + 1
POINTS = tuple(Choice(str(code), f"Point {code}") for code in range(1, 6))
STATES = (Answer("answered", 5), Answer("answered", 4), Answer("blank"), Answer("na"), Answer("answered", 1))
WORDS = ("The car was ready in time.", "Call me: +86 130 0000 0012", "=1+1", "车洗得很干净。", "")
UNITS = (
    Unit("demo", "demo", "headquarters", "Demo"),
    *(Unit(f"s{number}", f"demo/s{number}", "station", f"Station {number}") for number in range(STATIONS)),
)


def survey() -> Survey:
    """Make a survey of twelve items and a comment."""
    items = tuple(
        Question(f"item_{number}", "satisfaction", f"Item {number}", choices=POINTS) for number in range(ITEMS)
    )
    sections = (Section("all", "All", (*items, Question("comment", "text", "What else?"))),)
    return Survey("repair", "en", "Repair", sections, Privacy("", "", "", ""), form_hash="f" * 16, text_hash="a" * 16)


def made_up(count: int) -> Iterator[Response]:
    """Give responses one after another; none is kept. Each day of a year has its share, the first day first."""
    answers = cycle(STATES)
    for number in range(count):
        held = {f"item_{item}": next(answers) for item in range(ITEMS)}
        words = WORDS[number % len(WORDS)]
        held["comment"] = Answer("answered", words) if words else Answer("blank")
        day = FIRST + timedelta(days=number * DAYS // count)
        at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC) + timedelta(seconds=number % 3600)
        yield Response(
            *(f"{number:064x}", "abc", "repair", "en", "f" * 16, "a" * 16, f"demo/s{number % STATIONS}/Someone", day),
            *(at, "web", held, "b" * 64),
            visit_id=f"{day:%y%m}-v{number:022}",
            duration=float(30 + number % 200),
        )


def table(count: int) -> Table:
    """Give the table that revisit export makes of them, free words covered."""
    cover = Cover(Organisation(UNITS), "en")
    rows: Iterator[Sequence[Cell]] = responses_table.rows(survey(), made_up(count), cover)
    return Table("responses", "Responses", responses_table.columns(survey()), rows, ZoneInfo("Asia/Shanghai"), NOW)


def fill(store: Store, count: int) -> None:
    """File the responses with their visits, orders and customers."""
    responses = made_up(count)
    while group := list(islice(responses, FULL)):
        name = store.partition("repair", group[0].day)
        store.copy_in("responses", [{**codec.dump(response), "partition": name} for response in group])
    months: dict[str, list[Response]] = {}
    for response in made_up(count):
        month = f"{response.day:%y%m}"
        if month not in months:
            _fill_month(store, months.popitem()[1] if months else [])
        months.setdefault(month, []).append(response)
    _fill_month(store, months.popitem()[1])


def _fill_month(store: Store, responses: list[Response]) -> None:
    orders: list[Row] = []
    visits: list[Row] = []
    contacts: list[Row] = []
    for response in responses:
        number = (response.visit_id or "").replace("-v", "-o")
        unit = response.unit.rpartition("/")[0]
        contact = Contact(number, "Test Customer", "+8613000000012")
        facts = {"payer": "customer"}
        held = (number, number[5:], unit, response.day, contact.id)
        order = RepairOrder(*held, plate="沪A00012", engineer="Someone", adviser="Another", facts=facts)
        due = response.received_at
        visit = Visit(response.visit_id or "", number, "repair", response.unit, response.day, due, due)
        for rows, record in ((orders, order), (visits, visit), (contacts, contact)):
            rows.append(codec.dump(record))
    for name, rows in (("contacts", contacts), ("orders", orders), ("visits", visits)):
        store.copy_in(name, rows)


def measure(kind: str, count: int, root: Path | None, export: str) -> None:
    """Write one file and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{kind}"
        begun = time.perf_counter()
        if root is None:
            rows = write(table(count), path, kind)
        else:
            settings = Settings(Workspace(root), Organisation(UNITS), ZoneInfo("Asia/Shanghai"))
            rows = write_apart((Job(settings, export, "repair", UNITS[0], FIRST, LAST, NOW, format=kind), path))
        seconds = time.perf_counter() - begun
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        size = path.stat().st_size / 2**20
        took = f"{seconds:7.1f} s {cpu:7.1f} CPU s {peak:7.0f} MiB at most"
        print(f"{export:9} {kind:8} {rows:>9,} rows {took} {size:7.0f} MiB written", flush=True)


def main() -> None:
    """Fill a store where one is asked for, then measure each format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--store", choices=["folder", "postgres"])
    parser.add_argument("--kind", choices=["responses", "orders", "visits"], default="responses")
    asked = parser.parse_args()
    with ExitStack() as stack:
        root = None
        if asked.store is not None:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            if asked.store == "postgres":
                os.environ["REVISIT_STORE"] = stack.enter_context(running(fsync="off")).new_database()
            keep(Workspace(root).versions, survey())
            begun = time.perf_counter()
            with closing(open_store(Workspace(root), lean=True)) as store:
                fill(store, asked.rows)
            print(f"{asked.store} filled in {time.perf_counter() - begun:.0f} s", flush=True)
        for kind in asked.formats or FORMATS:
            process = multiprocessing.get_context("spawn").Process(
                target=measure, args=(kind, asked.rows, root, asked.kind)
            )
            process.start()
            process.join()


if __name__ == "__main__":
    main()
