from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.records.problems import CallError
from revisit.visits import table
from revisit.visits.fields import Columns, headers
from revisit.visits.table import Table, read_table

FINDER = Columns(
    {"number": headers("工单号", "order no"), "closed_on": headers("结算日期", "closed on"), "name": headers("客户")},
    ("number", "closed_on"),
    "[orders.columns]",
)


def read(root: Path, content: str | bytes, name: str = "orders.csv") -> Table:
    path = root / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, FINDER)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_it_tells_the_delimiter_by_the_headers(tmp_path: Path, mark: str) -> None:
    found = read(tmp_path, f'order no{mark}closed on{mark}note\nA1{mark}2026-08-03{mark}"a, b; c"\n')
    assert [row.cells for row in found.rows] == [["A1", "2026-08-03", "a, b; c"]]


def test_it_finds_the_headers_below_a_title_and_counts_rows_as_a_spreadsheet_does(tmp_path: Path) -> None:
    found = read(tmp_path, "某某汽车 结算单\n\n工单号,结算日期\nA1,2026-08-03\n\nA2,2026-08-04\n")
    assert [(row.number, row.cells[0]) for row in found.rows] == [(4, "A1"), (6, "A2")]


def test_it_reads_headers_kindly(tmp_path: Path) -> None:
    found = read(tmp_path, " ORDER  No. ,Closed_On（必填）\nA1,2026-08-03\n")
    assert found.columns == {"number": 0, "closed_on": 1}


def test_it_names_the_columns_it_saw_and_how_to_map_them(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r'no column for closed_on.*"Datum".*closed_on = \["your header"\]'):
        read(tmp_path, "order no,Datum\nA1,2026-08-03\n")


def test_it_shows_no_header_that_a_terminal_would_obey(tmp_path: Path) -> None:
    found = read(tmp_path, "\x1b[2Jorder no,closed on\nA1,2026-08-03\n".replace("[2J", "[]"))
    assert found.called("number") == "[]order no"
    with pytest.raises(CallError) as error:
        read(tmp_path, "order no,\x1b]0;owned\x07Datum\nA1,2026-08-03\n")
    assert str(error.value).isprintable()


def test_it_refuses_two_columns_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="columns 1 and 3"):
        read(tmp_path, "order no,closed on,Order No\nA1,2026-08-03,A2\n")


def test_it_says_where_an_open_quotation_mark_stands(tmp_path: Path) -> None:
    found = read(tmp_path, 'order no,closed on\nA1,2026-08-03\nA2,"2026\nA3,x\n')
    assert [row.cells[0] for row in found.rows if not row.fault] == ["A1"]
    assert "opened on line 3 is never closed" in found.rows[-1].fault


def test_it_loses_one_row_to_a_quotation_mark_amiss(tmp_path: Path) -> None:
    found = read(tmp_path, 'order no,closed on\n"A1"x,2026-08-03\nA2,2026-08-04\n')
    assert [bool(row.fault) for row in found.rows] == [True, False]


def test_it_refuses_rows_of_very_many_columns(tmp_path: Path) -> None:
    found = read(tmp_path, "order no,closed on\n" + "x," * 100_000 + "\nA2,2026-08-04\n")
    assert [row.fault for row in found.rows] == ["The row has 100001 columns", ""]


def test_it_refuses_a_cell_of_a_megabyte(tmp_path: Path) -> None:
    found = read(tmp_path, f"order no,closed on\n{'x' * 1_000_000},2026-08-03\nA2,2026-08-04\n")
    assert "more than" in found.rows[0].fault
    assert found.rows[1].cells[0] == "A2"


def test_it_does_not_read_a_file_that_is_too_big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "LARGEST", 10)
    with pytest.raises(CallError, match="Export a shorter time"):
        read(tmp_path, "order no,closed on\n")


def test_it_explains_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"No such file.*Check the name"):
        read_table(tmp_path / "gone.csv", FINDER)


@pytest.mark.parametrize(("name", "content"), [("a.csv", b" \n"), ("a.pdf", b"%PDF"), ("a.csv", b"PK\x03\x04")])
def test_it_explains_what_is_no_table(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(CallError):
        read(tmp_path, content, name)


@given(st.text(alphabet=st.sampled_from('a1,;"\t\r\n\x00号'), max_size=80))
def test_it_reads_or_explains_any_text_below_the_headers(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    found = read(tmp_path_factory.mktemp("any"), f"工单号,结算日期\n{text}")
    assert all(row.fault or any(cell.strip() for cell in row.cells) for row in found.rows)
