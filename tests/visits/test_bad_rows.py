import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.records.problems import CallError
from revisit.visits.bad_rows import BadRow, BadSheet, listed, write_bad_rows
from revisit.visits.cells import FORMULA_MARKS, plain_cell, safe_cell


@given(st.one_of(st.text(), st.sampled_from(FORMULA_MARKS).map(lambda mark: f"{mark}cmd|' /C calc'!A1")))
def test_it_writes_no_formula_and_keeps_every_text(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(FORMULA_MARKS)
    assert cell.removeprefix("'") == text.removeprefix("'")
    assert plain_cell(cell) == text or text.startswith("'")


def test_it_writes_a_file_that_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    sheet = BadSheet(["number", "=HYPERLINK(1)"], {7: ["A1", "+1"]})
    faults = [
        BadRow(7, "=HYPERLINK(1)", '"+1" is garbled', "Export again."),
        BadRow(7, "number", "It is too short", "Correct it."),
        BadRow(9, "", "The row cannot be read", "Correct the row in the file."),
    ]
    write_bad_rows(path, sheet, faults)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["number", "'=HYPERLINK(1)", "row", "what is wrong", "what to do"],
            [
                *("A1", "'+1", "7", '\'=HYPERLINK(1): "+1" is garbled; number: It is too short'),
                "Export again. Correct it.",
            ],
            ["", "", "9", "The row cannot be read", "Correct the row in the file."],
        ]
    assert list(tmp_path.iterdir()) == [path]


def test_it_says_that_it_cannot_write_there(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="Name another file for the bad rows"):
        write_bad_rows(tmp_path / "gone" / "bad.csv", BadSheet([], {}), [])


def test_it_lists_one_fault_of_many_rows_once() -> None:
    fault = ("station", "There is no station", "Add it.")
    bad = [BadRow(row, *fault) for row in (3, 4, 5)]
    bad += [BadRow(5, "phone", "It is too short", "Correct it."), BadRow(6, *fault), BadRow(38, *fault)]
    assert listed(bad) == [
        "rows 3–6, 38, station: There is no station. Add it.",
        "row 5, phone: It is too short. Correct it.",
    ]


def test_it_names_scattered_rows_up_to_a_number_and_counts_the_rest() -> None:
    bad = [BadRow(row, "mode", "No such way", "Correct it.") for row in (*range(1, 60, 2), 100, 101, 102)]
    (line,) = listed(bad)
    assert line == "rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 21 more, mode: No such way. Correct it."


def test_it_names_the_faults_that_most_rows_have_where_there_are_too_many() -> None:
    bad = [BadRow(2, "unit", "No such unit", "Add it."), BadRow(3, "mode", "No such way", "Correct it.")]
    bad += [BadRow(row, "received", "No date", "Write one.") for row in (4, 5)]
    bad += [BadRow(row, "mode", "No such way", "Correct it.") for row in (6, 7)]
    assert [line.partition(":")[0] for line in listed(bad, 2)] == ["rows 3, 6–7, mode", "rows 4–5, received"]
    assert len(listed(bad)) == 3
