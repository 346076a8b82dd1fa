"""Figures of a part of a unit's answers give nobody away by subtraction from another unit's or period's."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product

import numpy as np
import pytest

from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.records.periods import Period
from revisit.records.responses import Response
from tests.findings.samples import CUTOFF, REPAIR, answered, made_answers, made_organisation, response, visit
from tests.findings.test_filters import MONTHS, PERIODS, UNITS, organisation

ITEM = "items.overall"


def drawn(seed: int) -> list[Response]:
    chance = random.Random(seed)  # noqa: S311 — made-up customers
    return [
        response(
            f"{unit}{month.word}{visit_id}{place}",
            answered(overall=4),
            unit=unit,
            day=month.first + timedelta(days=14),
            visit_id=f"v{unit}{month.word}{place}" if visit_id else None,
        )
        for unit, month, visit_id in product(UNITS[1:], MONTHS, (True, False))
        for place in range(chance.choice((0, 0, 0, 5, 9, 10, 12, 15)))
    ]


def given_away(responses: list[Response], *, guarded: bool) -> list[str]:
    """Give what all answers and those with a visit, of units and periods shown, tell of 1 to 9: by linear algebra."""
    tree, year = organisation(), Period.parse("2026")
    base = Evidence(REPAIR, tree, tree.root, year, CUTOFF.replace(year=2027), responses, ())
    pool = base.pool
    atoms = list(product(UNITS[1:], MONTHS, (True, False)))
    sizes = np.array(
        [
            sum(
                one.unit == unit and month.contains(one.day) and (one.visit_id is not None) == kind for one in responses
            )
            for unit, month, kind in atoms
        ]
    )
    shown, sets = [], {}
    for node, period, kind in product(UNITS, PERIODS, (None, True, False)):
        row = np.array(
            [f"{u}/".startswith(f"{node}/") and period.contains(m.first) and kind in {None, k} for u, m, k in atoms],
            np.float64,
        )
        sets[f"{node} {period.word} {kind}"] = row
        unit = tree.unit(node)
        assert unit is not None
        seen = replace(base, unit=unit, period=period, shared=pool)
        hidden = seen.why_not([ITEM])
        if kind is not None and hidden is None:
            hidden = seen.why_not_apart("visited", pool.columns.visits != "", [ITEM]) if guarded else None
            hidden = hidden or (
                None if min(row @ sizes, (sets[f"{node} {period.word} None"] - row) @ sizes) > 9 else "few"
            )
        if hidden is None:
            shown.append(row)
    few = {name: row for name, row in sets.items() if 0 < row @ sizes < 10}
    _, values, right = np.linalg.svd(np.array(shown), full_matrices=False)
    basis = right[values > 1e-9]
    wanted = np.array(list(few.values()))
    distance = np.abs(wanted - wanted @ basis.T @ basis).max(axis=1)
    return [name for name, far in zip(few, distance, strict=True) if far < 1e-7]


@pytest.mark.parametrize("seed", range(3))
def test_few_answers_with_or_without_a_visit_cannot_be_found_by_subtraction(seed: int) -> None:
    assert given_away(drawn(seed), guarded=True) == []


def test_the_attack_finds_what_ten_of_either_in_each_unit_give_away() -> None:
    assert given_away(drawn(0), guarded=False)


def of(unit_id: str, made: list[Response]) -> dict[str, object]:
    tree = made_organisation(("a", "b", "c"))
    unit = tree.unit(unit_id)
    assert unit is not None
    visits = [visit(one.visit_id, unit=one.unit, day=one.day) for one in made if one.visit_id]
    return summarise(Evidence(REPAIR, tree, unit, Period.parse("2026-08"), CUTOFF, made, visits))


def outlets(*few: int, hurried: bool) -> list[Response]:
    """Give forty answers with a visit at each outlet, and a few more: of a poster, or given in a hurry."""
    chance, made = random.Random(17), []  # noqa: S311 — made-up customers
    for name, count in zip("abc", few, strict=True):
        for place in range(40 + count):
            odd, place_name = place >= 40, f"{name}{place}"
            visit_id = None if odd and not hurried else f"v{place_name}"
            one = response(place_name, made_answers(chance), unit=f"network/{name}", visit_id=visit_id)
            made.append(replace(one, duration=2.0 if odd and hurried else 90.0))
    return made


@pytest.mark.parametrize(("few", "hidden"), [((12, 12, 5), True), ((12, 12, 11), False)])
def test_a_sibling_with_few_of_a_kind_hides_their_figures_everywhere(
    few: tuple[int, int, int], *, hidden: bool
) -> None:
    posters, hurried = outlets(*few, hurried=False), outlets(*few, hurried=True)
    shown = [of(name, posters)["weighted"] is not None for name in ("network", "a", "b")]
    apart = [of(name, hurried)["integrity"]["without"] is not None for name in ("network", "a", "b")]  # type: ignore[index]
    # The whole and one of its parts may stay; the whole less both others would be the few.
    assert (sum(shown), sum(apart)) == ((2, 2) if hidden else (3, 3))


def test_below_ten_nothing_is_told_of_the_answers() -> None:
    found = of("c", outlets(0, 0, 0, hurried=False)[:84])
    assert found["responses"] == {"n": None, "base": "hidden", "poster": None}
    told = found["integrity"]
    assert isinstance(told, dict)
    facts = ("n", "flagged", "identical", "speeding", "repeated", "doubtful", "burst", "without")
    assert [told[name] for name in facts] == [None] * len(facts)
    assert {(one["n"], one["count"]) for one in told["checks"].values()} == {(None, None)}
    suppressed = found["suppressed"]
    assert isinstance(suppressed, list)
    assert {"path": "integrity", "reason": "fewer_than_10"} in suppressed
    assert {"path": "responses", "reason": "fewer_than_10"} in suppressed
