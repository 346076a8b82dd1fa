"""``revisit users``: adding, listing, resetting, disabling."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from revisit.cli import main
from revisit.flows.people.sign_in import open_session, spend_ticket
from revisit.records.people import User
from revisit.settings import load
from revisit.store import open_store
from tests.collector.world import NOW

TOML = """
public_url = "https://visit.example.com"
timezone = "Asia/Shanghai"

[organisation]
id = "demo"
name = "Demo Motors"

[[units]]
id = "lakeside"
name = "Lakeside"
names = {zh-Hans = "湖滨服务站"}
"""
PASSWORD = "green kettle on the roof"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "revisit.toml").write_text(TOML, encoding="utf-8")
    monkeypatch.setenv("REVISIT_NOW", NOW.isoformat())
    return tmp_path


def revisit(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), "users", *words])


def stored(root: Path, name: str) -> User | None:
    with closing(open_store(load(root).workspace)) as store:
        return store.user(name)


@pytest.mark.parametrize("unit", ["lakeside", "Lakeside", "湖滨服务站", "demo/lakeside"])
def test_it_adds_a_user_and_prints_an_address_alone_on_stdout(root: Path, unit: str) -> None:
    done = revisit(root, "add", "mei", "--role", "manager", "--unit", unit)
    assert done.exit_code == 0
    assert re.fullmatch(r"https://visit\.example\.com/desk/ticket/[0-9a-f]{32}\n", done.stdout)
    assert "once and for 30 minutes" in done.stderr
    user = stored(root, "mei")
    assert user is not None
    assert (user.role, user.unit, user.password) == ("manager", "demo/lakeside", "")
    code = done.stdout.strip().rpartition("/")[2]
    assert code not in (root / "data" / "users.json").read_text(encoding="utf-8")
    with closing(open_store(load(root).workspace)) as store:
        spend_ticket(store, code, PASSWORD, NOW)
        assert open_session(store, "mei", PASSWORD, NOW) is not None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add", "mei", "--unit", "nowhere"], 2, "Choose one of: "),
        (["add", "a\nb"], 2, "cannot be a name"),
        (["add", " "], 2, "cannot be a name"),
        (["add", "mei", "--role", "king"], 2, "'king' is not one of"),
        (["reset", "nobody"], 1, "There is no user"),
        (["disable", "ada"], 2, "nobody who can manage users"),
        (["disable", "nobody"], 1, "There is no user"),
        (["add", "ada"], 1, "There is a user"),
    ],
)
def test_it_says_what_is_wrong_with_a_call(root: Path, words: list[str], code: int, said: str) -> None:
    revisit(root, "add", "ada", "--role", "admin")
    done = revisit(root, *words)
    assert done.exit_code == code
    assert said in done.stderr
    assert done.stdout == ""


def test_it_lists_users_for_people_and_for_machines(root: Path) -> None:
    assert "There are no users yet" in revisit(root, "list").stderr
    assert json.loads(revisit(root, "list", "--json").stdout) == {"users": []}
    revisit(root, "add", "ada", "--role", "admin")
    revisit(root, "add", "mei", "--unit", "lakeside")
    code = revisit(root, "reset", "ada").stdout.strip().rpartition("/")[2]
    with closing(open_store(load(root).workspace)) as store:
        spend_ticket(store, code, PASSWORD, NOW)
    revisit(root, "add", "harald")
    revisit(root, "disable", "harald")
    rows = json.loads(revisit(root, "list", "--json").stdout)["users"]
    assert [(row["name"], row["role"], row["unit"], row["state"]) for row in rows] == [
        ("ada", "admin", "demo", "active"),
        ("harald", "staff", "demo", "disabled"),
        ("mei", "staff", "demo/lakeside", "invited"),
    ]
    table = revisit(root, "list").stdout
    assert "mei" in table
    assert "demo/lakeside" in table


def test_an_address_that_was_not_used_in_time_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    revisit(root, "add", "mei")
    monkeypatch.setenv("REVISIT_NOW", "2026-11-02T09:30:00+00:00")
    assert json.loads(revisit(root, "list", "--json").stdout)["users"][0]["state"] == "address expired"


def test_a_reset_gives_another_address_and_keeps_the_role(root: Path) -> None:
    first = revisit(root, "add", "mei", "--role", "manager").stdout
    second = revisit(root, "reset", "mei").stdout
    assert first != second
    user = stored(root, "mei")
    assert user is not None
    assert user.role == "manager"


def test_it_lets_a_disabled_user_in_again(root: Path) -> None:
    revisit(root, "add", "ada", "--role", "admin")
    revisit(root, "add", "mei")
    assert revisit(root, "disable", "mei").exit_code == 0
    assert revisit(root, "enable", "mei").exit_code == 0
    user = stored(root, "mei")
    assert user is not None
    assert user.disabled is False


def test_it_shuts_a_manager_out_while_there_is_no_administrator(root: Path) -> None:
    revisit(root, "add", "mei", "--role", "manager")
    assert revisit(root, "disable", "mei").exit_code == 0


def test_the_trail_names_who_did_it(root: Path) -> None:
    revisit(root, "add", "mei")
    with closing(open_store(load(root).workspace)) as store:
        (line,) = store.audit_lines()
    assert (line.what, line.about, line.note) == ("user-added", "mei", "staff")
    assert line.who.startswith("terminal")
