"""The sample's answers: possible ones, the same for the same order, and believable together."""

from collections import Counter
from pathlib import Path
from statistics import fmean

import pytest

from revisit.forms.library import read_library
from revisit.records.survey import Survey
from revisit.visits.sample.answers import Leaning, sample_answers

SURVEYS = Path(__file__).resolve().parents[3] / "surveys"


@pytest.fixture(scope="module", params=["repair", "repair-full"])
def survey(request: pytest.FixtureRequest) -> Survey:
    library, problems = read_library(SURVEYS)
    assert not problems
    found = library.survey(request.param, "zh-Hant")
    assert found is not None
    return found


def test_it_says_the_same_for_the_same_order(survey: Survey) -> None:
    assert sample_answers(survey, "R1", Leaning()) == sample_answers(survey, "R1", Leaning())
    assert sample_answers(survey, "R1", Leaning()) != sample_answers(survey, "R2", Leaning())


def test_it_says_only_what_the_form_offers(survey: Survey) -> None:
    for number in range(200):
        for name, value in sample_answers(survey, f"R{number}", Leaning(), routine=number % 2 == 0).items():
            question = survey.question(name)
            assert question is not None
            if question.kind != "text":
                offered = {choice.code for choice in question.choices} | ({"na"} if question.not_applicable else set())
                assert set(value.split(" ")) <= offered
                assert question.reasons or " " not in value


def test_it_answers_what_is_required(survey: Survey) -> None:
    required = {question.id for question in survey.questions if question.required}
    for number in range(200):
        assert required <= set(sample_answers(survey, f"R{number}", Leaning()))


def mean(survey: Survey, dimension: str, leaning: Leaning) -> float:
    names = [question.id for question in survey.items(dimension)]
    return fmean(
        int(answers[name])
        for number in range(400)
        for answers in (sample_answers(survey, f"R{number}", leaning),)
        for name in names
        if answers.get(name, "na") != "na"
    )


def test_it_finds_the_price_worst(survey: Survey) -> None:
    means = {name: mean(survey, name, Leaning()) for name in survey.dimensions}
    assert min(means, key=lambda name: means[name]) == "price"


def test_it_shows_where_the_work_got_worse(survey: Survey) -> None:
    dipped = Leaning(dimensions={"quality": -0.85})
    assert mean(survey, "quality", dipped) < mean(survey, "quality", Leaning()) - 0.5
    assert mean(survey, "speed", dipped) == pytest.approx(mean(survey, "speed", Leaning()), abs=0.1)


def test_it_names_reasons_for_what_was_low_and_for_nothing_else(survey: Survey) -> None:
    question = survey.question("reasons")
    assert question is not None
    of = {choice.code: choice.dimension for choice in question.choices}
    common: Counter[str] = Counter()
    for number in range(400):
        answers = sample_answers(survey, f"R{number}", Leaning())
        named = answers.get("reasons", "").split()
        common.update(named)
        for code in named:
            points = [answers.get(item.id, "na") for item in survey.items(of[code] or "")]
            assert any(point in {"1", "2", "3"} for point in points), (number, code)
    assert set(of) - set(common) == {"other"}
    assert common["parts"] > common["slow"]


def test_a_station_may_have_troubles_of_its_own(survey: Survey) -> None:
    def named(leaning: Leaning) -> Counter[str]:
        answers = (sample_answers(survey, f"R{number}", leaning) for number in range(400))
        return Counter(code for one in answers for code in one.get("reasons", "").split())

    usual, troubled = named(Leaning()), named(Leaning(causes={"dirty": 20.0}))
    assert troubled["dirty"] > 2 * usual["dirty"]
    assert usual["not_fixed"] > usual["dirty"]
