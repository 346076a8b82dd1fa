from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.records.orders import Contact, RepairOrder
from revisit.visits.policy import CLOSES, OPENS, Asking, due_at, expires_at, into_hours, last_day, plan_visit

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ASKING = Asking("repair", timedelta(hours=24), timedelta(days=15))
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)


def order(**facts: str) -> RepairOrder:
    return RepairOrder("2611-1", "A1", "demo/lakeside", date(2026, 11, 20), "2611-2", engineer="Ann", facts=facts)


def test_it_asks_at_ten_on_the_day_after_closing() -> None:
    assert due_at(date(2026, 11, 20), timedelta(hours=24), SHANGHAI) == datetime(2026, 11, 21, 2, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "local"), [(0, 10), (12, 12), (18, 18), (19, 34), (23, 34), (36, 36), (168, 178)])
def test_it_moves_a_delay_into_the_hours(hours: int, local: int) -> None:
    due = due_at(date(2026, 11, 2), timedelta(hours=hours), SHANGHAI)
    assert due - datetime(2026, 11, 1, 16, tzinfo=UTC) == timedelta(hours=local)


def test_it_takes_a_day_with_a_change_of_the_clock_for_a_day() -> None:
    assert due_at(date(2026, 10, 24), timedelta(hours=24), BERLIN) == datetime(2026, 10, 25, 9, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # zone is beside
def test_it_moves_every_moment_into_the_hours_and_never_back(moment: datetime) -> None:
    for zone in (SHANGHAI, BERLIN, ZoneInfo("America/St_Johns")):
        moved = into_hours(moment, zone)
        assert OPENS <= moved.astimezone(zone).time() < CLOSES
        assert timedelta(0) <= moved - moment <= timedelta(hours=16)
        assert into_hours(moved, zone) == moved
        if OPENS <= moment.astimezone(zone).time() < CLOSES:
            assert moved == moment


def test_it_leaves_the_end_of_the_hours_out() -> None:
    evening = datetime.combine(date(2026, 11, 20), time(19), SHANGHAI)
    assert into_hours(evening, SHANGHAI).astimezone(SHANGHAI) == datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)


def test_it_counts_a_visit_for_the_engineer_on_the_day_of_closing() -> None:
    visit = plan_visit(order(), Contact("2611-2", phone="+8613000000012"), ASKING, SHANGHAI, AT)
    assert (visit.unit, visit.day, visit.settled) == ("demo/lakeside/Ann", date(2026, 11, 20), None)
    assert visit.due_at == datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
    assert visit.expires_at == datetime(2026, 12, 7, tzinfo=SHANGHAI)
    assert last_day(visit.expires_at, SHANGHAI) == date(2026, 12, 6)


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, ZoneInfo("America/St_Johns")])
def test_it_lets_a_link_work_to_the_end_of_its_last_local_day(zone: ZoneInfo) -> None:
    due = due_at(date(2026, 10, 20), timedelta(hours=24), zone)
    expires = expires_at(due, timedelta(days=15), zone)
    assert expires.astimezone(zone).replace(tzinfo=None) == datetime(2026, 11, 6)  # noqa: DTZ001  # a local midnight
    assert last_day(expires, zone) == date(2026, 11, 5)


def test_it_names_the_day_itself_for_a_link_that_ends_within_it() -> None:
    assert last_day(datetime(2026, 12, 6, 10, tzinfo=SHANGHAI), SHANGHAI) == date(2026, 12, 6)


def test_it_leaves_an_internal_order_out_at_once() -> None:
    visit = plan_visit(order(payer="internal"), Contact("2611-2", phone="+8613000000012"), ASKING, SHANGHAI, AT)
    assert visit.settled is not None
    assert (visit.settled.what, visit.settled.reason, visit.settled.at) == ("excluded", "internal_order", AT)


def test_it_keeps_a_name_without_a_number_open() -> None:
    assert plan_visit(order(), Contact("2611-2", name="样例甲"), ASKING, SHANGHAI, AT).settled is None
    nobody = plan_visit(order(), Contact("2611-2"), ASKING, SHANGHAI, AT).settled
    assert nobody is not None
    assert nobody.reason == "no_contact"
