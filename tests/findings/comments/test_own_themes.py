"""Themes of the author's own in the comments of a survey."""

from dataclasses import replace

import pytest

from revisit.findings.comments.themes import default
from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.records.periods import Period
from revisit.records.survey import THEMES, OwnTheme
from tests.findings.comments.test_mentions import said
from tests.findings.samples import CUTOFF, REPAIR, made_organisation
from tests.findings.test_summary import check

NAMES = (("en", "Shuttle bus"), ("zh-Hans", "接驳车"), ("zh-Hant", "接駁車"))
SHUTTLE = OwnTheme(
    "shuttle",
    NAMES,
    ("shuttle", "courtesy bus*"),
    ("接驳车",),
    ("space shuttle",),
    ("接驳车位",),
)
WAITING = OwnTheme("waiting", (), ("stuck at the gate",), ("门口堵着",))
PRAISE = OwnTheme("praise", (), ("tip-top",), ("神了个奇",))
COFFEE = OwnTheme("coffee", (("en", "Coffee"),), ("coffee",), ("咖啡",))
WORDS = default().with_own((SHUTTLE, WAITING, PRAISE, COFFEE))


def test_the_records_name_the_themes_of_the_dictionary() -> None:
    assert tuple(theme.name for theme in default().themes) == THEMES


@pytest.mark.parametrize(
    ("comment", "themes"),
    [
        ("接驳车没有来", {"shuttle"}),
        ("接駁車沒有來", {"shuttle"}),
        ("The shuttle never came.", {"shuttle"}),
        ("Both courtesy buses were full", {"shuttle"}),
        ("I read about the Space Shuttle there", set()),
        ("接駁車位很多", set()),
        ("Stuck at the gate again", {"waiting"}),
        ("門口堵著", {"waiting"}),
        ("Tip-top", {"praise"}),
        ("not tip-top", set()),
        ("神了个奇", {"praise"}),
        ("不是神了个奇", set()),
        ("Tip-top, and the shuttle too", {"shuttle"}),
        # What comes with the program is looked past the coffee; the author wants to know of it.
        ("The coffee was cold", {"coffee"}),
        ("咖啡不錯", {"coffee"}),
    ],
)
def test_it_finds_the_authors_terms_in_both_scripts_and_english(comment: str, themes: set[str]) -> None:
    # What ships may find more: here the comments are about these for the author's terms alone.
    assert WORDS.themes_of(comment) - default().themes_of(comment) == themes


def test_what_means_something_else_is_covered_for_every_theme() -> None:
    assert default().themes_of("Their motto is cheap as chips") == {"price"}
    words = default().with_own((OwnTheme("waiting", excluded_english=("cheap as chip*",)),))
    assert words.themes_of("Their motto is cheap as chips") == set()
    assert words.themes_of("It was cheap") == {"price"}


def test_a_theme_of_the_authors_own_counts_negated_terms_unless_it_is_polar() -> None:
    own = OwnTheme("shuttle", NAMES, ("punctual bus",), ("班车准时",))
    plain, polar = default().with_own((own,)), default().with_own((replace(own, polar=True),))
    for comment in ("no punctual bus", "不是班车准时"):
        assert "shuttle" in plain.themes_of(comment)
        assert "shuttle" not in polar.themes_of(comment)


def test_no_addition_leaves_the_dictionary_as_it_is() -> None:
    words = default()
    assert words.with_own(()) is words


def test_it_counts_own_themes_behind_those_of_the_house_with_their_names() -> None:
    organisation = made_organisation()
    unit = organisation.unit("lakeside")
    assert unit is not None
    comments = ["接驳车太少", "接駁車太少", "The shuttle was late"] * 4 + ["It was a Tuesday."]
    found = {}
    for own in ((), (SHUTTLE, WAITING)):
        survey = replace(REPAIR, themes=own)
        evidence = Evidence(survey, organisation, unit, Period.parse("2026-Q3"), CUTOFF, said(*comments), [])
        found[own] = check(summarise(evidence))["themes"]
    assert [row["theme"] for row in found[SHUTTLE, WAITING]] == [*THEMES, "shuttle", "none"]
    rows = {row["theme"]: row for row in found[SHUTTLE, WAITING]}
    assert (rows["shuttle"]["n"], rows["shuttle"]["of"]) == (12, 13)
    assert rows["shuttle"]["names"] == dict(NAMES)
    assert "names" not in rows["waiting"]
    # The next survey has its own dictionary.
    assert [row["theme"] for row in found[()]] == [*THEMES, "none"]
