from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from revisit.forms.series import DamagedSeriesError, composites_since, note_weights, sampled_since, weights_since
from revisit.forms.versions import keep
from revisit.records.survey import Composite, Survey
from tests.findings.samples import REPAIR

OTHER = replace(REPAIR, weights=REPAIR.weights | {"price": 0.3, "speed": 0.05})


def test_it_notes_weights_once_and_others_from_the_day_they_come(tmp_path: Path) -> None:
    note_weights(tmp_path, [REPAIR], date(2026, 1, 5))
    note_weights(tmp_path, [REPAIR], date(2026, 3, 5))
    assert weights_since(tmp_path, "repair") == ((date.min, REPAIR.weights),)
    note_weights(tmp_path, [OTHER], date(2026, 7, 1))
    assert weights_since(tmp_path, "repair") == ((date.min, REPAIR.weights), (date(2026, 7, 1), OTHER.weights))


def test_it_begins_with_the_weights_that_were_published_before_it_kept_notes(tmp_path: Path) -> None:
    keep(tmp_path, REPAIR)
    note_weights(tmp_path, [OTHER], date(2026, 7, 1))
    assert [day for day, _ in weights_since(tmp_path, "repair")] == [date.min, date(2026, 7, 1)]


def test_two_changes_of_a_day_are_one(tmp_path: Path) -> None:
    for survey, day in ((REPAIR, 1), (OTHER, 2), (replace(OTHER, weights={"speed": 1.0}), 2)):
        note_weights(tmp_path, [survey], date(2026, 7, day))
    assert [weights for _, weights in weights_since(tmp_path, "repair")] == [REPAIR.weights, {"speed": 1.0}]


def test_it_notes_the_parts_of_a_composite_by_themselves(tmp_path: Path) -> None:
    def weighed(**parts: float) -> Survey:
        return replace(REPAIR, composites=(Composite("loyalty", "Loyalty", parts),))

    keep(tmp_path, weighed(overall=1.0))
    note_weights(tmp_path, [weighed(overall=0.5, recommend=0.5)], date(2026, 7, 1))
    assert composites_since(tmp_path, weighed()) == {
        "loyalty": ((date.min, {"overall": 1.0}), (date(2026, 7, 1), {"overall": 0.5, "recommend": 0.5}))
    }
    assert weights_since(tmp_path, "repair") == ((date.min, REPAIR.weights),)
    note_weights(tmp_path, [replace(weighed(overall=0.5, recommend=0.5), weights=OTHER.weights)], date(2026, 8, 1))
    assert len(composites_since(tmp_path, weighed())["loyalty"]) == len(weights_since(tmp_path, "repair")) == 2
    assert composites_since(tmp_path, REPAIR) == {}


def test_a_new_composite_holds_for_all_that_lies_before(tmp_path: Path) -> None:
    keep(tmp_path, REPAIR)
    survey = replace(REPAIR, composites=(Composite("loyalty", "Loyalty", {"overall": 1.0}),))
    note_weights(tmp_path, [survey], date(2026, 7, 1))
    assert composites_since(tmp_path, survey) == {"loyalty": ((date.min, {"overall": 1.0}),)}


def test_it_notes_from_which_day_on_some_outlets_alone_are_asked(tmp_path: Path) -> None:
    keep(tmp_path, REPAIR)
    note_weights(tmp_path, [REPAIR], date(2026, 3, 1))
    assert sampled_since(tmp_path, "repair") == ()
    note_weights(tmp_path, [replace(REPAIR, sampled=True)], date(2026, 7, 1))
    note_weights(tmp_path, [replace(REPAIR, sampled=True)], date(2026, 8, 1))
    assert sampled_since(tmp_path, "repair") == ((date.min, False), (date(2026, 7, 1), True))
    note_weights(tmp_path, [REPAIR], date(2026, 9, 1))
    assert sampled_since(tmp_path, "repair")[-1] == (date(2026, 9, 1), False)
    assert weights_since(tmp_path, "repair") == ((date.min, REPAIR.weights),)
    assert composites_since(tmp_path, REPAIR) == {}


def test_a_survey_that_began_with_a_sample_never_had_all(tmp_path: Path) -> None:
    note_weights(tmp_path, [replace(REPAIR, sampled=True)], date(2026, 7, 1))
    assert sampled_since(tmp_path, "repair") == ((date.min, True),)


def test_it_takes_the_source_language_alone(tmp_path: Path) -> None:
    note_weights(tmp_path, [replace(REPAIR, language="zh-Hans")], date(2026, 1, 5))
    assert weights_since(tmp_path, "repair") == ()


def test_it_names_a_damaged_note(tmp_path: Path) -> None:
    (tmp_path / "weights.json").write_text("[{]", encoding="utf-8")
    with pytest.raises(DamagedSeriesError, match=r"weights\.json"):
        weights_since(tmp_path, "repair")
