"""Every kind of question in an answers file, by the rules of the web form."""

from pathlib import Path

import pytest

from revisit.forms.library import read_library
from revisit.records.responses import Answer
from revisit.records.survey import Survey
from revisit.visits.answers_file import AnswersReading, read_answers
from revisit.visits.answers_words import AnswerMap, vocabulary
from tests.visits.shop import shop

SOURCE = """---
title: Repair
language: en
privacy: {who: Demo, contact: privacy@example.com, purpose: to improve, kept: 24 months}
---

### Overall? {: #overall .satisfaction na }

### Recommend us? {: #recommend .nps na }

### Care {: #care .matrix na }
- wait: The wait
- words: The words

### Was it clean? {: #clean .yesno partly }

### Which did you use? {: #used .choices other none na }
- app: The app, on a phone
- desk: The desk

### Which most? {: #most .choice other }
- app: The app
- desk: The desk

### What matters? {: #order_of .ranking }
- price: The price
- speed: Speed
- care: Care

### How far? {: #far .number unit=km max=100000 na }

### Bought when? {: #bought .date na }

### In a word? {: #word .text short max=20 }

### May we call? {: #call .contact ask="phone email" }

### I agree to a visit. {: #visit .consent }
"""
Answers = dict[str, Answer]


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "repair.md").write_text(SOURCE, encoding="utf-8")
    library, problems = read_library(folder)
    found = library.survey("repair", "en")
    assert found is not None, list(map(str, problems))
    return found


def read(root: Path, survey: Survey, cells: dict[str, str]) -> AnswersReading:
    path = root / "answers.csv"
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells.values()]
    heads = ['"' + name + '"' for name in cells]
    path.write_text(f"number,received,{','.join(heads)}\nA1,2026-11-21,{','.join(quoted)}\n", encoding="utf-8")
    return read_answers(path, survey, vocabulary([survey], AnswerMap()), shop(root))


def said(answers: Answers) -> dict[str, int | str | None]:
    """Give the values, of what is not answered the state."""
    return {name: answer.value if answer.state == "answered" else answer.state for name, answer in answers.items()}


@pytest.mark.parametrize(
    ("cells", "answers"),
    [
        ({"overall": "Very satisfied", "recommend": "0"}, {"overall": 5, "recommend": 0}),
        ({"overall": "不适用", "recommend": "10.0"}, {"overall": "na", "recommend": 10}),
        ({"care_wait": "4", "care_words": "na"}, {"care_wait": 4, "care_words": "na"}),
        ({"Care: The wait": "Satisfied", "The words": ""}, {"care_wait": 4, "care_words": "blank"}),
        ({"clean": "是"}, {"clean": "yes"}),
        ({"clean": "Partly"}, {"clean": "partly"}),
        ({"used": "desk; app"}, {"used": "app desk"}),
        ({"used": "app desk"}, {"used": "app desk"}),
        ({"used": "The app, on a phone"}, {"used": "app"}),
        ({"used": "The desk; The app, on a phone"}, {"used": "app desk"}),
        ({"used": "desk、app"}, {"used": "app desk"}),
        ({"used": "none"}, {"used": "none"}),
        ({"used": "None of these"}, {"used": "none"}),
        ({"used": "不适用"}, {"used": "na"}),
        ({"used.app": "1", "used.desk": "0", "used.none": ""}, {"used": "app"}),
        ({"used.app": "✓", "used.desk": "√"}, {"used": "app desk"}),
        ({"Which did you use?: The desk": "x", "used.app": "false"}, {"used": "desk"}),
        ({"used.app": "", "used.desk": ""}, {"used": "blank"}),
        ({"used": "app", "used.other": "the shop"}, {"used": "app other", "used.other": "the shop"}),
        ({"used": "None of these", "used.other": "the shop"}, {"used": "none", "used.other": "blank"}),
        ({"most": "", "most.other": "the shop"}, {"most": "other", "most.other": "the shop"}),
        ({"most": "app", "most.other": "the shop"}, {"most": "app", "most.other": "blank"}),
        ({"order_of": "Speed > The price > Care"}, {"order_of": "speed price care"}),
        ({"order_of": "care;price"}, {"order_of": "care price"}),
        ({"order_of.price": "2", "order_of.speed": "1", "order_of.care": ""}, {"order_of": "speed price"}),
        ({"far": "12,500 km"}, {"far": 12500}),
        ({"far": "１２５００"}, {"far": 12500}),
        ({"far": "12500.0"}, {"far": 12500}),
        ({"far": "na"}, {"far": "na"}),
        ({"bought": "2026年8月3日"}, {"bought": "2026-08-03"}),
        ({"bought": "46237"}, {"bought": "2026-08-03"}),
        ({"bought": "-"}, {"bought": "blank"}),
        ({"word": "two\nlines"}, {"word": "two lines"}),
        ({"call": "yes", "call.phone": "+86 130 0000 0012"}, {"call": "yes", "call.phone": "+8613000000012"}),
        ({"call": "No, thank you", "call.email": "a@example.com"}, {"call": "no", "call.email": "blank"}),
        ({"visit": "✓"}, {"visit": "yes"}),
        ({"visit": "同意"}, {"visit": "yes"}),
        ({"visit": "no"}, {"visit": "blank"}),
        ({"visit": ""}, {"visit": "blank"}),
    ],
)
def test_it_reads_every_kind(
    tmp_path: Path, survey: Survey, cells: dict[str, str], answers: dict[str, int | str]
) -> None:
    reading = read(tmp_path, survey, cells)
    assert [str(bad.what) for bad in reading.bad] == []
    assert said(reading.rows[0].answers) == answers


@pytest.mark.parametrize(
    ("cells", "column", "what"),
    [
        ({"recommend": "11"}, "recommend", '"11" is no answer to recommend'),
        ({"care_wait": "8"}, "care_wait", '"8" is no answer to care_wait'),
        ({"clean": "perhaps"}, "clean", '"perhaps" is no answer to clean'),
        ({"used": "app; wax"}, "used", '"wax" is no answer to used'),
        ({"used": "app; None of these"}, "used", '"none" stands beside other answers to used'),
        ({"used.app": "maybe"}, "used.app", '"maybe" does not say whether "app" was chosen'),
        ({"used.app": "1", "used.none": "1"}, "used.app", '"none" stands beside other answers to used'),
        ({"order_of": "speed; speed"}, "order_of", '"speed" stands twice in order_of'),
        ({"order_of.price": "1", "order_of.speed": "1"}, "order_of.price", "Place 1 is given twice in order_of"),
        ({"order_of.price": "1", "order_of.speed": "3"}, "order_of.price", "The places in order_of leave one out"),
        ({"order_of.price": "4"}, "order_of.price", '"4" is no place'),
        ({"far": "12.5"}, "far", '"12.5" is no answer to far'),
        ({"far": "100001"}, "far", '"100001" is no answer to far'),
        ({"far": "12 miles"}, "far", '"12 miles" is no answer to far'),
        ({"bought": "03/04/2026"}, "bought", ""),
        ({"bought": "2026-02-30"}, "bought", ""),
        ({"visit": "perhaps"}, "visit", '"perhaps" is no answer to visit'),
        (
            {"call": "", "call.phone": "+86 130 0000 0012"},
            "call",
            "It is not said whether the customer may be contacted",
        ),
        ({"call": "yes", "call.email": "nowhere"}, "call.email", ""),
    ],
)
def test_it_says_what_cannot_be_read(
    tmp_path: Path, survey: Survey, cells: dict[str, str], column: str, what: str
) -> None:
    reading = read(tmp_path, survey, cells)
    assert reading.rows == []
    assert [(bad.row, bad.column) for bad in reading.bad] == [(2, column)]
    assert what in reading.bad[0].what
    assert reading.bad[0].cure


def test_it_misses_no_question_that_has_a_column_for_an_option(tmp_path: Path, survey: Survey) -> None:
    reading = read(tmp_path, survey, {"used.app": "1", "order_of.care": "1", "overall": "5"})
    assert "used" not in reading.missing
    assert "order_of" not in reading.missing
    assert "recommend" in reading.missing
