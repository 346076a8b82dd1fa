"""The surveys that ship as examples: without a fault or warning, in three languages, light, in each region's words."""

import gzip
from pathlib import Path

import pytest

from revisit.forms.combinations import combinations
from revisit.forms.estimate import LONG, estimate
from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.forms.page import LANGUAGE_NAMES, draw
from revisit.settings import Settings, defaults
from tests.test_catalogues import CHARACTER_SETS, FOREIGN, HALF_WIDTH, foreign_characters

FOLDER = Path(__file__).parents[2] / "examples" / "surveys"
NAMES = ("commissioning", "complaint", "lost", "warranty", "yearly")
MOST = 14 * 1024  # with the page's script


def test_it_ships_six_kinds_of_visits() -> None:
    library, problems = read_library(FOLDER)
    assert [str(problem) for problem in problems] == []
    assert library.names == NAMES
    assert "repair" in read_library(defaults() / "surveys")[0].names
    for name in NAMES:
        assert library.languages(name) == ("en", "zh-Hans", "zh-Hant")
        source = library.survey(name, "en")
        assert source is not None
        assert estimate(source) <= LONG
        assert {survey.form_hash for survey in library.surveys[name].values()} == {source.form_hash}


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("name", NAMES)
def test_it_draws_each_and_takes_an_answer(settings: Settings, name: str, language: str) -> None:
    survey = read_library(FOLDER)[0].survey(name, language)
    assert survey is not None
    languages = list(LANGUAGE_NAMES.items())
    for facts in combinations(survey).values():
        assert len(gzip.compress(draw(settings, survey, facts, None, languages=languages))) <= MOST
        form = answer_form(survey, facts, Posted([]))
        needed = {question.id for question in survey.questions if question.required and question.show_if is None}
        assert not form.check()
        assert set(form.errors) == needed
        sent = [(question.id, question.choices[-1].code) for question in survey.questions if question.choices]
        sent += [("open_what", "一句话"), ("started", "2026-10-05"), ("trained", "3"), ("driven", "12,500")]
        answered = answer_form(survey, facts, Posted(sent))
        assert answered.check(), answered.errors


@pytest.mark.parametrize("locale", CHARACTER_SETS)
def test_it_speaks_as_the_region_does(locale: str) -> None:
    for path in sorted(FOLDER.glob(f"*.{locale.replace('_', '-')}.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert foreign_characters(line, locale) == [], (path.name, line)
            assert not any(word in line for word in FOREIGN[locale]), (path.name, line)
            assert not HALF_WIDTH.search(line), (path.name, line)
