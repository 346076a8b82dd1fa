"""Exports at the desk: whose records, which file, and what it takes to see names."""

import csv
import io
import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from collector.desk import exports as exports_pages
from revisit.flows.reporting import export as exporting
from revisit.flows.reporting.export import Job
from revisit.flows.reporting.write_export import write_export
from revisit.records.problems import CallError
from revisit.reports.errors import ReportBusy, ReportError
from revisit.reports.exports import FORMATS
from tests.collector.staff import PASSWORD, Desk

WANTED = {"kind": "orders", "unit": "lakeside", "survey": "repair", "period": "2026-10", "format": "csv"}


@pytest.fixture(autouse=True)
def here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write in this process: what the spawned one does is tried in tests of its own."""

    def run(_module: str, _function: str, work: tuple[Job, Path]) -> int:
        return write_export(desk.world.store, *work)

    monkeypatch.setattr(exporting, "run", run)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def taken(response: TestResponse) -> bytes:
    """Give the file of an answer, and end the answer as a server does when it is sent."""
    content: bytes = response.data
    response.close()
    return content


def test_a_manager_takes_out_the_orders_of_their_own_station(desk: Desk) -> None:
    desk.visit(unit="demo/lakeside", name="Test Customer")
    desk.visit(unit="demo/harbour", name="Another Customer")
    browser = desk.browser("ming")
    page = browser.get("/desk/exports").text
    assert "harbour" not in page
    done = browser.post("/desk/exports", WANTED)
    assert done.status_code == 200
    assert done.headers["Content-Disposition"] == "attachment; filename=orders-lakeside-2026-10.csv"
    assert done.headers["X-Content-Type-Options"] == "nosniff"
    assert done.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in done.headers["Cache-Control"]
    (row,) = rows(taken(done))
    assert (row["unit"], row["name"]) == ("demo/lakeside", "***")
    (noted,) = desk.audit("exported")
    assert (noted.who, noted.note) == ("ming", "orders csv 1 rows")
    assert noted.about == "demo/lakeside 2026-10-01..2026-10-31"


def test_names_take_the_password_once_more(desk: Desk) -> None:
    desk.visit(unit="demo/lakeside", name="Test Customer")
    browser = desk.browser("ming")
    browser.get("/desk/exports")
    wrong = browser.post("/desk/exports", WANTED | {"names": "on", "password": "not mine"})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    assert re.search(r'<option value="csv" selected>', wrong.text)
    assert desk.audit("exported") == []
    done = browser.post("/desk/exports", WANTED | {"names": "on", "password": PASSWORD})
    assert [row["name"] for row in rows(taken(done))] == ["Test Customer"]
    assert [line.note for line in desk.audit("exported")] == ["orders csv 1 rows with-names"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"unit": "harbour"}, 403),
        ({"unit": "demo"}, 403),
        ({"kind": "users"}, 400),
        ({"format": "exe"}, 400),
        ({"period": "2019-01"}, 400),
        ({"kind": "visits", "survey": "nothing"}, 400),
    ],
)
def test_it_makes_nothing_that_the_form_does_not_offer(desk: Desk, change: dict[str, str], status: int) -> None:
    browser = desk.browser("ming")
    browser.get("/desk/exports")
    assert browser.post("/desk/exports", WANTED | change).status_code == status
    assert desk.audit("exported") == []


def test_it_says_why_there_is_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.browser("ming")
    browser.get("/desk/exports")

    def fail(*_work: object) -> int:
        raise ReportError("It took too long.")

    monkeypatch.setattr(exports_pages, "export_apart", fail)
    told = browser.post("/desk/exports", WANTED)
    assert (told.status_code, "can make a file of any size with the command: revisit export" in told.text) == (
        422,
        True,
    )

    def refuse(*_work: object) -> int:
        raise CallError("SPSS files need a library.")

    monkeypatch.setattr(exports_pages, "export_apart", refuse)
    told = browser.post("/desk/exports", WANTED)
    assert (told.status_code, "The export could not be made: SPSS files need a library." in told.text) == (422, True)

    def wait(*_work: object) -> int:
        raise ReportBusy("Wait.")

    monkeypatch.setattr(exports_pages, "export_apart", wait)
    assert browser.post("/desk/exports", WANTED).status_code == 503
    assert desk.audit("exported") == []


def test_every_format_has_its_name_on_the_page_and_its_media_type(desk: Desk) -> None:
    page = desk.browser("ming").get("/desk/exports").text
    assert {name for name in FORMATS if f'<option value="{name}"' in page} == set(exports_pages.MEDIA) == set(FORMATS)
