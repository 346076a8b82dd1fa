"""The findings on a terminal: what a line says, and that names stay whole where it is narrow."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from revisit.cli.figures import show

EXAMPLE = Path(__file__).parents[1] / "findings" / "example.json"


@pytest.fixture
def found() -> dict[str, Any]:
    loaded = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def shown(found: dict[str, Any], width: int = 80) -> str:
    paper = io.StringIO()
    show(Console(file=paper, width=width, color_system=None), found, "Q3 2026")
    return paper.getvalue()


def test_a_change_that_ends_at_nought_has_no_minus_nought(found: dict[str, Any]) -> None:
    found["csi"]["change"] |= {"verdict": "down_small", "value": -2.6, "low": -4.7, "high": -0.2}
    page = shown(found, 120)
    assert "fell a little -3 (-5 to 0)" in page
    assert "-0)" not in page


def test_names_of_dimensions_stay_whole_at_eighty_columns(found: dict[str, Any]) -> None:
    for block in found["dimensions"].values():
        block["n"] = block["top2"]["n"] = 2781
        block["change"] = found["csi"]["change"] | {"verdict": "down_small", "value": -2.6, "low": -4.7, "high": -1.2}
    page = shown(found)
    rows = page.partition("Dimensions (with")[2].partition("Questions")[0].splitlines()
    assert {name for name in found["dimensions"] if any(row.startswith(f"{name} ") for row in rows)} == set(
        found["dimensions"]
    )
    assert max(map(len, page.splitlines())) <= 80


def test_it_says_in_words_why_periods_are_not_compared(found: dict[str, Any]) -> None:
    found["comparable"] = {"value": False, "reason": "fewer_than_10"}
    assert "Not compared with 2026-Q2: fewer than ten answers." in shown(found)
    found["comparable"]["reason"] = "form_changed"
    assert "Not compared with 2026-Q2: form changed." in shown(found)


def test_a_change_stays_in_one_line_at_eighty_columns_with_thousands_of_answers(found: dict[str, Any]) -> None:
    small = {"verdict": "down_small", "value": -2.6, "low": -4.7, "high": -1.2}
    for block in (*found["dimensions"].values(), found["csi"]):
        block["n"] = 2781
        block["change"] = found["csi"]["change"] | small
    for name in ("csat", "fixed"):
        found[name]["n"] = 2781
        found[name]["change"] = found["csi"]["change"] | small | {"value": -0.026, "low": -0.047, "high": -0.012}
    figures = {"value": -22.0, "low": -28.6, "high": -15.3, "n": 2781}
    found["nps"] |= figures | {"change": found["csi"]["change"] | {"verdict": "down", "value": -13.0}}
    rows = shown(found).partition("Headline (with")[2].partition("Questions")[0].splitlines()
    assert sum(row.endswith("fell a little -3 (-5 to -1)") for row in rows) == len(found["dimensions"]) + 3


def test_it_says_why_no_unit_is_marked_where_too_few_were_there_to_test(found: dict[str, Any]) -> None:
    assert all(row["p"] is None for row in found["units"])
    assert "No unit is marked: they were not tested against each other" in " ".join(shown(found).split())
    found["units"][0]["p"] = 0.4
    assert "No unit is marked" not in shown(found)


def test_no_limit_is_rounded_onto_its_target(found: dict[str, Any]) -> None:
    found["csat"] |= {"n": 90, "value": 0.83, "low": 0.74, "high": 0.896, "target": 0.9, "met": "no"}
    assert "83.0% (74.0–89.6)" in shown(found, 120)
    found["csat"]["high"] = 0.88
    assert "83% (74–88)" in shown(found, 120)


def test_no_dimension_leads_where_all_of_them_do(found: dict[str, Any]) -> None:
    def marks() -> list[str]:
        rows = shown(found, 120).partition("Goes with overall satisfaction")[2].splitlines()
        return [row.split()[-1] for row in rows if row.startswith(("speed ", "price "))]

    names = ("speed", "attitude", "quality", "price", "channel")
    row = {"share": 0.2, "low": 0.1, "high": 0.3, "leading": True, "fix_first": False}
    found["drivers"] = {"separable": True, "n": 200, "r2": 0.6, "dimensions": {name: dict(row) for name in names}}
    assert marks() == ["0.20", "0.20"]
    found["drivers"]["dimensions"]["price"]["leading"] = False
    assert marks() == ["yes", "0.20"]


def test_it_prints_the_composites_below_the_index(found: dict[str, Any]) -> None:
    block = {name: found["csi"][name] for name in ("n", "base", "value", "low", "high", "method", "change")}
    told = {"names": {"en": "Loyalty", "zh-Hans": "忠诚度"}, "weights": {"overall": 1.0}, "weights_since": None}
    found["composites"] = {"loyalty": told | block, "ease": told | block | {"names": {"de": "Leichtigkeit"}}}
    found["composites"]["ease"]["weights_since"] = "2026-07-01"
    rows = shown(found, 140).partition("Headline (with")[2].partition("Dimensions")[0].splitlines()
    index = next(row for row in rows if row.startswith("CSI")).split()[1:3]
    assert next(row for row in rows if row.startswith("Loyalty ")).split()[1:3] == index
    assert any(row.startswith("Leichtigkeit (weights since 2026-07-01)") for row in rows)


def test_a_question_asked_of_people_it_does_not_concern_is_named(found: dict[str, Any]) -> None:
    assert "does not concern" not in shown(found)
    found["items"]["tidy"]["na_note"] = "not_concerned"
    assert "Asked of people it does not concern (n/a from more than one in five): tidy." in shown(found)


def test_groups_without_answers_are_named(found: dict[str, Any]) -> None:
    assert "Nobody answered" not in shown(found)
    groups = [("unit", "north", 12), ("month", "2026-08", 3), ("job", "paint", 2), ("job", "", 1)]
    rows = [{"variable": variable, "group": name, "asked": asked} for variable, name, asked in groups]
    found["nonresponse"]["silent"] = rows
    named = "north (12 due), 2026-08 (3 due), kind of work paint (2 due), kind of work not given (1 due)"
    assert f"Nobody answered of {named}: no weighted figure." in " ".join(shown(found).split())
    found["nonresponse"]["silent"] = rows[:1] * 10
    assert "north (12 due), 2 more: no weighted figure." in " ".join(shown(found).split())


def table(found: dict[str, Any], title: str) -> list[str]:
    """Give the rows of a table at 80 columns, each with its spaces made one."""
    page = shown(found)
    assert max(map(len, page.splitlines())) <= 80
    rows = page.partition(f"{title}\n")[2].partition("\n\n")[0].splitlines()
    return [" ".join(row.split()) for row in rows[2:]]


def test_units_are_shown_drawn_to_the_mean_of_all(found: dict[str, Any]) -> None:
    title = "The same units, drawn to the mean of all by what is known of them"
    assert title not in shown(found)
    one = found["units"][0]
    one["name"] = "Harbour View Service Centre"
    one["shrunken"] = {"value": 74.1, "low": 70.2, "high": 77.9, "method": "hierarchical"}
    one["csat"]["shrunken"] = {"value": 0.8, "low": 0.74, "high": 0.85, "method": "beta_binomial"}
    assert table(found, title) == ["Harbour View Service Centre 74 (70–78) 80% (74–85)"]


def test_the_score_at_a_fixed_mix_of_modes_stands_beside_the_plain_one(found: dict[str, Any]) -> None:
    rows = table(found, "Overall question at a fixed mix of modes")
    assert rows[0] == "as it is 74.4 213"
    assert " ".join(rows[1:]) == "at web 81%, qr 6%, phone 13% 74.4 (70.7–77.8) 213 none shown"
    found["standardised"] = None
    assert "fixed mix" not in shown(found)


def test_those_who_wrote_a_comment_stand_beside_the_others(found: dict[str, Any]) -> None:
    title = "Who wrote a comment (overall question)"
    assert title not in shown(found)
    found["commenters"] = {
        "commented": {"n": 40, "score": 61.2, "low": 54.3, "high": 68.0},
        "silent": {"n": 1730, "score": 78.4, "low": 74.6, "high": 82.1},
        "difference": {"value": -17.2, "low": -24.9, "high": -9.6},
        "chi2": 22.0,
        "df": 3,
        "p": 0.00006,
        "v": 0.33,
        "differ": True,
    }
    rows = table(found, title)
    assert rows == ["wrote one 61 (54–68) 40", "wrote none 78.4 (74.6–82.1) 1730", "difference -17 (-25 to -10)"]
    words = "against who did not: p < 0.001, V = 0.33; comments speak for their writers alone."
    assert words in " ".join(shown(found).split())
    found["commenters"] |= {"p": 0.31, "differ": False}
    assert "did not: p = 0.310, V = 0.33; no difference shown" in " ".join(shown(found).split())


def test_months_too_small_to_be_shown_stand_together_as_their_quarter(found: dict[str, Any]) -> None:
    for row in found["trend"]:
        if row["metric"] == "csi" and row["period"] in {"2026-01", "2026-02", "2026-03"}:
            row |= {"n": None, "value": None, "low": None, "high": None}
    figures = {"n": 24, "value": 77.0, "low": 70.0, "high": 83.0}
    found["quarters"] = [{"metric": "csi", "period": "2026-Q1", "series": 0, **figures}]
    rows = table(found, "Month by month: CSI")
    periods = ["2025-10", "2025-11", "2025-12", "2026-Q1", *(f"2026-0{month}" for month in range(4, 10))]
    assert [row.split()[0] for row in rows] == periods
    assert rows[3] == "2026-Q1 77 (70–83) 24"


def test_answers_without_visits_have_no_table_of_them(found: dict[str, Any]) -> None:
    assert "response rate RR1" in shown(found)
    said = "No repair orders and no visits belong to this period"
    assert said not in shown(found)
    found["coverage"] |= dict.fromkeys(("orders", "merged", "waiting", "due"), 0)
    assert "response rate RR1" not in shown(found)
    assert said in shown(found)


def test_a_figure_that_is_not_asked_has_no_row_and_is_named_in_words(found: dict[str, Any]) -> None:
    found["suppressed"] = [
        {"path": "fixed", "reason": "no_question"},
        {"path": "coverage.response_rate", "reason": "no_visits"},
        {"path": "integrity.checks.same_device", "reason": "not_recorded"},
        {"path": "modes.paper", "reason": "fewer_than_10"},
        {"path": "dimensions.price.change", "reason": "weights_changed"},
        {"path": f"units.{found['units'][0]['unit']}", "reason": "fewer_than_10"},
    ]
    page = shown(found, 120)
    assert "fixed" not in page.partition("Headline (with")[2].partition("Dimensions")[0]
    assert "Not shown (the survey does not ask it): fixed the first time." in page
    assert "Not shown (no settled visits): response rate." in page
    assert "check for one device answering for many." in page
    assert f"(fewer than ten answers): answers by paper, {found['units'][0]['name']}." in page
    assert "change of price." in page


def test_months_before_the_first_answer_and_after_the_last_are_left_out(found: dict[str, Any]) -> None:
    nothing = {"n": 0, "value": None, "low": None, "high": None, "signal": None}
    rows = [row for row in found["trend"] if row["metric"] == "csi"]
    for row in (*rows[:2], rows[4], *rows[-2:]):
        row.update(nothing)
    told = [row.split()[0] for row in table(found, "Month by month: CSI")]
    assert told == [row["period"] for row in rows[2:-2]]


def test_a_name_in_square_brackets_is_shown_as_it_is(found: dict[str, Any]) -> None:
    found["unit"]["name"] = "Lakeside [new]"
    found["units"][0]["name"] = "[b]North[/b]"
    page = shown(found)
    assert page.startswith("Lakeside [new] · ")
    assert "[b]North[/b] " in page


def test_it_says_nobody_answered_only_where_nobody_did(found: dict[str, Any]) -> None:
    found["responses"]["n"] = None
    assert "Nobody answered in this period" not in shown(found)
    found["responses"]["n"] = 0
    assert "Nobody answered in this period" in shown(found)
