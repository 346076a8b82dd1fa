"""Notices: the kind of report stands in the subject, and a mark where two of one kind are about one unit."""

import pytest

from revisit.records.languages import LANGUAGES
from revisit.reports.notices import kind_name, write_notice
from revisit.settings.values import REPORT_KINDS


def test_it_names_the_kind_of_report() -> None:
    notice = write_notice("en", kind_name("en", "weekly"), ("Harbour Station", "week 31, 2026"), "https://x.test/r")
    assert notice.subject == "Weekly note: Harbour Station, week 31, 2026"
    assert "A new report is ready: Weekly note, Harbour Station, week 31, 2026." in notice.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_reports_apart(language: str) -> None:
    names = {kind_name(language, kind, mark) for kind in REPORT_KINDS for mark in ("", "3fa9c1", "77b0e2")}
    assert len(names) == 3 * len(REPORT_KINDS)
