import itertools
import math
import random

import numpy as np
import pytest
from scipy.stats import binom, norm

from revisit.findings.comparing.comparisons import (
    compare,
    exact_share_p,
    exact_sum_p,
    funnel,
    homogeneity_p,
    shrink,
)

# Eight schools: Rubin 1981, J. Educ. Stat. 6:377; also Gelman et al., Bayesian Data Analysis, table 5.2.
SCHOOLS = np.array([28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16])
ERRORS = np.array([14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6])


def counts(values: list[int]) -> np.ndarray:
    return np.bincount(np.array(values) - 1, minlength=5).astype(np.int64)


def test_the_exact_p_of_a_sum_is_that_of_every_possible_sample() -> None:
    pooled = np.array([2, 1, 3, 5, 9])
    share = pooled / pooled.sum()
    unit = np.array([1, 0, 1, 1, 0])  # values 0, 2, 3: sum 5
    lower = upper = 0.0
    for drawn in itertools.product(range(5), repeat=3):
        chance = math.prod(share[value] for value in drawn)
        lower += chance * (sum(drawn) <= 5)
        upper += chance * (sum(drawn) >= 5)
    assert exact_sum_p(unit, pooled) == pytest.approx(min(1, 2 * min(lower, upper)), abs=1e-12)


def test_the_exact_p_of_yes_and_no_is_the_binomial_one() -> None:
    unit, pooled = np.array([12, 18]), np.array([100, 300])
    assert exact_sum_p(unit, pooled) == pytest.approx(exact_share_p(18, 30, 0.75), abs=1e-12)
    assert exact_share_p(18, 30, 0.75) == pytest.approx(2 * binom.cdf(18, 30, 0.75), abs=1e-12)


def test_above_two_thousand_answers_the_normal_takes_over_without_a_step() -> None:
    pooled = np.array([300, 400, 1300, 3500, 4500])
    at = exact_sum_p(np.array([64, 84, 266, 698, 888]), pooled)
    over = exact_sum_p(np.array([64, 84, 266, 699, 888]), pooled)
    assert at == pytest.approx(over, abs=0.02)


def test_funnel_limits_hold_the_target_and_narrow() -> None:
    small, large = funnel(0.85, 20, 0.95), funnel(0.85, 500, 0.95)
    assert 0 <= small[0] < large[0] < 0.85 < large[1] < small[1] <= 1
    # For many answers they are the normal ones (Spiegelhalter 2005, section 3).
    half = norm.ppf(0.975) * math.sqrt(0.85 * 0.15 / 50_000)
    assert funnel(0.85, 50_000, 0.95) == pytest.approx((0.85 - half, 0.85 + half), abs=1e-4)


def test_shrinking_agrees_with_a_plain_integration() -> None:
    # Independent: mu and tau both on a grid, no closed form.
    tau = (np.arange(1500) + 0.5) * 0.1
    mu = np.arange(-60, 80, 0.25)
    logs = np.zeros((len(tau), len(mu)))
    for value, error in zip(SCHOOLS, ERRORS, strict=True):
        logs += norm.logpdf(value, mu[None, :], np.sqrt(tau[:, None] ** 2 + error**2))
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    reference = [
        float((weight * (value * tau[:, None] ** 2 + mu[None, :] * error**2) / (tau[:, None] ** 2 + error**2)).sum())
        for value, error in zip(SCHOOLS, ERRORS, strict=True)
    ]
    found = shrink(SCHOOLS, ERRORS**2)
    assert found.mean == pytest.approx(reference, abs=0.05)
    low, high = found.limits()
    assert (low < found.mean).all()
    assert (found.mean < high).all()


def test_shrinking_pulls_to_the_middle_and_little_answered_units_most() -> None:
    means = np.array([0.5, 0.5, 0.8, 0.82, 0.78, 0.81])
    errors = np.array([0.0004, 0.01, 0.0004, 0.0004, 0.0004, 0.0004])
    found = shrink(means, errors).mean
    assert means[0] < found[0] < found[1] < 0.8


def test_units_that_differ_by_chance_alone_do_not_differ() -> None:
    assert homogeneity_p(np.array([0.5, 0.52, 0.49]), np.array([0.01, 0.01, 0.01])) > 0.9
    assert homogeneity_p(np.array([0.1, 0.9, 0.5]), np.array([0.001, 0.001, 0.001])) < 1e-6


def test_below_five_units_nothing_is_marked() -> None:
    units = {f"u{place}": counts([5] * 50) for place in range(3)} | {"bad": counts([1] * 50)}
    assert compare(units, 5.0) is None
    few = units | {"tiny": counts([1] * 9)}
    assert compare(few, 5.0) is None


def test_a_unit_far_below_is_marked_and_the_others_are_not() -> None:
    chance = random.Random(5)  # noqa: S311
    units = {f"u{place}": counts(chance.choices(range(1, 6), (3, 4, 13, 35, 45), k=60)) for place in range(9)}
    units["bad"] = counts(chance.choices(range(1, 6), (30, 25, 20, 15, 10), k=60))
    found = compare(units, 5.0)
    assert found is not None
    assert [name for name, mark in found.marks.items() if mark != "above"] == ["bad"]
    assert found.marks["bad"] == "materially_below"
    assert found.differ is not None
    assert found.differ < 0.001
    value, low, high = found.shrunken["bad"]
    raw = 100 * float((units["bad"] * np.arange(5)).sum()) / 60 / 4
    assert raw < value < 80
    assert low < value < high


def test_where_everybody_is_content_nobody_is_marked() -> None:
    found = compare({f"u{place}": counts([5] * 20) for place in range(6)}, 5.0)
    assert found is not None
    assert found.marks == {}
    assert set(found.p.values()) == {1.0}


def test_fine_lattices_are_made_coarse_without_moving_the_mean() -> None:
    chance = np.random.default_rng(2)
    fine = {f"u{place}": chance.multinomial(80, np.full(1681, 1 / 1681)) for place in range(6)}
    found = compare(fine, 5.0)
    assert found is not None
    assert set(found.p) == set(fine)


@pytest.mark.full
def test_two_hundred_equal_branches_seldom_hold_a_worse_one() -> None:
    # A report in a hundred should name a branch although all are the same; the guard allows for 200 reports' chance.
    chance = np.random.default_rng(20)
    shape = np.array([0.03, 0.04, 0.13, 0.35, 0.45])
    reports, false = 200, 0
    for _ in range(reports):
        sizes = np.exp(chance.uniform(math.log(5), math.log(200), 200)).astype(int)
        units = {f"{place:03}": chance.multinomial(size, shape) for place, size in enumerate(sizes)}
        found = compare(units, 5.0)
        assert found is not None
        false += any(mark in {"below", "materially_below"} for mark in found.marks.values())
    assert false / reports <= 0.08
