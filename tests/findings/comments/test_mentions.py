from dataclasses import replace
from datetime import date

import pytest

from revisit.findings.comments.themes import default
from revisit.findings.evidence import Evidence
from revisit.findings.statistics.intervals import wilson
from revisit.findings.summary import summarise
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from tests.findings.samples import CUTOFF, REPAIR, answered, made_organisation, response
from tests.findings.test_summary import check

RUDE, DEAR, WEATHER = "前台态度很差", "Far too expensive.", "It was a Tuesday."


def said(*comments: str, **where: object) -> list[Response]:
    """Give an answer for each comment; an empty one is left blank."""
    found = []
    for place, comment in enumerate(comments):
        answers = answered(overall=4)
        answers["comment"] = Answer("answered", comment) if comment else Answer("blank")
        found.append(response(f"{where.get('unit', '')}{where.get('day', '')}{place:04}", answers, **where))  # type: ignore[arg-type]
    return found


def of(responses: list[Response], unit: str = "lakeside", word: str = "2026-Q3") -> dict:  # type: ignore[type-arg]
    organisation = made_organisation()
    found = organisation.unit(unit)
    assert found is not None
    return check(summarise(Evidence(REPAIR, organisation, found, Period.parse(word), CUTOFF, responses, [])))


def why(found: dict) -> str | None:  # type: ignore[type-arg]
    return {row["path"]: row["reason"] for row in found["suppressed"]}.get("themes")


def test_it_counts_the_comments_about_each_theme() -> None:
    found = of(said(*[RUDE] * 6, *[DEAR] * 3, f"{RUDE}. {DEAR}", WEATHER, "", ""))
    rows = {row["theme"]: row for row in found["themes"]}
    assert {name: row["n"] for name, row in rows.items() if row["n"]} == {"attitude": 7, "price": 4, "none": 1}
    assert {row["of"] for row in rows.values()} == {11}
    expected = wilson(7, 11)
    assert expected is not None
    assert rows["attitude"]["share"]["value"] == pytest.approx(7 / 11)
    assert rows["attitude"]["share"]["low"] == pytest.approx(expected.low)
    assert rows["attitude"]["share"]["high"] == pytest.approx(expected.high)
    assert rows["attitude"]["share"]["method"] == "wilson"
    assert why(found) is None


def test_its_rows_are_the_dictionarys_in_order_then_none() -> None:
    found = of(said(*[DEAR] * 12))
    assert [row["theme"] for row in found["themes"]] == [*(theme.name for theme in default().themes), "none"]


@pytest.mark.parametrize(
    ("comments", "reason", "shown"), [(9, "fewer_than_10", None), (0, "no_answers", 0), (10, None, 10)]
)
def test_it_withholds_the_themes_of_few_comments(comments: int, reason: str | None, shown: int | None) -> None:
    found = of(said(*[DEAR] * comments, *[""] * 30))
    assert why(found) == reason
    assert {row["of"] for row in found["themes"]} == {shown}
    assert {row["n"] for row in found["themes"] if row["theme"] == "price"} == {comments if reason is None else None}


def test_no_subtraction_of_units_gives_away_a_few_comments() -> None:
    """Of the network's twelve comments ten are of one station: it is withheld, or the other two were what is left."""
    lakeside = said(*[DEAR] * 10, *[""] * 20, unit="network/lakeside")
    north = said(*[RUDE] * 2, *[""] * 28, unit="network/north")
    assert why(of([*lakeside, *north], "network")) is None
    assert why(of([*lakeside, *north])) == "protects_another"
    assert why(of([*lakeside, *north], "north")) == "fewer_than_10"


def test_no_subtraction_of_months_gives_away_a_few_comments() -> None:
    july = said(*[DEAR] * 15, *[""] * 10, day=date(2026, 7, 6))
    august = said(*[RUDE] * 3, *[""] * 20, day=date(2026, 8, 3))
    withheld = {word: why(of([*july, *august], word=word)) for word in ("2026-07", "2026-08", "2026-Q3")}
    assert withheld == {"2026-07": "protects_another", "2026-08": "fewer_than_10", "2026-Q3": None}


def test_a_week_that_a_month_cuts_into_few_comments_withholds_the_themes_alone() -> None:
    days = {date(2026, 7, 30): 3, date(2026, 8, 1): 12}
    responses = [one for day, count in days.items() for one in said(*[DEAR] * count, *[""] * 30, day=day)]
    found = of(responses, word="2026-W31")
    assert found["period"]["free_period"] is False
    assert found["csat"]["n"] == 75
    assert why(found) == "protects_another"


def test_the_comments_of_a_filtered_mode_are_its_own() -> None:
    web = said(*[DEAR] * 15, day=date(2026, 8, 3), mode="web")
    phone = said(*[RUDE] * 15, day=date(2026, 8, 4), mode="phone")
    organisation = made_organisation()
    unit = organisation.unit("lakeside")
    assert unit is not None
    evidence = Evidence(REPAIR, organisation, unit, Period.parse("2026-Q3"), CUTOFF, [*web, *phone], [])
    rows = {row["theme"]: row["n"] for row in check(summarise(replace(evidence, mode="phone")))["themes"]}
    assert rows["attitude"] == 15
    assert rows["price"] == 0
