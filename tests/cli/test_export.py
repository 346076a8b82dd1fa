import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from revisit.settings import load
from revisit.store import open_store
from revisit.store.protocol import StoreFull
from tests.cli.shop import Run, open_shop


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    run = open_shop(tmp_path)
    run("orders", "import", "examples/orders-machinery.xlsx")
    return run


def test_it_writes_the_format_that_the_file_ends_in_and_notes_it(run: Run, tmp_path: Path) -> None:
    told = run("export", "orders", "--period", "2026-11", "-o", "out/orders.xlsx").stderr
    sheet = CalamineWorkbook.from_path(tmp_path / "out" / "orders.xlsx").get_sheet_by_name("orders").to_python()
    assert f"({len(sheet) - 1} rows, " in told
    assert {row[sheet[0].index("name")] for row in sheet[1:]} <= {"***", ""}
    store = open_store(load(tmp_path).workspace)
    lines = [(line.who, line.note) for line in store.audit_lines() if line.what == "exported"]
    store.close()
    assert lines == [("terminal", f"orders xlsx {len(sheet) - 1} rows")]


def test_it_has_a_place_and_a_name_for_files_without_one(run: Run, tmp_path: Path) -> None:
    run("export", "visits", "--unit", "lakeside", "--period", "2026-11", "--format", "jsonl", "--with-names")
    path = tmp_path / "build" / "exports" / "visits-lakeside-2026-11.jsonl"
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {row["unit"].split("/")[1] for row in found} == {"lakeside"}


def test_it_says_where_it_cannot_write(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file", encoding="utf-8")
    told = run("export", "orders", "--period", "2026-11", "-o", "folder/orders.csv", code=2).stderr
    assert "Choose another file with -o." in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("respones",), 'There is no "respones". Did you mean "responses"?'),
        (("orders", "--format", "xls"), 'There is no "xls". Did you mean "xlsx"?'),
        (("orders", "-o", "out.xls"), '"out.xls" ends in no format that there is. Did you mean "xlsx"?'),
        (("orders", "-o", "out.csv", "--format", "xlsx"), "Give one of the two."),
        (("orders", "-o", "-"), "Name one, such as: -o orders.csv"),
        (("orders", "-o", "/dev/null"), '"/dev/null" is no file that could be replaced.'),
        (("orders", "-o", "examples"), "File 'examples' is a directory."),
        (("orders", "--unit", "lakesid"), 'Did you mean "lakeside"?'),
        (("visits", "--survey", "repar"), 'Did you mean "repair"?'),
        (("orders", "--period", "2026-13"), "That year has months 1 to 12."),
    ],
)
def test_it_says_what_is_wrong_with_a_call(run: Run, words: tuple[str, ...], told: str) -> None:
    assert told in run("export", *words, code=2).stderr


def test_it_says_that_there_is_nothing(run: Run) -> None:
    told = run("export", "orders", "--unit", "lakeside", "--period", "2019-01", "-o", "none.csv").stderr
    assert "(0 rows, " in told
    assert "from 2019-01-01 to 2019-01-31. Choose another --period or --unit." in told


def test_what_is_not_noted_does_not_go_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_work: object, **_more: object) -> None:
        raise StoreFull("There is no space left to write the audit trail.")

    monkeypatch.setattr("revisit.flows.reporting.export.note", fail)
    assert "no space left" in run("export", "orders", "--period", "2026-11", "-o", "out.csv", code=1).stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_who_ends_it_finds_no_half_file(tmp_path: Path, number: signal.Signals, name: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "program.py", name]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(number)
        assert process.wait(60) == 128 + number
    assert [one.name for one in tmp_path.iterdir()] == ["program.py"]


PROGRAM = """
import signal, sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from revisit.cli.leaving import leaving_in_order
from revisit.reports.exports import write
from revisit.reports.exports.table import Column, Table

def rows():
    for number in range(100_000_000):
        yield (f"{number:040}",)
        if number == 5_000:
            print("begun", flush=True)

path = Path(sys.argv[1])
table = Table("t", "T", (Column("a", "A"),), rows(), ZoneInfo("UTC"), datetime.now(UTC))
with leaving_in_order():
    try:
        write(table, path, path.suffix[1:])
    except KeyboardInterrupt:
        sys.exit(130)
"""
