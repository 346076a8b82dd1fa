import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from revisit.settings import load
from revisit.store import open_store
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
