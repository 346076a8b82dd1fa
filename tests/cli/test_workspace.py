"""``revisit init`` and ``revisit doctor`` as a person calls them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.cli.workspace import local_timezone


def test_it_makes_a_workspace_without_a_question_where_nobody_can_answer(tmp_path: Path) -> None:
    words = ["-C", str(tmp_path), "init", "corner-garage", "--timezone", "Europe/Berlin", "--station", "a=Station A"]
    ran = CliRunner().invoke(main, words)
    assert ran.exit_code == 0, ran.output
    text = (tmp_path / "corner-garage" / "revisit.toml").read_text(encoding="utf-8")
    assert 'name = "Corner Garage"' in text
    assert 'timezone = "Europe/Berlin"' in text
    assert "cd corner-garage && revisit check" in ran.output


def test_it_exits_2_for_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    ran = CliRunner().invoke(main, ["-C", str(tmp_path), "init", "."])
    assert ran.exit_code == 2
    assert "not empty" in ran.output


def test_it_leaves_a_whole_workspace_as_it_is(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["-C", str(tmp_path), "init", "shop", "--timezone", "UTC"])
    keys = (tmp_path / "shop" / "keys.toml").read_bytes()
    ran = CliRunner().invoke(main, ["-C", str(tmp_path / "shop"), "init", "."])
    assert ran.exit_code == 0
    assert "Nothing is missing" in ran.output
    assert (tmp_path / "shop" / "keys.toml").read_bytes() == keys


def test_it_gives_what_is_wrong_as_json_and_exits_1(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["-C", str(tmp_path), "init", "shop", "--timezone", "UTC"])
    ran = CliRunner().invoke(main, ["-C", str(tmp_path / "shop"), "doctor", "--json"])
    assert ran.exit_code == 1
    checks = {check["name"]: check for check in json.loads(ran.stdout)}
    assert checks["site"]["cure"] == "revisit build"


@pytest.mark.parametrize(("target", "zone"), [("/usr/share/zoneinfo/Asia/Taipei", "Asia/Taipei"), ("/etc/gone", "UTC")])
def test_it_knows_the_timezone_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, zone: str
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    (tmp_path / "localtime").symlink_to(target)
    assert local_timezone(tmp_path / "localtime") == zone
