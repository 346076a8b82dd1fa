"""The surveys that ship with Revisit, and languages as the terminal takes them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from revisit.cli import main

NAMES = ("repair", "repair-full", "commissioning", "complaint", "lost", "warranty", "yearly")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    text = 'timezone = "Asia/Shanghai"\n\n[organisation]\nid = "all"\nname = "Lift & Co"\n'
    (tmp_path / "revisit.toml").write_text(text, encoding="utf-8")
    return tmp_path


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(workspace), *arguments])


def test_it_lists_what_ships(workspace: Path) -> None:
    result = run(workspace, "surveys", "list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert tuple(line.split()[0] for line in lines[::2]) == NAMES
    assert all(line.strip().endswith("in en, zh-Hans, zh-Hant") for line in lines[1::2])


def test_it_copies_a_survey_with_the_name_of_the_house(workspace: Path) -> None:
    result = run(workspace, "surveys", "add", "lost", "complaint")
    assert result.exit_code == 0
    files = sorted(path.name for path in (workspace / "surveys").iterdir())
    assert result.stdout.splitlines() == [
        f"Wrote surveys/{name}" for name in sorted(files, key=lambda name: (not name.startswith("lost"), name))
    ]
    for name in files:
        assert 'who: "Lift & Co"' in (workspace / "surveys" / name).read_text(encoding="utf-8")
    checked = run(workspace, "check")
    assert checked.exit_code == 0, checked.output
    assert "warning" not in checked.output


def test_it_overwrites_nothing_and_knows_its_names(workspace: Path) -> None:
    (workspace / "surveys").mkdir()
    (workspace / "surveys" / "lost.zh-Hant.md").write_text("mine", encoding="utf-8")
    taken = run(workspace, "surveys", "add", "lost")
    assert (taken.exit_code, taken.stderr) == (2, '"surveys/lost.zh-Hant.md" is there already. Nothing was copied.\n')
    assert [path.name for path in (workspace / "surveys").iterdir()] == ["lost.zh-Hant.md"]
    wrong = run(workspace, "surveys", "add", "los")
    assert (wrong.exit_code, 'Did you mean "lost"?' in wrong.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("render", "repair", "--as", "phone", "--lang", "zh"),
            "Did you mean zh-Hans (简体中文) or zh-Hant (繁體中文)?",
        ),
        (("export", "responses", "--lang", "zh-TW"), "Did you mean zh-Hant?"),
        (("findings", "--lang", "zh-CN"), "Did you mean zh-Hans?"),
        (("report", "branch", "--lang", "EN"), "Did you mean en?"),
        (("report", "branch", "--lang", "fr"), "Choose one of: en, zh-Hans, zh-Hant, all."),
        (("translate", "repair", "--to", "zh"), "Did you mean zh-Hans (简体中文) or zh-Hant (繁體中文)?"),
        (("translate", "repair", "--to", "klingon"), "Choose one of: en, zh-Hans, zh-Hant."),
    ],
)
def test_it_says_which_language_was_meant(workspace: Path, words: tuple[str, ...], said: str) -> None:
    result = run(workspace, *words)
    assert (result.exit_code, said in result.stderr) == (2, True), result.output


def test_it_translates_into_any_language(workspace: Path) -> None:
    assert run(workspace, "surveys", "add", "lost").exit_code == 0
    assert run(workspace, "translate", "lost", "--to", "ar").exit_code == 0
    assert "language: ar" in (workspace / "surveys" / "lost.ar.md").read_text(encoding="utf-8")
