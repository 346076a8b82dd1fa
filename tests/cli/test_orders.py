import csv
import json
import re
import runpy
from pathlib import Path

import pytest

from tests.cli.shop import ROOT, Run, open_shop

DEALER = "examples/orders-dealer.csv"
MACHINERY = "examples/orders-machinery.xlsx"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return open_shop(tmp_path)


def test_it_previews_an_export_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    shown = run("orders", "import", DEALER, "--dry-run", code=1).stdout
    assert "orders-dealer.csv (gb18030): 工单号 = number" in shown
    assert "row 3: LX-0001, closed 2026-11-05, Lakeside Station" in shown
    assert "5 bad rows:" in shown
    assert re.findall(r"^  row (\d+), (\S+):", shown, re.MULTILINE) == [
        ("35", "手机"),
        ("36", "服务站"),
        ("37", "结算日期"),
        ("38", "工单号"),
        ("39", "付款方式"),
    ]
    assert "Nothing was changed (dry run). An import would add 34 orders; 0 known already." in shown
    assert "13000000100" not in shown
    assert not (tmp_path / "data" / "orders").exists()


def test_it_imports_twice_as_once_and_takes_back(run: Run) -> None:
    first = run("orders", "import", DEALER).stdout
    assert "Imported 34 orders. New links: 32 (visits that are excluded or expired get none)." in first
    assert "Nothing to import: all 34 orders of this file are known already." in run("orders", "import", DEALER).stdout
    (batch,) = json.loads(run("orders", "batches", "--json").stdout)
    assert (batch["rows"], batch["file_name"]) == (34, "orders-dealer.csv")
    assert f"revisit orders undo {batch['id']}" in first
    named = f"import {batch['id']} (34 orders of orders-dealer.csv, 2026-11-21 12:00)"
    assert f"Take back {named}? [y/N]" in run("orders", "undo", code=1).output
    assert run("orders", "undo", batch["id"], "--yes").stdout == "Took back 34 orders of orders-dealer.csv.\n"
    assert "taken back 2026-11-21" in run("orders", "batches").stdout
    assert "There is no import to take back." in run("orders", "undo", code=2).stderr
    assert "was taken back already" in run("orders", "undo", batch["id"], code=1).stderr


def test_it_offers_to_take_back_what_was_filed_last_and_takes_back_nothing_unnamed(run: Run) -> None:
    run("orders", "import", MACHINERY, "--sample", now="2027-02-01T04:00:00+00:00")
    batch = run("orders", "import", DEALER).stdout.split()[-1]
    assert f"Take back import {batch} (34 orders of" in run("orders", "undo", code=1).output
    refused = run("orders", "undo", "--yes", code=2).stderr
    assert f"revisit orders undo {batch} --yes" in refused
    assert "taken back" not in run("orders", "batches").stdout
    run("orders", "undo", batch, "--yes")
    assert "28 orders of orders-machinery.xlsx, 2027-02-01 12:00, sample data" in run("orders", "undo", code=1).output


def test_it_reads_the_machinery_export(run: Run) -> None:
    told = json.loads(run("orders", "import", MACHINERY, "--json").stdout)
    assert (told["good_rows"], told["bad_rows"], told["not_closed"], told["imported"]) == (28, 1, 1, 28)
    assert [bad["column"] for bad in told["bad"]] == ["Email"]
    due = json.loads(run("visits", "due", "--json").stdout)
    assert {one["language"] for one in due} == {"en"}


def test_it_imports_nothing_of_a_file_with_a_bad_row_when_strict(run: Run) -> None:
    told = run("orders", "import", DEALER, "--strict", code=1).stdout
    assert "Nothing was imported: 5 rows must be corrected first (--strict)." in told
    assert json.loads(run("orders", "batches", "--json").stdout) == []


def test_it_writes_the_bad_rows_to_a_file(run: Run, tmp_path: Path) -> None:
    run("orders", "import", DEALER, "--dry-run", "--bad-rows", "bad.csv", code=1)
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index("row")
    assert [row[place] for row in rows[1:]] == ["35", "36", "37", "38", "39"]
    assert rows[0][:place] == [*json.loads(run("orders", "import", DEALER, "--json").stdout)["columns"].values()]


def test_its_file_of_bad_rows_can_be_corrected_and_imported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "number,closed,station,owner,mobile,remark\n"
        "A1,2026-11-20,moon,=1+1,+86 130 0000 0012,secret\nA2,2026-11-20,,样例乙,+86 130 0000 0013,\n",
        encoding="utf-8",
    )
    told = run("orders", "import", "orders.csv", "--bad-rows", "bad.csv", code=1).stdout
    assert "row 3, station: The station is missing. Fill it in, or say where such rows are from: --unit ID." in told
    text = (tmp_path / "bad.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("A1,2026-11-20,moon,'=1+1,'+86 130 0000 0012,2,")
    assert "secret" not in text
    mended = text.replace("moon", "lakeside")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8")
    told = run("orders", "import", "mended.csv", "--unit", "harbour", "--dry-run").stdout
    assert "A1, closed 2026-11-20, Lakeside Station, phone +86***12" in told
    assert "A2, closed 2026-11-20, Harbour Station, phone +86***13" in told


def test_it_lists_an_unknown_station_once_and_fails_when_no_row_is_good(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"A{number},2026-11-20,Lake,样例甲,13000000012\n" for number in range(1, 31))
    (tmp_path / "orders.csv").write_text(f"number,closed,station,owner,mobile\n{rows}", encoding="utf-8")
    told = run("orders", "import", "orders.csv", code=1).stdout
    assert told.count("There is no station") == 1
    assert 'rows 2–31, station: There is no station "Lake".' in told
    assert 'names = { export = "Lake" }' in told
    settings = tmp_path / "revisit.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('zh-Hans = "湖滨站"', 'zh-Hans = "湖滨站", export = "Lake"'),
        encoding="utf-8",
    )
    assert "Imported 30 orders" in run("orders", "import", "orders.csv").stdout


def test_it_says_with_an_undo_how_many_letters_had_left(run: Run) -> None:
    batch = run("orders", "import", DEALER).stdout.split()[-1]
    run("visits", "send")
    assert "32 letters had been written for the orders taken back" in run("orders", "undo", batch, "--yes").stdout


def test_it_names_the_columns_that_it_does_not_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "工单号,结算日期,服务站,客户姓名,联系号码,,备注\nA1,2026-11-20,lakeside,样例甲,13000000012,,\n",
        encoding="utf-8",
    )
    for words in (("--dry-run",), ()):
        told = run("orders", "import", "orders.csv", *words).stdout
        assert "Not read: 联系号码, 备注 (what your system calls otherwise goes under [orders.columns]" in told
        assert "Note: No column for a phone or an e-mail was found" in told
    settings = tmp_path / "revisit.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[orders.columns]\nphone = ["联系号码"]\n', encoding="utf-8")
    told = json.loads(run("orders", "import", "orders.csv", "--json").stdout)
    assert (told["unread"], told["remarks"]) == (["备注"], [])


def test_it_asks_for_the_encoding_and_takes_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "english.csv").write_bytes(
        "number,closed,station,owner\nA1,2026-11-20,lakeside,样例甲\n".encode("gb18030")
    )
    asked = run("orders", "import", "english.csv", code=2).stderr
    assert "Add the one your system exports: --encoding gb18030" in asked
    assert "Imported 1 order." in run("orders", "import", "english.csv", "--encoding", "gb18030").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("orders", "import", "gone.csv"), "No such file"),
        (("orders", "import", "revisit.toml"), "neither CSV nor a spreadsheet"),
        (("orders", "import", DEALER, "--survey", "nothing"), 'There is no survey "nothing"'),
        (("visits", "due", "--unit", "moon"), 'There is no unit "moon"'),
        (("visits", "send", "--visit", "2611-x"), "List them with: revisit visits due --json"),
        (("responses", "import", "gone.csv"), "No such file"),
    ],
)
def test_it_explains_a_wrong_call(run: Run, words: tuple[str, ...], told: str) -> None:
    outcome = run(*words, code=2)
    assert told in outcome.stderr
    assert "Traceback" not in outcome.output


def test_it_makes_the_examples_again_to_the_byte() -> None:
    make = runpy.run_path(str(ROOT / "examples" / "make.py"))
    assert make["dealer_csv"](make["UNTIL"]) == (ROOT / DEALER).read_bytes()
    assert make["machinery_xlsx"](make["UNTIL"]) == (ROOT / MACHINERY).read_bytes()


def test_it_keeps_the_commands_of_the_document_running(run: Run, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "orders.md").read_text(encoding="utf-8")
    (tmp_path / "answers.csv").write_text("number,received,overall\nLX-0010,2026-11-20,5\n", encoding="utf-8")
    (tmp_path / "outcomes.csv").write_text("number,disposition\nLX-0011,declined\n", encoding="utf-8")
    commands = [line.split() for line in re.findall(r"^\$ revisit (.+)$", text, re.MULTILINE)]
    assert len(commands) == 8
    for words in commands:
        if words[0] == "responses" and "--dry-run" in words:
            run("orders", "import", DEALER)
        is_preview = words[:2] == ["orders", "import"] and "--dry-run" in words
        asks = words == ["orders", "undo"]  # nobody is there to say yes
        run(*words, code=1 if is_preview or asks else 0)
