"""Exports from the store: what goes out, what is covered, and the note of it."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from revisit.flows.answering import answers_in
from revisit.flows.answering.answers_in import Files
from revisit.flows.reporting.export import Job, export_apart, note
from revisit.flows.reporting.write_export import write_export
from revisit.records.orders import RepairOrder
from revisit.records.organisation import Organisation, Unit
from revisit.records.problems import CallError
from revisit.records.visits import Attempt, Settlement
from revisit.reports.exports import orders as orders_table
from revisit.reports.exports.cover import Cover
from tests.flows.house import House, house

ANSWERS = (
    "number,received,mode,on_time,price_fair,overall,fixed,comment\n"
    "A1,2026-11-21 10:00,phone,5,4,2,no,样例甲说请拨打 130 0000 0012，谢谢\n"
    "A2,2026-11-21 11:00,web,na,4,5,yes,\n"
)
UNITS = (
    Unit("demo", "demo", "headquarters", "Demo"),
    Unit("lakeside", "demo/lakeside", "station", "Lakeside", {"zh-Hans": "湖滨站"}),
    Unit("e1", "demo/lakeside/e1", "engineer", "Somebody"),
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.bring_in()
        incoming = answers_in.read(made.office.settings, Files(made.write("answers.csv", ANSWERS)), "repair")
        answers_in.take_in(made.office, incoming, answers_in.match(made.office.store, incoming, made.now))
        yield made


def wanted(place: House, kind: str, *, names: bool = False) -> Job:
    settings = place.office.settings
    return Job(
        *(settings, kind, "", settings.organisation.root, date(2026, 9, 1), date(2026, 11, 30), place.now), names=names
    )


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(place: House, kind: str, *, names: bool = False) -> list[dict[str, str]]:
    path = place.office.settings.workspace.exports / f"{kind}.csv"
    rows = write_export(place.office.store, wanted(place, kind, names=names), path)
    found = read(path)
    assert rows == len(found)
    return found


def test_responses_go_out_with_values_and_states(place: House) -> None:
    first, second = sorted(written(place, "responses"), key=lambda row: row["mode"])
    assert (first["overall"], first["overall.state"], first["fixed"], first["payer"]) == (
        "2",
        "answered",
        "no",
        "customer",
    )
    assert (second["on_time"], second["on_time.state"], second["price_fair.state"]) == ("", "na", "not_asked")
    assert (second["comment"], second["comment.state"]) == ("", "not_asked")


def test_free_words_lose_whoever_they_name(place: House) -> None:
    first = min(written(place, "responses"), key=lambda row: row["mode"])
    assert first["comment"] == "***说请拨打 ***，谢谢"
    plain = min(written(place, "responses", names=True), key=lambda row: row["mode"])
    assert plain["comment"] == "样例甲说请拨打 130 0000 0012，谢谢"


def test_orders_go_out_with_their_customers_covered_or_not(place: House) -> None:
    covered = {row["number"]: row for row in written(place, "orders")}
    assert (covered["A1"]["name"], covered["A1"]["phone"], covered["A1"]["email"]) == ("***", "***", "")
    plain = {row["number"]: row for row in written(place, "orders", names=True)}
    assert (plain["A1"]["name"], plain["A1"]["phone"]) == ("样例甲", "'+8613000000012")
    assert len(plain) == 5


def test_visits_go_out_as_they_stand(place: House) -> None:
    rows = written(place, "visits")
    assert sorted(row["state"] for row in rows) == ["answered", "answered", "excluded", "expired", "open"]
    by_number = {row["order_number"]: row for row in rows}
    excluded = by_number["A4"]
    assert (excluded["counted"], excluded["settled_why"], excluded["settled_reason"]) == (
        *("not_eligible", "internal_order", ""),
    )
    assert (excluded["settled_by"], excluded["settled_hand"]) == ("import", "rule")
    assert by_number["A5"]["counted"] == "eligible"  # nobody tried: a miss


def test_a_visit_tells_of_every_attempt_and_of_who_ended_it(place: House) -> None:
    tried = (
        Attempt(datetime(2026, 11, 21, 1, tzinfo=UTC), "phone", "no_answer", "wang"),
        Attempt(datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "email", "sent", "import:b7"),
    )
    order = next(order for order in place.office.store.orders() if order.number == "A3")
    visit = next(visit for visit in place.office.store.visits() if visit.order_id == order.id)
    ended = Settlement(
        "declined", datetime(2026, 11, 22, 2, tzinfo=UTC), "wang", "样例丙 wants no calls on 130 0000 0014"
    )
    place.office.store.change_visit(visit.id, lambda one: replace(one, attempts=tried, settled=ended))

    def told(*, names: bool) -> dict[str, str]:
        return next(row for row in written(place, "visits", names=names) if row["visit_id"] == visit.id)

    plain, covered = told(names=True), told(names=False)
    assert (plain["first_attempt_at"], plain["last_attempt_at"]) == (
        *("2026-11-21T09:00:00+08:00", "2026-11-21T17:30:00+08:00"),
    )
    assert plain["every_attempt"] == (
        "2026-11-21T01:00:00Z phone no_answer wang; 2026-11-21T09:30:00Z email sent import:b7"
    )
    assert (plain["settled_by"], plain["settled_hand"], plain["last_by"]) == ("wang", "person", "import:b7")
    assert covered["every_attempt"] == plain["every_attempt"].replace("wang", "***")
    assert (covered["settled_by"], covered["settled_reason"]) == ("***", "*** wants no calls on ***")


def test_findings_go_out_as_rows(place: House) -> None:
    found = {row["path"]: row for row in written(place, "findings")}
    assert found["coverage.answered"]["value"] == "2"
    assert found["items.overall.mean"]["value"] == ""  # withheld: two answers are too few
    assert found["survey.name"]["text"] == "repair"
    assert (found["items.overall.mean"]["part"], found["items.overall.mean"]["name"]) == ("items", "overall")


def test_a_path_ends_at_the_unit_and_not_at_the_engineer() -> None:
    organisation = Organisation(UNITS)
    covered, plain = Cover(organisation, "zh-Hans"), Cover(organisation, "en", names=True)
    assert covered.place("demo/lakeside/Some One") == ("demo/lakeside", "湖滨站", "***")
    assert plain.place("demo/lakeside/Some One") == ("demo/lakeside/Some One", "Lakeside", "Some One")
    assert covered.place("demo/lakeside/e1") == ("demo/lakeside", "湖滨站", "***")
    assert covered.place("demo/lakeside") == ("demo/lakeside", "湖滨站", "")


def test_nothing_of_a_person_is_left_in_a_covered_order() -> None:
    order = RepairOrder(
        *("1", "A1", "demo/lakeside", date(2026, 11, 1), "c"),
        plate="沪A00012", engineer="Some One", adviser="An Other", symptom="Some One knows: call 13000000012",
    )  # fmt: skip
    (row,) = orders_table.rows([order], {}, Cover(Organisation(UNITS), "en"))
    told = dict(zip([column.name for column in orders_table.COLUMNS], row, strict=True))
    assert [told[name] for name in ("plate", "engineer", "adviser", "symptom")] == [
        *("***", "***", "***", "*** knows: call ***")
    ]


def test_it_is_written_in_a_process_of_its_own(place: House, tmp_path: Path) -> None:
    path = tmp_path / "apart.csv"
    assert export_apart(wanted(place, "responses"), path) == 2
    assert len(read(path)) == 2
    with pytest.raises(CallError, match="no published survey"):
        export_apart(replace(wanted(place, "visits"), survey="nothing"), path)


def test_it_is_noted_without_a_word_of_a_customer(place: House) -> None:
    note(place.office.store, wanted(place, "orders", names=True), 5, by="ming", at=place.now)
    (line,) = place.office.store.audit_lines()
    assert (line.who, line.what, line.about) == ("ming", "exported", "demo 2026-09-01..2026-11-30")
    assert line.note == "orders csv 5 rows with-names"
