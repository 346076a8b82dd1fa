"""A workspace with a published survey, orders and a store, for tests of the flows."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from revisit.flows.office import Office
from revisit.flows.visiting import intake
from revisit.flows.visiting.asking import asking
from revisit.forms.library import read_library
from revisit.forms.versions import keep
from revisit.settings import new_keys
from revisit.store import open_store
from tests.visits.shop import NOW, shop

SURVEY = """---
title: How was your repair?
language: en
weights: {speed: 50, price: 50}
send_after: 24h
expires_after: 15d
privacy: {who: Demo Motors, contact: privacy@example.com, purpose: to improve, kept: 24 months}
---

## Speed {: dimension=speed }

### The work was finished on time. {: #on_time .satisfaction na }

## Price {: dimension=price show-if="order.payer = customer" }

### The price was reasonable. {: #price_fair .satisfaction }

## And overall

### Overall, how satisfied are you? {: #overall .satisfaction required }

### Was the fault fixed the first time? {: #fixed .choice required }
- yes: Yes
- partly: Partly
- no: No

### What should we have done better? {: #comment .text show-if="fixed != yes or overall <= 3" }
"""

HEADER = "number,closed on,station,customer,mobile,email,language,payer\n"
ORDERS = (
    "A1,2026-11-20,Lakeside,样例甲,13000000012,,,customer\n"
    "A2,2026-11-20,Lakeside,样例乙,,two@example.com,en,warranty\n"
    "A3,2026-11-19,Harbour,样例丙,13000000014,three@example.com,zh-Hant,customer\n"
    "A4,2026-11-19,Harbour,样例丁,13000000015,,,internal\n"
    "A5,2026-09-01,Lakeside,样例戊,13000000016,,,customer\n"
)


@dataclass
class House:
    """The office of a made-up shop, with a clock that tests set."""

    office: Office
    now: datetime

    def write(self, name: str, text: str) -> Path:
        path = self.office.settings.workspace.root / name
        path.write_text(text, encoding="utf-8")
        return path

    def bring_in(self, text: str = ORDERS, **source: Any) -> intake.Imported:
        """Import orders from a CSV text without its header."""
        settings = self.office.settings
        reading = intake.read(self.write("orders.csv", HEADER + text), settings, self.now)
        assert reading.bad == []
        return intake.import_orders(
            self.office, reading, intake.Source("orders.csv", asking(settings, "repair"), **source)
        )

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def on_disk(self) -> dict[str, bytes]:
        """Give every data file, to compare."""
        data = self.office.settings.workspace.data
        return {str(path.relative_to(data)): path.read_bytes() for path in sorted(data.rglob("*.json"))}


@contextmanager
def house(root: Path, url: str = "", *, published: bool = True, **settings: Any) -> Iterator[House]:
    made = replace(shop(root), **settings)
    made.workspace.surveys.mkdir(parents=True)
    (made.workspace.surveys / "repair.md").write_text(SURVEY, encoding="utf-8")
    if published:
        library, _problems = read_library(made.workspace.surveys)
        survey = library.survey("repair", "en")
        assert survey is not None
        keep(made.workspace.versions, survey)
    with closing(open_store(made.workspace, url)) as store:
        place = House(Office(store, made, new_keys(), lambda: place.now), NOW)
        yield place
