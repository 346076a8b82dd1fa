from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.visits.cells import CellFault
from revisit.visits.dates import DAY_ZERO, read_day

THIRD_OF_AUGUST = date(2026, 8, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-03",
        "2026-8-3",
        "2026/8/3",
        "2026.08.03",
        "2026年8月3日",
        "2026 年 8 月 3 日",
        "２０２６年８月３日",
        "20260803",
        "20260803143000",
        "3.8.2026",
        "03.08.2026",
        "46237",
        "46237.604166",
        "2026-08-03 14:30",
        "2026-08-03T14:30:00+08:00",
        "2026/8/3 14:30:00",
        "2026年8月3日 14时30分",
    ],
)
def test_it_reads_every_form_of_one_day(text: str) -> None:
    assert read_day(text) == THIRD_OF_AUGUST


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_it_reads_back_what_it_writes(day: date) -> None:
    serial = (day - DAY_ZERO).days
    forms = (f"{day}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.day}.{day.month}.{day.year}")
    assert {read_day(form) for form in (*forms, f"{serial:05}")} == {day}


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_it_never_takes_the_month_for_the_day(day: date) -> None:
    assert read_day(f"{day:%d/%m/%Y}", "dmy") == day
    assert read_day(f"{day:%m/%d/%Y}", "mdy") == day


def test_it_asks_which_part_comes_first() -> None:
    with pytest.raises(CellFault, match="may mean two different days") as fault:
        read_day("03/04/2026")
    assert 'dates = "dmy"' in fault.value.cure


@pytest.mark.parametrize(("text", "day"), [("13/08/2026", 13), ("08/13/2026", 13), ("05/05/2026", 5)])
def test_it_does_not_ask_where_only_one_reading_is_possible(text: str, day: int) -> None:
    assert read_day(text).day == day


@pytest.mark.parametrize("text", ["2026-02-30", "31.4.2026", "20261301", "13/13/2026"])
def test_it_refuses_days_that_are_none(text: str) -> None:
    with pytest.raises(CellFault, match="no day of the calendar"):
        read_day(text)


@pytest.mark.parametrize("text", ["1900-01-01", "1904-01-02", "20000", "0001-01-01"])
def test_it_refuses_days_before_there_were_such_orders(text: str) -> None:
    with pytest.raises(CellFault, match="long ago"):
        read_day(text)


@pytest.mark.parametrize("text", ["soon", "2026", "8月3日", "1.38E+10", "--", "99999999999999"])
def test_it_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(CellFault):
        read_day(text)


@given(st.text(max_size=30))
def test_it_gives_a_day_or_a_reason_for_any_text(text: str) -> None:
    try:
        outcome: date | str = read_day(text)
    except CellFault as fault:
        outcome = fault.cure
    assert outcome > date(1999, 12, 31) if isinstance(outcome, date) else outcome


def test_it_counts_serial_numbers_from_where_excel_does() -> None:
    assert date(2026, 8, 3) - DAY_ZERO == timedelta(days=46237)
