import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from revisit.records.problems import CallError
from revisit.visits import sheet, sheet_child
from revisit.visits.sheet import read_workbook


def workbook(*sheets: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for rows in sheets:
        made = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    made.write_datetime(place, column, cell, day)
                else:
                    made.write(place, column, cell)
    book.close()
    return buffer.getvalue()


def read(content: bytes, name: str = "orders.xlsx") -> list[list[list[str]]]:
    return read_workbook(Path(name), content)


def test_it_gives_every_cell_as_text() -> None:
    cells = ["WO-1", 13000000012, 1.5, datetime(2026, 8, 3), True, "=1+1"]  # noqa: DTZ001  # spreadsheets know no zone
    assert read(workbook([["a"], cells])) == [
        [["a", "", "", "", "", ""], ["WO-1", "13000000012", "1.5", "2026-08-03", "True", "0"]]
    ]


def test_it_keeps_the_numbers_of_rows_below_empty_ones() -> None:
    assert read(workbook([[], [], ["x"]]))[0][2] == ["x"]


def test_it_shows_that_excel_cut_a_number_short() -> None:
    assert read(workbook([[20260803000000123]])) == [[["2.02608E+16"]]]


def test_it_looks_at_all_sheets() -> None:
    assert read(workbook([], [["x"]])) == [[], [["x"]]]


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def never_started(*_: object, **__: object) -> None:
    raise AssertionError("the child was started")


def test_it_refuses_a_bomb_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed({f"part{place}.xml": b"\0" * (16 * 1024 * 1024) for place in range(9)})
    assert len(bomb) < 1_000_000
    monkeypatch.setattr("subprocess.run", never_started)
    with pytest.raises(CallError, match="would unpack to 144 MiB"):
        read(bomb)


def test_it_refuses_very_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", never_started)
    with pytest.raises(CallError, match="in 201 parts"):
        read(packed({f"{place}.xml": b"" for place in range(201)}))


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be"])
def test_it_refuses_a_document_type(encoding: str) -> None:
    sound = workbook([["x"]])
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'.encode(encoding)
    buffer = io.BytesIO(sound)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/extra.xml", b" " * (1024 * 1024 - 5) + laughs)  # it lies across two blocks
    with pytest.raises(CallError, match="document type definition"):
        read(buffer.getvalue())


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", sheet.MAGIC_OLE + b"x" * 512, "protected by a password, or is an old .xls"),
        ("a.xlsx", b"number,closed\n", "If it is text, rename it to .csv"),
        ("a.xlsx", b"", "no .xlsx file"),
        ("a.xls", workbook([["x"]]), "Rename it to .xlsx"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "is a web page"),
        ("a.xls", b"number\tclosed\n", "If it is text, rename it to .csv"),
        ("a.xls", sheet.MAGIC_OLE + b"x" * 512, "damaged or not a spreadsheet"),
        ("a.xlsx", packed({"hello.txt": b"hello"}), "damaged or not a spreadsheet"),
        ("a.xlsx", workbook([["x"]])[:-40], "no .xlsx file, or a damaged one"),
    ],
)
def test_it_explains_what_is_no_such_spreadsheet(name: str, content: bytes, words: str) -> None:
    with pytest.raises(CallError, match=words):
        read(content, name)


def test_it_ends_a_child_that_needs_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(sheet_child, "__file__", str(slow))
    monkeypatch.setattr(sheet, "SECONDS", 0.2)
    with pytest.raises(CallError, match="could not be read within"):
        read(workbook([["x"]]))


def test_it_survives_a_child_that_needs_too_much_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        f"import resource\nresource.setrlimit(resource.RLIMIT_AS, ({sheet_child.MEMORY},) * 2)\n"
        f"bytearray({2 * 2**30})\n"
    )
    monkeypatch.setattr(sheet_child, "__file__", str(greedy))
    with pytest.raises(CallError, match="needs more memory"):
        read(workbook([["x"]]))


def test_it_refuses_too_many_columns() -> None:
    with pytest.raises(CallError, match="more than 300000 rows or 1000 columns"):
        read(workbook([["x"] * 1001]))
