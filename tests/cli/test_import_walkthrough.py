"""The walk-through of docs/import-answers.md, command by command."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from revisit.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "import-answers.md").read_text(encoding="utf-8")
NOW = "2026-11-22T09:00:00+00:00"


def walk(tmp_path: Path) -> dict[str, str]:
    """Run every command of the page; give what each wrote. A dry run over bad rows ends with 1."""
    told: dict[str, str] = {}
    for line in re.findall(r"^\$ (.+)$", PAGE, re.MULTILINE):
        command, *words = shlex.split(line)
        if command == "cp":
            shutil.copy(words[0], words[1])
            continue
        outcome = CliRunner().invoke(main, words, env={"REVISIT_NOW": NOW})
        assert outcome.exit_code == ("--dry-run" in words), (line, outcome.output)
        told[line] = outcome.output
    assert (tmp_path / "canteen" / "units.toml").read_text(encoding="utf-8").count("[[units]]") == 5
    return told


def test_it_goes_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    told = walk(tmp_path)
    dry, done = (text for line, text in told.items() if "responses import" in line)
    (shown,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for line in shown.splitlines():
        assert line.removesuffix(" …") in dry
        assert line.removesuffix(" …") in done
    assert "Nothing was changed (dry run). An import would add 90 answers" in dry
    assert "Imported 90 answers" in done
    whole, north = (text for line, text in told.items() if " findings " in line)
    assert re.search(r"North site.*\n.*South site", whole)
    assert "Ground floor hall" in north
    assert "Garden hall" not in north
    sheet = CalamineWorkbook.from_path(tmp_path / "canteen.xlsx").get_sheet_by_name("responses").to_python()
    head, *rows = sheet
    states = [row[head.index("recommend.state")] for row in rows]
    assert (len(rows), states.count("blank") > 0) == (90, True)
    assert {row[head.index("taste.state")] for row in rows} == {"answered", "blank", "na"}
    assert not any("B100" in str(cell) for row in rows for cell in row)


def test_it_shows_a_row_of_the_example_as_it_is() -> None:
    cells = (ROOT / "examples" / "canteen" / "answers.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    assert f"| {' | '.join(cells[:7])} | … | {cells[-1]} |" in PAGE
