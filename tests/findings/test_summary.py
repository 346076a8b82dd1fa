import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from revisit.findings.evidence import Evidence
from revisit.findings.summary import rounded_off, summarise
from revisit.findings.withholding.suppression import hide
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from revisit.records.survey import Question, Targets
from tests.findings.samples import (
    CUTOFF,
    REPAIR,
    answered,
    made_answers,
    made_evidence,
    made_organisation,
    make_survey,
    records,
    response,
    scale,
    visit,
)

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parents[1] / "docs" / "findings.schema.json").read_text(encoding="utf-8"))
NETWORK = made_evidence()
LAKESIDE = made_evidence("lakeside")


def check(found: dict[str, Any]) -> dict[str, Any]:
    """Hold an object against the schema, and against the rule that what is null has a reason."""
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(found)
    return found


def of(responses: list[Response], **changes: Any) -> dict[str, Any]:
    """Give the findings of Lakeside's third quarter from these responses."""
    organisation = made_organisation()
    unit = organisation.unit("lakeside")
    assert unit is not None
    evidence = Evidence(REPAIR, organisation, unit, Period.parse("2026-Q3"), CUTOFF, responses, [])
    return check(summarise(replace(evidence, **changes)))


def drawn(count: int, seed: int = 1, **where: Any) -> list[Response]:
    chance = random.Random(seed)  # noqa: S311
    return [response(f"r{seed}-{place:04}", made_answers(chance), **where) for place in range(count)]


@pytest.mark.parametrize("word", ["2026-Q3", "2026-08", "2026-W31", "2026", "2024"])
@pytest.mark.parametrize("unit", ["network", "lakeside", "north"])
def test_it_keeps_the_contract(unit: str, word: str) -> None:
    organisation = NETWORK.organisation
    found = organisation.unit(unit)
    assert found is not None
    check(summarise(replace(NETWORK, unit=found, period=Period.parse(word))))


@pytest.mark.parametrize(("name", "unit"), [("example.json", "network"), ("example_station.json", "lakeside")])
def test_the_examples_are_what_it_gives(name: str, unit: str) -> None:
    example = (HERE / name).read_text(encoding="utf-8")
    assert example == json.dumps(summarise(made_evidence(unit)), indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("seed", range(5))
def test_the_same_answers_in_any_order_give_the_same_bytes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    responses, visits = list(LAKESIDE.responses), list(LAKESIDE.visits)
    chance.shuffle(responses)
    chance.shuffle(visits)
    mixed = replace(LAKESIDE, responses=responses, visits=visits)
    assert json.dumps(summarise(mixed)) == json.dumps(summarise(LAKESIDE))


def test_nothing_at_all_is_told_as_nothing() -> None:
    found = of([])
    assert found["responses"] == {"n": 0, "base": "none", "poster": 0}
    assert found["csi"]["base"] == "none"
    assert found["csi"]["n"] == 0
    assert found["csi"]["value"] is None
    assert found["headline"][0] == {"kind": "no_answers", "due": 0}
    assert {"path": "csi", "reason": "no_answers"} in found["suppressed"]
    assert {"path": "coverage.coverage", "reason": "no_visits"} in found["suppressed"]


@pytest.mark.parametrize("count", [1, 9])
def test_below_ten_answers_no_figure_and_no_n_is_shown(count: int) -> None:
    found = of(drawn(count))
    assert found["headline"][0]["kind"] == "too_few_answers"
    for block in (found["csi"], found["csat"], found["fixed"], found["nps"], *found["dimensions"].values()):
        assert block["n"] is None
        assert block["base"] == "hidden"
        assert block.get("value") is None
        assert block.get("score") is None
    assert found["nps"]["promoters"] is None
    for item in found["items"].values():
        assert {item[name] for name in ("n", "na", "blank", "invalid", "mean", "score", "distribution")} == {None}
    assert found["choices"]["fixed"]["options"] is None
    assert found["modes"]["web"]["n"] is None
    reasons = {row["path"]: row["reason"] for row in found["suppressed"]}
    assert reasons["items.overall"] == reasons["modes.web"] == reasons["csi"] == "fewer_than_10"


def test_ten_answers_are_shown_as_a_small_base_and_thirty_in_full() -> None:
    assert of(drawn(10))["csat"]["base"] == "small"
    assert of(drawn(29))["csat"]["base"] == "small"
    assert of(drawn(30))["csat"]["base"] == "full"


def test_the_csi_is_withheld_where_a_weighted_dimension_has_few_answers() -> None:
    responses = drawn(40)
    few = []
    for place, one in enumerate(responses):
        answers = dict(one.answers)
        if place >= 9:
            answers["price_fair"] = replace(answers["price_fair"], state="not_asked", value=None)
        few.append(replace(one, answers=answers))
    found = of(few)
    assert found["csi"] | {"change": None} == {
        "n": None,
        "base": "hidden",
        "value": None,
        "low": None,
        "high": None,
        "target": 80,
        "met": None,
        "change": None,
        "method": "score_t",
    }
    assert {"path": "csi", "reason": "dimension_fewer_than_10"} in found["suppressed"]
    assert found["dimensions"]["speed"]["score"] is not None


def test_a_question_that_the_survey_lacks_is_told() -> None:
    bare = make_survey([scale("on_time", "speed"), Question("comment", "text", "?")], targets=Targets())
    found = of([response(f"r{place}", answered(on_time=4)) for place in range(12)], survey=bare)
    assert {"path": "nps", "reason": "no_question"} in found["suppressed"]
    assert found["csat"]["value"] is None
    assert found["csi"]["value"] == 75


def test_targets_are_met_missed_or_unclear() -> None:
    def csat(good: int, bad: int) -> str:
        responses = [response(f"r{place}", answered(overall=5 if place < good else 1)) for place in range(good + bad)]
        return str(of(responses)["csat"]["met"])

    assert csat(100, 0) == "yes"
    assert csat(95, 5) == "unclear"
    assert csat(50, 50) == "no"


def test_visits_are_all_there_so_their_target_needs_no_doubt() -> None:
    day = date(2026, 8, 3)
    visits = [visit(f"v{place}", day=day, outcomes=("sent",)) for place in range(12)]
    assert of([], visits=visits)["coverage"]["coverage"]["met"] == "yes"
    assert of([], visits=[*visits, visit("miss", day=day)])["coverage"]["coverage"]["met"] == "no"


def test_posters_count_in_scores_and_never_in_coverage() -> None:
    day = date(2026, 8, 3)
    by_link = [replace(one, visit_id=f"v{place}") for place, one in enumerate(drawn(12))]
    by_poster = drawn(15, seed=2, mode="qr")
    found = of([*by_link, *by_poster], visits=[visit(f"v{place}", day=day, outcomes=("sent",)) for place in range(20)])
    assert found["responses"] == {"n": 27, "base": "small", "poster": 15}
    assert found["items"]["overall"]["n"] == 27
    assert found["coverage"]["answered"] == 12
    assert found["coverage"]["response_rate"]["value"] == pytest.approx(0.6)
    assert {name: (block["answers"], block["n"]) for name, block in found["modes"].items()} == {
        "web": (12, 12),
        "qr": (15, 15),
    }


def test_a_small_mode_takes_another_with_it() -> None:
    found = of([*drawn(40), *drawn(3, seed=2, mode="phone")])
    assert {name: block["n"] for name, block in found["modes"].items()} == {"web": None, "phone": None}


def test_what_came_after_the_cut_off_or_second_does_not_count() -> None:
    responses = drawn(20)
    late = [replace(one, id=f"late{one.id}", received_at=datetime(2026, 12, 1, tzinfo=UTC)) for one in responses]
    second = [replace(one, id=f"second{one.id}", flags=("second",)) for one in responses]
    assert of([*responses, *late, *second]) == of(responses)


def test_sample_data_are_marked() -> None:
    assert of(drawn(12))["sample"] is False
    assert of([*drawn(11), *drawn(1, seed=2, sample=True)])["sample"] is True


def test_periods_with_other_questions_or_another_mix_of_modes_are_not_compared() -> None:
    before: dict[str, Any] = {"seed": 2, "day": date(2026, 5, 5)}
    assert of([*drawn(40), *drawn(40, **before)])["comparable"] == {"value": True, "reason": None, "tested": 9}
    changed = [replace(one, form_hash="a" * 16) for one in drawn(40, **before)]
    assert of([*drawn(40), *changed])["comparable"]["reason"] == "form_changed"
    by_phone = of([*drawn(40), *drawn(40, mode="phone", **before)])
    assert by_phone["comparable"]["reason"] == "mode_mix_differs"
    assert by_phone["csi"]["change"] is None
    assert {"kind": "not_comparable", "reason": "mode_mix_differs"} in by_phone["headline"]
    assert of(drawn(40))["comparable"]["reason"] == "no_answers"


def test_a_fall_that_the_figures_carry_leads() -> None:
    found = summarise(LAKESIDE)
    assert found["headline"][0]["kind"] == "fell"
    assert found["headline"][0]["figure"] == "quality"
    assert {"no_change_shown", "not_comparable"}.isdisjoint(row["kind"] for row in found["headline"])


def test_a_lowest_dimension_is_named_only_where_it_lies_apart() -> None:
    def kinds(quality: int) -> set[str]:
        answers = answered(on_time=5, polite=5, mended=quality, tidy=quality, price_fair=5, easy_contact=5, overall=5)
        return {row["kind"] for row in of([response(f"r{place}", answers) for place in range(60)])["headline"]}

    assert "lowest_dimension" in kinds(2)
    assert "no_dimension_stands_out" in kinds(5)


def test_the_misses_are_named() -> None:
    day = date(2026, 8, 3)
    visits = [visit("v1", day=day, outcomes=("sent",)), visit("v2", day=day)]
    told = of([], visits=visits)["headline"][-1]
    assert told == {"kind": "visits_never_tried", "count": 1, "due": 2, "value": 0.5, "open": 0}


def test_a_period_with_open_visits_is_provisional() -> None:
    assert of([])["period"]["provisional"] is False
    assert of([], cutoff=datetime(2026, 9, 30, 8, tzinfo=UTC))["period"]["provisional"] is True
    open_then = visit("v1", day=date(2026, 9, 28), outcomes=("sent",))
    assert of([], visits=[open_then], cutoff=datetime(2026, 10, 1, tzinfo=UTC))["period"]["provisional"] is True


def test_the_last_day_is_the_units_own() -> None:
    # 17:00 UTC on 30 September is 1 October in Shanghai: the quarter is over there.
    assert of([], cutoff=datetime(2026, 9, 30, 17, tzinfo=UTC))["period"]["provisional"] is False


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 40), max_size=8), st.integers(0, 30))
def test_hidden_parts_cannot_be_found_by_subtraction(parts: dict[str, int], unseen: int) -> None:
    hidden = hide(parts, unseen)
    assert all(name in hidden for name, n in parts.items() if 0 < n < 10)
    whole = sum(parts.values()) + unseen
    left = [parts[name] for name in hidden] + ([unseen] if unseen else [])
    shown = [name for name, n in parts.items() if n >= 10 and name not in hidden]
    if whole >= 10 and hidden and shown:
        assert len(left) >= 2
        assert sum(left) >= 10


def test_it_rounds_to_twelve_digits_and_knows_no_minus_zero() -> None:
    assert rounded_off({"a": [1 / 3, -0.0, 7]}) == {"a": [0.333333333333, 0.0, 7]}
    assert str(rounded_off(-0.0)) == "0.0"


def test_the_series_ends_with_the_last_month_that_is_over() -> None:
    found = check(summarise(replace(LAKESIDE, period=Period.parse("2026"), cutoff=datetime(2026, 10, 1, tzinfo=UTC))))
    months = [row["period"] for row in found["trend"] if row["metric"] == "csi"]
    assert (months[0], months[-1], len(months)) == ("2025-10", "2026-09", 12)


def test_limits_come_with_twelve_months_and_go_with_a_gap() -> None:
    rows = [row for row in summarise(NETWORK)["trend"] if row["metric"] == "csat"]
    assert all(row["lower"] < row["centre"] < row["upper"] for row in rows)
    gap = [one for one in records(NETWORK) if not (one.day.year == 2026 and one.day.month == 2)]
    rows = [row for row in summarise(replace(NETWORK, responses=gap))["trend"] if row["metric"] == "csat"]
    assert {row["centre"] for row in rows} == {None}
    assert next(row for row in rows if row["period"] == "2026-02")["n"] == 0


def test_a_month_that_a_quarter_would_give_away_is_protected() -> None:
    sizes = {date(2026, 7, 6): 30, date(2026, 8, 3): 14, date(2026, 9, 7): 4}
    responses = [
        replace(one, id=f"{day}{one.id}", day=day) for day, count in sizes.items() for one in drawn(count, seed=count)
    ]
    found = of(responses)
    shown = {row["period"]: row["n"] for row in found["trend"] if row["metric"] == "csat"}
    assert (shown["2026-07"], shown["2026-08"], shown["2026-09"]) == (None, None, None)
    reasons = {row["path"]: row["reason"] for row in found["suppressed"]}
    assert reasons["trend.csat.2026-08"] == "protects_another"
    assert reasons["trend.csat.2026-09"] == "fewer_than_10"


def test_months_too_small_to_be_shown_are_merged_to_their_quarter_and_to_nothing_else() -> None:
    # The second quarter has no small month; the third has one, which would be found by any other sum.
    sizes = {4: 12, 5: 12, 6: 12, 7: 30, 8: 14, 9: 4}
    days = {month: date(2026, month, 7) for month in sizes}
    responses = [
        replace(one, id=f"{month}{one.id}", day=days[month])
        for month, count in sizes.items()
        for one in drawn(count, seed=month)
    ]

    def shown(found: dict[str, Any]) -> list[tuple[str, int]]:
        return [(row["period"], row["n"]) for row in found["quarters"] if row["metric"] == "csat"]

    found = of(responses)
    assert shown(found) == [("2026-Q3", 48)]
    merged = next(row for row in found["quarters"] if row["metric"] == "csat")
    assert merged.items() >= {name: found["csat"][name] for name in ("value", "low", "high", "method")}.items()
    # Not a quarter of which the series holds a part alone, nor one that has few answers itself.
    assert shown(of(responses, period=Period.parse("2026-08"))) == []
    assert shown(of([one for one in responses if one.day.month < 8 or one.id.endswith("1")])) == [("2026-Q3", 33)]
    assert shown(of([one for one in responses if one.day.month < 7 or one.id.endswith("1")])) == []


def of_network(sizes: dict[str, int], worse: str = "") -> dict[str, Any]:
    organisation = made_organisation(tuple(sizes))
    responses = []
    for station, size in sizes.items():
        chance = random.Random(len(station) + ord(station[0]))  # noqa: S311
        for place in range(size):
            answers = made_answers(chance)
            if station == worse:
                answers |= answered(overall=1 + place % 3)
            responses.append(response(f"{station}{place:04}", answers, unit=f"network/{station}/Engineer {place % 3}"))
    evidence = Evidence(REPAIR, organisation, organisation.root, Period.parse("2026-Q3"), CUTOFF, responses, [])
    return check(summarise(evidence))


def test_children_stand_in_the_order_of_the_organisation_and_engineers_never() -> None:
    found = of_network({"delta": 40, "alpha": 40, "charlie": 40})
    assert [row["unit"] for row in found["units"]] == ["delta", "alpha", "charlie"]
    assert "Engineer" not in json.dumps(found)
    assert {row["flag"] for row in found["units"]} == {None}
    assert {row["shrunken"] for row in found["units"]} == {None}


def test_engineers_are_listed_only_where_asked_for_and_under_the_unit_they_worked_for() -> None:
    responses = [
        response(f"{place}{unit}{who}", made_answers(random.Random(place)), unit=f"network/{unit}/{who}")  # noqa: S311
        for unit, who in (("lakeside", "Li"), ("lakeside", "Wu"), ("hillside", "Li"))
        for place in range(12)
    ]
    quiet, told = of(responses), of(responses, people=True)
    assert quiet["units"] == []
    assert [(row["path"], row["n"]) for row in told["units"]] == [
        ("network/lakeside/Li", 12),
        ("network/lakeside/Wu", 12),
    ]


def test_equal_stations_are_said_not_to_differ_before_any_is_marked() -> None:
    found = of_network(dict.fromkeys(("alpha", "bravo", "charlie", "delta", "echo"), 60))
    differ = found["comparison"]["metrics"]["overall"]["differ"]
    told = next(row for row in found["headline"] if row["kind"] == "units_do_not_differ")
    assert told == {"kind": "units_do_not_differ", "units": 5, "p": differ}
    funnel = found["units"][0]["csat"]["funnel"]
    assert funnel["low_99_8"] < funnel["low_95"] < funnel["high_95"] < funnel["high_99_8"]


def test_a_station_with_other_modes_is_not_compared_in_silence() -> None:
    responses = drawn(40, unit="network/harbour") + drawn(40, seed=2, unit="network/hillside", mode="phone")
    root = made_organisation().root
    assert of(responses, unit=root)["comparison"]["mode_mix_differs"]
    assert not of(drawn(40), unit=root)["comparison"]["mode_mix_differs"]


def test_a_worse_station_among_five_is_marked_and_told() -> None:
    found = of_network(dict.fromkeys(("alpha", "bravo", "charlie", "delta", "echo"), 60), worse="delta")
    row = found["units"][3]
    assert row["flag"] == "materially_below"
    assert row["score"] < row["shrunken"]["value"]
    assert {"kind": "unit_materially_below", "unit": "delta"}.items() <= next(
        told for told in found["headline"] if told["kind"] == "unit_materially_below"
    ).items()


def test_a_small_station_takes_the_next_smallest_with_it() -> None:
    found = of_network({"alpha": 40, "bravo": 30, "charlie": 4, "delta": 0})
    assert {row["unit"]: (row["n"], row["base"]) for row in found["units"]} == {
        "alpha": (40, "full"),
        "bravo": (None, "protected"),
        "charlie": (None, "hidden"),
        "delta": (0, "none"),
    }


def test_a_modes_score_says_how_many_answers_stand_behind_it() -> None:
    some = [replace(one, answers=one.answers | {"overall": Answer("na")}) for one in drawn(15, seed=4)]
    found = check(of([*drawn(20), *some, *drawn(12, seed=2, mode="phone")]))
    assert {name: (block["answers"], block["n"]) for name, block in found["modes"].items()} == {
        "web": (35, 20),
        "phone": (12, 12),
    }
