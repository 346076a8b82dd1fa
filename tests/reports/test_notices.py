"""Notices: the kind of report stands in the subject, and a mark where two of one kind are about one unit."""

from collections.abc import Callable
from typing import Any

import pytest

from revisit.records.languages import LANGUAGES
from revisit.reports.notices import kind_name, write_notice
from revisit.reports.orders import Order
from revisit.reports.report import make_report
from revisit.settings.values import REPORT_KINDS


def test_it_names_the_kind_of_report() -> None:
    notice = write_notice("en", kind_name("en", "weekly"), ("Harbour Station", "week 31, 2026"), "https://x.test/r")
    assert notice.subject == "Weekly note: Harbour Station, week 31, 2026"
    assert "A new report is ready: Weekly note, Harbour Station, week 31, 2026." in notice.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_reports_apart(language: str) -> None:
    names = {kind_name(language, kind, mark) for kind in REPORT_KINDS for mark in ("", "3fa9c1", "77b0e2")}
    assert len(names) == 3 * len(REPORT_KINDS)


@pytest.mark.parametrize(
    ("language", "week", "other"),
    [("en", "Weekly note", "One-page note"), ("zh-Hans", "每周简报", "单页简报"), ("zh-Hant", "每週簡報", "單頁簡報")],
)
def test_it_calls_only_the_note_of_a_week_weekly(
    order: Callable[..., Order], findings: dict[str, Any], language: str, week: str, other: str
) -> None:
    assert (kind_name(language, "weekly"), kind_name(language, "weekly", week=False)) == (week, other)
    assert make_report(order(language, kind="weekly")).kind == other  # the example is of a quarter
    findings["period"] |= {"from": "2026-09-21", "to": "2026-09-27"}
    assert make_report(order(language, kind="weekly")).kind == week
