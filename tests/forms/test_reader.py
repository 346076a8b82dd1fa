"""Reading surveys: what they come to, and that no bytes whatever end in a traceback."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from revisit.forms.catalogue import CATALOGUE
from revisit.forms.estimate import estimate
from revisit.forms.library import read_library
from revisit.forms.reader import read_source, read_survey
from revisit.records.problems import Problem
from revisit.records.survey import Survey
from revisit.settings import defaults

Reads = Callable[..., tuple[Survey | None, list[Problem]]]
Makes = Callable[..., Survey]

TARGET = """---
title: How was your repair?
language: en
weights: {speed: 20, price: 60}
targets: {csi: 80, satisfied: 90%, fixed: 85.5%}
send_after: 90m
expires_after: 2w
privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---
About **ten** short questions.

## Speed{: dimension=speed }

### The work was finished when we said it would be. {:#on_time .satisfaction na}

## Price {: dimension=price show-if="order.payer = customer" }

### The price was reasonable. {: #price_fair .agreement reversed }

## And overall

### Overall? {: #overall .satisfaction required }

### Fixed? {: #fixed .choice required was=repaired }
Think of *today*.

- yes: Yes
- partly: Partly

### Recommend? {: #recommend .nps }

### What better? {: #comment .text max=500 show-if="fixed != yes or overall <= 3" }

### May we call? {: #call_me .contact ask="phone email" }
"""


def test_it_reads_what_an_author_wrote(survey: Makes) -> None:
    found = survey(TARGET)
    assert found.title == "How was your repair?"
    assert found.intro == "<p>About <strong>ten</strong> short questions.</p>"
    assert found.weights == {"speed": 0.25, "price": 0.75}
    assert (found.targets.csi, found.targets.satisfied, found.targets.fixed) == (80, 0.9, 0.855)
    assert (found.send_after, found.expires_after) == (timedelta(minutes=90), timedelta(weeks=2))
    assert [section.id for section in found.sections] == ["section_1", "section_2", "section_3"]
    on_time, price, overall, fixed, recommend, comment, call_me = found.questions
    assert (on_time.kind, on_time.dimension, on_time.not_applicable, on_time.line) == (
        "satisfaction",
        "speed",
        True,
        14,
    )
    assert [choice.code for choice in on_time.choices] == ["1", "2", "3", "4", "5"]
    assert (on_time.choices[0].label, on_time.choices[4].label) == ("Very dissatisfied", "Very satisfied")
    assert (price.reversed, price.dimension) == (True, "price")
    assert (overall.dimension, overall.required, overall.is_item) == (None, True, False)
    assert (fixed.was, fixed.help) == ("repaired", "<p>Think of <em>today</em>.</p>")
    assert [choice.label for choice in fixed.choices] == ["Yes", "Partly"]
    assert recommend.points == (0, 10)
    assert comment.max_length == 500
    assert comment.show_if is not None
    assert comment.show_if.tree == ["or", ["!=", ["item", "fixed"], "yes"], ["<=", ["item", "overall"], 3]]
    assert call_me.asks == ("phone", "email")


def test_it_weighs_all_alike_when_nothing_is_said(survey: Makes) -> None:
    found = survey(TARGET.replace("weights: {speed: 20, price: 60}\n", ""))
    assert found.weights == {"speed": 0.5, "price": 0.5}


@pytest.mark.parametrize(
    ("markdown", "column", "said"),
    [
        ("### How? {: #how .satisfacton }", 18, 'Did you mean "satisfaction"?'),
        ("### How? {: #how .satisfaction requird }", 32, 'Did you mean "required"?'),
        (
            "### How? {: #how .satisfaction .required }",
            32,
            "Write required without the dot; only the kind of the question has one.",
        ),
        ("### How? {: #how .satisfaction dimension=sped }", 42, 'Did you mean "speed"?'),
        ('### How? {: #how .text show-if="order.payr = customer" }', 39, 'Did you mean "payer"?'),
        ('### A? {: #apple .text }\n### B? {: #b .text show-if="answered(aple)" }', 38, 'Did you mean "apple"?'),
    ],
)
def test_it_guesses_what_was_meant(read: Reads, markdown: str, column: int, said: str) -> None:
    _survey, problems = read(markdown)
    assert [(problem.column, problem.cure) for problem in problems] == [(column, said)]


def test_it_guesses_keys_of_the_front_matter(read: Reads) -> None:
    _survey, problems = read(TARGET.replace("send_after", "send-after").replace("speed: 20", "sped: 20"))
    assert [(problem.line, problem.column, problem.cure) for problem in problems] == [
        (4, 11, 'Did you mean "speed"?'),
        (6, 1, 'Did you mean "send_after"?'),
    ]


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ("a => 3", ">="),
        ("a =< 3", "<="),
        ("a == 3", "="),
        ("a ≥ 3", ">="),
        ("a <> 3", "!="),
        ("a = 3 && a = 2", "and"),
        ("answered（a)", "("),
    ],
)
def test_it_says_which_sign_of_a_condition_was_meant(read: Reads, condition: str, meant: str) -> None:
    problems = read(f'### A? {{: #a .quality }}\n### B? {{: #b .text show-if="{condition}" }}\n')[1]
    assert [problem.code for problem in problems] == ["C001"]
    assert problems[0].what.endswith(f'where "{meant}" should be')


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("# Speed\n### A? {: #a .text }", "The heading begins with #; a survey has only"),
        ("#### A\n### A? {: #a .text }", "The heading begins with ####; a survey has only"),
        ("### A? {: #a .text colour }", "Choose one of: required, show-if, max, short, was."),
        ("### A? {: #a colour }", "Choose one of: required, na, reversed, dimension, show-if,"),
        ("## A {: colour }\n### A? {: #a .text }", "Choose one of: dimension, show-if."),
    ],
)
def test_it_says_what_there_is(read: Reads, markdown: str, said: str) -> None:
    assert said in " ".join(str(problem) for problem in read(markdown)[1])
    assert not any("…." in str(problem) for problem in read(markdown)[1])


def test_it_tells_a_misspelt_dimension_once(read: Reads) -> None:
    weights, body = "weights: {qualty: 30, speed: 20, price: 60}", "dimension=speed"
    text = TARGET.replace("weights: {speed: 20, price: 60}", weights)
    told = read(text.replace("dimension=price", "dimension=quality"))
    assert [problem.code for problem in told[1]] == ["F011", "F012"], "price is weighed, and nothing asks about it"
    told = read(TARGET.replace(body, "dimension=sped"))
    assert [(problem.code, problem.cure) for problem in told[1]] == [("F011", 'Did you mean "speed"?')]


def test_it_reports_all_faults_of_all_files_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("### A\n### B? {: #b .tex }\n", encoding="utf-8")
    (tmp_path / "two.md").write_text(TARGET.replace("price: 60", "price: lots"), encoding="utf-8")
    _library, problems = read_library(tmp_path)
    shown = [str(problem) for problem in problems if problem.severity == "error"]
    assert [line.split(" ")[:2] for line in shown] == [
        [f"{tmp_path.name}/one.md:1:1", "F001"],
        [f"{tmp_path.name}/one.md:1:1", "Q001"],
        [f"{tmp_path.name}/one.md:2:14", "Q004"],
        [f"{tmp_path.name}/two.md:4:29", "F008"],
    ]


def test_it_accepts_any_line_end_and_a_byte_order_mark(survey: Makes) -> None:
    plain = survey(TARGET)
    for content in (TARGET.replace("\n", "\r\n"), TARGET.replace("\n", "\r"), "\ufeff" + TARGET):
        found, problems = read_source(content.encode(), "visit", "visit.md")
        assert problems == []
        assert found == plain


@pytest.mark.parametrize(
    "markdown",
    [
        "[x](javascript:alert(1))",
        "[x](//evil.example)",
        "[x](data:text/html,hi)",
        "[x]( JaVaScRiPt:alert(1) )",
        "[x][1]\n\n[1]: vbscript:x",
        "<javascript:alert(1)>",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<!-- hidden -->",
        "<xmp>",
        "![x](https://example.com/x.png)",
        "`a` <b>",
    ],
)
def test_it_refuses_what_could_run_or_load(read: Reads, markdown: str) -> None:
    found, problems = read(f"{markdown}\n\n### How? {{: #how .satisfaction }}")
    assert found is None
    assert {problem.code for problem in problems} <= {"S010", "S011", "S012"}


def test_it_shows_code_and_comparisons_as_text(survey: Makes) -> None:
    found = survey(
        "Less than `<b>` and 1 < 2, see <https://example.com> or [mail](mailto:a@example.com).\n\n" + QUESTION
    )
    assert "<code>&lt;b&gt;</code>" in found.intro
    assert 'href="mailto:a@example.com"' in found.intro


QUESTION = "### How? {: #how .satisfaction }\n"
SHIPPED = (defaults() / "surveys" / "repair.md").read_bytes()


@given(
    st.lists(
        st.tuples(st.integers(0, len(SHIPPED)), st.integers(0, 40), st.binary(max_size=12) | st.text(max_size=8)),
        max_size=6,
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_has_an_answer_to_every_mutation(edits: list[tuple[int, int, bytes | str]]) -> None:
    content = SHIPPED
    for at, gone, new in edits:
        content = (
            content[:at] + (new if isinstance(new, bytes) else new.encode("utf-8", "replace")) + content[at + gone :]
        )
    found, problems = read_source(content, "repair", "surveys/repair.md")
    assert (found is None) == any(problem.severity == "error" for problem in problems)
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        assert problem.code in CATALOGUE
        assert 0 <= problem.line <= len(lines)


@given(st.binary(max_size=300) | st.text(alphabet="#{}:.=\"'-\n abdimnopqsuwx>`[]()<!*0159：｛", max_size=300))
@settings(max_examples=200, deadline=None)
@example(b"---\n" + b"[" * 4000 + b"\n---\n")
@example(b"---\na: &a [*a]\n---\n")
@example(b"---\ntitle: a\n---")
@example(b"---")
@example("---\n" + "- " * 1500 + "x\n---\n")
@example("---\ntitle: a\n---\n" + ">" * 3000 + "\n### A? {: #a .text }")
@example("---\ntitle: a\n---\n" + "[" * 3900 + "\n### A? {: #a .text }")
@example("---\ntitle: a\n---\n" + "*a " * 1300 + "\n### A? {: #a .text }")
@example('---\ntitle: a\n---\n### A? {: #a .text show-if="' + "not " * 900 + '" }')
def test_it_has_an_answer_to_any_bytes(content: bytes | str) -> None:
    encoded = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    found, problems = read_source(encoded, "visit", "visit.md")
    assert (found is None) == any(problem.severity == "error" for problem in problems)


@pytest.mark.parametrize("name", ["repair", "repair-full"])
def test_it_ships_surveys_that_ask_the_same_in_three_languages(name: str) -> None:
    library, problems = read_library(defaults() / "surveys")
    assert [str(problem) for problem in problems] == []
    assert library.languages(name) == ("en", "zh-Hans", "zh-Hant")
    surveys = [library.survey(name, language) for language in library.languages(name)]
    assert len({survey.form_hash for survey in surveys if survey}) == 1
    assert len({survey.text_hash for survey in surveys if survey}) == 3
    first = surveys[0]
    assert first is not None
    assert first.dimensions == ("speed", "attitude", "quality", "price", "channel")
    for dimension in first.dimensions:
        items = first.items(dimension)
        assert len(items) == (1 if name == "repair" else 2)
        assert all(item.not_applicable for item in items)
    assert estimate(first) <= (100 if name == "repair" else 150)


def test_it_takes_a_survey_in_a_language_it_lacks_from_its_source(tmp_path: Path) -> None:
    (tmp_path / "visit.md").write_text(TARGET, encoding="utf-8")
    library, _problems = read_library(tmp_path)
    found = library.survey("visit", "zh-Hant")
    assert found is not None
    assert found.language == "en"
    assert library.survey("nothing", "en") is None


def test_it_reads_a_translation_beside_its_source(tmp_path: Path) -> None:
    for name in ("repair.md", "repair.zh-Hant.md"):
        (tmp_path / name).write_bytes((defaults() / "surveys" / name).read_bytes())
    found, problems = read_survey(tmp_path / "repair.zh-Hant.md", "surveys/repair.zh-Hant.md")
    assert problems == []
    assert found is not None
    question = found.question("quality_work")
    assert question is not None
    assert (question.dimension, question.choices[2].label) == ("quality", "普通")
    assert found.weights["quality"] == pytest.approx(0.3)


def test_it_tells_a_translation_s_own_faults_though_its_source_is_broken(tmp_path: Path) -> None:
    (tmp_path / "visit.md").write_text("### A\n", encoding="utf-8")
    (tmp_path / "visit.zh-Hans.md").write_text("### 甲\n", encoding="utf-8")
    _library, problems = read_library(tmp_path)
    assert {problem.path.partition("/")[2] for problem in problems} == {"visit.md", "visit.zh-Hans.md"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("#speed .satisfaction", "#sped .satisfaction"), [("T003", 'Did you mean "speed"?')]),
        (("- partly:", "- party:"), [("T007", 'Did you mean "partly"?')]),
        (("speed <= 3", "speed => 3"), ["C001"]),
        (("#speed .satisfaction", "#tempo .satisfaction"), ["T002", "T003"]),
    ],
)
def test_it_tells_a_slip_in_a_translation_once(tmp_path: Path, wrong: tuple[str, str], told: list[object]) -> None:
    body = (
        "### A? {: #speed .satisfaction }\n\n"
        "### B? {: #fixed .choice }\n- done: Yes\n- partly: Partly\n\n"
        '### C [that](#speed)? {: #why .text show-if="speed <= 3" }\n'
    )
    privacy = "privacy: {who: 甲, contact: a@example.com, purpose: 乙, kept: 丙}\n---\n"
    (tmp_path / "visit.md").write_text("---\ntitle: A\nlanguage: en\n" + privacy + body, encoding="utf-8")
    (tmp_path / "visit.zh-Hans.md").write_text(
        "---\ntitle: 甲\nlanguage: zh-Hans\n" + privacy + body.replace(*wrong), encoding="utf-8"
    )
    problems = [problem for problem in read_library(tmp_path)[1] if problem.severity == "error"]
    assert [(each.code, each.cure) if isinstance(told[0], tuple) else each.code for each in problems] == told


def test_it_names_every_full_width_sign_of_a_line(read: Reads) -> None:
    problems = read('### A? ｛：#a　.choice show-if＝“b ＝ 1” unit="（：）"｝\n- x： X\n- y: Y\n')[1]
    assert [(problem.column, problem.what[0]) for problem in problems if problem.code == "Q013"] == [
        (8, "｛"),
        (9, "："),
        (12, "　"),
        (28, "＝"),
        (29, "“"),
        (35, "”"),
        (47, "｝"),
        (4, "："),
    ]
    assert "Q011" not in {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '### A? {: #a .text show-if="order.payer = customer" }\n',
            "For whoever comes without an order, from a poster say, the form has no question",
        ),
        (
            '### A? {: #a .text show-if="not order.payer = customer" }\n',
            "For order.payer = customer the form has no question",
        ),
        (
            '### A {: #a .statement }\n\n## B {: show-if="order.kind = recall" }\n\n### C? {: #c .text }\n',
            "For whoever",
        ),
        ('### A? {: #a .text }\n### C? {: #c .text show-if="order.kind = recall" }\n', ""),
    ],
)
def test_it_warns_of_a_form_without_questions(read: Reads, text: str, said: str) -> None:
    warned = [problem.what for problem in read(text)[1] if problem.code == "L009"]
    assert bool(warned) == bool(said)
    assert all(what.startswith(said) for what in warned)
