from datetime import date, timedelta

import pytest

from revisit.findings.comparing.repeats import repeats
from revisit.records.orders import RepairOrder

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)


def order(number: int, day: date, plate: str, symptom: str = "brakes squeal", **more: str) -> RepairOrder:
    asset, kind = more.get("asset", "Model A"), more.get("kind", "repair")
    return RepairOrder(
        str(number), str(number), "network/lakeside", day, "c", asset, plate, symptom=symptom, facts={"kind": kind}
    )


def test_it_counts_a_repair_whose_fault_the_same_vehicle_had_within_ninety_days() -> None:
    found = repeats(
        [
            order(1, date(2026, 6, 20), "沪A00001"),
            order(2, date(2026, 7, 15), "沪 a00001", "Brakes  SQUEAL"),  # the same, 25 days later
            order(3, date(2026, 7, 20), "沪A00002"),  # another vehicle
            order(4, date(2026, 8, 1), "沪A00001", "no cold air"),  # another fault
            order(5, date(2026, 8, 2), "沪A00001", kind="service"),  # no repair
        ],
        FIRST,
        LAST,
    )
    assert found is not None
    assert (found["n"], found["repeated"], found["earlier"]) == (3, 1, 1)
    assert found["value"] == pytest.approx(1 / 3)
    assert found["low"] < 1 / 3 < found["high"]


@pytest.mark.parametrize(("days", "again"), [(90, 1), (91, 0)])
def test_it_counts_to_the_ninetieth_day(days: int, again: int) -> None:
    later = date(2026, 9, 30)
    found = repeats([order(1, later - timedelta(days=days), "沪A00001"), order(2, later, "沪A00001")], FIRST, LAST)
    assert found is not None
    assert found["repeated"] == again


def test_it_counts_from_the_last_time_and_leaves_later_orders_out() -> None:
    days = [date(2026, 7, 1), date(2026, 8, 20), date(2026, 9, 30), date(2026, 10, 2)]
    found = repeats([order(number, day, "沪A00001") for number, day in enumerate(days)], FIRST, LAST)
    assert found is not None
    assert (found["n"], found["repeated"]) == (3, 2)


def test_it_names_models_with_ten_repairs_the_most_repeats_first_and_the_rest_together() -> None:
    made = [order(number, FIRST, f"沪A{number:05}", asset="Model A") for number in range(12)]
    made += [order(100 + number, FIRST, f"沪B{number % 8:05}", asset="Model B") for number in range(11)]
    made += [order(200 + number, FIRST, f"沪C{number:05}", asset="Model C") for number in range(9)]
    found = repeats(made, FIRST, LAST)
    assert found is not None
    assert [(row["model"], row["n"], row["repeated"]) for row in found["models"]] == [
        ("Model B", 11, 3),
        ("Model A", 12, 0),
        ("other", 9, 0),
    ]


def test_it_counts_repairs_that_cannot_be_told_apart_by_themselves() -> None:
    found = repeats([order(1, FIRST, ""), order(2, FIRST, "沪A00001", ""), order(3, FIRST, "沪A00003")], FIRST, LAST)
    assert found is not None
    assert (found["n"], found["unknown"]) == (1, 2)
    assert repeats([order(1, FIRST, "")], FIRST, LAST) is None
