"""Shares drawn to the common one: against the same posterior on scipy's beta-binomial, and what must hold of any."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize
from scipy.special import betainc

from revisit.findings.comparing.comparisons import compare_shares
from revisit.findings.counts.codes import Floats
from revisit.findings.statistics.beta_binomial import shrink_shares

FIVE = [(6, 12), (30, 40), (100, 120), (44, 60), (80, 90)]


def spread_out() -> tuple[Floats, Floats, Floats]:
    """Give an even grid of m and ρ, and the chance of each of its points by scipy's own beta-binomial."""
    even = (np.arange(500) + 0.5) / 500
    mean, ratio = (axis.ravel() for axis in np.meshgrid(even, even))
    known = 1 / ratio**2 - 1
    logs = sum(stats.betabinom.logpmf(k, n, mean * known, (1 - mean) * known) for k, n in FIVE)
    chance = np.exp(logs - np.max(logs))
    return mean * known, (1 - mean) * known, np.asarray(chance / chance.sum())


ALPHA, BETA, CHANCE = spread_out()


@pytest.mark.parametrize("unit", range(5))
def test_it_is_the_posterior_mean(unit: int) -> None:
    k, n = FIVE[unit]
    assert shrink_shares(FIVE)[unit].value == pytest.approx(CHANCE @ ((ALPHA + k) / (ALPHA + BETA + n)), abs=1e-5)


@pytest.mark.parametrize("unit", [0, 4])
def test_its_limits_are_the_quantiles_of_the_posterior(unit: int) -> None:
    (k, n), found = FIVE[unit], shrink_shares(FIVE)[unit]
    below = [CHANCE @ betainc(ALPHA + k, BETA + n - k, end) for end in (found.low, found.high)]
    assert below == pytest.approx([0.025, 0.975], abs=2e-4)


def test_many_units_come_out_as_the_likeliest_prior_says() -> None:
    # With a hundred units little is left open about the prior, and (α + x)/(α + β + n) is what is known.
    chance = np.random.default_rng(5)
    trials = chance.integers(20, 200, 100)
    successes = chance.binomial(trials, chance.beta(24, 6, 100))

    def missing(logs: np.ndarray) -> float:
        return -float(stats.betabinom.logpmf(successes, trials, *np.exp(logs)).sum())

    alpha, beta = np.exp(minimize(missing, np.log([10, 3]), method="Nelder-Mead").x)
    found = shrink_shares(list(zip(successes.tolist(), trials.tolist(), strict=True)))
    likeliest = (alpha + successes) / (alpha + beta + trials)
    assert np.abs(np.array([one.value for one in found]) - likeliest).max() < 0.01


def test_equal_units_are_drawn_together_and_few_answers_far() -> None:
    equal = shrink_shares([(40, 50)] * 6)
    assert {round(one.value, 9) for one in equal} == {round(equal[0].value, 9)}
    assert equal[0].value == pytest.approx(0.8, abs=0.005)
    few, many = (shrink_shares([*FIVE[1:], unit])[-1].value for unit in ((6, 12), (600, 1200)))
    assert few - 0.5 > 10 * (many - 0.5) > 0


@pytest.mark.parametrize(
    "counts",
    [[(10, 10)] * 5, [(0, 10)] * 5, [(0, 10), (10, 10), (5, 10)], [(99_999, 100_000)] * 5, [(1, 1)] * 60, FIVE],
)
def test_limits_hold_the_share_have_width_and_stay_on_the_scale(counts: list[tuple[int, int]]) -> None:
    for one in shrink_shares(counts):
        assert 0 <= one.low < one.value < one.high <= 1


def test_order_changes_nothing_but_the_order() -> None:
    found, turned = shrink_shares(FIVE), shrink_shares(FIVE[::-1])[::-1]
    assert [one.value for one in found] == pytest.approx([one.value for one in turned], abs=1e-12)
    first = compare_shares({str(place): pair for place, pair in enumerate(FIVE)})
    mixed = compare_shares({str(place): pair for place, pair in reversed(list(enumerate(FIVE)))})
    assert first == mixed


def test_it_needs_three_units_with_answers() -> None:
    with pytest.raises(ValueError, match="three units"):
        shrink_shares([(1, 2), (1, 2)])
    with pytest.raises(ValueError, match="answers"):
        shrink_shares([(1, 2), (1, 2), (0, 0)])


def test_the_children_differ_when_a_chi_square_says_so() -> None:
    found = compare_shares({str(place): pair for place, pair in enumerate(FIVE)})
    assert found is not None
    table = np.array([(k, n - k) for k, n in FIVE])
    assert found.differ == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-9)
    same = compare_shares({str(place): (10, 10) for place in range(5)})
    assert same is not None
    assert same.differ is None
