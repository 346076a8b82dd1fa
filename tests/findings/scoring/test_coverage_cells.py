import pytest

from tests.findings.simulated import (
    MIXES,
    SHAPES,
    drawn_mean_coverage,
    mean_coverage,
    nps_coverage,
    share_coverages,
)

MAIN = ("typical", "ceiling", "polar", "symmetric")


@pytest.mark.parametrize("shape", MAIN)
def test_the_interval_of_a_mean_covers_at_ten_answers_and_fewer(shape: str) -> None:
    assert mean_coverage(shape, 5) >= 0.94
    assert mean_coverage(shape, 10) >= 0.94


@pytest.mark.parametrize("shape", MAIN)
def test_the_interval_of_a_mean_covers_at_thirty(shape: str) -> None:
    assert 0.94 <= mean_coverage(shape, 30) <= 0.97


@pytest.mark.parametrize("n", [5, 10, 30])
def test_the_interval_of_a_mean_stands_the_stress_shape(n: int) -> None:
    assert mean_coverage("rare-bad", n) >= 0.89


@pytest.mark.full
@pytest.mark.parametrize("shape", tuple(SHAPES))
def test_the_interval_of_a_mean_covers_at_a_hundred(shape: str) -> None:
    assert drawn_mean_coverage(shape, 100, 10_000, 1) >= (0.94 if shape in MAIN else 0.89)


@pytest.mark.parametrize("n", [5, 10, 30, 100])
def test_the_interval_of_a_share_covers(n: int) -> None:
    found = share_coverages(n)
    assert 0.94 <= sum(found) / len(found) <= 0.96
    assert min(found) >= (0.92 if n >= 30 else 0.85)


@pytest.mark.parametrize("n", [5, 10, 30, pytest.param(100, marks=pytest.mark.full)])
@pytest.mark.parametrize("mix", MIXES)
def test_the_interval_of_the_recommendation_score_covers(mix: tuple[float, float, float], n: int) -> None:
    assert nps_coverage(mix, n) >= 0.94
