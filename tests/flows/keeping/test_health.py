"""What the doctor sees, and that each cure is a line to type."""

import subprocess
from pathlib import Path

import pytest

from revisit.flows.keeping.health import check_fonts, check_installation, check_pango
from revisit.flows.keeping.workspace import Plan, complete_workspace, make_workspace


def saying(code: int, out: str = "", err: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess([], code, out, err)


def test_it_names_the_packages_when_pdfs_cannot_be_set() -> None:
    check = check_pango(lambda _command: saying(1, err="Traceback\nOSError: cannot load library 'libpango-1.0-0'"))
    assert check.grade == "fault"
    assert "cannot load library 'libpango-1.0-0'" in check.what
    assert check.cure.startswith("sudo apt-get install")


def test_it_misses_the_face_of_one_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/fc-list")
    check = check_fonts(lambda _command: saying(0, "Noto Sans CJK SC\n"))
    assert (check.grade, check.what) == ("fault", "Noto Sans CJK TC missing")
    assert check.cure.endswith("fonts-noto-cjk")


def test_it_sees_that_a_new_workspace_is_not_built_and_nobody_administers_it(tmp_path: Path) -> None:
    make_workspace(tmp_path, Plan("Example Motors", "UTC"))
    checks = {check.name: check for check in check_installation(tmp_path, {}, lambda _command: saying(0, "70"))}
    assert (checks["site"].grade, checks["site"].cure) == ("fault", "revisit build")
    assert checks["people"].grade == "note"
    assert [checks[name].grade for name in ("settings", "keys", "data/", "build/", "store")] == ["fine"] * 5


def test_it_says_when_keys_are_open_to_others(tmp_path: Path) -> None:
    make_workspace(tmp_path, Plan("Example Motors", "UTC"))
    (tmp_path / "keys.toml").chmod(0o644)
    checks = {check.name: check for check in check_installation(tmp_path, {}, lambda _command: saying(0))}
    assert checks["keys"].cure == f"chmod 600 {tmp_path / 'keys.toml'}"


def test_it_cures_a_missing_site_by_building_and_missing_surveys_by_copying(tmp_path: Path) -> None:
    make_workspace(tmp_path, Plan("Example Motors", "UTC"))
    (tmp_path / "build").rmdir()
    for path in (tmp_path / "surveys").iterdir():
        path.unlink()
    checks = {check.name: check for check in check_installation(tmp_path, {}, lambda _command: saying(0))}
    assert checks["build/"].cure == "revisit build"
    assert (checks["surveys"].grade, checks["surveys"].cure) == ("fault", "revisit init .")
    complete_workspace(tmp_path)
    assert (tmp_path / "surveys" / "repair.zh-Hant.md").is_file()


def test_it_names_a_damaged_file(tmp_path: Path) -> None:
    make_workspace(tmp_path, Plan("Example Motors", "UTC"))
    (tmp_path / "data" / "people.json").write_text("{broken", encoding="utf-8")
    found = [check for check in check_installation(tmp_path, {}, lambda _command: saying(0)) if check.name == "store"]
    assert [check.grade for check in found] == ["fault"]
    assert "people.json" in found[0].what


def test_it_stops_at_settings_that_cannot_be_read(tmp_path: Path) -> None:
    make_workspace(tmp_path, Plan("Example Motors", "UTC"))
    (tmp_path / "revisit.toml").write_text('timezon = "UTC"', encoding="utf-8")
    last = list(check_installation(tmp_path, {}, lambda _command: saying(0)))[-1]
    assert last.name == "settings"
    assert 'Did you mean "timezone"' in last.what
