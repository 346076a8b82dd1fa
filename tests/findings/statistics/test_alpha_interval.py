"""The bootstrap interval of alpha, against a loop over answers drawn one by one."""

import random
from typing import Any

import numpy as np
import pytest

from revisit.findings.counts.columns import Columns, gather
from revisit.findings.statistics.reliability import alpha_interval, dimension_alpha
from tests.findings.samples import answered, make_survey, response, scale

THREE = make_survey([scale("a", "speed"), scale("b", "speed"), scale("c", "speed", reverse=True), scale("d", "price")])
ITEMS = ("a", "b", "c")


def made(count: int, *, same: bool = False) -> Columns:
    chance, rows = random.Random(4), []  # noqa: S311
    for at in range(count):
        mood = chance.gauss(4, 1)
        said = {name: 3 if same else min(5, max(1, round(chance.gauss(mood, 0.8)))) for name in ITEMS}
        said["c"] = 6 - said["c"]
        rows.append(response(f"r{at:04}", answered(**said, d=4)))
    return gather(rows, THREE)


def alpha_of(table: Any) -> float:
    """Give Cronbach's alpha by its definition, from rows of turned answers."""
    return float(1.5 * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1)))


def turned(columns: Columns) -> Any:
    return np.column_stack([columns.values["a"], columns.values["b"], 6 - columns.values["c"]])


def test_it_is_that_of_a_loop_that_draws_answers_one_by_one() -> None:
    columns = made(400)
    found, table, chance = alpha_interval(columns, "speed"), turned(columns), np.random.default_rng(9)
    drawn = [alpha_of(table[chance.integers(0, len(table), len(table))]) for _ in range(4000)]
    assert found is not None
    assert (found["low"], found["high"]) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.006)
    assert (found["method"], found["approximate"]) == ("bootstrap", True)
    whole = dimension_alpha(columns, "speed")
    assert whole == pytest.approx(alpha_of(table), abs=1e-12)
    assert found["low"] < whole < found["high"]


def test_where_outlets_stand_for_all_outlets_are_drawn() -> None:
    columns = made(400)
    mood = turned(columns).sum(axis=1) + np.random.default_rng(1).normal(0, 3, 400)
    place = np.argsort(np.argsort(mood)) // 40
    sampled = columns.with_outlets(place)
    found, plain = alpha_interval(sampled, "speed"), alpha_interval(columns, "speed")
    table, chance, drawn = turned(columns), np.random.default_rng(9), []
    for _ in range(4000):
        outlets = chance.integers(0, 10, 10)
        drawn.append(alpha_of(np.concatenate([table[place == outlet] for outlet in outlets])))
    assert found is not None
    assert plain is not None
    assert found["method"] == "bootstrap_outlets"
    assert (found["low"], found["high"]) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)
    assert found["high"] - found["low"] > plain["high"] - plain["low"]


def test_there_is_none_below_three_hundred_without_spread_or_of_one_item() -> None:
    assert alpha_interval(made(300), "speed") is not None
    assert alpha_interval(made(299), "speed") is None
    assert alpha_interval(made(300, same=True), "speed") is None
    assert alpha_interval(made(300), "price") is None


def test_the_order_of_answers_changes_nothing() -> None:
    columns = made(320)
    assert alpha_interval(columns.pick(np.arange(320)[::-1]), "speed") == alpha_interval(columns, "speed")  # type: ignore[arg-type]
