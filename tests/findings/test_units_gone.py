"""Units that are gone from the settings: an outlet that was closed, an engineer who moved. Their answers stay."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from revisit.findings.comparing.outlets import Leaves, outlets
from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.flows.asked import find_unit
from revisit.flows.reporting.findings import findings
from revisit.forms.versions import keep
from revisit.records.organisation import Organisation, Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.responses import Response
from revisit.settings import Settings, load
from revisit.store import open_store
from revisit.store.protocol import Store
from tests.findings.samples import CUTOFF, REPAIR, made_answers, response
from tests.findings.test_flow import entry, fill

KINDS = {1: "headquarters", 2: "region", 3: "outlet"}
PATHS = ("n", "n/east", "n/east/a", "n/east/b", "n/east/c", "n/west", "n/west/d")
CLOSED = "n/east/c"
SUMMER = Period.parse("2026-Q3")
# What is told of the answers themselves, whatever the organisation is today.
FIGURES = ("responses", "items", "dimensions", "csi", "csat", "fixed", "nps", "modes", "trend")


def organisation(*gone: str) -> Organisation:
    """Give a network as the settings know it when some of its units are gone."""
    return Organisation(
        tuple(
            Unit(path.rpartition("/")[2], path, KINDS[path.count("/") + 1], path, timezone="Asia/Shanghai")
            for path in PATHS
            if path not in gone
        )
    )


def earned(unit: str, count: int, day: date = date(2026, 8, 3)) -> list[Response]:
    chance = Random(f"{unit}{day}")  # noqa: S311 — made-up customers
    return [
        response(f"{unit.replace('/', '-')}-{day:%m}-{place:03}", made_answers(chance), unit=unit, day=day)
        for place in range(count)
    ]


ANSWERS = [one for unit in ("n/east/a", "n/east/b", f"{CLOSED}/Li", "n/west/d") for one in earned(unit, 40)]


def of(unit: str, *gone: str, answers: list[Response] = ANSWERS, **changed: Any) -> Evidence:
    tree = organisation(*gone)
    found = tree.unit(unit)
    assert found is not None
    return replace(Evidence(REPAIR, tree, found, SUMMER, CUTOFF, answers, ()), **changed)


@pytest.mark.parametrize("unit", ["n", "n/east", "n/east/a", "n/west"])
def test_the_answers_of_a_closed_outlet_still_count_where_they_were_earned(unit: str) -> None:
    before, after = summarise(of(unit)), summarise(of(unit, CLOSED))
    assert {name: after[name] for name in FIGURES} == {name: before[name] for name in FIGURES}
    assert after["responses"]["n"] == {"n": 160, "n/east": 120, "n/east/a": 40, "n/west": 40}[unit]


def test_a_closed_outlet_is_no_longer_listed_and_its_answers_are_nobody_elses() -> None:
    before, after = summarise(of("n/east")), summarise(of("n/east", CLOSED))
    assert [(row["unit"], row["n"]) for row in before["units"]] == [("a", 40), ("b", 40), ("c", 40)]
    assert [(row["unit"], row["n"]) for row in after["units"]] == [("a", 40), ("b", 40)]
    scores = {row["unit"]: row["score"] for row in before["units"]}
    assert all(row["score"] == scores[row["unit"]] for row in after["units"])
    told = outlets(Leaves(**vars_of(of("n", CLOSED))))
    assert [(row["unit"], row["n"]) for row in told["units"]] == [("a", 40), ("b", 40), ("d", 40)]


def vars_of(evidence: Evidence) -> dict[str, Any]:
    return {name: getattr(evidence, name) for name in Evidence.__dataclass_fields__}


def test_a_closed_region_counts_for_the_whole_alone() -> None:
    after = summarise(of("n", "n/west", "n/west/d"))
    assert after["responses"]["n"] == 160
    assert [(row["unit"], row["n"]) for row in after["units"]] == [("east", 120)]


def test_few_answers_of_a_closed_outlet_are_protected_as_those_of_an_open_one() -> None:
    few = [one for one in ANSWERS if not one.unit.startswith(CLOSED)] + earned(CLOSED, 4)
    # East has 84 answers: with those of a and b shown, 84 - 40 - 40 would give the four away.
    for gone in ((), (CLOSED,)):
        shown = {row["unit"]: row["n"] for row in summarise(of("n/east", *gone, answers=few))["units"]}
        assert sum(shown[name] is None for name in ("a", "b")) == 1
    assert summarise(of("n/east", CLOSED, answers=few))["responses"]["n"] == 84


def moved() -> list[Response]:
    """Give the answers of an engineer who worked at a until July and at b from August on."""
    rest = [one for unit in ("n/east/a/Wu", "n/east/b/Wu") for one in earned(unit, 30)]
    return rest + earned("n/east/a/Li", 14, date(2026, 7, 6)) + earned("n/east/b/Li", 17, date(2026, 9, 7))


def test_an_engineer_who_moved_keeps_each_answer_where_it_was_earned() -> None:
    answers = moved()
    of_a = summarise(of("n/east/a", answers=answers, people=True))
    of_b = summarise(of("n/east/b", answers=answers, people=True))
    assert [(row["path"], row["n"]) for row in of_a["units"]] == [("n/east/a/Li", 14), ("n/east/a/Wu", 30)]
    assert [(row["path"], row["n"]) for row in of_b["units"]] == [("n/east/b/Li", 17), ("n/east/b/Wu", 30)]
    person = Unit("Li", "n/east/a/Li", "engineer", "Li", timezone="Asia/Shanghai")
    assert summarise(replace(of("n/east/a", answers=answers), unit=person))["responses"]["n"] == 14
    later = summarise(of("n/east/a", answers=answers, people=True, period=Period.parse("2026-09")))
    assert "n/east/b/Li" not in json.dumps(later)
    assert [(row["path"], row["n"]) for row in later["units"]] == [("n/east/a/Li", 0), ("n/east/a/Wu", 0)]


TOML = """
timezone = "Asia/Shanghai"
[organisation]
id = "n"
name = "Example Motors"
[[units]]
id = "a"
[[units]]
id = "b"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "revisit.toml").write_text(TOML, encoding="utf-8")
    keep(tmp_path / "data" / "versions", REPAIR)
    return tmp_path


@pytest.fixture
def store(workspace: Path) -> Iterator[Store]:
    with closing(open_store(load(workspace, {}).workspace)) as opened:
        yield opened


def told(store: Store, settings: Settings, unit: str) -> dict[str, Any]:
    return findings(store, settings, REPAIR, find_unit(settings, unit, store), SUMMER.first, SUMMER.last, CUTOFF)


def test_closing_an_outlet_in_the_settings_takes_no_answer_and_no_visit_away(store: Store, workspace: Path) -> None:
    days = [date(2026, 8, 3)] * 2
    fill(
        store, earned("n/a", 20) + earned("n/b/Li", 20), [entry(f"v{n}", day, unit="n/b") for n, day in enumerate(days)]
    )
    settings = load(workspace, {})
    open_still = told(store, settings, "n")
    assert told(store, settings, "b")["responses"]["n"] == 20
    (workspace / "revisit.toml").write_text(TOML.rpartition("[[units]]")[0], encoding="utf-8")
    closed = told(store, load(workspace, {}), "n")
    assert [row["unit"] for row in closed["units"]] == ["a"]
    assert {name: closed[name] for name in (*FIGURES, "coverage")} == {
        name: open_still[name] for name in (*FIGURES, "coverage")
    }
    assert (closed["responses"]["n"], closed["coverage"]["orders"]) == (40, 2)


def test_a_closed_outlet_is_no_engineer() -> None:
    told = summarise(of("n/east", CLOSED, people=True))
    assert [row["path"] for row in told["units"]] == ["n/east/a", "n/east/b"]
    # All outlets of the region are closed: what lies below a region is no engineer either.
    assert summarise(of("n/east", "n/east/a", "n/east/b", CLOSED, people=True))["units"] == []


def test_an_engineer_of_a_station_with_outlets_is_known_by_the_orders_closed_there() -> None:
    answers = [*ANSWERS, *earned("n/east/Ma", 20)]
    told = summarise(of("n/east", CLOSED, answers=answers, people=True, workplaces=frozenset({"n/east", CLOSED})))
    assert [(row["path"], row["n"]) for row in told["units"]] == [("n/east/a", 40), ("n/east/b", 40), ("n/east/Ma", 20)]


def test_every_closed_outlet_is_a_cluster_of_its_own() -> None:
    answers = [*ANSWERS, *earned("n/east/e", 12), *earned("n/east/e/Xu", 12), *earned("n/far/f/Li", 12)]
    gone = of("n", CLOSED, answers=answers)
    names, _ = gone.outlets(gone.now)
    assert names == ("n/east/a", "n/east/b", CLOSED, "n/east/e", "n/far", "n/west/d")
    # The orders say where those of a closed region were earned.
    known = replace(gone, workplaces=frozenset({"n/far/f"}))
    assert known.outlets(known.now)[0] == ("n/east/a", "n/east/b", CLOSED, "n/east/e", "n/far/f", "n/west/d")


def test_a_change_counts_closed_outlets_one_by_one() -> None:
    paths = [f"n/east/{name}" for name in "pqrstu"]
    days = (date(2026, 5, 4), date(2026, 8, 3))
    answers = [one for path in paths for day in days for one in earned(path, 20, day)]
    assert summarise(of("n", answers=answers))["csat"]["change"]["method"] == "jackknife"


def test_a_closed_outlet_is_not_found_as_an_engineer(store: Store, workspace: Path) -> None:
    fill(store, earned("n/b/Li", 20), [entry("v1", date(2026, 8, 3), unit="n/b")])
    settings = load(workspace, {})
    assert find_unit(settings, "n/b", store).kind != "engineer"
    (workspace / "revisit.toml").write_text(TOML.rpartition("[[units]]")[0], encoding="utf-8")
    with pytest.raises(CallError, match="There is no unit"):
        find_unit(load(workspace, {}), "n/b", store)
