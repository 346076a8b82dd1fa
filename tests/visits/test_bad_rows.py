import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.records.problems import CallError
from revisit.visits.bad_rows import FORMULA_MARKS, BadRow, safe_cell, write_bad_rows


@given(st.one_of(st.text(), st.sampled_from(FORMULA_MARKS).map(lambda mark: f"{mark}cmd|' /C calc'!A1")))
def test_it_writes_no_formula_and_keeps_every_text(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(FORMULA_MARKS)
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_it_writes_a_file_that_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    write_bad_rows(path, [BadRow(7, "=HYPERLINK(1)", '"+1" is garbled', "Export again.")])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["row", "column", "what is wrong", "what to do"],
            ["7", "'=HYPERLINK(1)", '"+1" is garbled', "Export again."],
        ]
    assert list(tmp_path.iterdir()) == [path]


def test_it_says_that_it_cannot_write_there(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="Name another file for the bad rows"):
        write_bad_rows(tmp_path / "gone" / "bad.csv", [])
