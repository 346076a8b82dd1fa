"""Every problem has its code, its example and its cure, and docs/problems.md shows them as they are."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import revisit
from revisit.forms.catalogue import CATALOGUE
from revisit.forms.library import read_library
from revisit.forms.reader import read_survey
from revisit.forms.theme import STYLE, check_theme
from revisit.records.problems import ContentError, Problem
from revisit.settings import FILE_NAME, load
from tests.forms.test_edits import CLASSIFIED

DOCS = Path(__file__).parents[2] / "docs" / "problems.md"
FRONT = """---
title: How was it?
language: en
privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---
"""
QUESTION = "\n### And now? {: #afterwards .satisfaction }\n"


@dataclass
class Documented:
    """One chapter of the docs: what it says and its examples."""

    said: str
    examples: list[tuple[str, str]] = field(default_factory=list)


def documented() -> tuple[str, dict[str, Documented]]:
    text = DOCS.read_text(encoding="utf-8")
    source = re.search(r"```markdown source\n(.*?)```", text, re.DOTALL)
    assert source is not None
    found = {}
    for code, body in re.findall(
        r"^### ([A-Z]\d{3}): (.*?)(?=^### [A-Z]\d{3}:|^## [A-Z]:|\Z)", text, re.MULTILINE | re.DOTALL
    ):
        found[code] = Documented(body, re.findall(r"```markdown ((?:wrong|right)[a-z ]*)\n(.*?)```", body, re.DOTALL))
    return source[1], found


SOURCE, CODES = documented()
EXAMPLES = [
    pytest.param(code, kind, example, id=f"{code}-{kind.replace(' ', '-')}")
    for code, chapter in CODES.items()
    for kind, example in chapter.examples
]


def problems_of(kind: str, example: str, folder: Path) -> list[Problem]:
    path = folder / "visit.md"
    if "translation" in kind:
        path.write_text(SOURCE, encoding="utf-8")
        path = folder / "visit.zh-Hans.md"
        text = example
    elif "front" in kind:
        text = example + ("" if "###" in example else QUESTION)
    else:
        text = FRONT + example
    path.write_text(text, encoding="utf-8")
    return read_survey(path, path.name)[1]


def test_it_documents_every_code_and_no_other() -> None:
    assert list(CODES) == list(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_it_quotes_what_is_said(code: str) -> None:
    entry = CATALOGUE[code]
    words = f"> {entry.what}. {entry.cure}".replace("{{", "{").replace("}}", "}").replace("{guess}", "Did you mean …?")
    assert words in CODES[code].said


@pytest.mark.parametrize(("code", "kind", "example"), EXAMPLES)
def test_it_shows_true_examples(code: str, kind: str, example: str, tmp_path: Path) -> None:
    problems = problems_of(kind, example, tmp_path)
    if kind.startswith("right"):
        assert [str(problem) for problem in problems] == []
    else:
        assert code in [problem.code for problem in problems]
        assert len({problem.code for problem in problems}) == 1, "one cause, one code"
        for problem in problems:
            lines = (tmp_path / problem.path).read_text(encoding="utf-8").splitlines()
            whole = code in {"S017", "S020", "L009"}
            assert (problem.line, problem.column) == (0, 0) if whole else lines[problem.line - 1][problem.column - 1 :]


def long(count: int) -> str:
    return "".join(f"### Question {number}? {{: #q{number} .text }}\n" for number in range(count))


PLAIN = "### How was it? {: #overall .satisfaction }\n"
CHINESE = """---
title: 怎么样？
language: zh-Hans
privacy: {who: 示例汽车, contact: privacy@example.com, purpose: 改进服务, kept: 24 个月}
---
"""
FILES: dict[str, dict[str, bytes]] = {
    "S001": {"visit.md": (FRONT + "### 怎么样 {: #x .text }").encode("gb18030")},
    "S002": {"visit.md": (FRONT + PLAIN + "word\n" * 60_000).encode()},
    "S003": {"visit.md": (FRONT + "word " * 1000 + "\n" + PLAIN).encode()},
    "S004": {"visit.md": (FRONT + "a\x00b\n" + PLAIN).encode()},
    "S006": {"Visit 2.md": (FRONT + PLAIN).encode()},
    "S013": {"visit.md": (FRONT + ("word " * 700 + "\n") * 2 + PLAIN).encode()},
    "S018": {"visit.md": (FRONT + long(301)).encode()},
    "S021": {},
    "Q024": {
        "visit.md": (
            FRONT + "### Which? {: #which .choice }\n" + "".join(f"- c{n}: C {n}\n" for n in range(41))
        ).encode()
    },
    "C008": {
        "visit.md": (
            FRONT + PLAIN + f'### Why? {{: #why .text show-if="{" or ".join(["overall = 1"] * 60)}" }}\n'
        ).encode()
    },
    "T001": {"visit.zh-Hans.md": (CHINESE + PLAIN).encode()},
    "T009": {
        "visit.md": (FRONT + f"## A\n{PLAIN}### B? {{: #b .text }}\n## C\n### D? {{: #d .text }}\n").encode(),
        "visit.zh-Hans.md": (CHINESE + f"## A\n{PLAIN}## C\n### B? {{: #b .text }}\n### D? {{: #d .text }}\n").encode(),
    },
    "T010": {"visit.md": (FRONT + PLAIN).encode()},
    "T011": {"visit.md": (FRONT + PLAIN).encode(), "visit.en.md": (FRONT + PLAIN).encode()},
    "T012": {
        "visit.md": (FRONT + PLAIN).encode(),
        "visit.zh-Hans.md": (CHINESE + "### TODO How was it? {: #overall .satisfaction }\n").encode(),
    },
    "T014": {
        "visit.md": (
            FRONT.replace("---\n", "composites: {again: {name: Again, parts: [overall]}}\n---\n", 2).removeprefix(
                "composites: {again: {name: Again, parts: [overall]}}\n"
            )
            + PLAIN
        ).encode(),
        "visit.zh-Hans.md": (CHINESE + PLAIN.replace("How was it?", "怎么样？")).encode(),
    },
    "T013": {
        "visit.md": (FRONT + "### Which? {: #which .text short }\n### And [it](#which)? {: #b .text }\n").encode(),
        "visit.zh-Hans.md": (CHINESE + "### 哪个？ {: #which .text }\n### 它呢？ {: #b .text }\n").encode(),
    },
    "L001": {"visit.md": (FRONT + long(8)).encode()},
    "L002": {
        "visit.md": (
            FRONT + "".join(f"### Q {n}? {{: #q{n} .satisfaction dimension=speed }}\n" for n in range(13))
        ).encode()
    },
}


@pytest.mark.parametrize("code", FILES)
def test_it_reports_what_needs_whole_files(code: str, tmp_path: Path) -> None:
    for name, content in FILES[code].items():
        (tmp_path / name).write_bytes(content)
    _library, problems = read_library(tmp_path)
    wanted = {code} if CATALOGUE[code].severity == "error" else {code, "T010"}
    assert {problem.code for problem in problems} - {"T010"} == wanted - {"T010"} or code == "T010"
    assert code in {problem.code for problem in problems}


def test_it_reports_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "visit.md").mkdir()
    assert [problem.code for problem in read_library(tmp_path)[1]] == ["S005"]


@pytest.mark.parametrize("tangle", ["[" * 3900, "> " * 1900, "` " * 1900, "[a](b" * 700, "![" * 1900])
def test_it_does_not_start_on_tangled_prose(tangle: str, tmp_path: Path) -> None:
    (tmp_path / "visit.md").write_text(FRONT + f"{tangle}\n\n{PLAIN}", encoding="utf-8")
    assert [problem.code for problem in read_library(tmp_path, ())[1]] == ["S014"]


def test_it_reports_prose_that_nests_too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def markdown(*_args: object, **_options: object) -> str:
        raise RecursionError

    monkeypatch.setattr("markdown.markdown", markdown)
    (tmp_path / "visit.md").write_text(FRONT + "> deep\n\n" + PLAIN, encoding="utf-8")
    assert "S014" in [problem.code for problem in read_library(tmp_path)[1]]


SETTINGS = re.findall(
    r"^### (W\d{3}):.*?```(toml|css) wrong\n(.*?)```\n\n    (.*?)\n\n```\2 right\n(.*?)```",
    DOCS.read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)


def said_of(kind: str, content: str, folder: Path) -> list[str]:
    name = FILE_NAME if kind == "toml" else STYLE
    for path, text in ((FILE_NAME, 'timezone = "UTC"\n'), (name, content)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    try:
        return [str(problem) for problem in check_theme(load(folder, {}))]
    except ContentError as error:
        return [str(problem) for problem in error.problems]


@pytest.mark.parametrize(("code", "kind", "wrong", "said", "right"), SETTINGS)
def test_it_shows_true_settings(code: str, kind: str, wrong: str, said: str, right: str, tmp_path: Path) -> None:
    assert said_of(kind, wrong, tmp_path) == [said]
    assert f" {code} " in said
    assert said_of(kind, right, tmp_path) == []


def test_it_has_every_code_that_any_room_gives() -> None:
    root = Path(revisit.__file__).parent
    given = {
        (code, str(path.relative_to(root.parent)))
        for room in (root, root.parent / "collector")
        for path in sorted(room.rglob("*.py"))
        for code in re.findall(r'"([A-Z]\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert {code for code, _path in given} == set(CATALOGUE)


def test_it_tries_every_code() -> None:
    tried = {code for code, chapter in CODES.items() if chapter.examples} | set(FILES) | {"S005", "S014"}
    tried |= {code for code, *_rest in SETTINGS}
    assert tried | CLASSIFIED == set(CATALOGUE)
