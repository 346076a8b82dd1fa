"""Composites: weighted means that a survey declares beside the CSI."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np
import pytest

from revisit.findings.counts.columns import gather
from revisit.findings.counts.composites import with_earlier_parts
from revisit.findings.counts.lattices import weights
from revisit.findings.counts.tallies import tally, tally_by
from revisit.findings.scoring import scores
from revisit.findings.statistics.intervals import score_t
from revisit.findings.statistics.methods import name_methods
from revisit.findings.summary import summarise
from revisit.forms.definitions import FIGURES
from revisit.records.responses import Answer, Response
from revisit.records.survey import Composite, Survey
from tests.findings.samples import REPAIR, answered, make_survey, response, scale
from tests.findings.test_summary import LAKESIDE, NETWORK, check, drawn, of

LOYALTY = Composite("loyalty", "Loyalty", {"overall": 0.25, "recommend": 0.5, "quality": 0.25})
LIKE_THE_CSI = Composite("again", "The CSI again", dict(REPAIR.weights))


def declaring(*composites: Composite) -> Survey:
    return replace(REPAIR, composites=composites)


def test_made_of_the_dimensions_it_is_the_csi_to_the_last_digit() -> None:
    counts = tally(gather(drawn(60), declaring(LIKE_THE_CSI)))
    assert scores.composite(counts, "again", LIKE_THE_CSI.weights) == scores.csi(counts, weights(REPAIR))
    found = check(summarise(replace(NETWORK, survey=declaring(LIKE_THE_CSI))))
    names = ("n", "base", "value", "low", "high", "method")
    assert {name: found["composites"]["again"][name] for name in names} == {name: found["csi"][name] for name in names}
    shown = [(row["period"], row["value"], row["low"]) for row in found["trend"] if row["metric"] == "csi"]
    assert [(row["period"], row["value"], row["low"]) for row in found["trend"] if row["metric"] == "again"] == shown


def test_it_is_the_weighted_mean_of_its_parts_with_a_linearised_interval() -> None:
    """By hand: u_i = Σ w·(s_i - mean)/n of the parts, V = n/(n-1)·Σu². A reversed item is turned, 0-10 is not."""
    survey = make_survey(
        [scale("a"), scale("b", reverse=True), REPAIR.question("recommend")],  # type: ignore[list-item]
        composites=(Composite("mix", "Mix", {"a": 0.5, "b": 0.3, "recommend": 0.2}),),
    )
    chance = random.Random(3)  # noqa: S311 — made-up customers
    rows: list[Response] = []
    units: list[dict[str, Fraction | None]] = []
    for place in range(40):
        a, b, nps = chance.randint(1, 5), chance.randint(1, 5), chance.randint(0, 10)
        answers = answered(a=a, b=b, recommend=nps)
        if place % 4 == 0:
            answers["b"] = Answer("na")
        rows.append(response(f"r{place:03}", answers))
        units.append(
            {
                "a": Fraction(a - 1, 4),
                "b": None if place % 4 == 0 else Fraction(5 - b, 4),
                "recommend": Fraction(nps, 10),
            }
        )
    means: dict[str, Fraction] = {}
    sizes: dict[str, int] = {}
    for name in ("a", "b", "recommend"):
        given = [score for one in units if (score := one[name]) is not None]
        means[name], sizes[name] = sum(given, Fraction(0)) / len(given), len(given)
    part = survey.composites[0].weights
    deviations = [
        fsum(part[name] * float(score - means[name]) / sizes[name] for name, score in one.items() if score is not None)
        for one in units
    ]
    value = fsum(part[name] * float(means[name]) for name in part)
    limits = score_t(value, 40 / 39 * fsum(each * each for each in deviations), 40)
    assert limits is not None
    found = scores.composite(tally(gather(rows, survey)), "mix", part)
    assert found is not None
    assert found[:4] == pytest.approx((40, 100 * value, 100 * limits.low, 100 * limits.high), abs=1e-9)


def test_its_counts_add_and_subtract() -> None:
    columns = gather(drawn(50), declaring(LOYALTY))
    whole = tally(columns)
    one, other = tally_by(columns, np.arange(50) % 2, 2)
    for sum_ in (one + other, other + one):
        assert scores.composite(sum_, "loyalty", LOYALTY.weights) == scores.composite(whole, "loyalty", LOYALTY.weights)
    assert scores.composite(whole - one, "loyalty", LOYALTY.weights) == scores.composite(
        other, "loyalty", LOYALTY.weights
    )


def test_it_stands_in_the_findings_with_its_names_change_and_series() -> None:
    survey = declaring(LOYALTY)
    names = {"loyalty": {"en": "Loyalty", "zh-Hans": "忠诚度"}}
    found = check(summarise(replace(NETWORK, survey=survey, names=names)))
    block = found["composites"]["loyalty"]
    assert block["names"] == names["loyalty"]
    assert (block["weights"], block["weights_since"], block["method"]) == (LOYALTY.weights, None, "score_t")
    assert block["low"] < block["value"] < block["high"]
    assert block["change"]["previous"]["low"] < block["change"]["previous"]["value"]
    rows = [row for row in found["trend"] if row["metric"] == "loyalty"]
    assert len(rows) == 12
    assert {row["series"] for row in rows} == {0}
    assert found["comparable"]["tested"] == summarise(NETWORK)["comparable"]["tested"] + 1
    unnamed = summarise(replace(NETWORK, survey=survey))["composites"]["loyalty"]
    assert unnamed["names"] == {"en": "Loyalty"}


def test_a_survey_without_composites_has_the_findings_it_had() -> None:
    assert "composites" not in summarise(LAKESIDE)


def test_other_weights_begin_a_series_of_its_own_and_end_the_comparison() -> None:
    before, now = {"overall": 0.5, "price_fair": 0.5}, {"overall": 0.5, "recommend": 0.5}
    history = {"loyalty": [(date.min, before), (date(2026, 7, 1), now)]}
    survey = with_earlier_parts(declaring(Composite("loyalty", "Loyalty", now)), history)
    assert survey.composites[0].weights == now | {"price_fair": 0.0}
    found = check(summarise(replace(NETWORK, survey=survey, history=history)))
    block = found["composites"]["loyalty"]
    assert (block["weights"], block["weights_since"], block["change"]) == (now, "2026-07-01", None)
    assert {"path": "composites.loyalty.change", "reason": "weights_changed"} in found["suppressed"]
    assert found["csi"]["change"] is not None
    rows = {row["period"]: row for row in found["trend"] if row["metric"] == "loyalty"}
    assert (rows["2026-06"]["series"], rows["2026-07"]["series"]) == (0, 1)
    as_it_was = summarise(replace(NETWORK, survey=declaring(Composite("loyalty", "Loyalty", before))))
    earlier = {row["period"]: row for row in as_it_was["trend"] if row["metric"] == "loyalty"}
    assert rows["2026-06"]["value"] == earlier["2026-06"]["value"]
    assert rows["2026-07"]["value"] != earlier["2026-07"]["value"]
    assert {row["series"] for row in found["trend"] if row["metric"] == "csi"} == {0}


def test_a_month_whose_part_is_no_longer_asked_has_no_figure() -> None:
    history = {"loyalty": [(date.min, {"gone": 1.0}), (date(2026, 7, 1), {"overall": 1.0})]}
    survey = with_earlier_parts(declaring(Composite("loyalty", "Loyalty", {"overall": 1.0})), history)
    found = check(summarise(replace(NETWORK, survey=survey, history=history)))
    rows = {row["period"]: row for row in found["trend"] if row["metric"] == "loyalty"}
    assert rows["2026-06"]["value"] is None
    assert rows["2026-07"]["value"] is not None
    assert {"path": "trend.loyalty.2026-06", "reason": "dimension_fewer_than_10"} in found["suppressed"]


def blank(response_: Response, *questions: str) -> Response:
    return replace(response_, answers=response_.answers | {name: Answer("blank") for name in questions})


@pytest.mark.parametrize(("kept", "reason"), [(9, "dimension_fewer_than_10"), (10, None)])
def test_it_is_withheld_where_a_part_has_few_answers(kept: int, reason: str | None) -> None:
    rows = [one if place < kept else blank(one, "recommend") for place, one in enumerate(drawn(40))]
    found = of(rows, survey=declaring(LOYALTY))
    block = found["composites"]["loyalty"]
    whys = {row["path"]: row["reason"] for row in found["suppressed"]}
    assert whys.get("composites.loyalty") == reason
    assert (block["value"] is None, block["n"] is None) == (reason is not None, reason is not None)


@pytest.mark.parametrize(("count", "reason", "base"), [(9, "fewer_than_10", "hidden"), (0, "no_answers", "none")])
def test_it_is_withheld_of_few_answers(count: int, reason: str, base: str) -> None:
    found = of(drawn(count), survey=declaring(LOYALTY))
    assert found["composites"]["loyalty"]["base"] == base
    assert {row["path"]: row["reason"] for row in found["suppressed"]}["composites.loyalty"] == reason


def test_a_customer_who_answers_often_widens_its_interval_as_that_of_the_csi() -> None:
    rows = [replace(one, customer=f"c{place % 8}") for place, one in enumerate(drawn(40))]
    counts = tally(gather(rows, declaring(LIKE_THE_CSI)))
    assert counts.effect("composites.again") == counts.effect("csi")
    assert counts.effect("csi").df == 7


def test_no_composite_can_be_called_as_what_has_a_method_of_its_own() -> None:
    def methods(name: str) -> Any:
        return name_methods({"composites": {name: {"low": 1.0}}})["composites"][name]["method"]

    assert methods("loyalty") == "score_t"
    others = {name for name in (*FIGURES, *found_names()) if methods(name) != "score_t"}
    assert others <= set(FIGURES)


def found_names() -> set[str]:
    """Give every name that stands anywhere in findings."""

    def names(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(names, value))
        return set(value).union(*map(names, value.values())) if isinstance(value, dict) else set()

    return names(summarise(NETWORK))
