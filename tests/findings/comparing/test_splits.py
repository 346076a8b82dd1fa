from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from revisit.findings.comparing.splits import OTHER, UNKNOWN, divide, splits
from revisit.findings.evidence import Evidence
from revisit.records.periods import Period
from revisit.records.responses import Response
from revisit.store.codec import dump
from tests.findings.samples import CUTOFF, REPAIR, answered, made_organisation, response

STATIONS = ("harbour", "hillside", "lakeside", "north", "riverside", "west")
QUARTER = Period.parse("2026-Q3")


def answers(payers: dict[str, int], overall: Mapping[str, tuple[int, ...]], *, units: int = 6) -> list[Response]:
    """Give so many answers of each payer in every station and month of the quarter, drawn from some values."""
    made, chance = [], Random(1)  # noqa: S311 — made-up answers, no secrets
    for station in STATIONS[:units]:
        for month in (7, 8, 9):
            for payer, count in payers.items():
                for number in range(count):
                    values = answered(overall=chance.choice(overall[payer]), fixed=chance.choice(["yes", "yes", "no"]))
                    day = QUARTER.first.replace(month=month, day=1 + number % 28)
                    one = response(f"{station}{month}{payer}{number}", values, unit=f"network/{station}", day=day)
                    made.append(replace(one, facts={"payer": payer} if payer else {}))
    return made


def told(responses: list[Response], unit: str = "network") -> list[dict[str, Any]]:
    organisation = made_organisation(STATIONS)
    found = organisation.unit(unit)
    assert found is not None
    evidence = Evidence(REPAIR, organisation, found, QUARTER, CUTOFF, responses, ())
    return splits(evidence, [dump(one) for one in responses])


def test_it_tells_groups_apart_and_compares_each_with_all_the_others() -> None:
    values = {"customer": (1, 2, 3, 4), "warranty": (4, 5, 5)}
    found = told(answers({"customer": 14, "warranty": 12}, values))
    assert [block["fact"] for block in found] == ["payer"]
    customer, warranty = found[0]["rows"]
    assert (customer["value"], customer["n"]) == ("customer", 252)
    assert (warranty["value"], warranty["n"]) == ("warranty", 216)
    assert customer["difference"]["value"] == pytest.approx(-warranty["difference"]["value"])
    assert customer["difference"]["verdict"] == "down"
    assert customer["difference"]["value"] == pytest.approx(customer["overall"]["value"] - warranty["overall"]["value"])
    assert warranty["csat"]["value"] == 1.0
    assert warranty["csat"]["low"] < 1.0


def test_it_shows_no_group_where_any_of_them_has_a_few_answers() -> None:
    values = {"customer": (3, 4, 5), "warranty": (3, 4, 5)}
    known = answers({"customer": 20, "warranty": 12}, values)
    assert told(known)
    # in one station the warranty paid for three repairs: with all others told apart, these could be worked out
    few = [one for one in known if not (one.unit.endswith("west") and one.facts["payer"] == "warranty")]
    west = [one for one in known if one.unit.endswith("west") and one.facts["payer"] == "warranty"][:3]
    assert told(few + west, "network/west") == []
    # and the station beside it that protects these three shows no groups either
    beside = [name for name in STATIONS if told(few + west, f"network/{name}") == []]
    assert len(beside) > 1


def test_it_tells_rare_values_together_and_the_same_everywhere() -> None:
    found = ["customer"] * 80 + ["warranty"] * 15 + ["insurance"] * 9 + ["internal"] * 3
    assert divide(found, "payer") == {
        "customer": ("customer",),
        "warranty": ("warranty",),
        OTHER: ("insurance", "internal"),
    }


def test_it_calls_answers_without_an_order_unknown() -> None:
    assert divide(["customer"] * 50 + [""] * 30, "payer") == {"customer": ("customer",), UNKNOWN: ("",)}


def test_it_lets_the_smallest_common_value_join_rare_ones_that_are_too_few() -> None:
    found = ["customer"] * 80 + ["warranty"] * 40 + ["insurance"] * 2
    assert divide(found, "payer") == {"customer": ("customer",), OTHER: ("insurance", "warranty")}


def test_it_tells_nothing_apart_where_there_is_one_group() -> None:
    assert told(answers({"customer": 12}, {"customer": (3, 4, 5)})) == []
