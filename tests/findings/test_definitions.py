"""What a survey's definition does to its findings: weights, wording, methods, and what orders say of the work."""

from dataclasses import replace
from datetime import date
from typing import Any

from revisit.findings.summary import summarise
from tests.findings.samples import REPAIR
from tests.findings.test_summary import NETWORK, check, drawn, of


def test_other_weights_begin_a_series_and_are_not_compared_with_the_ones_before() -> None:
    other = {"speed": 0.6, "attitude": 0.1, "quality": 0.1, "price": 0.1, "channel": 0.1}
    weights = [(date.min, REPAIR.weights), (date(2026, 7, 1), other)]
    found = check(summarise(replace(NETWORK, weights=weights)))
    assert found["survey"]["weights"] == other
    assert found["survey"]["weights_since"] == "2026-07-01"
    assert found["csi"]["change"] is None
    assert found["csat"]["change"] is not None
    assert {"path": "csi.change", "reason": "weights_changed"} in found["suppressed"]
    rows = {row["period"]: row for row in found["trend"] if row["metric"] == "csi"}
    assert (rows["2026-06"]["series"], rows["2026-07"]["series"]) == (0, 1)
    before = {row["period"]: row for row in summarise(NETWORK)["trend"] if row["metric"] == "csi"}
    assert rows["2026-06"]["value"] == before["2026-06"]["value"]  # as it was weighed then
    assert rows["2026-07"]["value"] != before["2026-07"]["value"]
    assert {row["lower"] for row in rows.values()} == {None}
    assert {row["series"] for row in found["trend"] if row["metric"] != "csi"} == {0}


def test_weights_that_come_later_change_no_earlier_period() -> None:
    weights = [(date.min, REPAIR.weights), (date(2026, 10, 5), {"speed": 1.0})]
    assert summarise(replace(NETWORK, weights=weights)) == summarise(NETWORK)


def test_other_words_are_other_questions_and_end_the_comparison() -> None:
    now = drawn(40)
    before = [replace(one, text_hash="b" * 16) for one in drawn(40, seed=2, day=date(2026, 5, 5))]
    assert of([*now, *before])["comparable"]["reason"] == "wording_changed"
    # Another notice or a corrected title leaves the scored questions as they were.
    same = {"t" * 16: "the same", "b" * 16: "the same"}
    assert of([*now, *before], wordings=same)["comparable"]["value"] is True
    other_language = [replace(one, language="zh-Hans") for one in before]
    assert of([*now, *other_language])["comparable"]["value"] is True


def test_every_interval_names_its_method() -> None:
    def intervals(value: Any, path: str = "") -> list[str]:
        if isinstance(value, list):
            return [found for one in value for found in intervals(one, path)]
        if not isinstance(value, dict):
            return []
        bare = [path] if "low" in value and not value.get("method") else []
        return bare + [found for name, one in value.items() for found in intervals(one, f"{path}.{name}")]

    found = summarise(NETWORK)
    restated = ("headline", "proposals")
    assert [path for name, value in found.items() if name not in restated for path in intervals(value, name)] == []
    assert (found["csi"]["method"], found["csat"]["method"], found["nps"]["method"]) == ("score_t", "wilson", "tango")
    assert found["csat"]["change"]["method"] in {"mover", "jackknife"}
    assert found["units"][0]["csat"]["method"] == "wilson"


def test_it_weighs_by_the_kind_of_work_where_orders_say_it() -> None:
    kinds = {one.order_id: ("repair", "service")[place % 2] for place, one in enumerate(NETWORK.visits)}
    found = check(summarise(replace(NETWORK, jobs=kinds)))
    assert found["weighted"]["variables"] == ["unit", "month", "job"]
    assert set(found["nonresponse"]["variables"]) == {"unit", "month", "job"}
    assert summarise(NETWORK)["weighted"]["variables"] == ["unit", "month"]
