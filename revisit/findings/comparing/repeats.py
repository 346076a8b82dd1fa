"""Repeats: repairs whose vehicle or machine came back with the same fault, counted from the orders by model."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from revisit.findings.scoring import scores
from revisit.findings.withholding.suppression import LEAST
from revisit.records.orders import RepairOrder

# Within so many days the same fault counts as the same.
WITHIN = 90
# So many models are told by name; the rest are told together.
MOST = 8
REPAIR = "repair"
OTHER = "other"


def repeats(orders: Iterable[RepairOrder], first: date, last: date) -> dict[str, Any] | None:
    """Count the repairs from ``first`` to ``last`` and how many repeat a fault of the same asset; None without repairs.

    An order repeats another when plate and symptom are the same (case and spaces aside) and the other was closed at
    most 90 days before. ``orders`` hold the days before ``first`` as well. A model with fewer than ten repairs is told
    together with the others. Orders without plate or symptom cannot be told apart and are counted in ``unknown`` alone;
    ``earlier`` are those of the days before that can.
    """
    seen: dict[tuple[str, str], date] = {}
    models: dict[str, list[bool]] = {}
    unknown = earlier = 0
    for order in sorted(orders, key=lambda one: (one.closed_on, one.id)):
        if order.facts.get("kind", REPAIR) != REPAIR or order.closed_on > last:
            continue
        fault = _plain(order.plate), _plain(order.symptom)
        if not all(fault):
            unknown += order.closed_on >= first
            continue
        before = seen.get(fault)
        earlier += order.closed_on < first
        if order.closed_on >= first:
            again = before is not None and order.closed_on - before <= timedelta(days=WITHIN)
            models.setdefault(order.asset.strip(), []).append(again)
        seen[fault] = order.closed_on
    if not models:
        return None
    return {
        "within": WITHIN,
        "unknown": unknown,
        "earlier": earlier,
        **_row([one for each in models.values() for one in each]),
        "models": _rows(models),
    }


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _rows(models: dict[str, list[bool]]) -> list[dict[str, Any]]:
    """Give the models with the most repeats first, in equal numbers those with more repairs, the rest together."""
    named = sorted(
        (name for name, found in models.items() if name and len(found) >= LEAST),
        key=lambda name: (-sum(models[name]), -len(models[name]), name),
    )[:MOST]
    rest = [again for name, found in models.items() if name not in named for again in found]
    rows = [{"model": name, **_row(models[name])} for name in named]
    return [*rows, {"model": OTHER, **_row(rest)}] if rest else rows


def _row(found: list[bool]) -> dict[str, Any]:
    share = scores.share(sum(found), len(found))
    return {"repeated": sum(found), **({"n": len(found)} if share is None else share.plain())}
