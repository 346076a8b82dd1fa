"""The sample's past: what became of earlier orders, as another tool would hand it over in two files."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from revisit.records.responses import Mode
from revisit.visits.sample import SEED
from revisit.visits.sample.orders import SampleOrder

# What became of those who could be asked, in per cent. Who was not even tried stays without a word.
OUTCOMES: tuple[tuple[str, int], ...] = (
    ("answered", 56),
    ("tried", 19),
    ("declined", 6),
    ("unreachable", 8),
    ("excluded", 4),
    ("", 7),
)
REASONS: tuple[tuple[str, int], ...] = (("asset_sold", 40), ("duplicate", 30), ("opted_out", 30))
MODES: tuple[tuple[Mode, int], ...] = (("web", 74), ("phone", 26))


@dataclass(frozen=True, slots=True)
class Past:
    """What became of one earlier order. ``at`` is the local time of the answer or of the last try."""

    order: SampleOrder
    what: str
    reason: str
    mode: Mode
    at: datetime


def past(order: SampleOrder) -> Past:
    """Give what became of an order that is long closed, the same every time."""
    chance = Random(f"{SEED} past {order.number}")  # noqa: S311  # a sample must come out the same again
    what = chance.choices(*zip(*OUTCOMES, strict=True))[0]
    reason = chance.choices(*zip(*REASONS, strict=True))[0] if what == "excluded" else ""
    mode = chance.choices(*zip(*MODES, strict=True))[0]
    if order.payer == "internal":
        what, reason = "excluded", "internal_order"
    days = 1 + min(12, int(chance.expovariate(0.6)))
    at = datetime.combine(order.closed_on, time(10)) + timedelta(days=days, minutes=chance.randrange(9 * 60))
    return Past(order, what, reason, mode, at)


def answers_file(answered: Sequence[tuple[Past, str, Mapping[str, str]]], questions: Sequence[str]) -> bytes:
    """Give the file of answers: one row a person (what became of the order, their language, their answers by id)."""
    rows = [
        (
            *(one.order.number, one.order.station.name, f"{one.at:%Y-%m-%d %H:%M}", one.mode, language),
            *(answers.get(name, "") for name in questions),
        )
        for one, language, answers in answered
    ]
    return _csv(("order number", "station", "submitted at", "mode", "language", *questions), rows)


def dispositions_file(others: Sequence[Past]) -> bytes:
    """Give the file of orders that brought no answer, each with what became of it."""
    rows = [
        (one.order.number, one.order.station.name, one.what, one.reason, f"{one.at:%Y-%m-%d}")
        for one in others
        if one.what
    ]
    return _csv(("order number", "station", "disposition", "reason", "date"), rows)


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
