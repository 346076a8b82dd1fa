"""Earlier answers in later words: what is read, what is drawn, and that nothing depends on a script."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from revisit.forms.edits import History, compare_versions
from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.forms.page import draw
from revisit.forms.quotes import split_quotes, with_quotes
from revisit.forms.renderings.sheet import SHEETS, draw_sheet
from revisit.records.problems import Problem
from revisit.records.survey import Quote, Survey
from revisit.settings import Settings
from revisit.store.codec import dump, load

Read = Callable[..., tuple[Survey | None, list[Problem]]]
Survey_ = Callable[..., Survey]

FRONT = """---
title: How was it?
language: {}
privacy: {{who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}}
---
"""
TEXT = """## Before

### What do you drive? {: #model .text short }

### How far? {: #far .number unit=km }

### Which of these? {: #used .choices other }
- app: The app
- desk: The desk

### And each of these? {: #care .matrix na }
- wait: The wait
- words: The words

### Yes? {: #call .contact ask=phone }

### Which first? {: #places .ranking }
- a: A
- b: B

### Anything? {: #long .text }

## After

We read that you drive [your car](#model) & more.

### You used [some of these](#used) after [so far](#far): was it good? {: #good .quality }

Think of [the wait](#care_wait).

### What of [your car](#model)? {: #parts .matrix }
- body: The body
- seat: The seats
"""


def test_it_keeps_plain_words_and_knows_what_they_quote(survey: Survey_) -> None:
    read = survey(TEXT)
    good = read.question("good")
    assert good is not None
    assert good.label == "You used some of these after so far: was it good?"
    assert [good.label[quote.start : quote.end] for quote in good.quotes] == ["some of these", "so far"]
    assert [quote.source for quote in good.quotes] == ["used", "far"]
    assert good.help == ('<p>Think of <bdi data-from="care_wait" data-plain="the wait">the wait</bdi>.</p>')
    body = read.question("parts_body")
    assert body is not None
    assert (body.stem, body.quotes) == ("What of your car?", (Quote("model", 8, 16),))
    assert load(Survey, dump(read)).question("good") == replace(good, line=0)


@pytest.mark.parametrize(
    ("quoting", "code", "column"),
    [
        ("### Was [it](#nothing) good? {: #last .quality }", "Q028", 9),
        ("### Was [it](#last) good? {: #last .quality }", "Q029", 9),
        ("### Was [it](#care) good? {: #last .quality }", "Q028", 9),
        ("### Was [it](#call) good? {: #last .quality }", "Q030", 9),
        ("### Was [it](#places) good? {: #last .quality }", "Q030", 9),
        ("### Was [it](#long) good? {: #last .quality }", "Q030", 9),
        ("### Was [**it**](#model) good? {: #last .quality }", "Q027", 9),
        ("### Was [ ](#model) good? {: #last .quality }", "Q027", 9),
        ("### Was [it]（#model） good? {: #last .quality }", "Q027", 9),
        ("### Was it good? {: #last .quality }\n\nThink of [a <b> c](#model).", "S010", 13),
        ("### Was it good? {: #last .quality }\n\nThink of [*it*](#model).", "Q027", 10),
        ('### Was it good? {: #last .quality }\n\nThink of [it](#model "title").', "Q027", 15),
        ("### Was it good? {: #last .quality }\n\nThink of [it][1].\n\n[1]: #model", "Q027", 6),
        ("### Was it good? {: #last .choice }\n- a: [It](#model)\n- b: No", "Q026", 6),
        ("### Was it good? {: #last .matrix }\n- a: [It](#model)\n- b: No", "Q026", 6),
        ("### I agree to [it](#model) {: #last .consent }", "Q026", 16),
        ("### I agree {: #last .consent }\n\nTo [it](#model).", "Q026", 4),
        ("## About [it](#model)\n\n### Was it good? {: #last .quality }", "Q026", 10),
    ],
)
def test_it_refuses_what_cannot_be_quoted(read: Read, quoting: str, code: str, column: int) -> None:
    found, problems = read(TEXT + "\n" + quoting)
    assert found is None
    assert [(problem.code, problem.column) for problem in problems] == [(code, column)]


def test_it_leaves_code_and_other_links_alone(survey: Survey_) -> None:
    read = survey(TEXT + "\n### Was it? {: #last .quality }\n\nWrite `[it](#nothing)` or [us](https://example.com).")
    last = read.question("last")
    assert last is not None
    assert "[it](#nothing)" in last.help
    assert 'href="https://example.com"' in last.help


def test_it_draws_words_that_a_script_can_fill_and_escapes_them() -> None:
    words, quotes = split_quotes('A < B [the "one"](#x) & C')
    assert with_quotes(words, quotes) == (
        'A &lt; B <bdi data-from="x" data-plain="the &#34;one&#34;">the &#34;one&#34;</bdi> &amp; C'
    )


def test_it_shows_plain_words_again_after_a_fault(settings: Settings, survey: Survey_) -> None:
    read = survey(TEXT.replace("#good .quality", "#good .quality required"))
    typed = "<script>alert(1)</script>"
    form = answer_form(read, {}, Posted([("model", typed)]))
    assert not form.check()
    page = draw(settings, read, {}, form).decode()
    assert typed not in page
    assert page.count('<bdi data-from="model" data-plain="your car">your car</bdi>') == 2
    assert "“You used some of these after so far: was it good?”" in page


@pytest.mark.parametrize("kind", SHEETS)
def test_it_prints_plain_words(settings: Settings, survey: Survey_, kind: str) -> None:
    drawn = unescape(draw_sheet(settings, survey(TEXT), kind, {}))  # type: ignore[arg-type]  # one of SHEETS
    assert "You used some of these after so far: was it good?" in drawn
    assert "What of your car?" in drawn
    assert "](#" not in drawn


def write(folder: Path, chinese: str) -> list[Problem]:
    source = FRONT.format("en") + (
        "## A\n\n### Which? {: #which .text short }\n\n### Why? {: #why .text short }\n\n"
        "## B\n\nAbout [it](#which).\n\n### How was [it](#which) because of [that](#why)? {: #how .quality }\n"
    )
    (folder / "visit.md").write_text(source, encoding="utf-8")
    text = "## 一\n\n### 哪个？ {: #which .text }\n\n### 为什么？ {: #why .text }\n\n" + chinese
    (folder / "visit.zh-Hans.md").write_text(FRONT.format("zh-Hans") + text, encoding="utf-8")
    return read_library(folder, ())[1]


def test_it_wants_the_same_quotes_in_a_translation(tmp_path: Path) -> None:
    right = "## 二\n\n关于[它](#which)。\n\n### 因为[那个](#why)，[它](#which)怎么样？ {: #how .quality }\n"
    assert write(tmp_path, right) == []
    (less,) = write(tmp_path, right.replace("[它](#which)怎么样", "它怎么样"))
    assert str(less).endswith(
        'visit.zh-Hans.md:16:1 T013 The text at "how" quotes other answers than visit.md line 16. '
        "Quote the same ones: which, why."
    )
    (intro,) = write(tmp_path, right.replace("关于[它](#which)。", "你好。"))
    assert (intro.code, intro.line) == ("T013", 12)


def test_it_counts_as_other_words_and_as_the_same_form(survey: Survey_) -> None:
    before = survey(TEXT)
    after = survey(TEXT.replace("[some of these](#used)", "[some of these](#model)"))
    assert before.form_hash == after.form_hash
    assert before.text_hash != after.text_hash
    assert before.text_hash != survey(TEXT.replace("[the wait](#care_wait)", "the wait")).text_hash
    found = compare_versions(after, History(before, (before,), dict), "surveys/visit.md")
    assert [(problem.code, problem.severity) for problem in found] == [("E020", "note")]


@pytest.mark.parametrize(
    ("first", "code"),
    [("### A? {: #a .tex }", "Q004"), ("### A? {: #A .text short }", "Q005"), ("### A? {: #a }", "Q003")],
)
def test_it_tells_one_cause_once(read: Read, first: str, code: str) -> None:
    name = "A" if "#A" in first else "a"
    problems = read(f'{first}\n\n### B [it](#{name})? {{: #b .text show-if="{name} = 1" }}\n')[1]
    assert [problem.code for problem in problems] == [code]
