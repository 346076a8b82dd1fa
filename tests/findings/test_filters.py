"""Findings narrowed to a mode or a language: what is counted, and that no subtraction gives a few answers away."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pytest

from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.findings.withholding.pool import REST, Pool
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.responses import Mode, Response
from tests.findings.samples import CUTOFF, REPAIR, answered, made_answers, made_evidence, response

NETWORK = made_evidence()
UNITS = ("r", "r/a", "r/a/x", "r/a/y", "r/b", "r/b/z", "r/b/w", "r/c")
MODES: tuple[Mode, ...] = ("web", "phone", "paper")
MONTHS = [Period.parse(f"2026-{month:02}") for month in range(1, 13)]
PERIODS = [Period.parse("2026"), *(Period.parse(f"2026-Q{quarter}") for quarter in range(1, 5)), *MONTHS]


def test_a_mode_alone_counts_its_own_answers_and_all_visits() -> None:
    every, web = summarise(NETWORK), summarise(replace(NETWORK, mode="web"))
    assert web["filter"] == {"mode": "web", "language": None}
    assert web["coverage"] == every["coverage"]
    assert web["responses"]["n"] == every["modes"]["web"]["answers"]
    assert web["items"]["overall"]["score"] == every["modes"]["web"]["score"]
    assert {row["path"]: row["reason"] for row in web["suppressed"]}["weighted"] == "narrowed"
    assert web["period"]["free_period"] is False


def test_a_language_alone_is_outside_the_guarantee() -> None:
    answers = [
        replace(one, language="zh-Hans") if place % 2 else one
        for place, one in enumerate(NETWORK.responses)
        if isinstance(one, Response)
    ]
    found = summarise(replace(NETWORK, responses=answers, language="zh-Hans"))
    assert found["period"]["free_period"] is True
    assert 0 < found["responses"]["n"] < summarise(NETWORK)["responses"]["n"]
    assert summarise(replace(NETWORK, language="zh-Hant"))["csat"]["value"] is None


def few_by_phone() -> list[Response]:
    chance = random.Random(4)  # noqa: S311 — made-up customers
    where = {"network/lakeside": ("web", 60, "phone", 4), "network/harbour": ("web", 50, "phone", 30)}
    return [
        response(f"{unit}{mode}{place}", made_answers(chance), unit=unit, mode=mode)  # type: ignore[arg-type]
        for unit, (one, many, other, few) in where.items()
        for mode, count in ((one, many), (other, few))
        for place in range(int(count))
    ]


def test_a_unit_with_few_answers_of_one_mode_tells_none_apart_in_any_object() -> None:
    evidence = replace(NETWORK, responses=few_by_phone(), visits=())
    lakeside = evidence.organisation.unit("lakeside")
    assert lakeside is not None
    # 4 of 34 by phone: 110 in all less 80 by web would be 30 and 4, so neither the unit nor its sibling shows a mode.
    for unit in (lakeside, evidence.organisation.unit("harbour")):
        assert unit is not None
        narrowed = summarise(replace(evidence, unit=unit, mode="web"))
        assert narrowed["csat"]["value"] is None
        assert {block["n"] for block in summarise(replace(evidence, unit=unit))["modes"].values()} == {None}
    whole = summarise(evidence)["modes"]
    assert {name: block["n"] for name, block in whole.items()} == {"web": 110, "phone": 34}


def test_rare_modes_are_told_together_with_another_one() -> None:
    responses = [response(f"w{place}", answered(overall=4)) for place in range(40)]
    responses += [response(f"p{place}", answered(overall=4), mode="phone") for place in range(30)]
    responses += [response(f"x{place}", answered(overall=4), mode="paper") for place in range(3)]
    pool = Pool.of(REPAIR, NETWORK.organisation, responses, (date(2026, 1, 1), date(2026, 12, 31)), CUTOFF)
    assert set(pool.parts("mode", 2026)) == {"web", REST}
    assert set(pool.parts("mode", 2025)) == set()


def drawn(seed: int) -> list[Response]:
    chance = random.Random(seed)  # noqa: S311 — made-up customers
    found = []
    for unit, month, mode in product(UNITS[1:], MONTHS, MODES):
        for place in range(chance.choice((0, 0, 0, 3, 9, 10, 12, 15))):
            day = month.first + timedelta(days=14)
            found.append(
                response(f"{unit}{month.word}{mode}{place}", answered(overall=4), unit=unit, day=day, mode=mode)
            )
    return found


def organisation() -> Organisation:
    kinds = {1: "headquarters", 2: "region", 3: "station"}
    return Organisation(tuple(Unit(path, path, kinds[path.count("/") + 1], path) for path in UNITS))


def given_away(responses: list[Response]) -> list[Any]:
    """Give what shown cells, of all answers and of single modes, tell of 1 to 9 answers: by linear algebra."""
    tree = organisation()
    year = Period.parse("2026")
    base = Evidence(REPAIR, tree, tree.root, year, CUTOFF.replace(year=2027), responses, ())
    base = replace(base, shared=base.pool)
    found = Counter((one.unit, one.day, one.mode) for one in responses)
    atoms = list(product(UNITS[1:], [month.first + timedelta(days=14) for month in MONTHS], MODES))
    sizes = np.array([found[atom] for atom in atoms])
    cells: dict[tuple[str, Period, str | None], np.ndarray] = {}
    shown = []
    every: tuple[Mode | None, ...] = (None, *MODES)
    for unit, period, mode in product(UNITS, PERIODS, every):
        row = np.array(
            [f"{u}/".startswith(f"{unit}/") and period.contains(d) and mode in {None, m} for u, d, m in atoms], float
        )
        cells[unit, period, mode] = row
        seen = replace(base, mode=mode or "")
        if seen.why_not(["items.overall"], unit, period) in {None, "no_answers"}:
            shown.append(row)
    sets = dict(cells)
    for (where, when, one), row in cells.items():
        if one is not None:
            sets[where, when, f"without {one}"] = cells[where, when, None] - row
    names = [name for name, row in sets.items() if 0 < row @ sizes < 10]
    assert shown
    _, values, right = np.linalg.svd(np.array(shown), full_matrices=False)
    basis = right[values > 1e-9]
    few = np.array([sets[name] for name in names])
    distance = np.abs(few - few @ basis.T @ basis).max(axis=1)
    return [name for name, far in zip(names, distance, strict=True) if far < 1e-7]


@pytest.mark.parametrize("seed", range(4))
def test_few_answers_of_a_mode_cannot_be_found_by_subtraction(seed: int) -> None:
    assert given_away(drawn(seed)) == []
