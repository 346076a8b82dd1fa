"""What it does to an interval that customers answered more than once."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import f_oneway

from revisit.findings.counts.clusters import NO_EFFECT, Effect, effect, greater, intraclass
from revisit.findings.counts.columns import gather
from revisit.findings.counts.tallies import Tally, tally
from revisit.findings.scoring import scores
from revisit.findings.statistics.intervals import jackknife_error, score_t
from revisit.records.survey import Question
from tests.findings.samples import ELEVEN, answered, make_survey, response, scale

SURVEY = make_survey([scale("overall"), Question("recommend", "nps", "?", choices=ELEVEN)])
# Eight customers; each says much the same every time.
SAID = {
    "a": [5, 5, 5],
    "b": [2, 2, 1],
    "c": [4, 4],
    "d": [5, 4, 5, 5],
    "e": [1, 2],
    "f": [3, 3, 3],
    "g": [5],
    "h": [4, 5],
}


def counted(*, named: bool) -> Tally:
    rows = [
        replace(response(f"{who}{place}", answered(overall=value, recommend=2 * value)), customer=who if named else "")
        for who, values in SAID.items()
        for place, value in enumerate(values)
    ]
    return tally(gather(rows, SURVEY))


def test_the_effect_is_the_jackknife_over_customers_by_the_plain_variance() -> None:
    values = np.array([(value - 1) / 4 for said in SAID.values() for value in said])
    who = np.repeat(np.arange(len(SAID)), [len(said) for said in SAID.values()])
    found = effect([(1.0, values, np.ones(len(values), np.bool_))], who)
    left_out = [float(values[who != one].mean()) for one in range(len(SAID))]
    assert found is not None
    assert found.deff == pytest.approx(jackknife_error(left_out) ** 2 / (values.var(ddof=1) / len(values)), abs=1e-9)
    assert found.df == 7


def test_customers_who_answer_often_widen_the_interval_and_leave_the_figure() -> None:
    once, often = (scores.item_score(counted(named=named), SURVEY.questions[0]) for named in (False, True))
    assert once is not None
    assert often is not None
    assert often.value == once.value
    assert often.low < once.low
    assert often.high > once.high
    found = counted(named=True).effect("items.overall")
    assert found.deff > 1.5
    values = np.array([(value - 1) / 4 for said in SAID.values() for value in said])
    n = len(values)
    limits = score_t(values.mean(), values.var(ddof=1) / n, n, deff=found.deff, df=found.df)
    assert limits is not None
    assert (often.low, often.high) == pytest.approx((100 * limits.low, 100 * limits.high), abs=1e-9)


def test_the_recommendation_of_repeating_customers_is_a_mean_like_others() -> None:
    once, often = (scores.recommendation(counted(named=named), SURVEY.questions[1]) for named in (False, True))
    assert once is not None
    assert often is not None
    assert often[0].value == once[0].value
    assert -100 <= often[0].low < once[0].low


def test_where_nobody_answers_twice_nothing_changes() -> None:
    assert counted(named=False).effects == {}
    assert counted(named=False).effect("items.overall") == NO_EFFECT


def test_few_customers_measure_no_spread_between_them() -> None:
    values, every = np.array([0.0, 0.0, 1.0, 1.0, 0.5]), np.ones(5, np.bool_)
    assert effect([(1.0, values, every)], np.array([0, 0, 1, 1, 2])) is None


def test_a_sum_takes_the_greater_effect() -> None:
    one, two = {"csi": Effect(2.0, 9)}, {"csi": Effect(1.5, 20), "items.a": Effect(1.2, 20)}
    assert greater(one, two) == {"csi": Effect(2.0, 9), "items.a": Effect(1.2, 20)}


def test_the_intraclass_correlation_is_that_of_the_analysis_of_variance() -> None:
    # Snedecor & Cochran's estimator by scipy's F: (F - 1)/(F - 1 + n) for groups of n.
    groups = [[3.0, 4.0, 5.0], [1.0, 2.0, 2.0], [4.0, 4.0, 5.0], [2.0, 4.0, 3.0]]
    found = intraclass(np.array(groups).ravel(), np.repeat(np.arange(4), 3))
    f = float(f_oneway(*groups).statistic)
    assert found == pytest.approx((f - 1) / (f - 1 + 3), rel=1e-12)


def test_equal_values_have_no_intraclass_correlation() -> None:
    assert intraclass(np.ones(12), np.repeat(np.arange(4), 3)) is None
    assert intraclass(np.arange(4.0), np.arange(4)) is None
