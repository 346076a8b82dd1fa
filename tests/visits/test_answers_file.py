from datetime import UTC, datetime
from pathlib import Path

import pytest

from revisit.forms.library import read_library
from revisit.records.problems import CallError
from revisit.records.responses import Answer
from revisit.records.survey import Survey
from revisit.visits.answers_file import AnswersReading, read_answers
from revisit.visits.answers_words import AnswerMap, read_map, vocabulary
from tests.visits.shop import faults, shop

SOURCE = """---
title: Repair
language: en
privacy: {who: Demo, contact: privacy@example.com, purpose: to improve, kept: 24 months}
---

## Speed {: dimension=speed }

### Finished on time. {: #on_time .satisfaction na }

## Overall

### Overall? {: #overall .satisfaction required }

### Fixed? {: #fixed .choice }
- yes: Yes
- no: No

### Recommend us? {: #recommend .nps }

### Which of these? {: #which .choices }
- wash: Washed
- lift: Lift home

### What else? {: #comment .text }
"""
ANSWERED = Answer("answered", 5)


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "repair.md").write_text(SOURCE, encoding="utf-8")
    library, problems = read_library(folder)
    found = library.survey("repair", "en")
    assert found is not None, list(map(str, problems))
    return found


def read(root: Path, survey: Survey, text: str, own: AnswerMap | None = None) -> AnswersReading:
    path = root / "answers.csv"
    path.write_text(text, encoding="utf-8")
    return read_answers(path, survey, vocabulary([survey], own or AnswerMap()), shop(root))


def test_it_reads_codes_words_and_states(tmp_path: Path, survey: Survey) -> None:
    reading = read(
        tmp_path,
        survey,
        "工单号,服务站,提交时间,方式,语言,on_time,Overall?,fixed,recommend,which,comment\n"
        'A1,湖滨站,2026-11-21 10:30,电话,英文,不适用,5,Yes,10,"lift; wash","first\nsecond"\n'
        "A2,,2026/11/21,,,,Very satisfied,no,,,-\n",
    )
    first, second = reading.rows
    assert (first.unit, first.mode, first.language) == ("demo/lakeside", "phone", "en")
    assert first.received_at == datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
    assert first.answers == {
        "on_time": Answer("na"),
        "overall": ANSWERED,
        "fixed": Answer("answered", "yes"),
        "recommend": Answer("answered", 10),
        "which": Answer("answered", "wash lift"),
        "comment": Answer("answered", "first\nsecond"),
    }
    assert (second.mode, second.received_at) == ("web", datetime(2026, 11, 21, 4, tzinfo=UTC))
    assert [second.answers[name].state for name in ("on_time", "recommend", "which", "comment")] == ["blank"] * 4
    assert second.answers["overall"] == ANSWERED


@pytest.mark.parametrize(
    ("cell", "column"), [("overall", "6"), ("overall", "na"), ("fixed", "maybe"), ("recommend", "11"), ("which", "wax")]
)
def test_it_refuses_what_is_no_answer_and_names_the_codes(
    tmp_path: Path, survey: Survey, cell: str, column: str
) -> None:
    reading = read(tmp_path, survey, f"number,received,{cell}\nA1,2026-11-21,{column}\n")
    assert (reading.rows, faults(reading)) == ([], [(2, cell)])
    assert f"[values.{cell}]" in reading.bad[0].cure


def test_it_needs_number_and_time(tmp_path: Path, survey: Survey) -> None:
    reading = read(tmp_path, survey, "number,received,mode,overall\n,,carrier pigeon,5\n")
    assert faults(reading) == [(2, "number"), (2, "received"), (2, "mode")]


def test_it_takes_headers_and_words_from_a_map(tmp_path: Path, survey: Survey) -> None:
    path = tmp_path / "map.toml"
    path.write_text(
        'na = ["99"]\nblank = ["missing"]\n[columns]\noverall = ["Q1"]\n[values.fixed]\nyes = ["ja", "1"]\n'
        '[values.mode]\nphone = ["T"]\n',
        encoding="utf-8",
    )
    reading = read(
        tmp_path, survey, "number,received,mode,Q1,fixed,on_time\nA1,2026-11-21,t,missing,JA,99\n", read_map(path)
    )
    (row,) = reading.rows
    assert row.mode == "phone"
    assert row.answers == {"on_time": Answer("na"), "overall": Answer("blank"), "fixed": Answer("answered", "yes")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[columns", "cannot be understood"),
        ("columns = 3", "cannot be understood"),
        ("[columns]\nfixed = 3.5", "must be a list of words"),
        ("[columns]\ncolour = ['x']", 'names a column "colour"'),
        ("[values.colour]\nred = ['x']", 'gives words for "colour"'),
    ],
)
def test_it_explains_the_fault_of_a_map(tmp_path: Path, survey: Survey, text: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CallError, match=words):
        vocabulary([survey], read_map(path))


def test_it_refuses_a_file_about_something_else(tmp_path: Path, survey: Survey) -> None:
    with pytest.raises(CallError, match="no column for any question"):
        read(tmp_path, survey, "number,received\nA1,2026-11-21\n")


def test_it_names_questions_that_the_file_lacks(tmp_path: Path, survey: Survey) -> None:
    reading = read(tmp_path, survey, "number,received,overall,fixed\nA1,2026-11-21,5,yes\n")
    assert reading.missing == ("on_time", "recommend", "which", "comment")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("75", 75.0), ("1:15", 75.0), ("1:00:05.5", 3605.5), ("75秒", 75.0), ("75 s", 75.0), ("", None)],
)
def test_it_reads_how_long_an_answer_took(tmp_path: Path, survey: Survey, text: str, seconds: float | None) -> None:
    (row,) = read(tmp_path, survey, f"id,received,duration,overall\nR1,2026-11-21,{text},5\n").rows
    assert (row.id, row.number, row.duration) == ("R1", "", seconds)


@pytest.mark.parametrize("text", ["soon", "-3", "700000"])
def test_it_refuses_what_is_no_duration(tmp_path: Path, survey: Survey, text: str) -> None:
    assert faults(read(tmp_path, survey, f"id,received,duration,overall\nR1,2026-11-21,{text},5\n")) == [
        (2, "duration")
    ]


def test_it_lets_a_question_say_what_its_own_codes_mean(tmp_path: Path, survey: Survey) -> None:
    path = tmp_path / "map.toml"
    path.write_text(
        'blank = ["0"]\nna = ["6"]\n'
        '[values.recommend]\nblank = ["11"]\nnot_asked = ["99"]\n[values.fixed]\nblank = ["?"]\n',
        encoding="utf-8",
    )
    text = (
        "id,received,on_time,overall,recommend,fixed\n"
        "R1,2026-11-21,6,0,0,?\nR2,2026-11-21,0,5,11,yes\nR3,2026-11-21,5,5,99,no\n"
    )
    first, second, third = read(tmp_path, survey, text, read_map(path)).rows
    assert [first.answers[name].state for name in ("on_time", "overall", "fixed")] == ["na", "blank", "blank"]
    assert first.answers["recommend"] == Answer("answered", 0)  # a real nought, whatever 0 means elsewhere
    assert [second.answers[name].state for name in ("on_time", "recommend")] == ["blank", "blank"]
    assert third.answers["recommend"].state == "not_asked"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("[values.fixed]\nperhaps = ['3']", 'has "perhaps". Known there are: no, yes, and na, blank, not_asked'),
        ("[values.fixed]\nna = ['3']", "Add na to the question"),
        ("[values.mode]\nblank = ['3']", 'has "blank", which is for questions only'),
    ],
)
def test_it_refuses_a_map_with_codes_the_survey_lacks(tmp_path: Path, survey: Survey, values: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(values, encoding="utf-8")
    with pytest.raises(CallError, match=words):
        vocabulary([survey], read_map(path))


def test_it_needs_a_number_of_the_order_or_of_the_answer(tmp_path: Path, survey: Survey) -> None:
    with pytest.raises(CallError, match="neither order numbers nor numbers of answers"):
        read(tmp_path, survey, "received,overall\n2026-11-21,5\n")
    reading = read(tmp_path, survey, "id,number,received,overall\n,,2026-11-21,5\nR1,,2026-11-21,5\n,A1,2026-11-21,5\n")
    assert [(row.id, row.number) for row in reading.rows] == [("R1", ""), ("", "A1")]
    assert faults(reading) == [(2, "number")]


@pytest.mark.parametrize("cell", ["-1", "−1", "－1", "3.5", "1-0", "0/5", "5,5"])
def test_it_takes_no_number_for_another(tmp_path: Path, survey: Survey, cell: str) -> None:
    reading = read(tmp_path, survey, f'id,received,overall\nA1,2026-11-21,"{cell}"\n')
    assert (reading.rows, faults(reading)) == ([], [(2, "overall")])


@pytest.mark.parametrize("cell", ["5", "5.0", "+5", "５", "5,0"])
def test_it_knows_a_whole_number_however_it_is_written(tmp_path: Path, survey: Survey, cell: str) -> None:
    (row,) = read(tmp_path, survey, f'id,received,overall\nA1,2026-11-21,"{cell}"\n').rows
    assert row.answers["overall"] == ANSWERED


def test_a_code_below_nought_for_no_answer_leaves_the_answers_above_it_alone(tmp_path: Path, survey: Survey) -> None:
    text = "id,received,on_time,overall\nA1,2026-11-21,-1,1\nA2,2026-11-21,1,-1\n"
    own = AnswerMap(blank=("-1",), values={"overall": {"blank": ("-1",)}})
    first, second = (row.answers for row in read(tmp_path, survey, text, own).rows)
    assert first == {"on_time": Answer("blank"), "overall": Answer("answered", 1)}
    assert second == {"on_time": Answer("answered", 1), "overall": Answer("blank")}


def test_options_that_are_signs_are_told_apart_and_an_empty_cell_is_none_of_them(tmp_path: Path) -> None:
    source = SOURCE.replace("- yes: Yes\n- no: No\n", "- good: ★★\n- bad: ★\n")
    (tmp_path / "surveys").mkdir()
    (tmp_path / "surveys" / "repair.md").write_text(source, encoding="utf-8")
    starred = read_library(tmp_path / "surveys")[0].survey("repair", "en")
    assert starred is not None
    reading = read(
        tmp_path, starred, "id,received,fixed\nA1,2026-11-21,★★\nA2,2026-11-21,★\nA3,2026-11-21,\nA4,2026-11-21,-\n"
    )
    told = [row.answers["fixed"] for row in reading.rows]
    assert told == [Answer("answered", "good"), Answer("answered", "bad"), Answer("blank"), Answer("blank")]


def test_it_refuses_a_row_whose_comma_in_a_cell_moves_the_rest(tmp_path: Path, survey: Survey) -> None:
    reading = read(
        tmp_path, survey, "id,received,comment\nA1,2026-11-21,good, but dear\nA2,2026-11-21,good,,\nA3,2026-11-21\n"
    )
    assert [str(bad).partition(". ")[0] for bad in reading.bad] == ["row 2: The row has 4 cells under 3 headers"]
    assert [row.id for row in reading.rows] == ["A2", "A3"]


def test_it_names_the_headers_that_it_saw_and_what_is_missing(tmp_path: Path, survey: Survey) -> None:
    with pytest.raises(
        CallError, match=r'Its headers are: "id", "when"\. "received" is the day or time of each answer'
    ):
        read(tmp_path, survey, "id,when\nA1,2026-11-21\n")
    with pytest.raises(CallError, match=r"Only one column was found: between cells stands a comma, semicolon, tab or"):
        read(tmp_path, survey, "id:received:overall\nA1:2026-11-21:5\n")
    assert len(read(tmp_path, survey, "id|received|overall\nA1|2026-11-21|5\n").rows) == 1


def test_what_a_column_says_is_remembered_with_its_faults(tmp_path: Path, survey: Survey) -> None:
    text = "id,received,mode,overall\n" + "".join(f"A{n},2026-11-21,fax,{n % 7}\n" for n in range(14))
    reading = read(tmp_path, survey, text)
    assert faults(reading)[:3] == [(2, "mode"), (2, "overall"), (3, "mode")]
    assert len(reading.bad) == 14 + 4
