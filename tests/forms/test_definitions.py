"""Definitions of the front matter that the findings follow: themes of comments, and composites."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from revisit.forms.front_matter import KEYS
from revisit.forms.hashes import with_hashes
from revisit.forms.skeleton import skeleton
from revisit.forms.versions import keep, load_version
from revisit.records.problems import Problem
from revisit.records.survey import Composite, OwnTheme, Survey

Read = Callable[..., tuple[Survey | None, list[Problem]]]
Survey_ = Callable[..., Survey]

FRONT = """---
title: How was it?
language: en
privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
%s
---
### How was it? {: #overall .satisfaction }

### Would you come back? {: #again .agreement }

### How fast? {: #fast .satisfaction dimension=speed }
"""
THEMES = """themes:
  waiting:
    terms: {en: [stuck at the gate], zh-Hans: [门口排队]}
  shuttle:
    name: {en: Shuttle bus, zh-Hans: 接驳车, zh-Hant: 接駁車}
    terms:
      en: [shuttle, courtesy bus*]
      zh-Hans: [接驳车]
      zh-Hant: [接駁車]
    not: {en: [space shuttle]}
    polar: false"""

LOYALTY = "composites: {loyalty: {name: Loyalty, parts: {again: 2, fast: 1}}}"


def told(problems: list[Problem]) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.code} {problem.what}. {problem.cure}" for problem in problems]


def errors(read: Read, front: str) -> list[str]:
    survey, problems = read(FRONT % front)
    assert survey is None
    return told([problem for problem in problems if problem.severity == "error"])


def test_it_reads_themes_and_terms_of_the_authors_own(survey: Survey_) -> None:
    assert survey(FRONT % THEMES).themes == (
        OwnTheme("waiting", (), ("stuck at the gate",), ("门口排队",)),
        OwnTheme(
            "shuttle",
            (("en", "Shuttle bus"), ("zh-Hans", "接驳车"), ("zh-Hant", "接駁車")),
            ("shuttle", "courtesy bus*"),
            ("接驳车", "接駁車"),
            ("space shuttle",),
        ),
    )


def test_it_has_none_by_default_and_a_translation_has_the_sources(survey: Survey_) -> None:
    assert survey(FRONT % "min_items: 1").themes == ()
    source = survey(FRONT % THEMES, "visit.md")
    translated = survey(
        FRONT.replace("language: en", "language: zh-Hans").replace(" .satisfaction dimension=speed", " .satisfaction")
        % "",
        "visit.zh-Hans.md",
    )
    assert translated.themes == source.themes


def test_it_guesses_which_theme_was_meant(read: Read) -> None:
    assert errors(read, "themes: {wating: {terms: {en: [queue]}}}") == [
        (
            '5:10 F019 "wating" is no theme that Revisit brings, and has no name of its own. Did you mean "waiting"? '
            "A theme of your own has a name, such as name: {en: Shuttle bus}"
        )
    ]


def test_it_tells_every_fault_of_the_themes_at_once(read: Read) -> None:
    front = """themes:
  price: {name: {en: Money}, terms: {en: [cash]}}
  none: {name: {en: Nothing}, terms: {en: [void]}}
  Big Bus: {terms: {en: [bus]}}
  shuttle: {name: {xx-yy: Bus}, terms: {en: [接驳车], zh-Hans: [bus], de: [Bus]}, nott: {en: [x]}, polar: maybe}
  shuttle: {name: {en: Bus}}
  speed: {}
  parts: {terms: {en: []}}
  skill: {terms: {zh-Hant: [{a: b}, a*]}}"""
    assert [" ".join(line.split(" ")[:2]) for line in errors(read, front)] == [
        "6:3 F020",
        "7:3 F022",
        "8:3 Q005",
        "9:20 F009",
        "9:46 F021",
        "9:62 F021",
        "9:68 F005",
        "9:80 F005",
        "9:104 F008",
        "10:3 F006",
        "11:3 F007",
        "12:23 F008",
        "13:29 F008",
        "13:37 F021",
    ]


@pytest.mark.parametrize(
    "front", ["themes: [waiting]", "themes: {waiting: [queue]}", "themes: {a: {name: Bus, terms: {en: [bus]}}}"]
)
def test_it_says_how_a_theme_is_written(read: Read, front: str) -> None:
    assert [line.split(" ")[1] for line in errors(read, front)] == ["F008"]


def test_themes_are_of_the_text_and_not_of_the_form(survey: Survey_, tmp_path: Path) -> None:
    plain, themed = survey(FRONT % ""), survey(FRONT % THEMES)
    assert (plain.form_hash == themed.form_hash, plain.text_hash == themed.text_hash) == (True, False)
    assert with_hashes(replace(themed, themes=())).text_hash == plain.text_hash
    keep(tmp_path, themed)
    assert load_version(tmp_path, "visit", themed.form_hash, themed.text_hash) == themed
    keep(tmp_path, plain)
    kept = (tmp_path / "visit" / f"{plain.form_hash}-{plain.text_hash}.json").read_text(encoding="utf-8")
    assert "themes" not in kept  # as in the versions that were kept before there were any
    assert load_version(tmp_path, "visit", plain.form_hash, plain.text_hash) == plain


def test_it_reads_composites_with_weights_or_without(survey: Survey_) -> None:
    front = (
        "composites: {loyalty: {name: Loyalty, parts: {again: 3, speed: 1}}, ease: {name: Ease, parts: [fast, again]}}"
    )
    assert survey(FRONT % front).composites == (
        Composite("loyalty", "Loyalty", {"again": 0.75, "speed": 0.25}),
        Composite("ease", "Ease", {"fast": 0.5, "again": 0.5}),
    )
    assert survey(FRONT % "").composites == ()


def test_a_translation_names_the_composites_and_nothing_else(survey: Survey_, read: Read) -> None:
    source = survey(FRONT % LOYALTY, "visit.md")
    chinese = FRONT.replace("language: en", "language: zh-Hans").replace(" dimension=speed", "")
    assert survey(chinese % "composites: {loyalty: {name: 忠诚度}}", "visit.zh-Hans.md").composites == (
        Composite("loyalty", "忠诚度", source.composites[0].weights),
    )
    for front, told in {
        "": "1:1 T014",
        "composites: {loyality: {name: 忠诚度}}": "5:1 T014 5:14 T015",
        "composites: {loyalty: {name: 忠诚度, parts: [again]}}": "5:42 F017",
        "composites: {loyalty: {}}": "5:14 F007",
    }.items():
        _survey, problems = read(chinese % front, "visit.zh-Hans.md")
        wrong = [one for one in problems if one.severity == "error"]
        assert " ".join(f"{one.line}:{one.column} {one.code}" for one in wrong) == told
        assert all('Did you mean "loyalty"?' in one.cure for one in wrong if one.code == "T015")


def test_the_skeleton_of_a_translation_asks_for_the_names(survey: Survey_, read: Read) -> None:
    source = survey(FRONT % LOYALTY)
    written = skeleton(FRONT % LOYALTY, "zh-Hans", source)
    assert "composites:\n  loyalty: {name: TODO Loyalty}\n---\n" in written
    assert "parts" not in written
    line = written.splitlines().index("  loyalty: {name: TODO Loyalty}") + 1
    assert line in [one.line for one in read(written, "visit.zh-Hans.md")[1] if one.code == "T012"]
    assert read(written.replace("TODO ", ""), "visit.zh-Hans.md")[0] is not None
    odd = skeleton(FRONT % LOYALTY, "zh-Hans", replace(source, composites=(Composite("a", 'It: "x", {y}', {}),)))
    assert '  a: {name: "TODO It: \\"x\\", {y}"}' in odd


def test_it_tells_every_fault_of_the_composites_at_once(read: Read) -> None:
    front = """composites:
  csi: {name: Index, parts: [again]}
  loyalty: {name: Loyalty, parts: {agian: 1, fast: 0, again: much, again: 1, again: 2, price: 1}}
  ease: {parts: {}}
  some: [again]
  none: {name: None, part: [again], parts: again}"""
    assert [" ".join(line.split(" ")[:2]) for line in errors(read, front)] == [
        "6:3 F022",
        "7:36 F023",
        "7:46 F008",
        "7:55 F008",
        "7:78 F006",
        "7:88 F023",
        "8:3 F007",
        "8:17 F008",
        "9:9 F008",
        "10:22 F005",
        "10:44 F008",
    ]
    assert any('Did you mean "again"?' in line for line in errors(read, front))


def test_the_weights_of_a_composite_are_of_neither_hash_and_its_name_is_of_the_text(survey: Survey_) -> None:
    plain, other, renamed = (
        survey(FRONT % front) for front in (LOYALTY, LOYALTY.replace("2", "9"), LOYALTY.replace("Loyalty", "Return"))
    )
    assert (plain.form_hash, plain.text_hash) == (other.form_hash, other.text_hash)
    assert (plain.form_hash == renamed.form_hash, plain.text_hash == renamed.text_hash) == (True, False)
    assert with_hashes(replace(plain, composites=())).text_hash == survey(FRONT % "").text_hash


def test_every_definition_is_a_key_of_the_front_matter() -> None:
    assert {"themes", "composites"} <= set(KEYS)
