"""Reports at the desk: making one, reading it, and whose they are."""

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import unquote

import pikepdf
import pytest

from collector.desk import reports as reports_pages
from revisit.flows.reporting.issue_report import Job, hashed
from revisit.records.reports import IssuedReport
from revisit.records.survey import LANGUAGES
from revisit.reports.errors import ReportBusy, ReportError
from tests.collector.staff import Desk


def issued(desk: Desk, unit: str = "demo/lakeside", language: str = "zh-Hans", number: int = 1) -> IssuedReport:
    made = IssuedReport(
        f"2611-{number:04}", "branch", "repair", unit, date(2026, 10, 1), date(2026, 10, 31), language, desk.world.now,
        "ming", "x.pdf", "0" * 64, 8,
    )  # fmt: skip
    desk.world.store.keep_report(made, b"%PDF-1.7")
    return made


CHOSEN: dict[str, str | list[str]] = {
    "kind": "branch",
    "unit": "lakeside",
    "survey": "repair",
    "period": "2026-10",
    "language": "zh-Hans",
    "level": "station",
}


@pytest.fixture
def drawn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Keep a report for each that is asked for, without drawing it; gives what was asked for."""
    asked: list[Job] = []

    def draw(_store: object, jobs: list[Job], *, by: str) -> list[IssuedReport | str]:
        assert by
        asked.extend(jobs)
        return [issued(desk, job.unit.path, job.language, len(asked) + place) for place, job in enumerate(jobs)]

    monkeypatch.setattr(reports_pages, "issue_together", draw)
    return asked


def test_a_manager_makes_a_report_and_downloads_it_under_its_own_name(desk: Desk, drawn: list[Job]) -> None:
    browser = desk.browser("ming")
    page = browser.get("/desk/reports").text
    assert '<option value="2026-10">October 2026</option>' in page
    assert page.index("2026-10") < page.index("2026-Q3")
    assert '<option value="2026-W44">' in page
    assert "harbour" not in page
    done = browser.post("/desk/reports", CHOSEN)
    assert done.status_code == 303
    (job,) = drawn
    lakeside = desk.world.settings.organisation.unit("lakeside")
    assert (job.kind, job.survey, job.unit, job.language, job.level) == (
        *("branch", "repair", lakeside, "zh-Hans", "station"),
    )
    assert (job.first, job.last, job.cutoff) == (date(2026, 10, 1), date(2026, 10, 31), desk.world.now)
    shown = browser.get(done.location).text
    assert "The report is ready." in shown
    assert "Lakeside · Branch report · October 2026" in shown
    saved = browser.get("/desk/reports/2611-0001.pdf?save=1")
    assert (saved.data, saved.mimetype) == (b"%PDF-1.7", "application/pdf")
    disposition = saved.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert unquote(disposition).endswith("filename*=UTF-8''湖滨服务站 网点报告 2026年10月.pdf")
    assert browser.get("/desk/reports/2611-0001.pdf").headers["Content-Disposition"].startswith("inline;")
    assert [line.about for line in desk.audit("report-issued")] == ["2611-0001"]


def test_a_manager_makes_one_report_in_several_languages_for_chosen_days(desk: Desk, drawn: list[Job]) -> None:
    browser = desk.browser("ming")
    days = {"first": "2026-09-07", "last": "2026-10-04"}
    done = browser.post("/desk/reports", CHOSEN | days | {"language": ["en", "zh-Hant"], "kind": "weekly"})
    assert [(job.kind, job.language) for job in drawn] == [("weekly", "en"), ("weekly", "zh-Hant")]
    assert {(job.first, job.last) for job in drawn} == {(date(2026, 9, 7), date(2026, 10, 4))}
    assert "2 reports are ready." in browser.get(done.location).text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"language": []}, "Choose a language."),
        ({"first": "2026-10-04"}, "Give both days"),
        ({"first": "2026-10-04", "last": "2026-10-03"}, "Give both days"),
        ({"kind": "network"}, "Lakeside has no stations below it."),
        ({"kind": "engineer"}, "No answer of these days names an engineer."),
    ],
)
def test_a_wish_that_cannot_be_granted_is_answered_in_a_sentence(
    desk: Desk, drawn: list[Job], change: dict[str, str | list[str]], says: str
) -> None:
    browser = desk.browser("ming")
    done = browser.post("/desk/reports", CHOSEN | change)
    assert says in browser.get(done.location).text
    assert not drawn


def test_everybody_is_offered_the_kinds_that_are_theirs(desk: Desk, drawn: list[Job]) -> None:
    offered = {
        name: re.findall(r'name="kind" id="kind-(\w+)"', desk.browser(name).get("/desk/reports").text)
        for name in ("ming", "ada")
    }
    assert offered == {"ming": ["branch", "engineer", "weekly"], "ada": ["branch", "network", "weekly"]}
    # Ada sees the station and is not in charge of it: the engineers' sheets are not hers to make.
    assert desk.browser("ada").post("/desk/reports", CHOSEN | {"kind": "engineer"}).status_code == 403
    assert not drawn
    sheet = replace(issued(desk), id="2611-0007", kind="engineer", unit="demo/lakeside/Li")
    desk.world.store.keep_report(sheet, b"%PDF-1.7")
    assert "Lakeside · Engineer sheet · Li · October 2026" in desk.browser("ming").get("/desk/reports").text
    assert "Li" not in re.sub("[Ll]ink|Lakeside|Li[a-z]+", "", desk.browser("ada").get("/desk/reports").text)
    assert desk.browser("ada").get("/desk/reports/2611-0007.pdf").status_code == 404


def test_the_list_shows_editions_by_station_and_kind_a_page_at_a_time(desk: Desk) -> None:
    first = issued(desk)
    desk.world.store.keep_report(replace(first, id="2611-0002", edition=2), b"%PDF-1.7")
    desk.world.store.keep_report(replace(first, id="2611-0003", kind="weekly", unit="demo/harbour"), b"%PDF-1.7")
    browser = desk.browser("ada")
    page = browser.get("/desk/reports").text
    assert (page.count(">edition 2<"), page.count("replaced by a later edition")) == (1, 1)
    found = {
        words: sorted(re.findall(r'reports/(2611-\d+)\.pdf"', browser.get(f"/desk/reports?{words}").text))
        for words in ("of=lakeside", "of=harbour", "kind=weekly", "of=lakeside&kind=weekly", "page=9", "page=x", "of=x")
    }
    every = ["2611-0001", "2611-0002", "2611-0003"]
    assert found == {
        "of=lakeside": every[:2],
        "of=harbour": every[2:],
        "kind=weekly": every[2:],
        "of=lakeside&kind=weekly": [],
        "page=9": every,
        "page=x": every,
        "of=x": every,
    }
    for number in range(4, 46):
        issued(desk, number=number)
    pages = [browser.get(f"/desk/reports?page={number}").text for number in (1, 2)]
    assert [len(re.findall(r'reports/(2611-\d+)\.pdf"', one)) for one in pages] == [40, 5]
    assert "Page 1 of 2" in pages[0]


def ticked(page: str) -> list[str]:
    """Give what the form has chosen: radio buttons, boxes, options other than the first, days."""
    form = page[page.index('method="post" action="/desk/reports"') : page.index('id="earlier"')]
    boxes = re.findall(r'id="(?:kind|language)-([\w-]+)" value="[\w-]+" checked', form)
    return (
        boxes
        + re.findall(r'<option value="([\w-]+)" selected', form)
        + re.findall(r'type="date".*?value="(.+?)"', form)
    )


@pytest.mark.parametrize("days", [{}, {"first": "2026-10-04"}])
def test_the_form_keeps_what_was_chosen_when_a_report_is_made_and_when_it_is_not(
    desk: Desk, drawn: list[Job], days: dict[str, str]
) -> None:
    browser = desk.browser("ada")
    wanted: dict[str, str | list[str]] = {
        "kind": "weekly",
        "unit": "harbour",
        "period": "2026-W44",
        "language": ["en", "zh-Hant"],
        "level": "public",
    }
    done = browser.post("/desk/reports", {**CHOSEN, **wanted, **days})
    assert len(drawn) == (0 if days else 2)
    assert ticked(browser.get("/desk/reports?kind=weekly").text) == ticked(browser.get(done.location).text)
    assert ticked(browser.get("/desk/reports").text) == [
        *("weekly", "en", "zh-Hant", "harbour", "2026-W44", "public"),
        *days.values(),
    ]
    assert ticked(desk.browser("ming").get("/desk/reports").text) == ["branch", "en"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "engineer", "unit": "demo/lakeside/Li", "language": "en"}, "Lakeside Engineer sheet {} October 2026"),
        ({"kind": "weekly", "level": "public", "language": "en"}, "Lakeside Weekly note October 2026 for everybody"),
        ({"level": "region", "language": "zh-Hant"}, "湖濱服務站 據點報告 2026年10月 供區域檢視"),
        ({"edition": 3, "language": "zh-Hans"}, "湖滨服务站 网点报告 2026年10月 第 3 版"),
    ],
)
def test_a_file_is_named_in_one_language_and_says_whom_it_is_for(desk: Desk, change: dict[str, Any], name: str) -> None:
    made = replace(issued(desk), id="2611-0005", **change)
    desk.world.store.keep_report(made, b"%PDF-1.7")
    saved = desk.browser("ming").get("/desk/reports/2611-0005.pdf?save=1").headers["Content-Disposition"]
    called = re.search(r"filename\*?=(?:UTF-8'')?\"?(.*?)\.pdf", unquote(saved.rpartition(";")[2]))
    assert called is not None
    assert called[1] == name.format(hashed(made.unit))
    assert "Li" not in called[1].replace("Lakeside", "")


def test_links_to_one_report_in_several_languages_differ(desk: Desk) -> None:
    for number, one in enumerate(LANGUAGES, 1):
        issued(desk, language=one, number=number)
    page = desk.browser("ming").get("/desk/reports").text
    words = [re.sub("<.*?>", "", one) for one in re.findall(r'<a class="fw-semibold.*?</a>', page)]
    labels = re.findall(r'aria-label="(.*?, .*?October 2026.*?)"', page)
    assert len(set(words)) == len(words) == 3
    assert len(set(labels)) == len(labels) == 6
    assert "Lakeside · Branch report · October 2026 · 繁體中文" in words
    assert "Lakeside, Branch report, October 2026, 繁體中文 as a web page" in labels


def test_a_report_without_a_web_page_says_so_and_leads_back(desk: Desk) -> None:
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    desk.world.store.keep_report(replace(issued(desk), id="2611-0008"), blank.getvalue())
    browser = desk.browser("ming")
    done = browser.get("/desk/reports/2611-0008.html")
    assert (done.status_code, done.location) == (303, "/desk/reports")
    assert "issued before web pages were kept" in browser.get(done.location).text
    assert desk.browser("hanna").get("/desk/reports/2611-0008.html").status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"unit": "harbour"}, 403),
        ({"unit": "demo"}, 403),
        ({"period": "2031-01"}, 400),
        ({"period": "x"}, 400),
        ({"language": "de"}, 400),
        ({"language": ["en", "de"]}, 400),
        ({"survey": "../x"}, 400),
        ({"kind": "x"}, 400),
        ({"level": "x"}, 400),
    ],
)
def test_a_report_is_made_of_what_the_form_offers_alone(
    desk: Desk, drawn: list[Job], change: dict[str, str | list[str]], status: int
) -> None:
    assert desk.browser("ming").post("/desk/reports", CHOSEN | change).status_code == status
    assert not drawn


def test_a_report_that_fails_says_why_and_a_busy_server_asks_to_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk.browser("ming")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ReportError("No font for 鐵.")

    monkeypatch.setattr(reports_pages, "issue_together", fail)
    done = browser.post("/desk/reports", CHOSEN)
    assert "The report could not be made: No font for 鐵." in browser.get(done.location).text
    monkeypatch.setattr(reports_pages, "issue_together", lambda *_args, **_kwargs: [issued(desk), "No font for 龘."])
    done = browser.post("/desk/reports", CHOSEN | {"language": ["en", "zh-Hans"]})
    page = browser.get(done.location).text
    assert "The report could not be made: No font for 龘." in page
    assert "The report is ready." in page

    def busy(*_args: object, **_kwargs: object) -> None:
        raise ReportBusy("Two are being made.")

    monkeypatch.setattr(reports_pages, "issue_together", busy)
    refused = browser.post("/desk/reports", CHOSEN)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"


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
