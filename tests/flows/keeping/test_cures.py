"""Each line that the doctor advises is typed as it stands, and cures what it was advised for."""

import os
import shlex
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.flows.keeping.health import Check, check_clock, check_installation
from revisit.flows.keeping.workspace import Plan, make_workspace
from revisit.settings import Workspace
from revisit.store import open_store
from revisit.store.protocol import Store
from tests.store.cast import NOW, answer, batch, entry, invite
from tests.store.postgres import Server


def saying(out: str = "", code: int = 0) -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess([], code, out, "")


def faults(root: Path) -> list[Check]:
    checks = check_installation(root, {}, lambda _command: saying("Noto Sans CJK SC Noto Sans CJK TC"))
    return [check for check in checks if check.grade == "fault"]


def type_in(root: Path, line: str) -> None:
    """Type a line in the workspace, and say yes to what it asks."""
    if line.startswith("revisit "):
        done = CliRunner().invoke(main, ["-C", str(root), *shlex.split(line)[1:]], input="y\n")
        assert done.exit_code == 0, done.output
        return
    line = line.replace("sudo ", "")  # the tests may be root already; others may not become it
    subprocess.run(["bash", "-c", line], cwd=root, check=True, capture_output=True, env=dict(os.environ))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    make_workspace(tmp_path, Plan("Example Motors", "UTC"))
    type_in(tmp_path, "revisit build")
    with closing(open_store(Workspace(tmp_path))) as store:
        one = entry("RO-1")
        store.add_orders(batch(), [one])
        store.record(answer(invite(store, one.visit)))
        store.upkeep(NOW)
    assert faults(tmp_path) == []
    return tmp_path


def _damage(root: Path) -> None:
    (path,) = (root / "data" / "answers").glob("*.json")
    path.write_bytes(path.read_bytes()[:-40])


def _lose(root: Path) -> None:
    (path,) = (root / "data" / "orders").glob("*.json")
    path.unlink()


HARMS: dict[str, Callable[[Path], object]] = {
    "no site": lambda root: (root / "build" / "site").rename(root / "gone"),
    "no surveys": lambda root: (root / "surveys").rename(root / "gone"),
    "keys for everybody": lambda root: (root / "keys.toml").chmod(0o644),
    "records for everybody": lambda root: (root / "data").chmod(0o755),
    "a damaged file": _damage,
    "a lost file": _lose,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_the_line_cures(shop: Path, harm: Callable[[Path], object]) -> None:
    harm(shop)
    found = faults(shop)
    assert len(found) == 1
    type_in(shop, found[0].cure)
    assert faults(shop) == []


@pytest.mark.parametrize("setting", ["synchronous_commit = off", "default_transaction_read_only = on"])
def test_the_line_cures_a_database(
    shop: Path, server: Server, database: str, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    name = database.partition("@/")[2].partition("?")[0]
    monkeypatch.setenv("REVISIT_STORE", database)
    monkeypatch.setenv("PGHOST", str(server.folder))
    server.ask(f"ALTER DATABASE {name} SET {setting}")
    (found,) = faults(shop)
    type_in(shop, found.cure)
    assert faults(shop) == []


def test_the_line_cures_tables_that_are_too_old(shop: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVISIT_STORE", database)
    type_in(shop, "revisit store upgrade --to 0001")
    (found,) = faults(shop)
    assert found.cure == "revisit store upgrade"
    type_in(shop, found.cure)
    assert faults(shop) == []


@pytest.fixture(params=["folder", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    url = request.getfixturevalue("database") if request.param == "postgres" else ""
    if url:
        monkeypatch.setenv("REVISIT_STORE", url)
    opened = open_store(Workspace(tmp_path), url)
    request.addfinalizer(opened.close)  # noqa: PT021  a store is closed last
    return opened


def test_it_sees_a_clock_that_is_wrong(store: Store, request: pytest.FixtureRequest) -> None:
    now = datetime.now(UTC)
    whose = "the database" if "postgres" in request.node.name else "the file system"

    def clock(at: datetime) -> tuple[str, str]:
        check = check_clock(store, at, runner=lambda _command: saying("yes"))
        assert (check.cure == "sudo timedatectl set-ntp true") == (check.grade == "fault")
        return check.grade, check.what

    assert clock(now)[0] == "fine"
    assert clock(now - timedelta(minutes=9, seconds=1)) == (
        "fault",
        f"the clock is 9 minutes behind that of {whose}",
    )
    grade, what = clock(now + timedelta(days=3650, minutes=20))
    assert (grade, what) == ("fault", f"the clock is 87600 hours ahead of that of {whose}")


@pytest.mark.parametrize("kind", ["answer", "import"])
def test_it_sees_records_of_the_future(store: Store, kind: str) -> None:
    now = datetime.now(UTC)
    ahead = now + timedelta(days=400)
    one = entry("RO-1")
    store.add_orders(replace(batch(), imported_at=ahead if kind == "import" else now), [one])
    if kind == "answer":
        store.record(replace(answer(invite(store, one.visit)), received_at=ahead))
    check = check_clock(store, now, runner=lambda _command: saying("yes"))
    assert check.grade == "fault"
    assert f"there are records of {ahead:%Y-%m-%d %H:%M} UTC" in check.what


def test_it_notes_a_clock_that_nobody_keeps_and_one_that_stands_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with closing(open_store(Workspace(tmp_path))) as store:
        now = datetime.now(UTC)
        assert check_clock(store, now, runner=lambda _command: saying("no\n")).grade == "note"
        stopped = check_clock(store, NOW, stopped="2026-11-02T09:00:00+00:00")
    assert (stopped.grade, stopped.cure) == ("note", "unset REVISIT_NOW")
