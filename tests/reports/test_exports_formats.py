"""The formats of exports: what goes in comes out, typed, labelled, and never as a formula."""

import csv
import io
import json
import os
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from revisit.records.problems import CallError
from revisit.reports.exports import FORMATS, write, xlsx_file
from revisit.reports.exports.table import Cell, Column, Table
from revisit.reports.exports.words import STATES
from revisit.store.protocol import StoreBusy
from revisit.visits.cells import plain_cell
from tests.faults.disks import small_disk

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)  # noon in Shanghai
MARKS = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = (
    Column("text", "Some words"),
    Column("day", "A day", "date"),
    Column("at", "A moment", "moment"),
    Column("overall", "Overall?", "integer", ((1, "Bad"), (5, "Good")), "overall.state", (1, 5)),
    Column("overall.state", "Overall? – what became of it", "code", tuple(STATES.items())),
    Column("fixed", "Fixed?", "code", (("yes", "Yes"), ("no", "No")), "fixed.state"),
    Column("fixed.state", "Fixed? – what became of it", "code", tuple(STATES.items())),
    Column("which", "Which?", "codes", (("wash", "Washed"), ("lift", "Lift home")), "which.state"),
    Column("which.state", "Which? – what became of it", "code", tuple(STATES.items())),
    Column("rank", "Best first", "ranks", (("a", "A"), ("b", "B")), "rank.state"),
    Column("rank.state", "Best first – what became of it", "code", tuple(STATES.items())),
    Column("seconds", "How long", "number"),
    Column("sample", "Made up", "flag"),
)
FIRST: Sequence[Cell] = (
    *("+86 130 0000 0012", date(2026, 11, 21), NOON, 5, "answered", "no", "answered"),
    *("lift", "answered", "b a", "answered", 75.5, False),
)
SECOND: Sequence[Cell] = (*("", None, None, None, "na", None, "blank", None, "not_asked", None, "invalid", None, True),)


def table(columns: Sequence[Column] = COLUMNS, rows: Sequence[Sequence[Cell]] = (FIRST, SECOND)) -> Table:
    zone = ZoneInfo("Asia/Shanghai")
    return Table("responses", "Responses: Repair", columns, iter(rows), zone, NOON, {"Unit": "demo"})


def one_column(texts: Sequence[str], header: str = "text") -> Table:
    return table([Column(header, header)], [[text] for text in texts])


def test_it_writes_csv_that_a_spreadsheet_and_a_program_can_read(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write(table(), path, "csv") == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    assert (first["text"], first["day"], first["at"]) == (
        "'+86 130 0000 0012",
        "2026-11-21",
        "2026-11-21T12:00:00+08:00",
    )
    assert (first["overall"], first["fixed"], first["seconds"], first["sample"]) == ("5", "no", "75.5", "0")
    assert (second["overall"], second["overall.state"], second["sample"]) == ("", "na", "1")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.one_of(st.text(), st.tuples(st.sampled_from(MARKS), st.text()).map("".join)), min_size=1))
def test_no_text_begins_a_cell_of_csv_as_a_formula(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "out.csv"
    write(one_column(texts, header=texts[0]), path, "csv")
    text = path.read_bytes().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), strict=True) for cell in row]
    plain = [text.replace("\x00", "\ufffd").removeprefix("'") for text in (texts[0], *texts)]
    assert [cell.removeprefix("'") for cell in cells] == plain
    assert not any(cell.startswith(MARKS) for cell in cells)


# What has been tried on programs that open tables, hidden and plain.
FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)"),
    *(
        "=cmd|' /C calc'!A0",
        '=DDE("cmd";"/C calc";"x")',
        '=HYPERLINK("http://127.0.0.1/","x")',
        "-2+3+cmd|' /C calc'!A0",
    ),
    *(
        " =1+1",
        "\u00a0=1+1",
        "\u3000=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\u2060\u00ad=1+1",
        "\x01=1+1",
        " \u200b\t =1+1",
    ),
)
HARMLESS = ("", "1+1", "a=1", "1-2", "沪A00012", "a@example.com", "(=1)", "'quoted'", "\u200b", " 12", "…=", "\ufffd=1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_is_one_however_it_is_hidden(tmp_path: Path, text: str) -> None:
    write(one_column([text], header=text), tmp_path / "out.csv", "csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert rows == [[f"'{text}"], [f"'{text}"]]
    write(one_column([text]), tmp_path / "out.xlsx", "xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert parts.read("xl/styles.xml").count(b'quotePrefix="1"') == 1
        assert re.search(rb'<c r="A2" s="([1-9])" t="inlineStr">', parts.read("xl/worksheets/sheet1.xml"))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(tmp_path: Path, text: str) -> None:
    write(one_column([text]), tmp_path / "out.csv", "csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_bytes().decode("utf-8-sig"), newline="")))
    assert rows == [["text"], [text]]


TEXTS = (
    *("12345678901234567", "00012", "1e5", "TRUE", "2026-01-01", "#N/A", "a\r\nb\tc", "_x000D_", "\x0b", "\x1b[2J"),
    *("😀👩‍🔧", "\u202eabc", "车" * 3_000, "a" * 9_000, '"quoted", and; parted', "é́", "\x7f\x85\u2028"),
)


def _back(path: Path, kind: str) -> list[str]:
    """Give the texts of a file with one column."""
    if kind == "csv":
        rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        return [plain_cell(row[0]) for row in rows][1:]
    if kind == "xlsx":
        return [str(row[0]) for row in CalamineWorkbook.from_path(path).get_sheet_by_name("responses").to_python()][1:]
    if kind == "jsonl":
        return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").split("\n") if line]
    if kind == "parquet":
        return [str(text) for text in pl.read_parquet(path)["text"]]
    read: Any = pyreadstat.read_sav(str(path), output_format="polars")
    texts: list[str] = read[0]["text"].to_list()
    return texts


@pytest.mark.parametrize("kind", FORMATS)
def test_every_text_comes_back_as_a_text(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    write(one_column((*TEXTS, *FORMULAS)), path, kind)
    assert _back(path, kind) == [*TEXTS, *FORMULAS]


@pytest.mark.parametrize("kind", FORMATS)
def test_it_says_where_something_was_no_character(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    write(one_column(["a\ud800b", "a\x00b"]), path, kind)
    assert _back(path, kind) == ["a\ufffdb", "a\ufffdb"]


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        ("xlsx", "a" * 40_000, "a" * 32_766),
        ("xlsx", "😀" * 20_000, "😀" * 16_383),  # two for a spreadsheet
        ("sav", "车" * 4_000, "车" * 3_332),
        ("sav", "😀" * 3_000, "😀" * 2_499),
    ],
)
def test_a_text_too_long_for_a_cell_ends_in_an_ellipsis(tmp_path: Path, kind: str, text: str, held: str) -> None:
    write(one_column([text]), tmp_path / f"out.{kind}", kind)
    assert _back(tmp_path / f"out.{kind}", kind) == [f"{held}…"]
    for whole in ("csv", "jsonl", "parquet"):
        write(one_column([text]), tmp_path / f"out.{whole}", whole)
        assert _back(tmp_path / f"out.{whole}", whole) == [text]


def test_a_number_below_nought_is_no_missing_code(tmp_path: Path) -> None:
    degrees = Column("degrees", "How cold?", "integer", (), "degrees.state", (-40, 60))
    state = Column("degrees.state", "How cold? – what became of it", "code", tuple(STATES.items()))
    write(table((degrees, state), [[-1, "answered"], [None, "blank"]]), tmp_path / "out.sav", "sav")
    read: Any = pyreadstat.read_sav(str(tmp_path / "out.sav"), user_missing=True, output_format="polars")
    assert read[0]["degrees"].to_list() == [-1, -41]
    assert read[1].missing_ranges["degrees"] == [{"lo": -44.0, "hi": -41.0}]
    assert read[1].variable_value_labels["degrees"][-41.0] == "left blank"


def test_a_choice_that_the_survey_no_longer_has_keeps_its_code(tmp_path: Path) -> None:
    column = Column("fixed", "Fixed?", "code", (("yes", "Yes"),))
    write(table((column,), [["yes"], ["maybe"], ["yes"]]), tmp_path / "out.sav", "sav")
    read: Any = pyreadstat.read_sav(str(tmp_path / "out.sav"), output_format="polars")
    assert read[0]["fixed"].to_list() == [1, 2, 1]
    assert read[1].variable_value_labels["fixed"] == {1.0: "Yes", 2.0: "maybe"}


def test_a_cell_stays_whole_where_a_spreadsheet_splits_at_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write(one_column(["fine;=1+1"]), path, "csv")
    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == '"fine;=1+1"'


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.tuples(st.sampled_from([*MARKS, ""]), st.text(max_size=20)).map("".join), min_size=1, max_size=5)
)
def test_no_text_is_a_formula_in_a_spreadsheet(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "out.xlsx"
    write(one_column(texts, header=texts[0]), path, "xlsx")
    book = CalamineWorkbook.from_path(path)
    sheet = book.get_sheet_by_name("responses")
    assert sheet.total_height <= len(texts) + 1
    with zipfile.ZipFile(path) as parts:
        cells = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in cells
    assert cells.count("<c ") == cells.count('t="inlineStr"')


def test_it_writes_typed_cells_and_a_codebook(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write(table(), path, "xlsx") == 2
    book = CalamineWorkbook.from_path(path)
    head, first, second = book.get_sheet_by_name("responses").to_python()
    assert head == [column.name for column in COLUMNS]
    assert first[:4] == ["+86 130 0000 0012", date(2026, 11, 21), datetime(2026, 11, 21, 12), 5.0]  # noqa: DTZ001  as a spreadsheet has it
    assert (second[3], second[4], second[-1]) == ("", "na", True)
    codebook = [tuple(row) for row in book.get_sheet_by_name("codebook").to_python()]
    assert codebook[1][:2] == ("Unit", "demo")
    assert ("overall", "Overall?", "whole number", "", "") in codebook
    assert ("overall", "", "", 5.0, "Good") in codebook


def test_it_goes_on_to_another_sheet_when_one_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 2)
    path = tmp_path / "out.xlsx"
    assert write(one_column(["a", "b", "c"]), path, "xlsx") == 3
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["responses", "responses 2", "codebook"]
    assert book.get_sheet_by_name("responses 2").to_python() == [["text"], ["c"]]


def test_it_writes_spss_with_labels_and_codes_for_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "out.sav"
    assert write(table(), path, "sav") == 2
    frame, meta = pyreadstat.read_sav(str(path), output_format="polars", user_missing=True)
    assert meta.column_names == [
        *("text", "day", "at", "overall", "fixed", "which_wash", "which_lift", "rank_a", "rank_b", "seconds", "sample")
    ]
    assert meta.column_names_to_labels["overall"] == "Overall?"
    assert meta.column_names_to_labels["which_lift"] == "Which?: Lift home"
    assert (
        meta.variable_value_labels["overall"] | {1.0: "Bad", 5.0: "Good", -2.0: "not applicable"}
        == (meta.variable_value_labels["overall"])
    )
    assert meta.variable_value_labels["fixed"][2.0] == "No"
    assert meta.missing_ranges["overall"] == [{"lo": -4.0, "hi": -1.0}]
    first, second = frame.to_dicts()
    assert (first["text"], first["day"], first["at"]) == (
        "+86 130 0000 0012",
        date(2026, 11, 21),
        datetime(2026, 11, 21, 12),  # noqa: DTZ001  as SPSS has it
    )
    assert [first[name] for name in meta.column_names[3:]] == [5, 2, 0, 1, 2, 1, 75.5, 0]
    assert [second[name] for name in meta.column_names[3:]] == [-2, -1, -3, -3, -4, -4, None, 1]
    plain, _meta = pyreadstat.read_sav(str(path), output_format="polars")
    assert plain["overall"].to_list() == [5, None]


def test_it_gives_variables_names_that_spss_takes(tmp_path: Path) -> None:
    path = tmp_path / "out.sav"
    names = ["with", "2nd", "a-b", "a_b", "A.B", "评分", "x" * 90]
    write(table([Column(name, name) for name in names], [[""] * len(names)]), path, "sav")
    _frame, meta = pyreadstat.read_sav(str(path))
    assert meta.column_names == ["with_", "v_2nd", "a_b", "a_b_text", "A_B_text_2", "v", "x" * 56]
    assert meta.column_labels[:6] == names[:6]


def test_it_says_which_extra_spss_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    with pytest.raises(CallError, match=r"revisit-surveys\[spss\]"):
        write(table(), tmp_path / "out.sav", "sav")
    assert list(tmp_path.iterdir()) == []


def test_it_writes_parquet_with_types(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert write(table(), path, "parquet") == 2
    frame = pl.read_parquet(path)
    assert frame.schema["overall"] == pl.Int64
    assert frame.schema["at"] == pl.Datetime("us", "UTC")
    assert frame.row(0)[:4] == ("+86 130 0000 0012", date(2026, 11, 21), NOON, 5)
    assert frame["overall"].to_list() == [5, None]
    assert pl.read_parquet_metadata(path)["overall"] == "Overall?"


def test_it_writes_an_object_a_line(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write(table(), path, "jsonl") == 2
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert (first["at"], first["overall"], second["overall"]) == ("2026-11-21T12:00:00+08:00", 5, None)


@pytest.mark.parametrize("kind", FORMATS)
def test_it_replaces_a_file_whole_or_leaves_it(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    path.write_bytes(b"before")

    def broken() -> object:
        yield FIRST
        raise OSError(28, "No space left on device")

    with pytest.raises(Exception, match="No space left"):
        write(Table("x", "X", COLUMNS, broken(), ZoneInfo("UTC"), NOON), path, kind)  # type: ignore[arg-type]
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (b"before", [path.name])
    write(table(), path, kind)
    assert path.read_bytes() != b"before"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_it_says_that_the_disk_is_full(tmp_path: Path, kind: str) -> None:
    texts = [sha256(b"%d" % number).hexdigest() for number in range(60_000)]  # nothing that compresses to a megabyte
    with small_disk(tmp_path / "disk", 1) as disk:
        with pytest.raises(CallError, match=r"No space left on device\). Make room, or choose another file with -o."):
            write(one_column(texts), disk / f"out.{kind}", kind)
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_it_says_what_the_store_met(tmp_path: Path, kind: str) -> None:
    def broken() -> Iterator[Sequence[Cell]]:
        yield FIRST
        raise StoreBusy("The database cannot take this now.")

    with pytest.raises(StoreBusy, match="cannot take this now"):
        write(table(rows=broken()), tmp_path / f"out.{kind}", kind)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_it_takes_away_what_a_killed_process_left(tmp_path: Path) -> None:
    left = tmp_path / ".out.csv.999999999.abc.part"
    mine = tmp_path / f".out.csv.{os.getpid()}.abc.part"
    for folder in (left, mine):
        folder.mkdir()
        (folder / "out.csv").write_text("half")
    write(table(), tmp_path / "out.csv", "csv")
    assert sorted(one.name for one in tmp_path.iterdir()) == [mine.name, "out.csv"]


def test_it_replaces_nothing_but_files(tmp_path: Path) -> None:
    (tmp_path / "pipe.csv").mkdir()
    with pytest.raises(CallError, match="is no file that could be replaced"):
        write(table(), tmp_path / "pipe.csv", "csv")


@pytest.mark.parametrize("kind", FORMATS)
def test_it_writes_an_empty_table(tmp_path: Path, kind: str) -> None:
    assert write(table(rows=()), tmp_path / f"out.{kind}", kind) == 0


def test_it_tells_of_its_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revisit.reports.exports.table.STEP", 2)
    told: list[int] = []
    write(one_column(["a", "b", "c"]), tmp_path / "out.csv", "csv", told.append)
    assert told == [2, 1]


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: libreoffice-calc-nogui")
def test_libreoffice_finds_no_formula_in_a_workbook(tmp_path: Path) -> None:
    texts = [*FORMULAS, "+86 130 0000 0012", "车洗得很干净。"]
    write(one_column(texts), tmp_path / "out.xlsx", "xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "fods", "--outdir", tmp_path, tmp_path / "out.xlsx"],
        check=True,
        capture_output=True,
        timeout=240,
    )
    opened = (tmp_path / "out.fods").read_text(encoding="utf-8")
    assert "table:formula" not in opened
    assert "codebook" in opened
    for text in ("=1+1", "+86 130 0000 0012", "@SUM(A1)", "＝1+1", "车洗得很干净。"):
        assert f"<text:p>{text}</text:p>" in opened, text
