"""Sample repair orders: fourteen months of a made-up dealer, as its system would export them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from revisit.records.organisation import Unit
from revisit.visits.sample import SEED
from revisit.visits.sample.words import ADVISERS, ASSETS, ENGINEERS, JOBS, LANGUAGES, PAYERS, SURNAMES

COUNT = 2400
MONTHS = 14
CUSTOMERS = 1500
ENGINEERS_EACH = 2
# How much of the work each station does; a tree with more stations goes round again.
SHARES = (32, 27, 23, 18)
SUNDAY = 6

HEADERS = (
    *("工单号", "结算日期", "服务站", "客户姓名", "手机", "邮箱", "语言", "车型", "车牌号"),
    *("维修技师", "服务顾问", "故障描述", "付款方式", "维修类型"),
)


@dataclass(frozen=True, slots=True)
class Customer:
    """A made-up customer. Number n has the phone +86 130 0000 n, which belongs to nobody."""

    number: int
    name: str
    language: str
    asset: str

    @property
    def phone(self) -> str:
        """Give the phone number as a dealer's system prints it."""
        return f"130 0000 {self.number:04d}"

    @property
    def email(self) -> str:
        """Give an address in a domain that is kept for examples; every third customer gave none."""
        return f"customer{self.number}@example.com" if self.number % 3 else ""

    @property
    def plate(self) -> str:
        """Give a plate that is plainly made up."""
        return f"沪A{self.number:05d}"


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """One order of the sample. ``station`` is a unit of the organisation, ``payer`` and ``kind`` are order facts."""

    number: str
    closed_on: date
    station: Unit
    customer: Customer
    engineer: str
    adviser: str
    symptom: str
    payer: str
    kind: str

    def row(self) -> tuple[str, ...]:
        """Give the order's row of the export."""
        who = self.customer
        return (
            *(self.number, f"{self.closed_on:%Y/%m/%d}", self.station.name, who.name, who.phone, who.email),
            *(who.language, who.asset, who.plate, self.engineer, self.adviser, self.symptom),
            *(PAYERS[self.payer][1], JOBS[self.kind][1]),
        )


def sample_orders(today: date, stations: Sequence[Unit], count: int = COUNT) -> list[SampleOrder]:
    """Make the orders of the fourteen months up to a day, that day included, oldest first."""
    chance = Random(SEED)  # noqa: S311  # a sample must come out the same again; nothing secret hangs on it
    customers = [_customer(number, chance) for number in range(1, CUSTOMERS + 1)]
    days = [today - timedelta(days=back) for back in range((today - (today - relativedelta(months=MONTHS))).days)]
    weights = [0.4 if day.weekday() == SUNDAY else 1.0 for day in days]
    closed = sorted(chance.choices(days, weights, k=count))
    shares = [SHARES[place % len(SHARES)] for place in range(len(stations))]
    places = chance.choices(range(len(stations)), shares, k=count)
    return [
        _order(number, day, place, stations[place], chance.choice(customers), chance)
        for number, (day, place) in enumerate(zip(closed, places, strict=True), 1)
    ]


def _customer(number: int, chance: Random) -> Customer:
    language = chance.choices(*zip(*LANGUAGES, strict=True))[0]
    asset = chance.choices(*zip(*ASSETS, strict=True))[0]
    return Customer(number, f"{chance.choice(SURNAMES[language])} {number}", language, asset)


def _order(number: int, day: date, place: int, station: Unit, customer: Customer, chance: Random) -> SampleOrder:
    kind = chance.choices(list(JOBS), [share for share, *_rest in JOBS.values()])[0]
    payer = chance.choices(list(PAYERS), [share for share, _word in PAYERS.values()])[0]
    payer = "warranty" if kind == "recall" else payer
    first = place * ENGINEERS_EACH
    engineer = ENGINEERS[(first + chance.randrange(ENGINEERS_EACH)) % len(ENGINEERS)]
    return SampleOrder(
        number=f"RO{number:05d}",
        closed_on=day,
        station=station,
        customer=customer,
        engineer=engineer,
        adviser=chance.choice(ADVISERS),
        symptom=chance.choice(JOBS[kind][2]),
        payer=payer,
        kind=kind,
    )


def export(orders: Sequence[SampleOrder]) -> bytes:
    """Give the orders as the CSV file that a Chinese dealer's system writes: Chinese headers, gb18030."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    writer.writerows(order.row() for order in orders)
    return text.getvalue().encode("gb18030")
