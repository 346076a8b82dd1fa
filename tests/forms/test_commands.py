"""The commands check and build, as somebody at a terminal meets them."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from revisit.cli import main
from revisit.cli.forms import as_annotation
from revisit.records.problems import Problem
from revisit.settings import defaults


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copytree(defaults() / "surveys", tmp_path / "surveys")
    (tmp_path / "revisit.toml").write_text('timezone = "Asia/Shanghai"\n', encoding="utf-8")
    return tmp_path


def run(workspace: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(workspace), *arguments])


def test_it_says_how_long_each_survey_takes(workspace: Path) -> None:
    result = run(workspace, "check")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "surveys/repair.md: 12 questions, about 1 min 35 s to answer, in en, zh-Hans, zh-Hant",
        "surveys/repair-full.md: 17 questions, about 2 min to answer, in en, zh-Hans, zh-Hant",
    ]


def test_it_says_what_a_translation_was_compared_with(workspace: Path) -> None:
    result = run(workspace, "check", "surveys/repair.zh-Hans.md")
    assert result.exit_code == 0
    assert result.output == "surveys/repair.zh-Hans.md: asks the same 12 questions as surveys/repair.md, in zh-Hans\n"
    (workspace / "surveys" / "repair.md").write_text("### B\n", encoding="utf-8")
    assert run(workspace, "check", "repair.zh-Hans.md").output.startswith(
        "surveys/repair.zh-Hans.md: not compared, surveys/repair.md has faults. Mend these first: revisit check"
    )


def test_it_prints_every_fault_with_its_place(workspace: Path) -> None:
    (workspace / "surveys" / "broken.md").write_text("### A {: #a .tex }\n### B\n", encoding="utf-8")
    result = run(workspace, "check", "broken")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        (
            "surveys/broken.md:1:1 F001 The file does not begin with front matter. "
            "Begin it with a line ---, the keys, and a line ---."
        ),
        'surveys/broken.md:1:13 Q004 ".tex" is no kind of question. Did you mean "text"?',
        (
            "surveys/broken.md:2:1 Q001 The question has no attribute list. "
            "End the line with {: #id .kind }, for example {: #question_2 .satisfaction }"
        ),
    ]
    assert run(workspace, "check", "repair").exit_code == 0


def test_it_prints_json_for_programs(workspace: Path) -> None:
    (workspace / "surveys" / "broken.md").write_text("### B\n", encoding="utf-8")
    result = run(workspace, "check", "--format", "json", "broken.md")
    assert result.exit_code == 1
    assert [(fault["line"], fault["code"]) for fault in json.loads(result.output)] == [(1, "F001"), (1, "Q001")]


def test_it_annotates_lines_for_github(workspace: Path) -> None:
    (workspace / "surveys" / "broken.md").write_text("### 100% sure?\n", encoding="utf-8")
    result = run(workspace, "check", "--format", "github", "broken.md")
    assert result.exit_code == 1
    assert result.output.splitlines()[1] == (
        "::error file=surveys/broken.md,line=1,col=1,title=Q001::The question has no attribute list. "
        "End the line with {: #id .kind }, for example {: #question_1 .satisfaction }"
    )
    assert as_annotation(Problem("a,b:c.md", 0, 0, "L001", "100%", "x\ny", "note")) == (
        "::notice file=a%2Cb%3Ac.md,line=1,col=1,title=L001::100%25. x%0Ay"
    )


def test_it_says_what_a_change_does_to_the_answers(workspace: Path) -> None:
    assert run(workspace, "build").exit_code == 0
    survey = workspace / "surveys" / "repair.md"
    survey.write_text(
        survey.read_text(encoding="utf-8").replace("How was your repair?", "Your repair"), encoding="utf-8"
    )
    result = run(workspace, "check", "--against", str(workspace / "data"), "repair")
    assert result.exit_code == 0, result.output
    survey.write_text(
        survey.read_text(encoding="utf-8").replace("#recommend .nps na", "#recommend .nps"), encoding="utf-8"
    )
    result = run(workspace, "check", "--against", str(workspace / "data"), "repair")
    assert 'E010 warning: The “does not apply” of "recommend" is another one: breaks the trend' in result.output
    assert run(workspace, "check", "--against", str(workspace / "surveys")).exit_code == 2


def test_it_asks_back_about_a_name_it_does_not_know(workspace: Path) -> None:
    result = run(workspace, "check", "surveys/repare.md")
    assert result.exit_code == 2
    assert result.output == 'There is no survey "surveys/repare.md". Did you mean "repair.md"?\n'
    result = run(workspace, "check", "nosuch")
    assert result.output == 'There is no survey "nosuch". Choose one of: repair-full, repair.\n'


def test_it_checks_the_brand_too(workspace: Path) -> None:
    (workspace / "revisit.toml").write_text('[brand]\ncolour = "blue"\n', encoding="utf-8")
    result = run(workspace, "check")
    assert result.exit_code == 1
    assert result.output.startswith('revisit.toml W002 "brand.colour" is "blue", which is no colour.')


def test_it_builds_and_says_so(workspace: Path) -> None:
    result = run(workspace, "build")
    assert result.exit_code == 0
    assert result.output == f"Built 12 pages of 2 surveys in {workspace / 'build' / 'site'}\n"
    assert (workspace / "build" / "site" / "s" / "repair" / "zh-Hans" / "a" / "index.html").is_file()


def test_it_builds_nothing_from_a_broken_survey(workspace: Path) -> None:
    (workspace / "surveys" / "broken.md").write_text("### B\n", encoding="utf-8")
    result = run(workspace, "build")
    assert result.exit_code == 1
    assert "surveys/broken.md:1:1 F001" in result.output
    assert not (workspace / "build").exists()
    assert not (workspace / "data").exists()
