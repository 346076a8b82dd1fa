"""Surveys of which some outlets stand for all: every interval above an outlet holds the spread between outlets."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from revisit.findings.counts.columns import gather
from revisit.findings.counts.tallies import tally
from revisit.findings.evidence import Evidence
from revisit.findings.scoring.metrics import metrics, overall_score
from revisit.findings.summary import summarise
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.responses import Answer, Mode, Response
from revisit.records.survey import Composite, Survey
from tests.findings.samples import CUTOFF, REPAIR, WEIGHTS, made_answers, records, response
from tests.findings.test_summary import check

LOYALTY = Composite("loyalty", "Loyalty", {"overall": 0.5, "recommend": 0.5})
SURVEY = replace(REPAIR, sampled=True, composites=(LOYALTY,))
QUARTER = Period.parse("2026-Q3")
# Outlets in each region.
REGIONS = {"north": 7, "south": 8, "east": 6, "west": 9, "middle": 6, "coast": 3}


def made(regions: Mapping[str, int] = REGIONS, *, spread: float = 0.8, seed: int = 5) -> Evidence:
    """Make two quarters of a network whose outlets differ: in each, some give worse marks to everything."""
    chance = random.Random(seed)  # noqa: S311 — made-up customers, not secrets
    units = [Unit("network", "network", "headquarters", "Example Motors")]
    rows: list[Response] = []
    for region, count in regions.items():
        units.append(Unit(region, f"network/{region}", "region", region))
        for number in range(count):
            path = f"network/{region}/{region}{number}"
            units.append(Unit(f"{region}{number}", path, "outlet", path))
            level = chance.gauss(0, spread)
            for place in range(chance.randrange(24, 50)):
                answers = made_answers(chance)
                for name, one in answers.items():
                    if isinstance(one.value, int):
                        most = 10 if name == "recommend" else 5
                        low = 0 if name == "recommend" else 1
                        answers[name] = replace(one, value=min(most, max(low, round(one.value + level - 0.4))))
                mode: Mode = "phone" if chance.random() < 0.3 else "web"
                day = date(2026, 4 + place % 6, 1 + place % 28)
                rows.append(response(f"{path}-{place:03}", answers, unit=path, day=day, mode=mode))
    organisation = Organisation(tuple(units))
    return Evidence(SURVEY, organisation, organisation.root, QUARTER, CUTOFF, rows, [])


NETWORK = made()


def of(unit: str, evidence: Evidence | None = None, **changes: Any) -> dict[str, Any]:
    if evidence is None and not changes:
        return summed(unit)
    evidence = evidence or NETWORK
    found = evidence.organisation.unit(unit)
    assert found is not None
    return check(summarise(replace(evidence, unit=found, **changes)))


@cache
def summed(unit: str, *, sampled: bool = True) -> dict[str, Any]:
    return of(unit, NETWORK, survey=replace(SURVEY, sampled=sampled))


def everybody(unit: str, evidence: Evidence | None = None) -> dict[str, Any]:
    """Give the same findings, were all outlets asked."""
    if evidence is None:
        return summed(unit, sampled=False)
    return of(unit, evidence, survey=replace(SURVEY, sampled=False))


def rows_of(unit: str, evidence: Evidence = NETWORK) -> list[Response]:
    return [one for one in records(evidence) if f"/{unit}/" in f"/{one.unit}/" and QUARTER.contains(one.day)]


def value(one: Response, question: str) -> int | None:
    answer = one.answers[question]
    return int(answer.value) if answer.state == "answered" and answer.value is not None else None


def dimension(one: Response, *items: str) -> float | None:
    given_ = [(v - 1) / 4 for item in items if (v := value(one, item)) is not None]
    return sum(given_) / len(given_) if 2 * len(given_) >= len(items) else None


ITEMS = {"speed": ["on_time"], "attitude": ["polite"], "quality": ["mended", "tidy"]} | {
    "price": ["price_fair"],
    "channel": ["easy_contact"],
}


def mean(rows: Sequence[Response], score: Callable[[Response], float | None]) -> float:
    found = [one for row in rows if (one := score(row)) is not None]
    return sum(found) / len(found)


def by_hand(
    rows: Sequence[Response], parts: Mapping[Callable[[Response], float | None], float], *, share: bool = False
) -> tuple[float, float]:
    """Give the interval on 0..1 of a weighted mean the long way: every figure anew without each outlet."""

    def figure(some: Sequence[Response]) -> float:
        return sum(weight * mean(some, score) for score, weight in parts.items())

    outlets = sorted({one.unit for one in rows})
    without = [figure([one for one in rows if one.unit != outlet]) for outlet in outlets]
    groups = len(outlets)
    spread = (groups - 1) / groups * sum((one - sum(without) / groups) ** 2 for one in without)
    scored = [[score(row) for score in parts] for row in rows]
    sizes = [sum(line[at] is not None for line in scored) for at in range(len(parts))]
    means = [mean(rows, score) for score in parts]
    weights = list(parts.values())
    n = sum(any(one is not None for one in line) for line in scored)
    plain = (
        n
        / (n - 1)
        * sum(
            sum(
                w * (one - m) / size
                for one, w, m, size in zip(line, weights, means, sizes, strict=True)
                if one is not None
            )
            ** 2
            for line in scored
        )
    )
    deff, p = max(1.0, spread / plain), figure(rows)
    phi = 1.0 if share else min(1.0, (n * (n * plain) / (p * (1 - p)) + 1) / (n + 1))
    z, m = student.ppf(0.975, groups - 1), n / (phi * deff)
    centre = (p + z * z / (2 * m)) / (1 + z * z / m)
    half = z / (1 + z * z / m) * math.sqrt(p * (1 - p) / m + z * z / (4 * m * m))
    return centre - half, centre + half


@pytest.mark.parametrize("unit", ["south", "network"])
def test_every_interval_is_that_of_the_jackknife_done_by_hand(unit: str) -> None:
    found, rows = of(unit), rows_of(unit)
    one = {name: (lambda row, items=items: dimension(row, *items)) for name, items in ITEMS.items()}
    promoting = {0: 0.0} | dict.fromkeys(range(7), 0.0) | {7: 0.5, 8: 0.5, 9: 1.0, 10: 1.0}
    cases: list[tuple[dict[str, Any], str, float, float, tuple[float, float]]] = [
        (found["items"]["overall"], "score_t", 100, 0, by_hand(rows, {lambda row: dimension(row, "overall"): 1.0})),
        (found["csat"], "wilson", 1, 0, by_hand(rows, {lambda row: float(value(row, "overall") >= 4): 1}, share=True)),  # type: ignore[operator]
        (found["dimensions"]["quality"], "score_t", 100, 0, by_hand(rows, {one["quality"]: 1.0})),
        (found["csi"], "score_t", 100, 0, by_hand(rows, {one[name]: WEIGHTS[name] for name in one})),
        (found["nps"], "score_t", 200, -100, by_hand(rows, {lambda row: promoting[value(row, "recommend") or 0]: 1.0})),
        (
            found["composites"]["loyalty"],
            "score_t",
            100,
            0,
            by_hand(
                rows,
                {lambda row: dimension(row, "overall"): 0.5, lambda row: (value(row, "recommend") or 0) / 10: 0.5},
            ),
        ),
        (
            found["choices"]["fixed"]["options"]["yes"],
            "wilson",
            1,
            0,
            by_hand(rows, {lambda row: float(row.answers["fixed"].value == "yes"): 1.0}, share=True),
        ),
    ]
    for block, method, scale, least, limits in cases:
        assert block["method"] == method + "_outlets"
        assert (block["low"], block["high"]) == pytest.approx([scale * end + least for end in limits], abs=1e-8)


def test_the_figures_stay_and_their_intervals_get_wider() -> None:
    wide, narrow = of("south"), everybody("south")
    for name in ("csi", "csat", "nps"):
        assert wide[name]["value"] == narrow[name]["value"]
        assert wide[name]["low"] < narrow[name]["low"] < narrow[name]["high"] < wide[name]["high"]
    assert wide["sampling"] == {"outlets": "sample", "asked": 8, "note": None}
    assert narrow["sampling"] == {"outlets": "all", "asked": None, "note": None}
    assert narrow["csi"]["method"] == "score_t"


def test_an_outlet_is_as_it_was() -> None:
    one, other = of("south3"), everybody("south3")
    assert one["sampling"] == {"outlets": "sample", "asked": 1, "note": None}
    assert {name: block for name, block in one.items() if name != "sampling"} == {
        name: block for name, block in other.items() if name != "sampling"
    }


def test_too_few_outlets_are_told_and_leave_the_interval_of_the_answers() -> None:
    found, plain = of("coast"), everybody("coast")
    assert found["sampling"] == {"outlets": "sample", "asked": 3, "note": "few_outlets"}
    assert found["csi"] == plain["csi"]
    assert found["csi"]["method"] == "score_t"


def test_nothing_is_told_of_the_sample_where_no_answer_is_shown() -> None:
    few = [one for one in rows_of("coast") if one.unit.endswith("coast0")][:9]
    found = of("network", replace(NETWORK, responses=few))
    assert found["sampling"] == {"outlets": "sample", "asked": None, "note": None}


def test_children_above_outlets_have_their_spread_and_are_tested_over_outlets() -> None:
    found, plain = of("network"), everybody("network")
    rows = {row["unit"]: row for row in found["units"]}
    exact = {row["unit"]: row for row in plain["units"]}
    alone = of("west")["items"]["overall"]
    assert (rows["west"]["low"], rows["west"]["high"]) == (alone["low"], alone["high"])
    assert rows["west"]["method"] == "score_t_outlets"
    assert rows["west"]["csat"]["method"] == "wilson_outlets"
    assert rows["coast"]["p"] is None
    assert rows["coast"]["score"] == exact["coast"]["score"]
    assert found["comparison"]["metrics"]["overall"]["units"] == 5
    # Outlets that differ make regions differ by chance: seen as single answers two of them would be marked.
    assert sum(row["flag"] is not None for row in exact.values()) >= 2
    assert all(row["flag"] is None for row in rows.values())
    shrunken = {name: rows[name]["shrunken"] for name in REGIONS if name != "coast"}
    for name, one in shrunken.items():
        before = exact[name]["shrunken"]
        assert one["high"] - one["low"] > before["high"] - before["low"]


def test_the_children_of_a_region_are_outlets_and_tested_as_ever() -> None:
    assert of("west")["units"] == everybody("west")["units"]


def test_a_region_less_the_others_is_tested_by_the_jackknife() -> None:
    rows = rows_of("network")
    west = [one for one in rows if "/west/" in one.unit]
    found = {row["unit"]: row for row in of("network")["units"]}
    values = {region: [one for one in rows if f"/{region}/" in one.unit] for region in REGIONS}

    def variance(region: str) -> float:
        """Give the greater of the jackknife's variance and the plain one."""
        scores = np.array([dimension(one, "overall") for one in values[region]], np.float64)
        outlets = np.array([one.unit for one in values[region]])
        without = np.array([scores[outlets != one].mean() for one in np.unique(outlets)])
        plain = scores.var(ddof=1) / len(scores)
        if len(without) < 6:
            return float(plain)
        return float(max(plain, (len(without) - 1) / len(without) * ((without - without.mean()) ** 2).sum()))

    rest = [region for region in REGIONS if region != "west"]
    whole = sum(len(values[region]) for region in rest)
    others = sum((len(values[region]) / whole) ** 2 * variance(region) for region in rest)
    distance = mean(west, lambda one: dimension(one, "overall")) - mean(
        [one for region in rest for one in values[region]], lambda one: dimension(one, "overall")
    )
    p = 2 * student.sf(abs(distance) / math.sqrt(others + variance("west")), 8)
    tested = sorted(row["p"] for row in found.values() if row["p"] is not None)
    # Corrected for five regions: the least p of all times five, at most the next.
    corrected = found["west"]["p"]
    assert p <= corrected <= min(1.0, 5 * p) + 1e-9
    assert len(tested) == 5


def test_weighted_standardised_and_split_figures_have_it_too() -> None:
    wide, narrow = of("south"), everybody("south")
    assert wide["standardised"]["method"] == "score_t_weighted_outlets"
    assert wide["standardised"]["value"] == narrow["standardised"]["value"]
    assert wide["standardised"]["low"] < narrow["standardised"]["low"]
    phone = wide["modes"]["phone"]
    assert phone["method"] == "score_t_outlets"
    assert phone["low"] < narrow["modes"]["phone"]["low"]


def test_the_months_of_a_series_have_it_and_a_change_of_it_begins_a_new_one() -> None:
    since = [(date.min, False), (date(2026, 8, 1), True)]
    found = of("network", sampled=since)
    rows = {row["period"]: row for row in found["trend"] if row["metric"] == "csat"}
    assert (rows["2026-07"]["series"], rows["2026-08"]["series"]) == (0, 1)
    assert (rows["2026-07"]["method"], rows["2026-08"]["method"]) == ("wilson", "wilson_outlets")
    assert found["comparable"] == {"value": False, "reason": "outlets_changed", "tested": 0}
    assert found["csat"]["change"] is None
    assert {row["series"] for row in found["trend"] if row["period"] == "2026-09"} == {1}
    # What comes after the period changes nothing of it.
    later = [(date.min, False), (date(2026, 10, 5), True)]
    assert of("network", sampled=later) == of("network", sampled=[(date.min, False)])


def test_a_change_reckons_with_outlets_and_shows_the_wider_interval_of_before() -> None:
    found = of("south")
    change = found["csat"]["change"]
    assert change["method"] == "jackknife"
    assert change["previous"]["method"] == "wilson_outlets"
    earlier = of("south", period=Period.parse("2026-Q2"))["csat"]
    assert {name: change["previous"][name] for name in ("n", "value", "low", "high")} == {
        name: earlier[name] for name in ("n", "value", "low", "high")
    }


def test_equal_answers_still_have_width_with_the_freedom_of_outlets() -> None:
    rows = [
        replace(one, answers={name: replace(a, value=5) if name == "overall" else a for name, a in one.answers.items()})
        for one in records(NETWORK)
    ]
    wide, narrow = of("south", replace(NETWORK, responses=rows)), everybody("south", replace(NETWORK, responses=rows))
    assert wide["items"]["overall"]["high"] == 100
    assert wide["items"]["overall"]["low"] < narrow["items"]["overall"]["low"]


@pytest.mark.parametrize("survey", [SURVEY, replace(SURVEY, sampled=False)])
def test_a_network_where_all_say_the_same_has_findings(survey: Survey) -> None:
    best: dict[str, int | str] = {"fixed": "yes", "recommend": 10}
    said = {one.id: Answer("answered", best.get(one.id, 5)) for one in REPAIR.questions if one.kind != "text"}
    rows = [replace(one, answers=said) for one in records(NETWORK)]
    found = of("network", replace(NETWORK, responses=rows, survey=survey))
    for name, most in (("csi", 100), ("csat", 1), ("nps", 100)):
        assert found[name]["low"] < found[name]["value"] == found[name]["high"] == most
    assert found["mode_effect"] is found["drivers"] is None
    assert {"path": "mode_effect", "reason": "no_spread"} in found["suppressed"]
    assert all(row["flag"] is None for row in found["units"])


@settings(max_examples=25)
@given(st.integers(6, 12), st.lists(st.integers(1, 5), min_size=36, max_size=60), st.integers(0, 99))
def test_no_interval_is_narrower_than_that_of_all_outlets_or_leaves_its_scale(
    outlets: int, values: list[int], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    said = [made_answers(chance) | {"overall": Answer("answered", each)} for each in values]
    columns = gather([response(f"r{at:03}", answers) for at, answers in enumerate(said)], SURVEY)
    narrow, wide = tally(columns), tally(columns.with_outlets(np.arange(len(values)) % outlets))
    overall = overall_score(SURVEY)
    assert overall is not None
    for metric in (overall, *metrics(SURVEY).values()):
        found, other = metric.estimate(wide, 0.95), metric.estimate(narrow, 0.95)
        assert found is not None
        assert other is not None
        assert found.value == other.value
        assert found.low <= found.value <= found.high
        assert metric.name not in {"overall", "csat"} or found.method.endswith("_outlets")
        least, most = {"score": (0, 100), "share": (0, 1), "nps": (-100, 100)}[metric.kind]
        assert least <= found.low
        assert found.high <= most
        if metric.name != "nps":  # of all outlets that is another interval, Tango's
            assert found.low <= other.low + 1e-9
            assert found.high >= other.high - 1e-9


def test_the_order_of_answers_changes_nothing() -> None:
    rows = records(NETWORK)
    random.Random(1).shuffle(rows)  # noqa: S311
    assert of("south", replace(NETWORK, responses=rows)) == of("south")
