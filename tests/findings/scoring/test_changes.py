import math
import random

import numpy as np
import pytest
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests

from revisit.findings.counts.columns import gather
from revisit.findings.counts.tallies import Tally, tally
from revisit.findings.scoring.changes import adjusted, change, table, verdict
from revisit.findings.scoring.metrics import metrics, overall_score
from revisit.findings.statistics.intervals import jackknife_error
from revisit.records.survey import Question, Targets
from tests.findings.samples import ELEVEN, make_survey, newcombe, scale, scored

SURVEY = make_survey([scale("overall"), scale("polite", "attitude")], targets=Targets(satisfied=0.9))
METRICS = metrics(SURVEY)


def counted(values: list[int]) -> Tally:
    return tally(gather(scored(values), SURVEY))


def test_a_change_of_a_share_in_one_outlet_is_newcombes() -> None:
    found = change(METRICS["csat"], {"a": counted([5] * 40 + [2] * 20)}, {"a": counted([4] * 20 + [3] * 30)})
    assert found is not None
    assert found.method == "mover"
    assert found.value == pytest.approx(40 / 60 - 20 / 50, abs=1e-12)
    assert found.interval == pytest.approx(newcombe((40, 60), (20, 50)), abs=1e-12)


def test_the_p_of_a_change_is_the_level_at_which_its_interval_touches_zero() -> None:
    now, before = (33, 60), (20, 50)
    found = change(METRICS["csat"], {"a": counted([5] * 33 + [2] * 27)}, {"a": counted([4] * 20 + [3] * 30)})
    assert found is not None
    limits = newcombe(now, before, level=1 - found.p)
    assert limits is not None
    assert limits.low == pytest.approx(0, abs=1e-9)
    assert found.p > 0.05
    assert found.interval.low < 0


def test_no_change_is_no_evidence_and_a_landslide_is_much() -> None:
    same = change(METRICS["csat"], {"a": counted([5, 2] * 20)}, {"a": counted([5, 2] * 20)})
    assert same is not None
    assert same.p == 1
    slide = change(METRICS["csat"], {"a": counted([1] * 300)}, {"a": counted([5] * 300)})
    assert slide is not None
    assert slide.p <= 1e-9
    assert slide.value == -1


@pytest.mark.parametrize("alike", [10, 7, 2], ids=["promoters", "passives", "detractors"])
@pytest.mark.parametrize("spread", [[10, 9, 8, 3, 0] * 4, [9] * 12, [8] * 12, [0] * 12])
def test_a_period_whose_customers_all_say_the_same_is_compared(alike: int, spread: list[int]) -> None:
    survey = make_survey([Question("recommend", "nps", "Would you recommend us?", choices=ELEVEN)])
    uniform, mixed = (tally(gather(scored(values, "recommend"), survey)) for values in ([alike] * 30, spread))
    for now, before in ((uniform, mixed), (mixed, uniform)):
        found = change(metrics(survey)["nps"], {"a": now}, {"a": before})
        assert found is not None
        assert 0 <= found.p <= 1
        assert found.interval.low <= found.value <= found.interval.high
        assert (found.p <= 0.05) == (found.interval.low > 0 or found.interval.high < 0)


def test_a_period_with_fewer_than_ten_answers_is_not_compared() -> None:
    assert change(METRICS["csat"], {"a": counted([5] * 9)}, {"a": counted([5] * 50)}) is None
    assert change(METRICS["csat"], {"a": counted([5] * 50)}, {}) is None


def test_from_six_outlets_the_spread_between_them_decides() -> None:
    chance = random.Random(3)  # noqa: S311
    now = {f"o{place}": counted(chance.choices(range(1, 6), (1, 1, 2, 4, 4), k=30)) for place in range(8)}
    before = {f"o{place}": counted(chance.choices(range(1, 6), (1, 1, 2, 3, 5), k=20)) for place in range(8)}
    overall = overall_score(SURVEY)
    assert overall is not None
    found = change(overall, now, before)
    assert found is not None
    assert found.method == "jackknife"
    # The long way round, from the outlets' own sums.
    sums = {
        name: [(int(part.valid(SURVEY.questions[0]) @ np.arange(5)), part.n) for part in (now[name], before[name])]
        for name in now
    }
    left_out = []
    for name in sorted(sums):
        rest = [pair for other, pair in sums.items() if other != name]
        means = [25 * sum(pair[side][0] for pair in rest) / sum(pair[side][1] for pair in rest) for side in (0, 1)]
        left_out.append(means[0] - means[1])
    error = math.sqrt(7 / 8 * sum((value - sum(left_out) / 8) ** 2 for value in left_out))
    half = student.ppf(0.975, 7) * error
    assert found.interval == pytest.approx((found.value - half, found.value + half), abs=1e-9)
    assert found.p == pytest.approx(2 * student.sf(abs(found.value) / error, 7), abs=1e-9)
    few = change(overall, dict(list(now.items())[:5]), dict(list(before.items())[:5]))
    assert few is not None
    assert few.method == "mover"


def test_the_jackknife_of_equal_clusters_is_the_textbook_error_of_their_mean() -> None:
    means = np.array([3.1, 4.0, 3.7, 4.4, 3.9, 4.1])
    left_out = [float(np.delete(means, place).mean()) for place in range(6)]
    assert jackknife_error(left_out) == pytest.approx(means.std(ddof=1) / math.sqrt(6), abs=1e-12)


def test_many_comparisons_are_corrected_as_benjamini_and_hochberg() -> None:
    p = {"a": 0.001, "b": 0.04, "c": 0.03, "d": 0.5, "e": 0.049}
    reference = multipletests([p[name] for name in sorted(p)], method="fdr_bh")[1]
    assert list(adjusted(p).values()) == pytest.approx(list(reference), abs=1e-12)
    assert adjusted({}) == {}


@pytest.mark.parametrize(
    ("now", "before", "word"),
    [
        ([5] * 100, [3] * 100, "up"),
        ([3] * 100, [5] * 100, "down"),
        ([5] * 1940 + [4] * 60, [5] * 1700 + [4] * 300, "up_small"),
        ([5] * 1700 + [4] * 300, [5] * 1940 + [4] * 60, "down_small"),
        ([5, 4, 3] * 10, [5, 4, 4] * 10, "none"),
    ],
)
def test_it_says_rose_or_fell_only_where_the_test_allows(now: list[int], before: list[int], word: str) -> None:
    overall = overall_score(SURVEY)
    assert overall is not None
    found = change(overall, {"a": counted(now)}, {"a": counted(before)})
    assert found is not None
    assert verdict(found, found.p, overall, 5.0) == word


def test_the_family_is_corrected_together() -> None:
    weak = change(METRICS["csat"], {"a": counted([5] * 55 + [2] * 45)}, {"a": counted([5] * 40 + [2] * 60)})
    none = change(METRICS["csat"], {"a": counted([5] * 50 + [2] * 50)}, {"a": counted([5] * 50 + [2] * 50)})
    assert weak is not None
    assert none is not None
    alone = table({"csat": weak}, {"csat": METRICS["csat"]}, 5.0)
    both = table({"csat": weak, "other": none}, {"csat": METRICS["csat"], "other": METRICS["csat"]}, 5.0)
    assert alone["csat"]["p"] < 0.05 < both["csat"]["p"]
    assert (alone["csat"]["verdict"], both["csat"]["verdict"]) == ("up", "none")
