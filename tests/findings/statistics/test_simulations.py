"""The pass marks of docs/methods.md, by the program's own functions on seeded draws."""

import pytest

from tests.findings.sampled_simulation import sampled_coverage
from tests.findings.simulated import SHAPES
from tests.findings.simulations import (
    DRIVERS,
    MAIN,
    STRESS,
    cluster_coverage,
    dimension_coverage,
    drivers,
    false_changes,
    false_changes_alone,
    false_signals,
    flags,
    shrunken,
    shrunken_shares,
    tilted,
    truth,
    weighted_coverage,
)


def test_a_tilted_shape_has_the_mean_it_should_have() -> None:
    made = tilted(SHAPES["typical"], -0.3)
    assert made.sum() == pytest.approx(1)
    assert truth(made.tolist()) == pytest.approx(truth(SHAPES["typical"]) - 0.3 / 4, abs=1e-9)


def test_a_quick_run_of_each_decision_keeps_its_mark() -> None:
    # Few draws: the marks here leave three standard errors of chance.
    assert dimension_coverage("typical", 10, 400) >= 0.94
    assert min(cluster_coverage("typical", 10, 0.05, 400)) >= 0.89
    assert min(sampled_coverage("typical", 8, 0.05, 150).values()) >= 0.87
    assert max(false_changes(8, 0.02, 150).values()) <= 0.12
    assert false_signals(12, 300)["xmr"] <= 0.07
    assert min(weighted_coverage(100, 150)) >= 0.88
    assert shrunken_shares(8, 0.05, 15) >= 0.88


@pytest.mark.full
@pytest.mark.parametrize("n", [5, 10, 30, 100])
def test_the_interval_of_a_dimension_covers(n: int) -> None:
    for shape in MAIN:
        assert dimension_coverage(shape, n, 10_000) >= (0.94 if n != 100 else 0.94 - 0.002)
    for shape in STRESS:
        assert dimension_coverage(shape, n, 10_000) >= 0.89


@pytest.mark.full
@pytest.mark.parametrize("shape", ["typical", "ceiling"])
@pytest.mark.parametrize("groups", [6, 10, 20])
@pytest.mark.parametrize("icc", [0.0, 0.02, 0.05, 0.1])
def test_the_intervals_of_clustered_answers_cover(shape: str, groups: int, icc: float) -> None:
    # 93 %, less two standard errors of 4,000 draws.
    assert min(cluster_coverage(shape, groups, icc, 4000)) >= 0.93 - 0.008


@pytest.mark.full
@pytest.mark.parametrize("shape", ["typical", "ceiling"])
@pytest.mark.parametrize("groups", [6, 10, 20])
@pytest.mark.parametrize("icc", [0.0, 0.05, 0.1])
def test_the_figures_of_a_sample_of_outlets_cover(shape: str, groups: int, icc: float) -> None:
    # 93 %, less two standard errors of 1,000 draws.
    assert min(sampled_coverage(shape, groups, icc, 1000).values()) >= 0.93 - 0.016


@pytest.mark.full
@pytest.mark.parametrize("shape", ["typical", "ceiling"])
def test_equal_branches_are_seldom_called_worse(shape: str) -> None:
    for found in flags(shape, 0.0, 200).values():
        assert found.any_false <= 0.05 + 0.03


@pytest.mark.full
@pytest.mark.parametrize("shift", [0.3, 0.5])
def test_few_of_those_called_worse_are_not(shift: float) -> None:
    for found in flags("typical", shift, 100).values():
        assert found.fdr <= 0.05
        assert found.power > 0


@pytest.mark.full
@pytest.mark.parametrize("units", [8, 20, 60])
@pytest.mark.parametrize("tau", [0.0, 0.15, 0.3, 0.5])
def test_the_action_list_is_right_and_shrunken_intervals_cover(units: int, tau: float) -> None:
    found, covered = shrunken(units, tau, max(100, 4000 // units))
    assert found.fdr <= 0.05
    assert covered >= 0.93 - 0.01


@pytest.mark.full
@pytest.mark.parametrize("units", [8, 20, 60])
@pytest.mark.parametrize("tau", [0.0, 0.05, 0.1])
def test_intervals_of_shrunken_shares_cover(units: int, tau: float) -> None:
    assert shrunken_shares(units, tau, max(20, 3000 // units)) >= 0.93 - 0.01


@pytest.mark.full
@pytest.mark.parametrize("name", list(DRIVERS))
def test_drivers_are_seldom_told_apart_wrongly(name: str) -> None:
    wrong, leads, _size = drivers(name, 300, 100)
    assert wrong <= (0.09 if name == "equal" else 0.05 + 0.02)
    assert leads >= 0.95


@pytest.mark.full
@pytest.mark.parametrize(("groups", "draws"), [(8, 10_000), (20, 10_000), (50, 4000)])
@pytest.mark.parametrize("extra", [0.0, 0.02, 0.05])
def test_steady_networks_are_seldom_said_to_change(groups: int, extra: float, draws: int) -> None:
    assert max(false_changes(groups, extra, draws).values()) <= 0.06


@pytest.mark.full
@pytest.mark.parametrize("shape", ["typical", "ceiling"])
@pytest.mark.parametrize(("now", "before"), [(10, 100), (30, 300), (50, 50)])
def test_a_steady_outlet_is_seldom_said_to_change(shape: str, now: int, before: int) -> None:
    assert max(false_changes_alone(shape, now, before, 40_000)) <= 0.06


@pytest.mark.full
@pytest.mark.parametrize("months", [12, 24])
def test_steady_charts_seldom_show_a_signal(months: int) -> None:
    assert max(false_signals(months, 10_000).values()) <= 0.10


@pytest.mark.full
@pytest.mark.parametrize("n", [100, 300])
def test_weighted_intervals_cover(n: int) -> None:
    assert min(weighted_coverage(n, 10_000)) >= 0.94
