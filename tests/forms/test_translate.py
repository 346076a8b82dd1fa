"""The skeleton of a translation: everything in place but the words."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from revisit.cli import main
from revisit.forms.library import read_library
from revisit.settings import defaults

EXAMPLES = Path(__file__).parents[2] / "examples" / "surveys"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "surveys").mkdir()
    for path in (*(defaults() / "surveys").glob("*.md"), *EXAMPLES.glob("*.md")):
        if path.stem.count(".") == 0:
            shutil.copy(path, tmp_path / "surveys")
    (tmp_path / "revisit.toml").write_text('timezone = "Asia/Shanghai"\n', encoding="utf-8")
    return tmp_path


def translate(workspace: Path, name: str, language: str = "zh-Hant") -> Result:
    return CliRunner().invoke(main, ["-C", str(workspace), "translate", name, "--to", language])


def test_it_leaves_nothing_to_do_but_the_words(workspace: Path) -> None:
    folder = workspace / "surveys"
    for path in sorted(folder.glob("*.md")):
        result = translate(workspace, f"surveys/{path.name}")
        assert result.exit_code == 0, result.output
        made = folder / f"{path.stem}.zh-Hant.md"
        assert {problem.code for problem in read_library(folder, ())[1]} == {"T012"}
        made.write_text(re.sub('TODO [^{\n"]*', "甲 ", made.read_text(encoding="utf-8")), encoding="utf-8")
        assert [str(problem) for problem in read_library(folder, ())[1]] == []


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("repare", "zh-Hant", 'Did you mean "repair"?'),
        ("repair", "en", "is written in en already"),
        ("repair", "frog", '"frog" is no language'),
    ],
)
def test_it_says_what_cannot_be_translated(workspace: Path, name: str, language: str, said: str) -> None:
    result = translate(workspace, name, language)
    assert result.exit_code == 2
    assert said in result.output


def test_it_touches_no_translation_that_is_there(workspace: Path) -> None:
    made = workspace / "surveys" / "repair.zh-Hant.md"
    made.write_text("mine", encoding="utf-8")
    assert translate(workspace, "repair").exit_code == 2
    assert made.read_text(encoding="utf-8") == "mine"


def test_it_writes_out_what_the_house_has_no_words_for(workspace: Path) -> None:
    for name in ("repair", "repair-full"):
        assert translate(workspace, name, "ar").exit_code == 0
        made = workspace / "surveys" / f"{name}.ar.md"
        made.write_text(re.sub('TODO [^{\n"]*', "كلمة ", made.read_text(encoding="utf-8")), encoding="utf-8")
    library, problems = read_library(workspace / "surveys", ())
    assert [str(problem) for problem in problems if problem.code != "L008"] == []
    survey = library.survey("repair", "ar")
    assert survey is not None
    overall = survey.question("overall")
    assert overall is not None
    assert {choice.label for choice in overall.choices} == {"كلمة"}
