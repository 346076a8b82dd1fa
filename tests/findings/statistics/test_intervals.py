import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest, norm
from scipy.stats import t as student
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from revisit.findings.statistics.intervals import mover, score_limits, score_t, tango, wilson
from tests.findings.samples import newcombe

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe 1998, Stat. Med. 17:857, table I, method 3 (score without continuity correction).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_it_gives_the_published_wilson_limits(successes: int, n: int, low: float, high: float) -> None:
    limits = wilson(successes, n)
    assert limits is not None
    assert limits == pytest.approx((low, high), abs=5e-5)


@given(counts)
def test_it_agrees_with_two_libraries_on_wilson(count: tuple[int, int]) -> None:
    successes, n = count
    limits = wilson(successes, n)
    assert limits is not None
    assert limits == pytest.approx(proportion_confint(successes, n, method="wilson"), abs=1e-9)
    tested = binomtest(successes, n).proportion_ci(method="wilson")
    assert limits == pytest.approx((tested.low, tested.high), abs=1e-9)


@given(counts, st.floats(1, 8))
def test_it_keeps_shares_inside_and_gives_them_width(count: tuple[int, int], deff: float) -> None:
    successes, n = count
    limits = wilson(successes, n, deff=deff)
    assert limits is not None
    assert 0 <= limits.low <= successes / n <= limits.high <= 1
    assert limits.high - limits.low > 0
    assert (successes > 0) or limits.low == 0
    assert (successes < n) or limits.high == 1


def test_it_has_no_interval_without_answers_and_refuses_what_is_no_share() -> None:
    assert wilson(0, 0) is None
    assert tango(0, 0, 0) is None
    assert newcombe((0, 0), (3, 5)) is None
    assert score_t(0.5, 0.0, 0) is None
    assert score_t(0.5, 0.0, 1) is None
    with pytest.raises(ValueError, match="6 of 5 is no share"):
        wilson(6, 5)
    with pytest.raises(ValueError, match="do not fit"):
        tango(3, 3, 5)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=60))
def test_score_t_solves_the_score_equation(values: list[int]) -> None:
    # An independent way to the same limits: the roots of (m - x)² = t²·phi/n·x(1-x).
    data = (np.array(values) - 1) / 4
    n, mean = len(values), float(data.mean())
    variance = float(data.var(ddof=1))
    phi = 1.0 if mean in {0.0, 1.0} else variance / (mean * (1 - mean))
    phi = min(1.0, (n * phi + 1) / (n + 1))
    factor = student.ppf(0.975, n - 1) ** 2 * phi / n
    roots = sorted(np.roots([1 + factor, -2 * mean - factor, mean * mean]).real)
    limits = score_t(mean, variance / n, n)
    assert limits is not None
    # Near a double root numpy itself is good to the square root of the machine's precision only.
    assert limits == pytest.approx(roots, abs=1e-9 if 0 < mean < 1 else 1e-7)
    assert 0 <= limits.low <= mean <= limits.high <= 1
    assert limits.high - limits.low > 0


def test_score_t_gives_width_when_all_answers_are_the_same() -> None:
    for mean in (0.0, 0.5, 1.0):
        limits = score_t(mean, 0.0, 12)
        assert limits is not None
        assert limits.high - limits.low > 0.05
    two = score_t(1.0, 0.0, 2)
    assert two is not None
    assert two.low < 0.05


def _tango_by_likelihood(plus: int, minus: int, n: int, delta: float) -> float:
    """Give Tango's z at a difference, its nuisance share found by maximising the trinomial likelihood numerically."""

    def loss(q: float) -> float:
        shares = (q + delta, q, 1 - 2 * q - delta)
        return -sum(c * math.log(max(s, 1e-300)) for c, s in zip((plus, minus, n - plus - minus), shares, strict=True))

    q = minimize_scalar(loss, bounds=(max(0.0, -delta), (1 - delta) / 2), method="bounded", options={"xatol": 1e-14}).x
    return float((plus - minus - n * delta) / math.sqrt(n * (2 * q + delta * (1 - delta))))


@pytest.mark.parametrize(("plus", "minus", "n"), [(30, 5, 54), (6, 3, 10), (12, 40, 60), (1, 1, 9), (3, 1, 5)])
def test_tango_limits_are_where_the_score_test_turns(plus: int, minus: int, n: int) -> None:
    limits = tango(plus, minus, n)
    assert limits is not None
    z = norm.ppf(0.975)
    assert _tango_by_likelihood(plus, minus, n, limits.low) == pytest.approx(z, abs=1e-5)
    assert _tango_by_likelihood(plus, minus, n, limits.high) == pytest.approx(-z, abs=1e-5)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))))
def test_tango_stays_inside_holds_the_estimate_and_mirrors(drawn: tuple[int, int, int]) -> None:
    plus, minus, n = drawn[0], min(drawn[1], drawn[2] - drawn[0]), drawn[2]
    limits, mirrored = tango(plus, minus, n), tango(minus, plus, n)
    assert limits is not None
    assert mirrored is not None
    assert -1 <= limits.low <= (plus - minus) / n <= limits.high <= 1
    assert limits.high - limits.low > 1e-3
    assert mirrored == pytest.approx((-limits.high, -limits.low), abs=1e-9)


@pytest.mark.parametrize("level", [1e-12, 1e-9, 1e-6, 0.01, 0.5])
@pytest.mark.parametrize("n", [1, 10, 30, 2000])
def test_tango_has_limits_at_every_level_where_all_answers_are_alike(level: float, n: int) -> None:
    for plus, minus in ((n, 0), (0, n), (0, 0), (n // 2, n - n // 2)):
        limits = tango(plus, minus, n, level=level)
        assert limits is not None
        assert -1 <= limits.low <= (plus - minus) / n <= limits.high <= 1


def test_tango_at_its_ends() -> None:
    # All passive: z² / (n + z²); all promoters: the lower limit of Wilson's share, brought to -1..1 (Tango 1998).
    z2 = norm.ppf(0.975) ** 2
    assert tango(0, 0, 10) == pytest.approx((-z2 / (10 + z2), z2 / (10 + z2)), abs=1e-12)
    for n in (1, 10, 200):
        all_plus, all_minus = tango(n, 0, n), tango(0, n, n)
        assert all_plus is not None
        assert all_minus is not None
        assert all_plus.high == 1
        assert all_minus.low == -1
        assert all_plus.low == pytest.approx((n - z2) / (n + z2), abs=1e-9)


def test_newcombe_gives_the_published_example() -> None:
    # Newcombe 1998, Stat. Med. 17:873, table II (a): 56/70 - 48/80, method 10.
    assert newcombe((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(counts, counts)
def test_newcombe_agrees_with_the_library(now: tuple[int, int], before: tuple[int, int]) -> None:
    reference = confint_proportions_2indep(*now, *before, method="newcomb", compare="diff")
    assert newcombe(now, before) == pytest.approx(reference, abs=1e-9)


@given(counts, counts)
def test_mover_turns_with_the_periods(now: tuple[int, int], before: tuple[int, int]) -> None:
    one, two = wilson(*now), wilson(*before)
    assert one is not None
    assert two is not None
    there = mover(now[0] / now[1], one, before[0] / before[1], two)
    back = mover(before[0] / before[1], two, now[0] / now[1], one)
    assert back == pytest.approx((-there.high, -there.low), abs=1e-12)
    assert there.low <= now[0] / now[1] - before[0] / before[1] <= there.high
    assert -1 <= there.low < there.high <= 1


def test_a_higher_level_gives_a_wider_interval() -> None:
    widths = [
        limits.high - limits.low for level in (0.5, 0.9, 0.99) if (limits := score_t(0.7, 0.004, 20, level=level))
    ]
    assert widths == sorted(widths)
    assert len(set(widths)) == 3


def test_limits_far_out_stay_finite() -> None:
    assert score_limits(0.5, 10, 1e9) == pytest.approx((0.0, 1.0), abs=1e-6)
