import email
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from revisit.flows.office import Office
from revisit.flows.reporting.issue_report import sees
from revisit.flows.tick import STEPS, tick
from revisit.records.problems import ContentError
from revisit.settings import Settings, load
from revisit.settings.keys import new_keys
from revisit.settings.values import Schedule
from revisit.store import open_store
from revisit.store.protocol import Store
from tests.reports.workspaces import TOML

# August is over; its answers are in.
AT = datetime(2026, 9, 2, 8, tzinfo=UTC)

SCHEDULE = Schedule(monthly=("weekly",), units=("all",), languages=("en",), recipients={"all": ("boss@example.com",)})


@pytest.fixture
def office(settings: Settings, store: Store, answered: int) -> Callable[[datetime], Office]:
    """Give an office with a schedule, at a moment."""
    assert answered

    def at(moment: datetime) -> Office:
        return Office(store, replace(settings, reports=SCHEDULE), new_keys(), lambda: moment)

    return at


def test_it_issues_what_is_due_once_and_writes_to_the_recipients(office: Callable[[datetime], Office]) -> None:
    here = office(AT)
    done = tick(here, ("reports",))
    assert (done.reports, done.notices, done.waiting, done.errors) == (1, 0, 1, [])
    issued = here.store.reports()[0]
    assert (issued.kind, issued.unit, issued.issued_by) == ("weekly", "all", "schedule")
    assert (str(issued.first), str(issued.last)) == ("2026-08-01", "2026-08-31")
    notice = next((here.settings.workspace.data / "outbox" / "reports").glob("*.eml"))
    read = email.message_from_bytes(notice.read_bytes())
    assert read["To"] == "boss@example.com"
    assert str(read["Subject"]).startswith("One-page note: ")
    text = notice.read_bytes().decode()
    assert f"/desk/reports/{issued.id}.pdf" in text
    assert "boss" not in notice.name
    assert notice.stat().st_mode & 0o077 == 0
    again = tick(office(AT + timedelta(minutes=10)), ("reports",))
    assert (again.reports, again.waiting) == (0, 1)
    assert len(here.store.reports()) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_it_loses_no_notice_and_sends_none_for_nothing_wherever_it_is_cut_off(
    office: Callable[[datetime], Office], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    here = office(AT)
    folder = here.settings.workspace.data / "outbox" / "reports"

    class Killed(BaseException):
        pass

    def cut_off(*report: Any) -> None:
        if moment == "after":
            keep(*report)
        raise Killed

    keep = here.store.keep_report
    with monkeypatch.context() as broken:
        broken.setattr(here.store, "keep_report", cut_off)
        with pytest.raises(Killed):
            tick(here, ("reports",))
    assert not list(folder.glob("*.eml"))
    assert len(here.store.reports()) == (moment == "after")
    again = tick(office(AT + timedelta(minutes=10)), ("reports",))
    assert (again.reports, again.waiting) == (moment == "before", 1)
    (report,) = here.store.reports()
    (notice,) = folder.glob("*.eml")
    assert f"/desk/reports/{report.id}.pdf" in notice.read_text(encoding="utf-8")
    assert not list((folder / "announced").iterdir())
    assert tick(office(AT + timedelta(minutes=20)), ("reports",)).waiting == 1


def test_it_issues_nothing_of_a_period_of_which_nothing_is_known(office: Callable[[datetime], Office]) -> None:
    here = office(datetime(2026, 8, 1, tzinfo=UTC))
    done = tick(here, ("reports",))
    assert (done.reports, done.errors, done.waiting) == (0, [], 0)
    assert here.store.reports() == []


def test_it_does_nothing_while_another_tick_is_at_work(office: Callable[[datetime], Office]) -> None:
    here = office(AT)
    with closing(open_store(here.settings.workspace)) as another, another.alone("tick", 1):
        assert tick(here, STEPS).busy
    assert here.store.reports() == []
    assert not tick(here, ("tidy", "letters")).busy


def test_it_reads_the_schedule_and_names_what_is_not_known(tmp_path: Path) -> None:
    table = '\n[reports]\nmonthly = ["branch"]\nunits = "lakeside"\n[reports.recipients]\nlakeside = "a@example.com"\n'
    (tmp_path / "revisit.toml").write_text(TOML + table, encoding="utf-8")
    assert load(tmp_path).reports == Schedule(
        monthly=("branch",), units=("lakeside",), recipients={"lakeside": ("a@example.com",)}
    )
    (tmp_path / "revisit.toml").write_text(TOML + '\n[reports]\nweekly = ["brnch"]\n', encoding="utf-8")
    with pytest.raises(ContentError, match="brnch"):
        load(tmp_path)


def test_it_starts_without_the_statistics_and_the_pdf_engine() -> None:
    program = "import sys, revisit.flows.tick; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"weasyprint", "vl_convert"} & set(done.stdout.split())


def test_it_shows_an_engineer_sheet_to_the_line_manager_alone(office: Callable[[datetime], Office]) -> None:
    here = office(AT)
    tick(here, ("reports",))
    sheet = replace(here.store.reports()[0], kind="engineer", unit="all/lakeside/Li")
    assert sees("all/lakeside", sheet)
    assert not sees("all", sheet)
    assert not sees("all/lake", sheet)
    assert sees("all", replace(sheet, kind="branch", unit="all/lakeside"))
