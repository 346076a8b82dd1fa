"""A made-up shop for tests: two stations in two timezones, and orders files as its system writes them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from revisit.records.organisation import Organisation, Unit
from revisit.settings import OrdersMapping, Settings, Workspace
from revisit.visits.answers_file import AnswersReading
from revisit.visits.dispositions_file import DispositionsReading
from revisit.visits.orders_file import Reading, read_orders

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)  # noon in Shanghai

LAKESIDE = Unit("lakeside", "demo/lakeside", "station", "Lakeside", {"zh-Hans": "湖滨站"}, "Asia/Shanghai")
HARBOUR = Unit("harbour", "demo/harbour", "station", "Harbour", {"zh-Hant": "海港站"}, "Europe/Berlin")
ROOT = Unit("demo", "demo", "headquarters", "Demo Motors", {"zh-Hans": "示范汽车"}, "Asia/Shanghai")


def shop(root: Path, *units: Unit, **orders: Any) -> Settings:
    """Give the settings of the shop; ``orders`` are those of its mapping."""
    return Settings(
        workspace=Workspace(root),
        organisation=Organisation((ROOT, *(units or (LAKESIDE, HARBOUR)))),
        timezone=ZoneInfo("Asia/Shanghai"),
        public_url="https://visit.example.com",
        orders=replace(OrdersMapping(), **orders),
    )


def read_text(root: Path, text: str, *, encoding: str = "utf-8", **options: Any) -> Reading:
    """Write a CSV file and read its orders. ``orders`` among the options are those of the mapping."""
    path = root / "orders.csv"
    path.write_bytes(text.encode(encoding))
    return read_orders(path, shop(root, **options.pop("orders", {})), TODAY, **options)


def faults(reading: Reading | AnswersReading | DispositionsReading) -> list[tuple[int, str]]:
    """Give row and column of each fault."""
    return [(bad.row, bad.column) for bad in reading.bad]
