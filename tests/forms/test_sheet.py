"""The sheets: everything that is asked, in every language, without a form around it."""

from collections.abc import Callable
from html import unescape
from typing import get_args

import pytest

from revisit.forms.library import read_library
from revisit.forms.page import LANGUAGE_NAMES
from revisit.forms.renderings.sheet import Sheet, draw_sheet
from revisit.records.survey import Survey
from revisit.settings import Settings, defaults

EVERY_KIND = """Hello.

## All {: dimension=speed }

### One {: #one .satisfaction na }

### Two {: #two .nps }

### Three {: #three .choices other }
- a: Apple
- b: Banana

### Four {: #four .ranking }
- x: First thing
- y: Second thing

### Five {: #five .number unit=km min=0 max=9 }

### Six {: #six .date }

### Seven {: #seven .text show-if="one <= 2" }

### Eight {: #eight .contact ask="phone email" }

### Nine {: #nine .statement }

### Ten {: #ten .matrix scale=quality }
- rooms: The rooms
- coffee: The coffee & tea
"""
Read = Callable[..., Survey]


@pytest.mark.parametrize("kind", get_args(Sheet))
@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_it_asks_everything_that_the_form_asks(settings: Settings, kind: Sheet, language: str) -> None:
    library = read_library(defaults() / "surveys")[0]
    for name in library.names:
        survey = library.survey(name, language)
        assert survey is not None
        drawn = unescape(draw_sheet(settings, survey, kind, {"payer": "customer"}))
        for question in survey.questions:
            assert question.label in drawn
            assert all(choice.label in drawn for choice in question.choices)
        assert survey.privacy.contact in drawn
        assert survey.form_hash[:8] in drawn
        assert "<script" not in drawn
        assert "<input" not in drawn


@pytest.mark.parametrize("kind", get_args(Sheet))
def test_it_has_room_for_every_kind_of_answer(settings: Settings, survey: Read, kind: Sheet) -> None:
    drawn = draw_sheet(settings, survey(EVERY_KIND), kind, {})
    for words in ("Apple", "Something else, namely", "First thing", "km", "E-mail address", "The rooms", "Acceptable"):
        assert words in drawn
    assert "The coffee &amp; tea" in drawn
    assert "Only if your answer to question 1 is “Dissatisfied” or worse." in unescape(drawn)


def test_it_asks_only_what_concerns_the_order(settings: Settings) -> None:
    survey = read_library(defaults() / "surveys")[0].survey("repair", "en")
    assert survey is not None
    assert "price for the work" in draw_sheet(settings, survey, "phone", {"payer": "customer"})
    assert "price for the work" not in draw_sheet(settings, survey, "phone", {"payer": "warranty"})


def test_it_shows_the_way_to_the_same_questions_online(settings: Settings, survey: Read) -> None:
    asked = survey("## A\n\n### B {: #b .text }\n")
    address = "https://survey.example.com/q/7k2m"
    assert address in draw_sheet(settings, asked, "paper", {}, address)
    assert "<img" not in draw_sheet(settings, asked, "paper", {})
