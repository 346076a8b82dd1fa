"""Every kind of finding has a sentence in each language, and none says more than its figures."""

import json
from pathlib import Path
from typing import Any

import pytest

from revisit.records.survey import Survey
from revisit.reports.reading import read
from revisit.reports.telling import SAID, Telling, tell
from revisit.reports.words import words

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "findings.schema.json").read_text(encoding="utf-8"))
KINDS = SCHEMA["properties"]["headline"]["items"]["properties"]["kind"]["enum"]
QUALITY = {"figure": "quality", "n": 212, "value": 78.1, "low": 75.2, "high": 81.4}
CHANGE = {"before": 84.2, "change": -6.1, "change_low": -10.2, "change_high": -1.9}
SHARE = {"figure": "csat", "n": 1234, "value": 0.824, "low": 0.79, "high": 0.853}
MODE = {"kind": "mode_differs", "mode": "phone", "reference": "web", "n": 40}
EXAMPLES: dict[str, dict[str, Any]] = {
    "no_answers": {"due": 31},
    "too_few_answers": {"due": 31},
    "protects_another": {"due": 31},
    **{kind: {**QUALITY, **CHANGE} for kind in ("fell", "fell_a_little", "rose", "rose_a_little")},
    "no_change_shown": QUALITY | {"change": -1.2, "change_low": -4.0, "change_high": 1.6, "detectable": 2.8},
    "target_missed": SHARE | {"target": 0.9},
    "target_met": SHARE | {"target": 0.75},
    "lowest_dimension": QUALITY,
    "lowest_dimensions": {"dimensions": ["price", "quality"]},
    "no_dimension_stands_out": {},
    "level": {**QUALITY, "figure": "csi"},
    "not_comparable": {"reason": "protects_another"},
    **{kind: {**QUALITY, "unit": "lakeside"} for kind in ("unit_above", "unit_below", "unit_materially_below")},
    "visits_never_tried": {"count": 6, "due": 31, "value": 0.806, "open": 0},
    "visits_left_out": {"count": 2, "due": 31, "value": 0.935, "open": 0},
    "every_visit_tried": {"count": 0, "due": 31, "value": 1.0, "open": 3},
    **{kind: {"units": 7, "p": 0.01} for kind in ("units_differ", "units_do_not_differ")},
    **{
        kind: {"dimensions": ["speed", "quality"], "n": 312, "r2": 0.4}
        for kind in ("drivers_lead", "no_driver_leads", "drivers_not_separable")
    },
    "fix_first": QUALITY | {"share": 0.3},
    "mode_differs": MODE | {"difference": 4.2, "low": 1.1, "high": 7.3},
    "moved_at_one_mix": {"n": 160, "difference": -6.2, "low": -9.1, "high": -3.3},
    "commenters_differ": {"n": 40, "difference": -50.0, "low": -60.4, "high": -38.6},
    "weights_matter": {"n": 212, "value": 74.4, "low": 70.0, "high": 78.6},
    "indication_only": {"asked": 1200, "answered": 130},
    "burst_before_the_end": {"last_days": 40, "n": 90, "p": 0.0001},
    "doubtful_answers": {"count": 12, "n": 90},
}


def say(findings: dict[str, Any], survey: Survey, told: dict[str, Any], language: str = "en") -> str:
    return Telling(read(findings, survey), words(language)).tell(told)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_whole_sentence_in_each_language(
    kind: str, language: str, findings: dict[str, Any], survey: Survey
) -> None:
    said = say(findings, survey, {"kind": kind, **EXAMPLES[kind]}, language)
    assert "%(" not in said
    assert said.endswith("." if language == "en" else "。")
    assert "None" not in said
    if language != "en":
        assert said != say(findings, survey, {"kind": kind, **EXAMPLES[kind]})


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("no_answers", "No customer has answered; visits due: 31."),
        ("too_few_answers", "Fewer than 10 customers have answered, so no figure is shown; visits due: 31."),
        ("fell", "Quality fell from 84 to 78 (−6, probably −10 to −2; n = 212)."),
        ("rose_a_little", "Quality rose a little, from 84 to 78 (−6, probably −10 to −2; n = 212)."),
        (
            "no_change_shown",
            "Quality shows no change (−1, probably −4 to +2; n = 212); less than 3 points could not be seen.",
        ),
        (
            "target_missed",
            "The share of satisfied customers misses its target of 90%: 82%, probably 79–85% (n = 1,234).",
        ),
        ("lowest_dimension", "Quality is rated lower than all other dimensions: 78, probably 75–81 (n = 212)."),
        ("lowest_dimensions", "Price and quality are rated lower than the others; the answers cannot tell them apart."),
        ("no_dimension_stands_out", "No dimension is shown to be rated lower than all others."),
        ("visits_never_tried", "Nobody tried 6 of 31 visits due; the coverage is 81%."),
        (
            "drivers_lead",
            ("Most closely tied to overall satisfaction: speed and quality (n = 312);"
            " that is an association and no proof."),
        ),
        ("units_do_not_differ", "The 7 units are not shown to differ: chance alone would make them as different."),
    ],
)  # fmt: skip
def test_it_says_the_figures_with_interval_and_n(
    kind: str, said: str, findings: dict[str, Any], survey: Survey
) -> None:
    assert say(findings, survey, {"kind": kind, **EXAMPLES[kind]}) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-Hans", "质量由84降至78（−6，很可能在−10至−2之间；n = 212）。"),
        ("zh-Hant", "品質由84降至78（−6，很可能在−10至−2之間；n = 212）。"),
    ],
)
def test_it_says_so_in_chinese(language: str, said: str, findings: dict[str, Any], survey: Survey) -> None:
    assert say(findings, survey, {"kind": "fell", **EXAMPLES["fell"]}, language) == said


@pytest.mark.parametrize(
    ("difference", "low", "high", "said"),
    [
        (4.2, 1.1, 7.3, "lie 4 points above those by"),
        (-4.2, -7.3, -1.1, "lie 4 points below those by"),
        (4.2, -1.1, 9.5, "may differ from those by"),
        (4.2, 0.0, 8.4, "may differ from those by"),
    ],
)
def test_modes_differ_only_as_far_as_the_interval_carries(
    difference: float, low: float, high: float, said: str, findings: dict[str, Any], survey: Survey
) -> None:
    told = {**MODE, "difference": difference, "low": low, "high": high}
    assert said in say(findings, survey, told)


def test_a_change_that_only_many_comparisons_forbid_is_told_as_such(findings: dict[str, Any], survey: Survey) -> None:
    told = {"kind": "no_change_shown", **EXAMPLES["no_change_shown"], "change": -4.6, "change_low": -8.9}
    told |= {"change_high": -0.4, "compared": 8}
    assert say(findings, survey, told) == (
        "Quality shows no change that stands among the 8 figures compared at once (−5, probably −9 to 0 by itself; "
        "n = 212)."
    )
    for high in (0.0, 0.4):
        assert "less than 3 points could not be seen" in say(findings, survey, told | {"change_high": high})


@pytest.mark.parametrize("kind", ["lowest_dimension", "lowest_dimensions"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_the_lowest_is_so_among_those_shown_where_one_is_withheld(
    kind: str, language: str, findings: dict[str, Any], survey: Survey
) -> None:
    said = say(findings, survey, {"kind": kind, **EXAMPLES[kind], "hidden": True}, language)
    words = {"en": "that may be shown", "zh-Hans": "在可以显示的维度中", "zh-Hant": "在可以顯示的構面中"}
    assert words[language] in said
    assert words[language] not in say(findings, survey, {"kind": kind, **EXAMPLES[kind], "hidden": False}, language)


@pytest.mark.parametrize(
    "reason", ["no_answers", "fewer_than_10", "form_changed", "wording_changed", "mode_mix_differs"]
)
def test_a_known_reason_of_no_comparison_is_told(reason: str, findings: dict[str, Any], survey: Survey) -> None:
    findings["comparable"] = {"value": False, "reason": reason}
    said = say(findings, survey, {"kind": "not_comparable", "reason": reason})
    assert said.startswith("There is no comparison with ")
    assert ": " in said


def test_units_are_named_and_no_word_lies_unused(findings: dict[str, Any], survey: Survey) -> None:
    findings["units"] = [{"unit": "lakeside", "name": "Lakeside Station", "n": None}]
    assert say(findings, survey, {"kind": "unit_below", **EXAMPLES["unit_below"]}).startswith(
        "Lakeside Station is below"
    )
    variants = {"mode_above", "mode_below", "mode_unclear", "no_change_among_many", "lowest_shown"}
    assert set(SAID) == set(KINDS) - {"mode_differs"} | variants | {"lowest_several_shown"}


def test_all_findings_are_told_in_their_order(findings: dict[str, Any], survey: Survey) -> None:
    said = tell(findings, survey, "en")
    assert len(said) == len(findings["headline"]) - 1  # the target's sentence has said the level
    assert not any(" stands at " in one for one in said)
    findings["headline"] = [one for one in findings["headline"] if one["kind"] != "target_missed"]
    assert sum(" stands at " in one for one in tell(findings, survey, "en")) == 1
    weak = {row["kind"] for row in findings["headline"]} & {"lowest_dimension", "no_dimension_stands_out"}
    assert weak == {"no_dimension_stands_out"}
    assert "No dimension is shown to be rated lower than all others." in said


@pytest.mark.parametrize(
    ("language", "small"),
    [("en", "n = 12, small base"), ("zh-Hans", "n = 12，样本较小"), ("zh-Hant", "n = 12，樣本較小")],
)
def test_a_sentence_on_few_answers_says_so(findings: dict[str, Any], survey: Survey, language: str, small: str) -> None:
    assert small in say(findings, survey, {"kind": "level", **QUALITY, "n": 12}, language)
    of_thirty = say(findings, survey, {"kind": "level", **QUALITY, "n": 30}, language)
    assert "n = 30" in of_thirty
    assert small.partition("12")[2] not in of_thirty
