from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from revisit.flows.visiting import intake
from revisit.flows.visiting.asking import asking, published
from revisit.flows.visiting.visits import plan_visits
from revisit.records.problems import CallError, ContentError
from revisit.store.protocol import StoreBusy
from tests.flows.house import HEADER, ORDERS, SURVEY, House, house


@pytest.fixture
def place(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def states(place: House) -> dict[str, str]:
    store = place.office.store
    return {store.order(visit.order_id).number: visit.state(place.now, answered=False) for visit in store.visits()}


def test_it_gives_every_order_its_visit_and_every_open_visit_its_link(place: House) -> None:
    imported = place.bring_in()
    assert (imported.added, imported.known, imported.links) == (5, 0, 3)
    assert states(place) == {"A1": "open", "A2": "open", "A3": "open", "A4": "excluded", "A5": "expired"}
    languages = {invitation.language for invitation in place.office.store.invitations()}
    assert languages == {"", "en", "zh-Hant"}  # empty: the browser says it


def test_it_changes_nothing_the_second_time(place: House) -> None:
    place.bring_in()
    before = place.on_disk()
    again = place.bring_in()
    assert (again.batch_id, again.added, again.known, again.links) == ("", 0, 5, 0)
    assert place.on_disk() == before


def test_it_adds_what_is_new_in_a_longer_export(place: House) -> None:
    place.bring_in()
    more = place.bring_in(ORDERS + "A6,2026-11-21,Lakeside,样例己,13000000017,,,customer\n")
    assert (more.added, more.known, more.links) == (1, 5, 1)


def test_it_can_be_taken_back_and_done_again(place: House) -> None:
    imported = place.bring_in()
    assert place.office.store.undo_batch(imported.batch_id, place.now) == (5, 0)
    assert not [*place.office.store.visits(), *place.office.store.invitations()]
    assert place.bring_in().added == 5


def test_it_makes_good_a_crash_between_filing_and_linking(place: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(intake, "plan_visits", _breaks)
        with pytest.raises(StoreBusy):
            place.bring_in()
    assert len(list(place.office.store.visits())) == 5
    assert place.bring_in().links == 3
    assert plan_visits(place.office.store, place.office.settings, place.office.keys, place.now) == 0


def _breaks(*_: object) -> int:
    raise StoreBusy("busy")


def test_it_plans_links_in_slices(place: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revisit.flows.visiting.visits.SLICE", 2)
    done: list[int] = []
    place.bring_in("")
    place.office.store.undo_batch(place.bring_in().batch_id, place.now)
    monkeypatch.setattr(intake, "plan_visits", lambda *_: 0)
    place.bring_in()
    office = place.office
    assert plan_visits(office.store, office.settings, office.keys, place.now, done.append) == 3
    assert done == [2, 1]


def test_it_gives_a_waiting_visit_its_link(place: House) -> None:
    place.bring_in("A6,2026-11-22,Lakeside,样例己,13000000017,,,customer\n")
    assert states(place) == {"A6": "waiting"}
    (visit,) = place.office.store.visits()
    assert visit.due_at - place.now == timedelta(hours=22)
    assert len(list(place.office.store.invitations())) == 1


def test_it_marks_sample_data_all_through(place: House) -> None:
    place.bring_in(sample=True)
    store = place.office.store
    marks = [[one.sample for one in found()] for found in (store.batches, store.orders, store.visits)]
    assert marks == [[True], [True] * 5, [True] * 5]
    assert [invitation.sample for invitation in store.invitations()] == [True] * 3


def test_it_counts_known_orders(place: House) -> None:
    place.bring_in()
    path = place.write("more.csv", HEADER + ORDERS + "A6,2026-11-21,Lakeside,样例己,13000000017,,,customer\n")
    reading = intake.read(path, place.office.settings, place.now)
    assert intake.known_orders(place.office.store, reading) == 5


def test_it_knows_a_survey_from_its_files_before_it_is_built(tmp_path: Path) -> None:
    with house(tmp_path, published=False) as place:
        assert asking(place.office.settings, "repair").send_after == timedelta(hours=24)
        with pytest.raises(CallError, match="Run: revisit build"):
            published(place.office.settings, "repair")
        with pytest.raises(CallError, match=r'no survey "other".*Choose one of: repair'):
            asking(place.office.settings, "other")
        path = place.office.settings.workspace.surveys / "repair.md"
        path.write_text(SURVEY.replace("#overall", "#on_time"), encoding="utf-8")
        with pytest.raises(ContentError, match="on_time"):
            asking(place.office.settings, "repair")
