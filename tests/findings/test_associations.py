"""Regression, drivers, weights, nonresponse and omega against statsmodels, scipy or hand-worked values."""

import itertools
import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import chi2_contingency
from statsmodels.multivariate.factor import Factor

from revisit.findings.scoring.weighting import rake, weighted_score
from revisit.findings.statistics.drivers import drive, lmg, quadrant
from revisit.findings.statistics.nonresponse import associate, representativity
from revisit.findings.statistics.regression import clustered, indicators, logistic
from revisit.findings.statistics.reliability import omega
from revisit.findings.trust.bursts import weigh

CHANCE = np.random.default_rng(5)
OUTLET = CHANCE.integers(0, 12, 400)
X = np.column_stack([np.ones(400), CHANCE.normal(size=400), CHANCE.integers(0, 2, 400)])
Y = X @ [1.0, 0.5, 0.2] + CHANCE.normal(size=400) + CHANCE.normal(size=12)[OUTLET]


def test_least_squares_and_its_clustered_errors_are_statsmodels() -> None:
    fit = clustered(X, Y, OUTLET)
    assert fit is not None
    reference = sm.OLS(Y, X).fit(cov_type="cluster", cov_kwds={"groups": OUTLET}, use_t=True)
    assert fit.beta == pytest.approx(reference.params, abs=1e-9)
    assert fit.covariance == pytest.approx(np.asarray(reference.cov_params()), abs=1e-9)
    assert [fit.p(place) for place in range(3)] == pytest.approx(reference.pvalues, abs=1e-9)
    wald = reference.f_test(np.eye(3)[1:])
    assert fit.joint_p([1, 2]) == pytest.approx(float(wald.pvalue), abs=1e-9)
    assert clustered(np.column_stack([X, X[:, 1]]), Y, OUTLET) is None


def test_without_errors_there_is_nothing_to_measure_by() -> None:
    for outcome in (np.full(400, 100.0), X @ [1.0, 0.5, 0.2]):
        wholly = clustered(X, outcome, OUTLET)
        assert wholly is not None
        assert not wholly.measured([1, 2])
    fit = clustered(X, Y, OUTLET)
    assert fit is not None
    assert fit.measured([1, 2])
    assert not fit.measured([1, 1])


def test_drivers_that_are_the_same_cannot_be_told_apart() -> None:
    chance = np.random.default_rng(1)
    one, two = chance.integers(0, 5, (2, 300))
    overall = np.clip(one + chance.integers(-1, 2, 300), 0, 4)
    found = drive(overall, {"a": one, "b": one, "c": two}, np.zeros(300, np.int64))
    assert found is not None
    assert not found.separable


def test_the_logistic_model_is_statsmodels() -> None:
    answered = (CHANCE.random(400) < 0.3 + 0.2 * X[:, 2]).astype(float)
    fitted = logistic(X, answered, np.ones(400))
    assert fitted == pytest.approx(sm.Logit(answered, X).fit(disp=0, tol=1e-12).predict(), abs=1e-9)
    group = X[:, 2].astype(int)
    expected = sm.Logit(answered, np.column_stack([np.ones(400), group])).fit(disp=0, tol=1e-12).predict()
    assert representativity(answered, [group]) == pytest.approx(1 - 2 * expected.std(ddof=1), abs=1e-9)
    assert representativity(group.astype(float), [group]) is None  # one group answers always: no finite fit


def test_indicators_leave_out_the_commonest() -> None:
    assert indicators(np.array([2, 0, 2, 1]), 3).tolist() == [[0, 0], [1, 0], [0, 0], [0, 1]]


def test_chi_square_and_cramers_v() -> None:
    found = associate([30, 20, 5], [100, 50, 40])
    assert found is not None
    reference = chi2_contingency([[30, 20, 5], [70, 30, 35]], correction=False)
    assert (found.chi2, found.p) == pytest.approx((reference.statistic, reference.pvalue), abs=1e-9)
    assert found.v == pytest.approx(math.sqrt(reference.statistic / 190), abs=1e-12)
    assert associate([3], [4]) is None
    assert associate([0, 0], [4, 5]) is None


def r_squared(correlation: np.ndarray, chosen: tuple[int, ...]) -> float:
    if not chosen:
        return 0.0
    last = len(correlation) - 1
    return float(
        correlation[list(chosen), last]
        @ np.linalg.solve(correlation[np.ix_(chosen, chosen)], correlation[list(chosen), last])
    )


def test_lmg_is_the_mean_gain_over_all_orders_and_adds_up() -> None:
    table = CHANCE.normal(size=(300, 4)) @ CHANCE.normal(size=(4, 4))
    correlation = np.asarray(np.corrcoef(table.T))
    gains = np.zeros(3)
    for order in itertools.permutations(range(3)):
        for place, j in enumerate(order):
            gains[j] += r_squared(correlation, (*order[:place], j)) - r_squared(correlation, order[:place])
    shares = lmg(correlation[None])[0]
    assert shares == pytest.approx(gains / 6, abs=1e-9)
    assert shares.sum() == pytest.approx(r_squared(correlation, (0, 1, 2)), abs=1e-9)


def test_a_clear_driver_leads_alone_and_order_of_rows_changes_nothing() -> None:
    scores = {name: CHANCE.integers(0, 5, 600) for name in ("a", "b", "c")}
    outcome = 4 * scores["a"] + scores["b"] + CHANCE.integers(0, 4, 600)
    outlet = CHANCE.integers(0, 8, 600)
    found = drive(outcome, scores, outlet)
    assert found is not None
    assert (found.leading, found.separable, found.outlets) == (("a",), True, True)
    mixed = CHANCE.permutation(600)
    assert drive(outcome[mixed], {name: values[mixed] for name, values in scores.items()}, outlet[mixed]) == found
    single = drive(outcome, scores | {"d": np.ones(600, int)}, np.zeros(600, int))
    assert single is not None
    assert (single.outlets, single.dropped) == (False, ("d",))
    assert drive(outcome[:99], {name: values[:99] for name, values in scores.items()}, outlet[:99]) is None


@pytest.mark.full
def test_equal_drivers_are_seldom_told_apart() -> None:
    wrong, surveys = 0, 100
    for seed in range(surveys):
        chance = np.random.default_rng(seed)
        common = chance.normal(size=(300, 1))
        latent = np.sqrt(0.5) * common + np.sqrt(0.5) * chance.normal(size=(300, 5))
        outcome = np.digitize(latent.sum(axis=1) + 2 * chance.normal(size=300), [-5, -2, 0, 3])
        scores = {str(j): np.digitize(latent[:, j], [-2, -1, 0, 1]) for j in range(5)}
        found = drive(outcome, scores, np.zeros(300, int))
        assert found is not None
        wrong += len(found.leading) < 5 or len(found.above_last) > 0
    assert wrong / surveys <= 0.09


def test_the_four_fields_of_the_grid() -> None:
    shares, scores = [0.3, 0.1], [60.0, 80.0]
    fields = [quadrant(share, score, shares, scores) for share, score in itertools.product((0.3, 0.1), (60, 80))]
    assert fields == ["fix_first", "keep_up", "low_priority", "possible_overkill"]


def test_raking_meets_the_margins_of_deming_and_stephans_method() -> None:
    one, two = np.array([0, 0, 1, 1, 1, 0]), np.array([0, 1, 0, 1, 1, 0])
    raked = rake([(one, np.array([50, 50])), (two, np.array([60, 40]))])
    assert raked is not None
    assert np.bincount(one, weights=raked.weights) == pytest.approx([50, 50], rel=1e-5)
    assert np.bincount(two, weights=raked.weights) == pytest.approx([60, 40], rel=1e-5)
    assert raked.effective == pytest.approx(raked.weights.sum() ** 2 / (raked.weights**2).sum())
    assert rake([(one, np.array([50, 50, 3]))]) is None  # nobody of the third category answered


def test_a_weighted_mean_with_equal_weights_is_the_plain_one() -> None:
    values = np.array([0.0, 0.5, 1.0, 1.0, 0.75])
    plain, weighted = weighted_score(values, np.ones(5)), weighted_score(values, np.full(5, 7.0))
    assert plain is not None
    assert weighted == pytest.approx(plain, abs=1e-9)
    assert plain.value == pytest.approx(65)


def test_omega_agrees_with_statsmodels_factor() -> None:
    chance = np.random.default_rng(3)
    answers = np.clip(np.rint(3 + chance.normal(size=(1, 500)) + chance.normal(size=(4, 500))), 1, 5).astype(int)
    fit = Factor(answers.T.astype(float), n_factor=1, method="ml").fit()
    spread = answers.std(axis=1, ddof=1)
    common = (fit.loadings[:, 0] * spread).sum() ** 2
    expected = common / (common + (fit.uniqueness * spread**2).sum())
    assert omega(list(answers)) == pytest.approx(expected, abs=1e-5)


def test_omega_of_three_items_in_closed_form() -> None:
    chance = np.random.default_rng(4)
    answers = np.clip(np.rint(3 + chance.normal(size=(1, 500)) + chance.normal(size=(3, 500))), 1, 5).astype(int)
    r, spread = np.corrcoef(answers), answers.std(axis=1, ddof=1)
    loading = np.sqrt([r[0, 1] * r[0, 2] / r[1, 2], r[0, 1] * r[1, 2] / r[0, 2], r[0, 2] * r[1, 2] / r[0, 1]])
    common = (loading * spread).sum() ** 2
    expected = common / (common + ((1 - loading**2) * spread**2).sum())
    assert omega(list(answers)) == pytest.approx(expected, abs=1e-6)


def test_a_burst_before_the_end_is_a_binomial_tail() -> None:
    late, whole, expected, p = weigh(10, 30, 2 / 30)
    assert (late, whole, expected) == (10, 30, 2)
    assert p == pytest.approx(sum(math.comb(30, k) * 0.1**k * 0.9 ** (30 - k) for k in range(10, 31)))
