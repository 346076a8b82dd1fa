import email
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from revisit.flows.issue_report import sees
from revisit.flows.office import Office
from revisit.flows.tick import STEPS, tick
from revisit.records.problems import ContentError
from revisit.settings import Settings, load
from revisit.settings.keys import new_keys
from revisit.settings.values import Schedule
from revisit.store.protocol import Store
from tests.reports.workspaces import AT, TOML

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
    assert (str(issued.first), str(issued.last)) == ("2026-10-01", "2026-10-31")
    notice = next((here.settings.workspace.data / "outbox" / "reports").glob("*.eml"))
    read = email.message_from_bytes(notice.read_bytes())
    assert read["To"] == "boss@example.com"
    text = notice.read_bytes().decode()
    assert f"/desk/reports/{issued.id}.pdf" in text
    assert notice.stat().st_mode & 0o077 == 0
    again = tick(office(AT + timedelta(minutes=10)), ("reports",))
    assert (again.reports, again.waiting) == (0, 1)
    assert len(here.store.reports()) == 1


def test_it_does_nothing_while_another_tick_is_at_work(office: Callable[[datetime], Office]) -> None:
    here = office(AT)
    with FileLock(here.settings.workspace.data / ".tick.lock"):
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
