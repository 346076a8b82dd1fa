"""Edits: each change of a survey in use is safe, breaks the trend, or loses data."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from revisit.flows.publishing.publish import edits, publish
from revisit.forms.edits import History, compare_versions, count
from revisit.forms.library import read_library
from revisit.forms.versions import keep
from revisit.records.problems import ContentError
from revisit.records.responses import Answer
from revisit.records.survey import Survey
from revisit.settings import Settings

Read = Callable[..., Survey]

BEFORE = """---
title: How was it?
language: en
privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---

## Speed {: dimension=speed }

### How fast were we? {: #fast .satisfaction }

### Was it fixed? {: #fixed .choice }
- yes: Yes
- partly: Partly
- no: No

### How far? {: #km .number max=500 }

### What else? {: #more .text }

### May we call? {: #call .contact ask="phone email" }
"""
ANSWERS = {
    "fast": Answer("answered", 4),
    "fixed": Answer("answered", "no"),
    "km": Answer("answered", 400),
    "call.phone": Answer("answered", "1"),
}
CHANGES = [
    ("### How fast were we? {: #fast .satisfaction }", "### Soon enough? {: #soon .satisfaction }", {"E001", "E021"}),
    ("#fast .satisfaction }", "#fast .text }", {"E002", "E011"}),
    ("- no: No\n", "", {"E003"}),
    ("- partly: Partly\n", "", {"E023"}),
    ("#fast .satisfaction }", "#fast .satisfaction points=7 }", {"E004"}),
    ("#fast .satisfaction }", "#quick .satisfaction was=quik }", {"E001", "E007"}),
    ("max=500", "max=300", {"E008"}),
    ("max=500", "max=900", {"E023"}),
    ("- yes: Yes\n- partly: Partly\n", "- partly: Partly\n- yes: Yes\n", {"E023"}),
    ("- partly: Partly\n", "- partly: In part\n", {"E020"}),
    ("#fixed .choice }\n", "#fixed .choice }\nSay it plainly.\n\n", {"E020"}),
    ("#more .text }", "#more .text max=100 }", {"E023"}),
    ("#more .text }", "#more .text short }", {"E023"}),
    (
        "### How far? {: #km .number max=500 }\n\n### What else? {: #more .text }",
        "### What else? {: #more .text }\n\n### How far? {: #km .number max=500 }",
        {"E023"},
    ),
    ('ask="phone email"', "ask=email", {"E001"}),
    ('ask="phone email"', "ask=phone", {"E024"}),
    ("language: en\n", "language: en\nmin_items: 1\n", {"E012"}),
    ("language: en\n", "language: en\noutlets: sample\n", {"E014"}),
    ("#fast .satisfaction }", "#fast .satisfaction reversed }", {"E010"}),
    ("#fast .satisfaction }", "#fast .satisfaction na }", {"E010"}),
    ("dimension=speed }", "dimension=quality }", {"E010", "E011"}),
    ("#km .number max=500 }", '#km .number max=500 show-if="fixed = no" }', {"E010"}),
    ("- no: No\n", "- no: No\n- later: Later\n", {"E010"}),
    ("How fast were we?", "How quick were we?", {"E020"}),
    ("#more .text }", "#more .text required }", {"E023"}),
    ("### What else? {: #more .text }", "", {"E024"}),
    ("### What else? {: #more .text }", "### What else? {: #else .text was=more }", {"E022"}),
    ("### What else? {: #more .text }", "### What else? {: #more .text }\n### Why? {: #why .text }", {"E021"}),
]
CLASSIFIED = {code for _old, _new, codes in CHANGES for code in codes} | {"E005", "E006", "E013"}


@pytest.mark.parametrize(("old", "new", "codes"), CHANGES)
def test_it_classifies_each_change(survey: Read, old: str, new: str, codes: set[str]) -> None:
    assert old in BEFORE
    last = survey(BEFORE)
    history = History(last, [last], lambda: count([ANSWERS]))
    found = compare_versions(survey(BEFORE.replace(old, new)), history, "surveys/visit.md")
    assert {problem.code for problem in found} == codes
    nothing = History(last, [last], dict)
    safe = compare_versions(survey(BEFORE.replace(old, new)), nothing, "surveys/visit.md")
    assert {problem.code for problem in safe if problem.severity == "error"} <= {"E007"}


def test_another_mixture_of_a_composite_breaks_its_trend_and_a_new_one_is_safe(survey: Read) -> None:
    def mixed(more: str) -> Survey:
        again = "### Again? {: #again .agreement }\n"
        return survey(BEFORE.replace("language: en\n", f"language: en\n{more}") + again)

    def told(new: str, old: str) -> list[str]:
        history = History(mixed(old), [mixed(old)], lambda: count([ANSWERS]))
        return [problem.code + problem.what for problem in compare_versions(mixed(new), history, "visit.md")]

    loyalty = "composites: {loyalty: {name: Loyalty, parts: {again: 2, fast: 1}}}\n"
    assert told(loyalty, loyalty) == []
    assert told(loyalty.replace("2", "4").replace("1", "2"), loyalty) == []
    assert told(loyalty.replace("2", "3"), loyalty) == [
        'E013The composite "loyalty" is weighed otherwise: breaks the trend'
    ]
    assert told(loyalty, "") == ['E023The list of composites of "visit" changed: safe']
    themed = "themes: {waiting: {terms: {en: [queue]}}}\n"
    assert told(themed, "") == ['E023The list of themes of "visit" changed: safe']


def test_it_knows_an_id_of_long_ago(survey: Read) -> None:
    first = survey("### How many? {: #much .number }\n\n### A? {: #a .text }\n")
    last = survey("### A? {: #a .text }\n")
    history = History(last, [first, last], lambda: {"much": {3: 9}})
    found = compare_versions(survey("### How? {: #much .effort }\n\n### A? {: #a .text }\n"), history, "visit.md")
    assert [problem.code for problem in found] == ["E006"]


def test_it_counts_each_code_of_several() -> None:
    given = [{"used": Answer("answered", "app desk"), "a": Answer("blank")}, {"used": Answer("answered", "app")}]
    assert count(given) == {"used": {"app": 2, "desk": 1}}


@pytest.fixture
def workspace(settings: Settings, survey: Read) -> Settings:
    keep(settings.workspace.versions, survey(BEFORE))
    return settings


class Given:
    """Stands for a response: its answers are all that is read of it."""

    answers = ANSWERS


def responses(name: str) -> Iterator[Given]:
    assert name == "visit"
    yield Given()


def test_it_builds_nothing_that_loses_data(workspace: Settings, survey: Read) -> None:
    survey(BEFORE.replace("- no: No\n", ""))
    with pytest.raises(ContentError, match="E003"):
        publish(workspace, responses=responses)  # type: ignore[arg-type]
    assert not workspace.workspace.site.exists()
    publish(workspace, responses=responses, allow_data_loss=True)  # type: ignore[arg-type]
    assert workspace.workspace.site.exists()


def test_it_misses_a_survey_that_is_gone_but_not_one_with_faults(workspace: Settings) -> None:
    shutil.rmtree(workspace.workspace.surveys)
    workspace.workspace.surveys.mkdir()
    library, _problems = read_library(workspace.workspace.surveys)
    found = edits(workspace.workspace, library, responses)  # type: ignore[arg-type]
    assert [problem.code for problem in found] == ["E005"]
    (workspace.workspace.surveys / "visit.md").write_text("broken", encoding="utf-8")
    assert edits(workspace.workspace, library, responses) == []  # type: ignore[arg-type]


def test_it_has_nothing_to_say_of_an_unchanged_survey(survey: Read, tmp_path: Path) -> None:
    last = survey(BEFORE)
    same = replace(last, open_until=None)
    assert compare_versions(same, History(last, [last], dict), str(tmp_path)) == []
