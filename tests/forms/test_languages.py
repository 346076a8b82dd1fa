"""Languages without words of the house: what is said in which one, and in which direction the page runs."""

import re
from pathlib import Path

import pytest

from revisit.forms.form import Posted, answer_form
from revisit.forms.library import Library, read_library
from revisit.forms.page import draw, message
from revisit.forms.renderings.sheet import SHEETS, draw_sheet
from revisit.forms.versions import keep, latest, published_languages
from revisit.records.languages import direction, house_language, is_language, own_name
from revisit.settings import Settings
from tests.forms.samples_ar import ARABIC, ENGLISH


def read(folder: Path, arabic: str = ARABIC) -> tuple[Library, list[str]]:
    (folder / "visit.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "visit.ar.md").write_text(arabic, encoding="utf-8")
    library, problems = read_library(folder, ("en", "ar"))
    return library, [str(problem).partition("/")[2] for problem in problems]


@pytest.mark.parametrize(
    ("tag", "known", "way", "name", "ours"),
    [
        ("en", True, "ltr", "English", "en"),
        ("zh-Hant", True, "ltr", "繁體中文", "zh-Hant"),
        ("en-GB", True, "ltr", "English (United Kingdom)", "en"),
        ("de", True, "ltr", "Deutsch", "zh-Hans"),
        ("ar", True, "rtl", "العربية", "zh-Hans"),
        ("he", True, "rtl", "עברית", "zh-Hans"),
        ("fa", True, "rtl", "فارسی", "zh-Hans"),
        ("ur", True, "rtl", "اردو", "zh-Hans"),
        ("zh", False, "ltr", "zh", "zh-Hans"),
        ("zh-CN", False, "ltr", "zh-CN", "zh-Hans"),
        ("AR", False, "ltr", "AR", "zh-Hans"),
        ("xx", False, "ltr", "xx", "zh-Hans"),
        ("../etc", False, "ltr", "../etc", "zh-Hans"),
    ],
)
def test_it_knows_tags_names_and_directions(tag: str, known: bool, way: str, name: str, ours: str) -> None:  # noqa: FBT001 - a table's column
    assert (is_language(tag), direction(tag), own_name(tag), house_language(tag, "zh-Hans")) == (known, way, name, ours)


def test_it_reads_a_translation_into_any_language(tmp_path: Path) -> None:
    library, problems = read(tmp_path)
    assert problems == []
    assert library.languages("visit") == ("en", "ar")
    survey, source = library.survey("visit", "ar"), library.survey("visit", "en")
    assert survey is not None
    assert source is not None
    assert (survey.form_hash, survey.house_language) == (source.form_hash, "en")
    repair = survey.question("repair")
    assert repair is not None
    assert repair.choices[4].label == "راض جدا"
    keep(tmp_path, survey)
    assert published_languages(tmp_path, "visit") == ("ar",)
    assert latest(tmp_path, "visit", "ar") == survey


def test_it_wants_the_words_of_scales_there(tmp_path: Path) -> None:
    problems = read(tmp_path, re.sub(r"- (\d|yes|no|partly): .*\n", "", ARABIC))[1]
    assert problems[0] == (
        'visit.ar.md:16:1 T006 The option "1" of "repair" is missing; visit.md has it. Add a line - 1: …'
    )
    assert len(problems) == 8


def test_it_runs_from_right_to_left_and_says_which_words_are_ours(settings: Settings, tmp_path: Path) -> None:
    survey = read(tmp_path)[0].survey("visit", "ar")
    assert survey is not None
    form = answer_form(survey, {}, Posted([]))
    assert not form.check()
    assert form.errors["fixed"] == "Choose an answer to “\u2068هل أصلح العطل؟\u2069”"
    page = draw(settings, survey, {}, form, languages=[("en", "English"), ("ar", "العربية")]).decode()
    ours = ' lang="en" dir="ltr"'
    assert '<html lang="ar" dir="rtl">' in page
    assert f'<button class="send"{ours}>Send my answers</button>' in page
    assert f"<span{ours}>Does not apply</span>" in page
    assert f"<span{ours}>Yes, please</span>" in page
    assert 'data-lang="en"' in page
    assert "<span>راض جدا</span>" in page
    assert "مصاعد المثال · الغرض تحسين أعمالنا" in page
    assert "asks this" not in page
    # No English word stands outside what is marked as English, but for the browser's own attributes and the names.
    marked = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', "", page.partition("<body>")[2], flags=re.DOTALL)
    words = re.sub(r"<script>.*?</script>|<[^>]+>", " ", marked, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z]{3,}", words)) <= {"Example", "Motors", "privacy", "example", "com"}


def test_it_says_what_happened_in_the_language_of_the_organisation(settings: Settings) -> None:
    page = message(settings, "ar", "thanks").decode()
    assert '<html lang="en" dir="ltr">' in page


def test_it_leaves_chinese_and_english_as_they_are(settings: Settings, tmp_path: Path) -> None:
    survey = read(tmp_path)[0].survey("visit", "en")
    assert survey is not None
    page = draw(settings, survey, {}, None).decode()
    assert "data-lang=" not in page
    assert 'dir="ltr"' in page.partition("<body>")[0]
    assert 'lang="en"' not in page.partition("<body>")[2]


@pytest.mark.parametrize("kind", SHEETS)
def test_it_prints_from_right_to_left(settings: Settings, tmp_path: Path, kind: str) -> None:
    survey = read(tmp_path)[0].survey("visit", "ar")
    assert survey is not None
    drawn = draw_sheet(settings, survey, kind, {})  # type: ignore[arg-type]  # one of SHEETS
    assert '<html lang="ar" dir="rtl">' in drawn
    assert "راض جدا" in drawn
