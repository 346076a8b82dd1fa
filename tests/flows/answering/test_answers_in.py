from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from revisit.flows.answering import answers_in
from revisit.flows.answering.answers_in import Files, Matched, TakenIn
from revisit.flows.answering.states import Asked
from revisit.flows.visiting.asking import published
from revisit.forms.form import Posted, answer_form
from revisit.forms.library import read_library
from revisit.records.responses import Answer, Response
from revisit.records.visits import Visit
from revisit.settings import defaults
from revisit.store.protocol import AlreadyAnswered
from tests.flows.house import House, house

ANSWERS = (
    "number,received,mode,on_time,price_fair,overall,fixed,comment\n"
    "A1,2026-11-21 10:00,phone,5,4,5,yes,never asked\n"
    "A2,2026-11-21 11:00,web,na,4,2,no,wash it\n"
)
OUTCOMES = "number,disposition,reason,date\nA3,declined,,2026-11-21\nA5,tried,,2026-09-03\nA1,answered,,\n"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.bring_in()
        yield made


def bring(place: House, answers: str = ANSWERS, outcomes: str = "", **options: Any) -> tuple[Matched, TakenIn]:
    orders = place.write("outcomes.csv", outcomes) if outcomes else None
    files = Files(place.write("answers.csv", answers), orders)
    incoming = answers_in.read(place.office.settings, files, "repair", **options)
    matched = answers_in.match(place.office.store, incoming, place.now)
    return matched, answers_in.take_in(place.office, incoming, matched)


def responses(place: House) -> dict[str, Response]:
    store = place.office.store
    return {
        store.order(store.visit(response.visit_id or "").order_id).number: response
        for response in store.responses("repair")
    }


def visits(place: House) -> dict[str, Visit]:
    return {place.office.store.order(visit.order_id).number: visit for visit in place.office.store.visits()}


def test_it_settles_a_visit_and_counts_where_the_order_does(place: House) -> None:
    _matched, taken = bring(place)
    assert (taken.responses, taken.visits) == (2, 0)
    held = responses(place)["A1"]
    visit = visits(place)["A1"]
    assert place.office.store.answered_visits() == {held.visit_id, responses(place)["A2"].visit_id}
    assert (held.unit, held.day, held.mode, held.facts) == (visit.unit, visit.day, "phone", {"payer": "customer"})


def test_it_spends_the_link_of_the_visit_until_the_import_is_taken_back(place: House) -> None:
    store, visit = place.office.store, visits(place)["A1"]
    (link,) = store.invitations([visit.id])
    _matched, taken = bring(place)
    held = store.response(link.partition, link.id)
    assert held == responses(place)["A1"]
    by_link = replace(held, body_hash="of other answers")
    with pytest.raises(AlreadyAnswered):
        store.record(by_link)
    store.undo_batch(taken.batch_id, place.now)
    assert store.record(by_link) == "stored"


def test_it_decides_what_was_asked_as_the_web_form_does(place: House) -> None:
    bring(place)
    first = {name: answer.state for name, answer in responses(place)["A1"].answers.items()}
    assert first == {
        "on_time": "answered",
        "price_fair": "answered",
        "overall": "answered",
        "fixed": "answered",
        "comment": "not_asked",
    }
    second = {name: answer.state for name, answer in responses(place)["A2"].answers.items()}
    assert (second["price_fair"], second["on_time"], second["comment"]) == ("not_asked", "na", "answered")


@pytest.mark.parametrize("facts", [{}, {"payer": "customer"}, {"payer": "warranty"}])
@pytest.mark.parametrize("fixed", ["yes", "no", ""])
@pytest.mark.parametrize("overall", ["2", "5"])
def test_it_stores_what_the_web_form_would(place: House, facts: dict[str, str], fixed: str, overall: str) -> None:
    posted = {"on_time": "na", "price_fair": "3", "overall": overall, "fixed": fixed, "comment": "x"}
    survey = published(place.office.settings, "repair")
    form = answer_form(survey, facts, Posted(posted.items()))
    form.check()
    cells = ",".join(posted.values())
    path = place.write("one.csv", f"number,received,{','.join(posted)}\nA1,2026-11-21,{cells}\n")
    (row,) = answers_in.read(place.office.settings, Files(path), "repair").answers.rows
    assert Asked.of(survey).decide(row.answers, facts) == form.answers()


@pytest.mark.parametrize("low", ["speed_work", "attitude_people", "price_fair", ""])
@pytest.mark.parametrize("facts", [{}, {"payer": "customer"}])
def test_it_keeps_the_reasons_that_the_web_form_would(facts: dict[str, str], low: str) -> None:
    survey = read_library(defaults() / "surveys")[0].survey("repair", "en")
    assert survey is not None
    points = {question.id: "2" if question.id == low else "5" for question in survey.questions if question.is_item}
    named = ("parts", "cold", "above_quote")
    form = answer_form(survey, facts, Posted([*points.items(), ("overall", "4"), *(("reasons", one) for one in named)]))
    given = {name: Answer("answered", int(value)) for name, value in points.items()}
    decided = Asked.of(survey).decide(given | {"reasons": Answer("answered", " ".join(named))}, facts)
    kept = {"speed_work": "parts", "attitude_people": "cold", "price_fair": "above_quote" if facts else None}.get(low)
    assert decided["reasons"] == form.answers()["reasons"]
    assert decided["reasons"] == (Answer("answered", kept) if kept else Answer("not_asked"))


def test_it_takes_a_missing_question_for_not_asked(place: House) -> None:
    bring(place, "number,received,overall\nA1,2026-11-21,5\n")
    states = {name: answer.state for name, answer in responses(place)["A1"].answers.items()}
    assert states == dict.fromkeys(states, "not_asked") | {"overall": "answered"}


def test_it_notes_outcomes_with_their_day(place: House) -> None:
    _matched, taken = bring(place, outcomes=OUTCOMES)
    assert taken.visits == 2
    declined, tried = visits(place)["A3"], visits(place)["A5"]
    assert declined.settled is not None
    assert (declined.settled.what, f"{declined.settled.at:%F}") == ("declined", "2026-11-21")
    assert [attempt.outcome for attempt in declined.attempts] == ["declined"]
    assert (tried.settled, [attempt.outcome for attempt in tried.attempts]) == (None, ["no_answer"])


def test_it_changes_nothing_the_second_time(place: House) -> None:
    bring(place, outcomes=OUTCOMES)
    before = place.on_disk()
    matched, taken = bring(place, outcomes=OUTCOMES)
    assert (matched.known, taken) == (2, TakenIn("", 0, 0))
    assert place.on_disk() == before


def test_it_can_be_taken_back_whole_and_done_again(place: House) -> None:
    def settled() -> list[Visit]:
        return sorted(place.office.store.visits(), key=lambda visit: visit.id)

    before = settled()
    _matched, taken = bring(place, outcomes=OUTCOMES)
    assert settled() != before
    assert place.office.store.undo_batch(taken.batch_id, place.now) == (2, 0)
    assert settled() == before
    assert responses(place) == {}
    assert bring(place, outcomes=OUTCOMES)[1].responses == 2


def test_it_takes_outcomes_alone_for_a_batch(place: House) -> None:
    bring(place)
    _matched, taken = bring(place, outcomes=OUTCOMES)
    assert (taken.responses, taken.visits) == (0, 2)
    (newest, *_) = (batch for batch in place.office.store.batches() if batch.id == taken.batch_id)
    assert (newest.kind, newest.rows) == ("responses", 2)
    place.office.store.undo_batch(taken.batch_id, place.now)
    assert visits(place)["A3"].settled is None


def test_it_takes_the_rows_that_have_their_order(place: House) -> None:
    place.bring_in("A1,2026-11-20,Harbour,样例庚,13000000018,,,customer\n")
    matched, taken = bring(
        place,
        "number,station,received,overall\n"
        "A1,,2026-11-21,5\nA1,Lakeside,2026-11-21,5\nA1,Lakeside,2026-11-21,4\nZ9,,2026-11-21,5\nA2,,2027-01-01,5\n",
        "number,disposition\nZ9,declined\nA1,declined\n",
    )
    assert [bad.what for bad in matched.bad] == [
        'Several stations have an order "A1"',
        "The order was answered in row 3 already",
        'The order "Z9" is not known',
        "The answer is from 2027-01-01, which lies in the future",
    ]
    assert [bad.row for bad in matched.bad_dispositions] == [2, 3]
    assert taken.responses == 1


def test_it_does_not_take_an_answered_order_for_declined(place: House) -> None:
    matched, taken = bring(place, outcomes="number,disposition\nA1,declined\n")
    assert [str(bad) for bad in matched.bad_dispositions] == [
        "row 2, number: This order has an answer, so it was not declined. Take the row out of the file."
    ]
    assert taken.visits == 0


def test_it_files_many_answers_in_slices(place: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_in, "SLICE", 1)
    _matched, taken = bring(place)
    assert (taken.responses, len(responses(place))) == (2, 2)
    (batch,) = (one for one in place.office.store.batches() if one.id == taken.batch_id)
    assert batch.rows == 2


def test_it_marks_sample_answers(place: House) -> None:
    _matched, taken = bring(place, sample=True)
    assert all(response.sample for response in responses(place).values())
    assert replace(next(one for one in place.office.store.batches() if one.id == taken.batch_id)).sample
