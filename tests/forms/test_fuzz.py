"""Whatever bytes a survey file has: no error but problems with their places, in a short time."""

import random
import time
from pathlib import Path

import pytest

from revisit.forms.catalogue import CATALOGUE
from revisit.forms.page import draw
from revisit.forms.reader import read_source, read_translation
from revisit.forms.scanner import MOST_BYTES
from revisit.records.survey import Survey
from revisit.settings import Settings, defaults
from tests.forms.test_kinds import MARKDOWN

FRONT = """---
title: How was it?
language: en
privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---
"""
TOKENS = (
    "{: ", "}", "{", ":", '"', "'", "#", "##", "### ", "- ", "---", "\n", "\r", "\t", "\x00", "\u2028", "：", "｛",
    "<b>", "&", "`", "*", "_", "[a](b)", "![", "na", "show-if=", "dimension=speed", "points=7", ".matrix", ".ranking",
    ".number", "min=9", "required", "(", ")", " and ", " or not ", "in", "any(", "99999999999999999999", "-", "%", "\\",
    "[a](#one)", "](#", "language: ar", "\ud7ff", "\U0001f600", "是",
)  # fmt: skip


def mutate(text: str, dice: random.Random) -> bytes:
    """Break a survey in one to six places."""
    for _ in range(dice.randint(1, 6)):
        lines = text.split("\n")
        here, there = dice.randrange(len(lines)), dice.randrange(len(lines))
        at = dice.randrange(len(text) + 1)
        match dice.randrange(7):
            case 0:
                del lines[here]
            case 1:
                lines.insert(there, lines[here])
            case 2:
                lines[here], lines[there] = lines[there], lines[here]
            case 3:
                lines[here] = lines[here][: dice.randrange(len(lines[here]) + 1)]
            case 4:
                lines[here] += dice.choice(TOKENS) * dice.choice((1, 2, 500))
            case 5:
                lines = (text[:at] + dice.choice(TOKENS) + text[at:]).split("\n")
            case 6:
                lines = (text[:at] + text[at + dice.choice((1, 20, 9999)) :] or "-").split("\n")
        text = "\n".join(lines)
    content = text.encode("utf-8", "surrogatepass")
    if dice.random() < 0.1:
        spot = dice.randrange(len(content) + 1)
        content = content[:spot] + dice.randbytes(dice.randrange(6)) + content[spot:]
    return content


def sources() -> list[str]:
    folder = defaults() / "surveys"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md")) if path.stem.count(".") == 0]
    return [FRONT + MARKDOWN, *texts]


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.full)])
def test_it_reads_whatever_it_is_given(count: int, settings: Settings) -> None:
    dice = random.Random(count)  # noqa: S311 - the same tests every time
    texts = sources()
    slowest = 0.0
    for number in range(count):
        content = mutate(dice.choice(texts), dice)
        began = time.process_time()
        survey, problems = read_source(content, "visit", "visit.md")
        slowest = max(slowest, time.process_time() - began)
        assert (survey is None) == any(problem.severity == "error" for problem in problems), (number, content)
        lines = content.count(b"\n") + content.count(b"\r") + 1
        for problem in problems:
            assert problem.code in CATALOGUE
            assert 0 <= problem.line <= lines, (problem, content)
        if survey is not None and number % 20 == 0:
            draw(settings, survey, {}, None)
    assert slowest < 2


def test_it_reads_whatever_translation_it_is_given() -> None:
    dice = random.Random(7)  # noqa: S311 - the same tests every time
    source = read_source((FRONT + MARKDOWN).encode(), "visit", "visit.md")[0]
    assert isinstance(source, Survey)
    for _ in range(300):
        content = mutate((FRONT + MARKDOWN).replace("language: en", "language: zh-Hant"), dice)
        survey, problems = read_translation(content, "zh-Hant", "visit.zh-Hant.md", source)
        assert survey is None or survey.form_hash == source.form_hash
        assert (survey is None) == any(problem.severity == "error" for problem in problems), content


@pytest.mark.parametrize("sign", ["*", "1. ", "`", "<`"])
def test_it_takes_no_time_over_a_file_full_of_one_sign(sign: str) -> None:
    body = (sign * 3900)[:3900]
    text = FRONT + "".join(f"## S{n}\n\n{body}\n\n### Q{n}? {{: #q{n} .text }}\n\n" for n in range(60))
    began = time.process_time()
    read_source(text.encode()[:MOST_BYTES], "visit", "visit.md")
    assert time.process_time() - began < 5


def test_it_counts_lines_as_editors_do() -> None:
    text = (
        FRONT.replace("title: How was it?", "title: How\u2028\u2028\u2028was it?\ncolour: red")
        + "### A? {: #a .text }\n"
    )
    problems = read_source(text.encode(), "visit", "visit.md")[1]
    assert [(problem.code, problem.line) for problem in problems] == [("S004", 2), ("F005", 3)]


def test_it_reads_bytes_that_are_no_text(tmp_path: Path) -> None:
    dice = random.Random(3)  # noqa: S311 - the same tests every time
    for _ in range(100):
        survey, problems = read_source(dice.randbytes(dice.randrange(400)), "visit", str(tmp_path))
        assert survey is None
        assert problems
