"""Answers of another tool that belong to no order: for anybody's data."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from revisit.flows.answering import answers_in
from revisit.flows.answering.answers_in import Files, Matched, TakenIn, pseudonym
from revisit.records.responses import Response
from revisit.settings import UNITS_NAME, new_keys
from tests.flows.house import House, house

ANSWERS = (
    "response id,number,received,station,mode,customer,duration,on_time,overall,fixed\n"
    "R1,,2026-11-20 23:30,湖滨站,phone,C-7,75,5,4,yes\n"
    "R2,,2026-11-20,bay-1,web,C-7,,,,no\n"
    "R3,A1,2026-11-21,,web,C-8,1:05,3,3,yes\n"
)
UNITS = "id,name,parent,kind\nbay-1,Bay 1,lakeside,outlet\n"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.bring_in()
        yield made


def bring(place: House, answers: str = ANSWERS, units: str = UNITS) -> tuple[Matched, TakenIn]:
    files = Files(place.write("answers.csv", answers), units=place.write("units.csv", units))
    incoming = answers_in.read(place.office.settings, files, "repair")
    matched = answers_in.match(place.office.store, incoming, place.now)
    return matched, answers_in.take_in(place.office, incoming, matched)


def by_day(place: House) -> list[Response]:
    return sorted(place.office.store.responses("repair"), key=lambda one: (one.received_at, one.unit))


def test_it_counts_where_the_row_says_or_where_the_order_does(place: House) -> None:
    matched, taken = bring(place)
    assert (matched.bad, taken.responses) == ([], 3)
    found = {one.unit: one for one in by_day(place)}
    first, second = found["demo/lakeside/bay-1"], next(one for one in by_day(place) if one.duration == 75)
    assert (first.visit_id, first.day, first.duration) == (None, date(2026, 11, 20), None)
    assert (second.unit, second.day, second.mode, second.facts) == ("demo/lakeside", date(2026, 11, 20), "phone", {})
    settled = next(one for one in by_day(place) if one.visit_id)
    assert (settled.duration, settled.facts) == (65, {"payer": "customer"})
    assert place.office.store.answered_visits() == {settled.visit_id}


def test_it_keeps_customers_only_as_something_nobody_can_guess(place: House) -> None:
    bring(place)
    held = [one.customer for one in by_day(place)]
    assert sorted(map(held.count, held)) == [1, 2, 2]
    assert "C-7" not in "".join(map(repr, by_day(place)))
    assert pseudonym(place.office.keys, "C-7") in held
    assert pseudonym(new_keys(), "C-7") not in held
    assert pseudonym(place.office.keys, "") == ""


def test_it_changes_nothing_the_second_time(place: House) -> None:
    bring(place)
    before, units = place.on_disk(), place.office.settings.workspace.root / UNITS_NAME
    written = units.read_bytes()
    matched, taken = bring(place)
    assert (matched.known, matched.bad, taken) == (3, [], TakenIn("", 0, 0))
    assert (place.on_disk(), units.read_bytes().count(b"[[units]]")) == (before, 2)
    assert units.read_bytes().startswith(written)


def test_it_can_be_taken_back(place: House) -> None:
    _matched, taken = bring(place)
    assert place.office.store.undo_batch(taken.batch_id, place.now) == (3, 0)
    assert by_day(place) == []


def test_it_names_rows_that_belong_nowhere(place: House) -> None:
    matched, _taken = bring(
        place,
        "response id,station,received,overall\n"
        "R1,,2026-11-20,5\nR2,Nowhere,2026-11-20,5\nR3,lakeside,2026-11-20,5\nR3,lakeside,2026-11-20,4\n"
        "R4,lakeside,2026-12-20,5\n",
    )
    assert [(bad.row, bad.column, bad.what) for bad in matched.bad] == [
        (2, "station", "The answer names neither an order nor a station"),
        (3, "station", 'There is no station "Nowhere"'),
        (5, "response id", 'The answer "R3" stands in row 4 already'),
        (6, "received", "The answer is from 2026-12-20, which lies in the future"),
    ]


def test_it_gives_answers_of_a_file_without_stations_to_the_whole(place: House) -> None:
    bring(place, "response id,received,overall\nR1,2026-11-20,5\n")
    assert [one.unit for one in by_day(place)] == ["demo"]
