"""Statistics for which no published value is at hand, computed a second way: statsmodels or first principles."""

import math
from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.integrate import quad
from scipy.stats import binom, chi2, multivariate_normal
from scipy.stats import t as student
from statsmodels.stats.meta_analysis import combine_effects

from revisit.findings.comparing.comparisons import funnel, homogeneity_p, shrink
from revisit.findings.evidence import Evidence
from revisit.findings.scoring.weighting import rake, weighted_score
from revisit.findings.statistics.intervals import Interval, jackknife_error, mover, score_t
from revisit.findings.statistics.series import p_chart
from revisit.findings.summary import summarise
from revisit.records.periods import Period
from tests.findings.samples import CUTOFF, answered, made_organisation, make_survey, response, scale

# Six outlets: their scores and the variances of these.
SCORES = np.array([0.71, 0.78, 0.82, 0.80, 0.69, 0.84])
ERRORS = np.array([0.0052, 0.0016, 0.0005, 0.0010, 0.0008, 0.0021])


def test_the_dispersion_of_score_t_is_that_of_a_quasibinomial_model() -> None:
    # statsmodels GLM, Binomial, scale "X2" (R: glm(family = quasibinomial)): Pearson's chi-square by n - 1.
    values = np.array([0, 0.25, 0.5, 0.75, 0.75, 1, 1, 1, 0.75, 1, 0.5, 1])
    n, mean = len(values), float(values.mean())
    phi = float(sm.GLM(values, np.ones(n), family=sm.families.Binomial()).fit(scale="X2").scale)
    star = min(1.0, (n * phi + 1) / (n + 1))
    t2 = float(student.ppf(0.975, n - 1)) ** 2 * star / n
    limits = score_t(mean, float(values.var(ddof=1)) / n, n)
    assert limits is not None
    for end in limits:
        assert (mean - end) ** 2 == pytest.approx(t2 * end * (1 - end), abs=1e-9)


def test_mover_of_symmetric_intervals_is_the_z_interval_of_the_difference() -> None:
    # Zou & Donner 2008 reduce to it: half² = half1² + half2², as in statsmodels zconfint_diff with unequal variances.
    chance = np.random.default_rng(8)
    new, old = chance.normal(0.3, 0.05, 40), chance.normal(0.2, 0.08, 25)
    ends = [Interval(*sm.stats.DescrStatsW(values).zconfint_mean()) for values in (new, old)]
    reference = sm.stats.CompareMeans.from_data(new, old).zconfint_diff(usevar="unequal")
    assert mover(new.mean(), ends[0], old.mean(), ends[1]) == pytest.approx(reference, abs=1e-9)


def test_the_jackknife_over_outlets_nears_the_error_of_a_ratio() -> None:
    # statsmodels OLS on a constant, covariance clustered by outlet: the linearised error of a mean of unlike clusters,
    # which the jackknife equals to first order only.
    chance = np.random.default_rng(9)
    outlet = np.repeat(np.arange(60), chance.integers(20, 40, 60))
    values = chance.normal(size=len(outlet)) + 0.5 * chance.normal(size=60)[outlet]
    left_out = [float(values[outlet != one].mean()) for one in range(60)]
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": outlet})
    assert jackknife_error(left_out) == pytest.approx(float(fit.bse[0]), rel=0.03)


@pytest.mark.parametrize(("target", "n"), [(0.85, 20), (0.5, 7), (0.97, 300)])
def test_funnel_limits_interpolate_the_binomial_steps(target: float, n: int) -> None:
    # Spiegelhalter 2005, by numpy's interpolation of the distribution function.
    steps = np.arange(-1, n + 1)
    reached = binom.cdf(steps, n, target)
    rising = np.concatenate([[True], np.diff(reached) > 0])
    for level in (0.95, 0.998):
        wanted = np.array([(1 - level) / 2, (1 + level) / 2])
        expected = np.clip(np.interp(wanted, reached[rising], steps[rising]) / n, 0, 1)
        assert funnel(target, n, level) == pytest.approx(expected, abs=1e-9)


def test_cochrans_q_is_that_of_a_meta_analysis() -> None:
    found = combine_effects(SCORES, ERRORS, method_re="dl")
    assert homogeneity_p(SCORES, ERRORS) == pytest.approx(float(chi2.sf(found.q, 5)), abs=1e-9)
    assert homogeneity_p(SCORES, ERRORS) == pytest.approx(float(found.test_homogeneity().pvalue), abs=1e-9)


def test_shrunken_scores_are_the_integral_over_tau() -> None:
    # mu gets a normal prior so wide that it is flat; tau is integrated by scipy's quad, without a grid.
    wide, size = 1e4, len(SCORES)

    def likelihood(tau: float) -> float:
        spread = np.diag(ERRORS + tau**2) + wide
        return float(multivariate_normal.pdf(SCORES, np.zeros(size), spread, allow_singular=False))

    def unit_mean(tau: float, unit: int) -> float:
        weight = 1 / (ERRORS + tau**2)
        mu = float((weight * SCORES).sum() / weight.sum())
        pulled = ERRORS[unit] / (ERRORS[unit] + tau**2)
        return float(SCORES[unit] * (1 - pulled) + mu * pulled) * likelihood(tau)

    # The program's grid ends at ten times the greater of the spread and the greatest error.
    end = 10 * max(float(SCORES.std(ddof=1)), math.sqrt(float(ERRORS.max())))
    points = [0.02, 0.05, 0.1, 0.2]
    whole = quad(likelihood, 0, end, points=points, epsabs=0, epsrel=1e-10)[0]
    expected = [
        quad(unit_mean, 0, end, args=(unit,), points=points, epsabs=0, epsrel=1e-10)[0] / whole for unit in range(size)
    ]
    assert shrink(SCORES, ERRORS).mean == pytest.approx(expected, abs=1e-5)


def test_laneys_limits_widen_by_the_spread_of_the_standardised_shares() -> None:
    # Laney 2002: p-bar ± 3·sigma_p·sigma_z, sigma_z from the moving ranges of z; months of unlike size, by hand.
    good = [610, 820, 700, 900, 650, 1500, 790, 600, 880, 1200, 560, 830]
    size = [1000, 1000, 900, 1100, 1000, 1800, 1000, 900, 1000, 1700, 900, 1000]
    centre = sum(good) / sum(size)
    error = np.sqrt(centre * (1 - centre) / np.array(size))
    z = (np.array(good) / size - centre) / error
    sigma = float(np.mean(np.abs(np.diff(z)))) / 1.128
    chart = p_chart(list(zip(good, size, strict=True)))
    assert chart is not None
    assert chart.kind == "laney"
    assert float((z**2).sum()) > chi2.ppf(0.95, 11)
    for limits, one in zip(chart.limits, error, strict=True):
        assert limits == pytest.approx((max(0, centre - 3 * sigma * one), min(1, centre + 3 * sigma * one)), abs=1e-9)


def test_raked_weights_are_those_of_a_loglinear_model() -> None:
    # Raking keeps the odds ratios of the answers and takes the margins of the frame: a Poisson model of main effects
    # with the answers as offset does the same (Bishop, Fienberg & Holland 1975).
    answers = np.array([[12, 30, 8], [20, 16, 24]])
    rows, places = np.array([120, 130]), np.array([70, 100, 80])
    row, place = (np.repeat(at.ravel(), answers.ravel()) for at in np.indices(answers.shape))
    raked = rake([(row, rows), (place, places)])
    design = np.array([[1, i, j == 1, j == 2] for i in range(2) for j in range(3)], np.float64)
    offset = np.log(answers.ravel())
    model = sm.GLM(np.outer(rows, places).ravel() / 250, design, family=sm.families.Poisson(), offset=offset)
    expected = model.fit(tol=1e-12).fittedvalues.reshape(2, 3) / answers
    assert raked is not None
    assert raked.trimmed == 0
    assert raked.weights == pytest.approx(expected[row, place], rel=1e-5)


def test_the_variance_of_a_weighted_mean_is_that_of_weighted_least_squares() -> None:
    # statsmodels WLS on a constant with HC1: n/(n-1)·Σw²(x - x̄)²/(Σw)²; then the score equation with n/deff.
    chance = np.random.default_rng(10)
    values, weights = chance.integers(0, 5, 60) / 4, chance.uniform(0.5, 3, 60)
    fit = sm.WLS(values, np.ones(60), weights=weights).fit(cov_type="HC1")
    found = weighted_score(values, weights)
    assert found is not None
    assert found.value == pytest.approx(100 * float(fit.params[0]), abs=1e-9)
    simple, mean = float(values.var(ddof=1)), found.value / 100
    deff = max(1.0, float(fit.bse[0]) ** 2 / (simple / 60))
    phi = min(1.0, (60 * simple / (mean * (1 - mean)) + 1) / 61)
    factor = float(student.ppf(0.975, 59)) ** 2 * phi * deff / 60
    for end in (found.low / 100, found.high / 100):
        assert (mean - end) ** 2 == pytest.approx(factor * end * (1 - end), abs=1e-9)


def test_the_mode_effect_is_that_of_clustered_least_squares() -> None:
    # statsmodels OLS on mode and station, covariance clustered by station, t with stations - 1.
    chance = np.random.default_rng(11)
    stations = [f"s{place}" for place in range(8)]
    organisation = made_organisation(stations)
    survey = make_survey([scale("overall")])
    place = np.repeat(np.arange(8), 40)
    phone = chance.random(320) < 0.2 + 0.07 * place
    answers = np.clip(np.rint(3.5 + 0.6 * phone - 0.1 * place + chance.normal(size=320)), 1, 5).astype(int)
    made = [
        response(
            f"r{row:04}",
            answered(overall=int(answers[row])),
            unit=f"network/{stations[place[row]]}",
            day=date(2026, 8, 3),
            mode="phone" if phone[row] else "web",
        )
        for row in range(320)
    ]
    evidence = Evidence(survey, organisation, organisation.root, Period.parse("2026-Q3"), CUTOFF, made, ())
    effect = summarise(evidence)["mode_effect"]
    assert effect["reference"] == ("phone" if phone.sum() > 160 else "web")
    (other,) = effect["modes"]
    first = phone == (other == "phone")
    design = np.column_stack([np.ones(320), first, *(place == one for one in range(1, 8))]).astype(np.float64)
    fit = sm.OLS(25.0 * (answers - 1), design).fit(cov_type="cluster", cov_kwds={"groups": place}, use_t=True)
    found = effect["modes"][other]
    assert found["n"] == int(first.sum())
    assert found["difference"] == pytest.approx(float(fit.params[1]), abs=1e-9)
    assert (found["low"], found["high"]) == pytest.approx(tuple(fit.conf_int()[1]), abs=1e-9)
    assert effect["p"] == pytest.approx(float(fit.pvalues[1]), abs=1e-9)
    assert effect["p"] < 0.05  # the difference is there to be found
