"""Reports at the desk: making one, reading it, and whose they are."""

import re
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from collector.desk import reports as reports_pages
from revisit.records.reports import IssuedReport
from revisit.reports.errors import ReportBusy, ReportError
from tests.collector.staff import Desk


def issued(desk: Desk, unit: str = "demo/lakeside", language: str = "zh-Hans", number: int = 1) -> IssuedReport:
    made = IssuedReport(
        f"2611-{number:04}", "branch", "repair", unit, date(2026, 10, 1), date(2026, 10, 31), language, desk.world.now,
        "ming", "x.pdf", "0" * 64, 8,
    )  # fmt: skip
    desk.world.store.keep_report(made, b"%PDF-1.7")
    return made


def test_a_manager_makes_a_report_and_downloads_it_under_its_own_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def draw(_store: object, _settings: object, *wanted: object, by: str, at: object) -> IssuedReport:
        asked.append((*wanted, by, at))
        return issued(desk)

    monkeypatch.setattr(reports_pages, "issue_report", draw)
    browser = desk.browser("ming")
    page = browser.get("/desk/reports").text
    assert '<option value="2026-10">October 2026</option>' in page
    assert page.index("2026-10") < page.index("2026-Q3")
    assert "harbour" not in page
    chosen = {"unit": "lakeside", "survey": "repair", "period": "2026-10", "language": "zh-Hans"}
    done = browser.post("/desk/reports", chosen)
    assert done.status_code == 303
    (call,) = asked
    lakeside = desk.world.settings.organisation.unit("lakeside")
    assert call == ("repair", lakeside, date(2026, 10, 1), date(2026, 10, 31), "zh-Hans", "ming", desk.world.now)
    shown = browser.get(done.location).text
    assert "The report is ready." in shown
    assert "Lakeside · October 2026" in shown
    saved = browser.get("/desk/reports/2611-0001.pdf?save=1")
    assert (saved.data, saved.mimetype) == (b"%PDF-1.7", "application/pdf")
    disposition = saved.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert unquote(disposition).endswith("filename*=UTF-8''湖滨服务站 2026年10月.pdf")
    assert browser.get("/desk/reports/2611-0001.pdf").headers["Content-Disposition"].startswith("inline;")
    assert [line.about for line in desk.audit("report-issued")] == ["2611-0001"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"unit": "harbour"}, 403),
        ({"unit": "demo"}, 403),
        ({"period": "2031-01"}, 400),
        ({"period": "x"}, 400),
        ({"language": "de"}, 400),
        ({"survey": "../x"}, 400),
    ],
)
def test_a_report_is_made_of_what_the_form_offers_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], status: int
) -> None:
    monkeypatch.setattr(reports_pages, "issue_report", lambda *_args, **_kwargs: pytest.fail("was drawn"))
    chosen = {"unit": "lakeside", "survey": "repair", "period": "2026-10", "language": "zh-Hans"}
    assert desk.browser("ming").post("/desk/reports", chosen | change).status_code == status


def test_a_report_that_fails_says_why_and_a_busy_server_asks_to_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk.browser("ming")
    chosen = {"unit": "lakeside", "survey": "repair", "period": "2026-10", "language": "zh-Hans"}

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ReportError("No font for 鐵.")

    monkeypatch.setattr(reports_pages, "issue_report", fail)
    done = browser.post("/desk/reports", chosen)
    assert "The report could not be made: No font for 鐵." in browser.get(done.location).text

    def busy(*_args: object, **_kwargs: object) -> None:
        raise ReportBusy("Two are being made.")

    monkeypatch.setattr(reports_pages, "issue_report", busy)
    page = browser.post("/desk/reports", chosen)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"


def test_a_manager_sees_the_reports_of_their_own_stations(desk: Desk) -> None:
    issued(desk, number=1)
    issued(desk, "demo/harbour", number=2)
    issued(desk, "demo", number=3)
    assert re.findall(r"reports/(2611-\d+)\.pdf\"", desk.browser("ming").get("/desk/reports").text) == ["2611-0001"]
    assert desk.browser("ming").get("/desk/reports/2611-0003.pdf").status_code == 404
    assert len(re.findall(r"reports/(2611-\d+)\.pdf\"", desk.browser("ada").get("/desk/reports").text)) == 3


@pytest.mark.parametrize(
    ("maker", "asked", "words"),
    [
        ("terminal", "zh-CN", "命令行 出具于"),
        ("demo", "zh-TW", "示範 於 "),
        ("schedule", "en", "by the timer"),
        ("ming", "en", "by ming"),
    ],
)
def test_it_names_in_words_what_made_a_report(desk: Desk, maker: str, asked: str, words: str) -> None:
    made = replace(issued(desk), issued_by=maker, id="2611-0009")
    desk.world.store.keep_report(made, b"%PDF-1.7")
    assert words in desk.browser("ming").get("/desk/reports", **{"Accept-Language": asked}).text
