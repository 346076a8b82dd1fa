"""A score at a fixed mix of modes: by hand, against statsmodels, and as a block of the findings."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from revisit.findings.counts.clusters import Effect
from revisit.findings.scoring.standardising import Answers, compare, mix, standardise, verdict
from revisit.findings.scoring.weighting import weighted_score, weighted_share
from revisit.findings.statistics.intervals import wilson
from revisit.findings.summary import summarise
from revisit.records.responses import Mode, Response
from tests.findings.samples import answered, made_evidence, response
from tests.findings.test_summary import check, of, of_network

HALF = np.array([0.5, 0.5])


def answers(web: list[float], phone: list[float], outlets: int = 1) -> Answers:
    values = np.array(web + phone)
    return Answers(values, np.repeat([0, 1], [len(web), len(phone)]), np.arange(len(values)) % outlets)


def test_each_mode_weighs_what_the_mix_says() -> None:
    # Web 0.5 on average, phone 0.9; by numbers of answers 0.6, half and half 0.7.
    found = standardise(answers([0.25, 0.5, 0.75] * 10, [1, 0.75, 1, 0.85] * 2 + [0.9] * 2), HALF)
    assert found is not None
    assert found.n == 40
    assert found.value == pytest.approx(100 * (0.5 * 0.5 + 0.5 * 0.9))
    assert found.low < found.value < found.high


def test_it_is_the_weighted_mean_of_statsmodels() -> None:
    chance = np.random.default_rng(3)
    web, phone = chance.integers(0, 5, 70) / 4, chance.integers(2, 5, 30) / 4
    found = standardise(answers(web.tolist(), phone.tolist()), np.array([0.4, 0.6]))
    weights = np.repeat([0.4 / 70, 0.6 / 30], [70, 30])
    assert found is not None
    assert found.value == pytest.approx(100 * DescrStatsW(np.concatenate([web, phone]), weights).mean, rel=1e-12)


def test_the_mix_of_a_unit_leaves_its_score_as_it_is() -> None:
    one = answers([0.25, 0.5] * 10, [1.0, 0.75] * 10)
    found, plain = standardise(one, HALF), weighted_score(one.values, np.ones(40))
    assert found == pytest.approx(plain)


def test_rare_modes_are_left_out_of_the_mix_and_of_the_score() -> None:
    assert mix([60, 36, 4]).tolist() == pytest.approx([60 / 96, 36 / 96, 0])
    assert mix([0, 0]).tolist() == [0, 0]
    values = np.array([0.5] * 20 + [1.0] * 20 + [0.0] * 2)
    found = standardise(Answers(values, np.repeat([0, 1, 2], [20, 20, 2]), np.zeros(42, int)), np.array([0.5, 0.5, 0]))
    assert found is not None
    assert found.n == 40
    assert found.value == pytest.approx(75)


def test_a_mode_without_answers_leaves_no_figure() -> None:
    assert standardise(answers([0.5] * 20, []), HALF) is None
    assert compare(answers([0.5] * 20, [0.5] * 20), answers([0.5] * 20, []), HALF, (Effect(1, None),) * 2) is None


def test_customers_who_answered_more_than_once_widen_it() -> None:
    one = answers([0.25, 0.5] * 10, [1.0, 0.75] * 10)
    plain, wider = standardise(one, HALF), standardise(one, HALF, Effect(2.0, 19))
    assert plain is not None
    assert wider is not None
    assert wider.low < plain.low < plain.high < wider.high


def test_a_change_of_the_mix_alone_is_no_change() -> None:
    # The phone is kinder; now most call, before most clicked. At the same mix nothing moved.
    now = answers([0.5, 0.75] * 10, [0.75, 1.0] * 40)
    before = answers([0.5, 0.75] * 40, [0.75, 1.0] * 10)
    assert now.values.mean() - before.values.mean() > 0.1
    found = compare(now, before, HALF, (Effect(1, None),) * 2)
    assert found is not None
    assert found.value == pytest.approx(0, abs=1e-12)
    assert (found.method, verdict(found, 5)) == ("mover", "none")


def test_from_six_outlets_on_their_spread_decides() -> None:
    chance = np.random.default_rng(8)
    drawn = [(chance.integers(0, 5, 90) / 4, chance.integers(1, 5, 90) / 4) for _ in range(2)]
    periods = [answers(web.tolist(), phone.tolist(), outlets=9) for web, phone in drawn]
    found = compare(periods[0], periods[1], HALF, (Effect(1, None),) * 2)
    assert found is not None
    left_out = []
    for outlet in range(9):
        means = []
        for period in periods:
            kept = period.outlet != outlet
            means.append(100 * np.mean([period.values[kept & (period.group == mode)].mean() for mode in (0, 1)]))
        left_out.append(means[0] - means[1])
    error = np.sqrt(8 / 9 * ((np.array(left_out) - np.mean(left_out)) ** 2).sum())
    assert found.method == "jackknife"
    assert (found.interval.high - found.interval.low) / 2 == pytest.approx(2.306004135204166 * error, rel=1e-9)


def test_a_weighted_share_is_wilsons_with_the_answers_that_its_weights_are_worth() -> None:
    chosen = np.array([True] * 30 + [False] * 10)
    plain = weighted_share(chosen, np.ones(40))
    assert plain is not None
    limits = wilson(30, 40)
    assert limits is not None
    assert plain[:4] == pytest.approx((40, 0.75, *limits), rel=1e-12)
    uneven = weighted_share(chosen, np.tile([1.0, 3.0], 20))
    assert uneven is not None
    assert uneven.high - uneven.low > plain.high - plain.low
    assert weighted_share(chosen[:0], np.ones(0)) is None
    everybody = weighted_share(np.ones(12, np.bool_), np.ones(12))
    assert everybody is not None
    assert (everybody.value, everybody.high) == (1, 1)
    assert everybody.low < 1


def told(counts: dict[Mode, int], day: date, seed: int, **scores: tuple[int, ...]) -> list[Response]:
    chance = random.Random(seed)  # noqa: S311 — made-up customers
    return [
        response(f"{mode}{day}{place:03}", answered(overall=chance.choice(scores[mode])), mode=mode, day=day)
        for mode, count in counts.items()
        for place in range(count)
    ]


KIND: dict[str, Any] = {"web": (2, 3, 4), "phone": (4, 5)}
NOW, BEFORE = date(2026, 8, 3), date(2026, 5, 4)


def test_the_findings_give_it_with_its_change_where_the_mix_forbids_any_other() -> None:
    found = of([*told({"web": 40, "phone": 120}, NOW, 1, **KIND), *told({"web": 120, "phone": 40}, BEFORE, 2, **KIND)])
    block = found["standardised"]
    assert found["comparable"]["reason"] == "mode_mix_differs"
    assert block["mix"] == {"web": 0.25, "phone": 0.75}
    assert block["value"] == pytest.approx(block["plain"])
    assert block["change"]["verdict"] == "none"
    assert block["change"]["previous"]["n"] == 160


def test_a_unit_is_told_at_the_mix_of_all() -> None:
    lakeside = told({"web": 40, "phone": 40}, NOW, 1, **KIND)
    others = [replace(one, id=f"x{one.id}", unit="network/harbour") for one in told({"web": 320}, NOW, 2, **KIND)]
    block = of([*lakeside, *others])["standardised"]
    assert block["mix"] == {"web": 0.9, "phone": 0.1}
    assert block["matters"] is True
    assert block["value"] < block["plain"] - 5
    assert block["change"] is None


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"web": 80}, "one_mode"),
        ({"web": 5}, "fewer_than_10"),
        ({"web": 60, "phone": 4}, "mode_missing"),
        ({}, "no_answers"),
    ],
)
def test_it_says_why_there_is_none(counts: dict[Mode, int], reason: str) -> None:
    found = of(told(counts, NOW, 1, **KIND))
    assert found["standardised"] is None
    assert {"path": "standardised", "reason": reason} in found["suppressed"]


def test_a_unit_that_lacks_a_way_of_answering_is_not_told_at_the_mix() -> None:
    lakeside = told({"web": 40}, NOW, 1, **KIND)
    others = [
        replace(one, id=f"x{one.id}", unit="network/harbour") for one in told({"web": 40, "phone": 40}, NOW, 2, **KIND)
    ]
    found = of([*lakeside, *others])
    assert {"path": "standardised", "reason": "mode_missing"} in found["suppressed"]


def test_the_answers_of_one_mode_alone_are_not_told_at_a_mix() -> None:
    found = of(told({"web": 40, "phone": 40}, NOW, 1, **KIND), mode="web")
    assert {"path": "standardised", "reason": "narrowed"} in found["suppressed"]


def test_children_with_other_mixes_of_work_are_said_to_have_them() -> None:
    found = of_network({"alpha": 40, "bravo": 40})
    assert found["comparison"]["job_mix_differs"] is False


def test_summaries_of_everybody_keep_the_contract() -> None:
    found = check(summarise(made_evidence()))
    assert found["standardised"]["mix"].keys() == {"web", "qr", "phone"}


def test_a_change_at_one_mix_is_told_where_the_mixes_forbid_any_other() -> None:
    worse: dict[str, Any] = {"web": (1, 2, 2), "phone": (3, 4)}
    before = told({"web": 120, "phone": 40}, BEFORE, 2, **KIND)
    fallen = of([*told({"web": 40, "phone": 120}, NOW, 1, **worse), *before])
    (said,) = (one for one in fallen["headline"] if one["kind"] == "moved_at_one_mix")
    assert said["difference"] == fallen["standardised"]["change"]["value"] < said["high"] < 0
    steady = of([*told({"web": 40, "phone": 120}, NOW, 1, **KIND), *before])
    comparable = of([*told({"web": 120, "phone": 40}, NOW, 1, **worse), *before])
    for found in (steady, comparable):
        assert "moved_at_one_mix" not in {one["kind"] for one in found["headline"]}
