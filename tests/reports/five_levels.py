"""A made-up network of five levels, headquarters to engineers, with two thousand answers."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from revisit.forms import versions
from revisit.forms.library import read_library
from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.survey import LANGUAGES
from revisit.records.visits import Visit
from revisit.settings import Settings, defaults, load
from revisit.store.protocol import OrderEntry, Store
from tests.reports.workspaces import answer, keep_keys

ORDERS = 2400  # five of six are answered
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
ENGINEERS = ("Example Li", "Example Wang")
REGIONS = {"north": ("north-a", "north-b"), "south": ("south-a", "south-b")}
HEAD = """
timezone = "Asia/Shanghai"
default_language = "zh-Hans"

[organisation]
id = "net"
name = "Example Network"
names = {zh-Hans = "示例集团", zh-Hant = "示例集團"}
"""


def unit(name: str, kind: str, parent: str = "") -> str:
    above = f'parent = "{parent}"\n' if parent else ""
    return f'\n[[units]]\nid = "{name}"\nname = "{name.title()}"\nkind = "{kind}"\n{above}'


def make_workspace(root: Path) -> Settings:
    """Make the workspace: two regions, four stations, eight outlets; engineers are known from the orders."""
    text = HEAD
    for region, stations in REGIONS.items():
        text += unit(region, "region")
        for station in stations:
            text += unit(station, "station", region)
            text += "".join(unit(f"{station}-{place}", "outlet", station) for place in (1, 2))
    root.mkdir(parents=True, exist_ok=True)
    (root / "revisit.toml").write_text(text, encoding="utf-8")
    keep_keys(root)
    shutil.copytree(defaults() / "surveys", root / "surveys")
    settings = load(root)
    library, problems = read_library(settings.workspace.surveys)
    assert not problems
    for language in LANGUAGES:
        survey = library.survey("repair", language)
        assert survey is not None
        versions.keep(settings.workspace.versions, survey)
    return settings


def fill(store: Store, settings: Settings) -> None:
    """File orders of the third quarter and the months before, their visits, and the answers to most of them."""
    survey = versions.latest(settings.workspace.versions, "repair", "en")
    assert survey is not None
    outlets = [one.path for one in settings.organisation.units if one.kind == "outlet"]
    entries, responses = [], []
    for number in range(ORDERS):
        day = date(2026, 2, 1) + timedelta(days=number * 241 // ORDERS)
        at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        order = RepairOrder(
            new_id(day), f"WO-{number:05}", outlets[number % len(outlets)], day, new_id(day),
            engineer=ENGINEERS[number // len(outlets) % 2], facts={"payer": "customer"}, sample=True,
        )  # fmt: skip
        visit = Visit(
            new_id(day), order.id, "repair", order.earned_by, day, at + timedelta(days=1), at + timedelta(days=16),
            sample=True,
        )  # fmt: skip
        entries.append(OrderEntry(order, Contact(order.contact_id, "Example Customer", "+8613000000012"), visit))
        if number % 6:
            made = answer(survey, number)
            received = at + timedelta(days=2)
            kept = {
                "mode": "web",
                "poster_id": None,
                "visit_id": visit.id,
                "received_at": received,
                "batch_id": "answers",
            }
            responses.append(replace(made, unit=order.earned_by, day=day, **kept))  # type: ignore[arg-type]
    store.add_orders(Batch("orders", "orders.csv", NOW, len(entries), sample=True), entries)
    batch = Batch("answers", "answers.csv", NOW, len(responses), kind="responses", sample=True)
    parts = {response.day.replace(day=1): "" for response in responses}
    parts = {month: store.partition("repair", month) for month in parts}
    store.add_responses(batch, [replace(one, partition=parts[one.day.replace(day=1)]) for one in responses])
