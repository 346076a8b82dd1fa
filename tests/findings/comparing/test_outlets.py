from random import Random

import numpy as np
import pytest

from revisit.findings.comparing.outlets import Leaves, by_chance, expected, outlets
from revisit.findings.evidence import Evidence
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.responses import Response
from tests.findings.samples import CUTOFF, REPAIR, answered, response

QUARTER = Period.parse("2026-Q3")


def tree(regions: int = 2, each: int = 4) -> Organisation:
    """Give a headquarters with regions and outlets in them."""
    root = Unit("network", "network", "headquarters", "Example Motors", timezone="Asia/Shanghai")
    units = [root]
    for region in range(regions):
        path = f"network/r{region}"
        units.append(Unit(f"r{region}", path, "region", f"Region {region}", timezone="Asia/Shanghai"))
        names = [f"o{region}{number}" for number in range(each)]
        units += [Unit(name, f"{path}/{name}", "outlet", name, timezone="Asia/Shanghai") for name in names]
    return Organisation(tuple(units))


def filled(organisation: Organisation, low: str = "", few: str = "") -> list[Response]:
    """Give each outlet thirty answers a month; one is rated low, one has two answers a month only."""
    chance, made = Random(4), []  # noqa: S311 — made-up answers, no secrets
    for unit in organisation.units:
        if unit.kind != "outlet":
            continue
        for month in (7, 8, 9):
            for number in range(2 if unit.id == few else 30):
                points = (1, 2, 2, 3) if unit.id == low else (3, 4, 4, 5, 5)
                values = answered(overall=chance.choice(points), on_time=chance.choice(points))
                day = QUARTER.first.replace(month=month, day=1 + number % 28)
                made.append(response(f"{unit.id}{month}{number}", values, unit=unit.path, day=day))
    return made


def leaves(organisation: Organisation, unit: str, responses: list[Response]) -> Leaves:
    found = organisation.unit(unit)
    assert found is not None
    return Leaves(REPAIR, organisation, found, QUARTER, CUTOFF, responses, ())


def test_it_compares_all_outlets_of_a_network_and_marks_the_one_that_differs() -> None:
    organisation = tree()
    found = outlets(leaves(organisation, "network", filled(organisation, low="o12")))
    assert [row["unit"] for row in found["units"]] == [one.id for one in organisation.units if one.kind == "outlet"]
    marks = {row["unit"]: row["flag"] for row in found["units"]}
    assert marks["o12"] == "materially_below"
    assert "below" not in {flag for name, flag in marks.items() if name != "o12"}
    assert found["comparison"]["metrics"]["overall"]["units"] == 8
    assert all("dimensions" not in row for row in found["units"])


def test_it_withholds_an_outlet_of_few_answers_and_one_beside_it_and_says_why() -> None:
    organisation = tree()
    found = outlets(leaves(organisation, "network", filled(organisation, few="o03")))
    hidden = {row["unit"]: row["reason"] for row in found["units"] if row["score"] is None}
    assert hidden.pop("o03") == "fewer_than_10"
    assert set(hidden.values()) == {"protects_another"}
    assert len(hidden) == 1


def test_it_takes_the_outlets_below_a_region_alone() -> None:
    organisation = tree()
    found = outlets(leaves(organisation, "r1", filled(organisation)))
    assert [row["unit"] for row in found["units"]] == ["o10", "o11", "o12", "o13"]


def test_it_draws_the_range_of_chance_around_the_figure_of_the_network() -> None:
    organisation = tree()
    responses = filled(organisation)
    whole = leaves(organisation, "network", responses)
    found = expected(leaves(organisation, "o00", responses), whole)
    assert found is not None
    assert set(found["dimensions"]) == {"speed"}
    band = found["dimensions"]["speed"]
    assert band["outlets"] == 8
    assert band["low"] < band["centre"] < band["high"]
    # half the width is near two standard errors of ninety answers
    error = np.std([50, 75, 75, 100, 100]) / 90**0.5
    assert (band["high"] - band["low"]) / 2 == pytest.approx(1.96 * error, rel=0.15)


def test_it_draws_no_range_from_fewer_than_five_outlets_or_around_a_withheld_unit() -> None:
    small = tree(regions=1, each=4)
    answers = filled(small)
    assert expected(leaves(small, "o00", answers), leaves(small, "network", answers)) is None
    wide = tree()
    answers = filled(wide, few="o03")
    assert expected(leaves(wide, "o03", answers), leaves(wide, "network", answers)) is None


@pytest.mark.parametrize("n", [10, 60, 2500])
def test_its_range_of_chance_holds_ninety_five_of_a_hundred_drawn_means(n: int) -> None:
    pooled = np.array([3, 5, 12, 40, 40])
    low, high = by_chance(pooled, n)
    drawn = np.random.default_rng(7).choice(5, size=(4000, n), p=pooled / pooled.sum()).mean(axis=1) / 4
    inside = ((drawn >= low - 1e-12) & (drawn <= high + 1e-12)).mean()
    assert 0.94 <= inside <= 0.985


def test_it_is_evidence_like_any_other_but_for_its_children() -> None:
    organisation = tree()
    responses = filled(organisation)
    plain = Evidence(REPAIR, organisation, organisation.root, QUARTER, CUTOFF, responses, ())
    assert [one.id for one in plain.children] == ["r0", "r1"]
    assert leaves(organisation, "network", responses).tally.n == plain.tally.n
