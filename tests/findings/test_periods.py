from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisit.records.periods import CALENDAR_KINDS, Period, PeriodKind
from revisit.records.problems import CallError


@pytest.mark.parametrize(
    ("word", "first", "last", "kind"),
    [
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "quarter"),
        ("2026q4", date(2026, 10, 1), date(2026, 12, 31), "quarter"),
        ("2026-08", date(2026, 8, 1), date(2026, 8, 31), "month"),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "year"),
        ("2026-W31", date(2026, 7, 27), date(2026, 8, 2), "week"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), "week"),
        (" 2026-W01 ", date(2025, 12, 29), date(2026, 1, 4), "week"),
    ],
)
def test_it_reads_the_words_people_write(word: str, first: date, last: date, kind: str) -> None:
    period = Period.parse(word)
    assert (period.first, period.last, period.kind) == (first, last, kind)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("2026-Q5", "quarters 1 to 4"),
        ("2026-13", "months 1 to 12"),
        ("2025-W53", "weeks 1 to 52"),
        ("2026-0", "months 1 to 12"),
        ("last month", "Write a period as"),
        ("0026", "between 1900 and 9000"),
        ("２０２６", "Write a period as"),
        ("", "Write a period as"),
    ],
)
def test_it_says_in_plain_words_why_a_word_is_no_period(word: str, sentence: str) -> None:
    with pytest.raises(CallError, match=sentence):
        Period.parse(word)


def test_it_gives_the_last_period_that_is_over() -> None:
    today = date(2026, 10, 1)
    assert Period.last_closed("month", today).word == "2026-09"
    assert Period.last_closed("quarter", today).word == "2026-Q3"
    assert Period.last_closed("year", today).word == "2025"
    assert Period.last_closed("week", date(2026, 11, 22)).word == "2026-W46"
    assert Period.last_closed("month", date(2026, 9, 30)).word == "2026-08"


def test_it_names_days_that_are_a_calendar_period_and_leaves_the_others_free() -> None:
    assert Period.between(date(2026, 7, 1), date(2026, 9, 30)).word == "2026-Q3"
    assert Period.between(date(2026, 7, 2), date(2026, 9, 30)).kind == "free"
    free = Period.between(date(2026, 7, 11), date(2026, 7, 20))
    assert (free.days, free.word) == (10, "2026-07-11..2026-07-20")
    assert free.previous() == Period.between(date(2026, 7, 1), date(2026, 7, 10))
    with pytest.raises(CallError, match="Swap the two days"):
        Period.between(date(2026, 7, 2), date(2026, 7, 1))


def test_it_gives_the_whole_months_up_to_its_end() -> None:
    assert [month.word for month in Period.parse("2026-Q1").months(4)] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    part = Period.between(date(2026, 2, 10), date(2026, 3, 9))
    assert [month.word for month in part.months(2)] == ["2026-01", "2026-02"]


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)), st.sampled_from(CALENDAR_KINDS))
def test_it_tiles_the_calendar_without_gap_or_overlap(day: date, kind: PeriodKind) -> None:
    period = Period.holding(kind, day)
    assert period.contains(day)
    assert not period.contains(period.last + timedelta(days=1))
    assert period.previous().last + timedelta(days=1) == period.first
    assert Period.parse(period.word) == period
    assert Period.between(period.first, period.last) == period


@pytest.mark.parametrize(
    ("word", "labels"),
    [
        ("2026-Q3", ("Q3 2026", "2026年第3季度", "2026年第3季")),
        ("2026-08", ("August 2026", "2026年8月", "2026年8月")),
        ("2026-W31", ("week 31, 2026", "2026年第31周", "2026年第31週")),
        ("2026", ("2026", "2026年", "2026年")),
    ],
)
def test_it_is_labelled_in_three_languages(word: str, labels: tuple[str, str, str]) -> None:
    period = Period.parse(word)
    assert tuple(period.label(language) for language in ("en", "zh-Hans", "zh-Hant")) == labels


def test_it_labels_free_days() -> None:
    one = Period.between(date(2026, 8, 3), date(2026, 8, 3))
    assert (one.label("en"), one.label("zh-Hant")) == ("3 August 2026", "2026年8月3日")
    across = Period.between(date(2025, 12, 30), date(2026, 1, 2))
    assert across.label("en") == "30 December 2025 – 2 January 2026"
    assert across.label("zh-Hans") == "2025年12月30日至2026年1月2日"
    inside = Period.between(date(2026, 8, 3), date(2026, 8, 9).replace(day=10))
    assert inside.label("en") == "3 August – 10 August 2026"
    assert inside.label("zh-Hans") == "2026年8月3日至8月10日"
