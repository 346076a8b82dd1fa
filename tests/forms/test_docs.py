"""docs/surveys.md says what is true: its examples are read, its tables are complete."""

import re
from pathlib import Path

from revisit.forms.estimate import estimate, in_words
from revisit.forms.front_matter import KEYS, TARGET_KEYS
from revisit.forms.kinds import ATTRIBUTES, FORM_NAMES, KINDS
from revisit.forms.library import read_library
from revisit.forms.reason_tree import TREE, dimension_words, reason_words
from revisit.records.grammar import RESERVED
from revisit.records.survey import DIMENSIONS, FACTS

TEXT = (Path(__file__).parents[2] / "docs" / "surveys.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```markdown\n(.*?)```", TEXT, re.DOTALL)
FRONT = EXAMPLES[0].split("---\n")[1]


def chapter(title: str) -> str:
    return TEXT.split(f"### {title}\n")[1].split("\n### ")[0]


def test_it_reads_the_first_survey_and_its_translation(tmp_path: Path) -> None:
    (tmp_path / "visit.md").write_text(EXAMPLES[0], encoding="utf-8")
    (tmp_path / "visit.zh-Hans.md").write_text(EXAMPLES[1], encoding="utf-8")
    library, problems = read_library(tmp_path)
    assert [problem.code for problem in problems] == ["T010"]
    survey = library.survey("visit", "en")
    assert survey is not None
    assert f"{len(survey.questions)} questions, about {in_words(estimate(survey))} to answer, in en`" in TEXT
    assert library.languages("visit") == ("en", "zh-Hans")


def test_it_reads_every_other_example_below_the_first_survey(tmp_path: Path) -> None:
    assert len(EXAMPLES) == 7
    for number, example in enumerate(EXAMPLES[2:]):
        (tmp_path / f"example-{number}.md").write_text(EXAMPLES[0] + "\n" + example, encoding="utf-8")
    _library, problems = read_library(tmp_path)
    assert {problem.code for problem in problems} == {"T010"}


def test_it_names_everything_there_is() -> None:
    front = chapter("Front matter")
    assert all(f"| `{key}` |" in front for key in KEYS)
    assert all(f"`{key}" in front for key in TARGET_KEYS)
    questions = chapter("Questions")
    assert re.findall(r"^\| `\.(\w+)`", questions, re.MULTILINE) == list(KINDS)
    attributes = chapter("Attributes")
    assert sorted(re.findall(r"^\| `([a-z-]+)", attributes, re.MULTILINE)) == sorted(ATTRIBUTES)
    assert all(f"`{dimension}`" in attributes for dimension in DIMENSIONS)
    assert all(word in attributes for word in RESERVED | FORM_NAMES)
    conditions = chapter("Conditions")
    for fact, values in FACTS.items():
        assert f"| `order.{fact}` | {', '.join(f'`{value}`' for value in values)} |" in conditions


def test_it_lists_the_reasons_that_come_with_it() -> None:
    words, headings = reason_words(str), dimension_words(str)
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (\w+: .+?) \|$", TEXT, re.MULTILINE)
    listed = [
        (dimension, name, code, said.strip())
        for dimension, _heading, branches in rows
        for branch in branches.split("<br>")
        for name, reasons in [branch.split(": ", 1)]
        for code, said in re.findall(r"`(\w+)` ([^·]+)", reasons)
    ]
    assert [(dimension, heading) for dimension, heading, _branches in rows] == list(headings.items())
    assert listed == [
        (branch.dimension, branch.name, code, words[code])
        for dimension in DIMENSIONS
        for branch in TREE
        if branch.dimension == dimension
        for code in branch.codes
    ]
