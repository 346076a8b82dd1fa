"""Binomial tails and the correction of p-values against scipy.stats, at the edges as well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from revisit.findings.statistics.binomial import at_least, at_most, quantile, step_up

COUNTS = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(-1, n + 1), st.just(n)))
SHARES = st.floats(0.001, 0.999) | st.sampled_from([0.0, 1.0])


@given(COUNTS, SHARES)
def test_the_tails_are_those_of_scipy(counted: tuple[int, int], share: float) -> None:
    count, n = counted
    assert at_most(count, n, share) == pytest.approx(float(binom.cdf(count, n, share)), abs=1e-12)
    assert at_least(count, n, share) == pytest.approx(float(binom.sf(count - 1, n, share)), abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 10, 37, 1000, 50_000])
@pytest.mark.parametrize("share", [0.01, 0.333, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("probability", [0.001, 0.025, 0.975, 0.999])
def test_the_quantile_is_scipys(n: int, share: float, probability: float) -> None:
    assert quantile(probability, n, share) == int(binom.ppf(probability, n, share))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_p_values_are_corrected_as_scipy_corrects_them(p_values: list[float]) -> None:
    assert step_up(p_values) == pytest.approx(list(false_discovery_control(p_values, method="bh")), abs=1e-12)
