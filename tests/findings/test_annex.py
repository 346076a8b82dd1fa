"""What an analyst looks up: why a figure is missing, how alike outlets are, whether items hang together."""

import random
from dataclasses import replace
from typing import Any

import pytest

from revisit.findings.summary import summarise
from revisit.records.responses import Answer
from tests.findings.samples import REPAIR, answered, made_evidence, make_survey, records, response, visit
from tests.findings.test_summary import check, drawn, of, of_network


def reasons_of(found: dict[str, Any]) -> dict[str, str]:
    return {row["path"]: row["reason"] for row in found["suppressed"]}


def test_a_survey_without_a_text_question_says_so_of_the_themes() -> None:
    assert reasons_of(of(drawn(12)))["themes"] == "no_answers"
    wordless = make_survey([one for one in REPAIR.questions if one.kind != "text"])
    for count in (0, 5, 12):
        assert reasons_of(of(drawn(count), survey=wordless))["themes"] == "no_question"


def test_that_no_answer_is_doubtful_is_not_that_nobody_answered() -> None:
    assert reasons_of(of([]))["integrity"] == "no_answers"
    assert reasons_of(of(drawn(12)))["integrity.without"] == "none_doubtful"
    few = [replace(one, flags=("quick",)) if place < 3 else one for place, one in enumerate(drawn(30))]
    assert reasons_of(of(few))["integrity.without"] == "fewer_than_10"


def test_what_is_wrong_with_drivers_is_told() -> None:
    assert reasons_of(of(drawn(99)))["drivers"] == "fewer_than_100_complete"
    alike = answered(on_time=5, polite=5, mended=5, tidy=5, price_fair=5, easy_contact=5, overall=5)
    assert reasons_of(of([response(f"r{place}", alike) for place in range(120)]))["drivers"] == "no_spread"


def test_how_alike_the_answers_of_an_outlet_are_is_told_from_six_outlets_on() -> None:
    five = of_network(dict.fromkeys(("alpha", "bravo", "charlie", "delta", "echo"), 20))
    assert reasons_of(five)["clustering"] == "few_outlets"
    names = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf")
    block = of_network(dict.fromkeys(names, 30), worse="golf")["clustering"]
    assert (block["figure"], block["outlets"]) == ("overall", 7)
    assert block["icc"] > 0.05
    assert block["deff"] > 1


def test_items_that_do_not_hang_together_are_noted() -> None:
    chance = random.Random(4)  # noqa: S311
    loose = [
        response(f"r{place:03}", answered(mended=chance.randint(1, 5), tidy=chance.randint(1, 5)))
        for place in range(80)
    ]
    turned = [
        response(f"r{place:03}", answered(mended=point, tidy=6 - min(point + place % 2, 5)))
        for place in range(80)
        for point in [1 + place % 5]
    ]
    same = [response(f"r{place:03}", answered(mended=1 + place % 5, tidy=1 + place % 5)) for place in range(80)]
    notes = [of(responses)["dimensions"]["quality"]["alpha_note"] for responses in (loose, turned, same)]
    assert notes[1:] == ["keyed_wrongly", "too_alike"]
    assert notes[0] in {"weak", "keyed_wrongly"}


def test_customers_who_each_answered_once_are_no_clusters() -> None:
    # Thousands of customers known by a number of their own change no interval, and cost no time of their own.
    answers = drawn(400)
    known = [replace(one, customer=f"c{place:04}") for place, one in enumerate(answers)]
    assert of(known) == of(answers)


def test_a_question_asked_of_people_it_does_not_concern_is_noted() -> None:
    def note(na: int, blank: int, hidden: int = 0) -> str | None:
        states = ["na"] * na + ["blank"] * blank + ["not_asked"] * hidden
        answers = [answered(tidy=4) for _ in range(40 - na - blank)]
        answers += [{"tidy": Answer(state)} for state in states]  # type: ignore[arg-type]
        found = of([response(f"r{place:02}", one) for place, one in enumerate(answers)])["items"]["tidy"]["na_note"]
        assert found is None or isinstance(found, str)
        return found

    assert note(8, 0) is None
    assert note(9, 0) == "not_concerned"
    assert note(8, 8) is None  # those who left it blank were asked as well
    assert note(8, 0, hidden=40) is None  # and those from whom it was hidden were not
    assert note(9, 0, hidden=40) == "not_concerned"


def test_the_groups_are_named_that_have_no_answers() -> None:
    evidence = made_evidence()
    day = evidence.period.first
    mute = [replace(visit(f"mute{place}", unit="network/north", day=day), order_id="mute") for place in range(3)]
    heard = [one for one in evidence.visits if one.unit != "network/north"]
    answers = [one for one in records(evidence) if one.unit != "network/north"]
    found = check(summarise(replace(evidence, responses=answers, visits=heard + mute, jobs={"mute": "paint"})))
    silent = [
        {"variable": "unit", "group": "north", "asked": 3},
        {"variable": "job", "group": "paint", "asked": 3},
    ]
    assert found["nonresponse"]["silent"] == silent
    assert found["weighted"] is None
    assert reasons_of(found)["weighted"] == "a_group_has_no_answers"
    assert summarise(evidence)["nonresponse"]["silent"] == []


def test_few_answers_are_an_indication_only_by_whom_anybody_tried_to_reach() -> None:
    evidence = made_evidence()
    day = evidence.period.first
    untried = [visit(f"mute{place}", unit="network/harbour", day=day) for place in range(3000)]
    assert summarise(evidence)["nonresponse"]["indication_only"] is False
    found = summarise(replace(evidence, visits=[*evidence.visits, *untried]))
    assert found["nonresponse"]["indication_only"] is False  # nobody tried them: that weighs on the coverage
    assert "indication_only" not in {one["kind"] for one in found["headline"]}
    tried = [visit(f"mute{place}", unit="network/harbour", day=day, outcomes=("sent",)) for place in range(3000)]
    found = summarise(replace(evidence, visits=[*evidence.visits, *tried]))
    assert found["nonresponse"]["indication_only"] is True
    said = next(one for one in found["headline"] if one["kind"] == "indication_only")
    assert said["answered"] / said["asked"] == pytest.approx(found["coverage"]["response_rate"]["value"])


def test_the_lowest_dimension_is_so_among_those_that_are_shown() -> None:
    def given(place: int) -> dict[str, Answer]:
        low = answered(on_time=1, polite=5, mended=5, tidy=5, easy_contact=5, overall=4)
        return {**low, "price_fair": Answer("answered", 1) if place < 6 else Answer("not_asked")}

    found = of([response(f"r{place}", given(place)) for place in range(60)])
    assert found["dimensions"]["price"]["score"] is None
    said = next(one for one in found["headline"] if one["kind"] == "lowest_dimension")
    assert (said["figure"], said["hidden"]) == ("speed", True)
    whole = of([response(f"r{place}", given(place) | answered(price_fair=5)) for place in range(60)])
    assert next(one for one in whole["headline"] if one["kind"] == "lowest_dimension")["hidden"] is False
