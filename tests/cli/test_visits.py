import json
from datetime import date, datetime, time
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.shop import Run, open_shop


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    run = open_shop(tmp_path)
    run("orders", "import", "examples/orders-dealer.csv")
    return run


def test_it_lists_what_is_due_with_links(run: Run) -> None:
    due = json.loads(run("visits", "due", "--unit", "湖滨站", "--json").stdout)
    assert {one["unit"] for one in due} == {"demo/lakeside"}
    assert all(one["link"].startswith("http://127.0.0.1:8000/v/") for one in due)
    assert len({one["link"] for one in due}) == len(due)
    lines = run("visits", "due", "--unit", "lakeside").stdout.splitlines()
    assert [due_one["link"] in line for due_one, line in zip(due, lines, strict=True)] == [True] * len(due)


def test_it_has_nothing_left_to_plan_after_an_import(run: Run) -> None:
    assert run("visits", "plan").stdout == "Every open visit has its link already.\n"


def test_it_says_which_visits_lost_their_link_and_makes_new_ones_when_asked(run: Run) -> None:
    one, other = json.loads(run("visits", "due", "--json").stdout)[:2]
    said = run("links", "void", one["link"]).stdout
    assert f"The link of order {one['number']} at " in said
    assert "1 open visit has no open link because its link was withdrawn." in run("visits", "plan").stdout
    run("links", "void", other["link"])
    assert "2 open visits have no open link because their link was withdrawn." in run("visits", "plan").stdout
    assert run("visits", "plan", "--withdrawn").stdout == "New links: 2.\n"
    assert run("visits", "plan").stdout == "Every open visit has its link already.\n"
    links = {held["visit"]: held["link"] for held in json.loads(run("visits", "due", "--json").stdout)}
    assert all(links.values())
    assert not {one["link"], other["link"]} & set(links.values())


def test_it_shows_letters_and_sends_none_in_a_dry_run(run: Run, tmp_path: Path) -> None:
    shown = run("visits", "send", "--dry-run")
    assert "sms to +86***" in shown.stdout
    assert "segments: 1 (ucs-2, 69 places)" in shown.stdout
    assert "Would send 7 e-mails and 25 text messages (25 segments)." in shown.stdout
    assert "only this machine can open" in shown.stderr
    assert not (tmp_path / "data" / "outbox").exists()


def test_it_sends_once_within_the_hours(run: Run, tmp_path: Path) -> None:
    night = "2026-11-21T14:00:00+00:00"
    assert "32 waiting for the opening hours" in run("visits", "send", now=night).stdout
    said = run("visits", "send").stdout
    assert f"32 written to {tmp_path / 'data' / 'outbox'} (Revisit sent nothing itself: " in said
    assert "hand the 25 text messages to your SMS service; open the 7 e-mails in your mail program" in said
    assert "32 sent" not in said
    assert len(list((tmp_path / "data" / "outbox").iterdir())) == 32
    assert "No letter is waiting" in run("visits", "send").stdout
    told = run("visits", "send", "--dry-run").stdout
    assert "Would send 0 e-mails and 0 text messages" in told


def test_it_says_in_a_dry_run_that_the_letters_would_wait_for_the_hours(run: Run) -> None:
    night = "2026-11-21T14:00:00+00:00"
    waits = "32 letters would wait for the opening hours, 10:00 to 19:00 at the station"
    assert waits in run("visits", "send", "--dry-run", now=night).stdout
    assert waits not in run("visits", "send", "--dry-run", "--now", now=night).stdout
    assert waits not in run("visits", "send", "--dry-run").stdout


def test_it_names_one_last_day_in_the_list_and_in_the_letter(run: Run, tmp_path: Path) -> None:
    one = next(one for one in json.loads(run("visits", "due", "--json").stdout) if one["channel"] == "email")
    line = next(line for line in run("visits", "due").stdout.splitlines() if one["link"] in line)
    assert line.startswith(f"until {one['last_day']}  ")
    run("visits", "send", "--visit", one["visit"])
    (path,) = (tmp_path / "data" / "outbox").iterdir()
    body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    day = date.fromisoformat(one["last_day"])
    assert f"有效期至{day.year}年{day.month}月{day.day}日" in body.get_content()
    assert datetime.fromisoformat(one["expires_at"]).astimezone(ZoneInfo("Asia/Shanghai")).time() == time()


def test_it_writes_to_no_made_up_customer_unless_asked(run: Run, tmp_path: Path) -> None:
    outbox = tmp_path / "data" / "outbox"
    run("orders", "import", "examples/orders-machinery.xlsx", "--sample")
    made_up = len(json.loads(run("visits", "due", "--json").stdout)) - 32
    assert made_up > 0
    told = f"{made_up} due visits of the sample: made-up customers get no letters without --sample."
    assert told in run("visits", "send", "--dry-run").stdout
    assert run("tick", "--only", "letters").stderr == "32 letters written to data/outbox, to be handed on\n"
    assert not run("tick", "--only", "letters").stderr, "a timer that did nothing has nothing to mail"
    said = run("tick", "--only", "letters", "--verbose").stderr
    assert f"{made_up} visits of the sample left without a letter" in said
    assert told in run("visits", "send").stdout
    assert len(list(outbox.iterdir())) == 32
    assert f"{made_up} written to" in run("visits", "send", "--sample").stdout
    assert len(list(outbox.iterdir())) == 32 + made_up


def test_it_counts_no_visits_without_a_letter_where_there_are_none(run: Run) -> None:
    assert "get none" not in run("visits", "send", "--dry-run").stdout
    run("visits", "send")
    assert "32 of 32 due visits get none" in run("visits", "send", "--dry-run").stdout


def test_it_sends_one_visit_by_one_channel(run: Run, tmp_path: Path) -> None:
    one = next(one for one in json.loads(run("visits", "due", "--json").stdout) if one["channel"] == "sms")
    said = run("visits", "send", "--visit", one["visit"], "--channel", "sms").stdout
    assert "hand the 1 text message to your SMS service)" in said
    (path,) = (tmp_path / "data" / "outbox").iterdir()
    assert one["link"] in path.read_text(encoding="utf-8")


def test_it_tells_an_unknown_survey_from_an_empty_list(run: Run) -> None:
    assert 'Did you mean "repair"?' in run("visits", "due", "--survey", "repare", code=2).stderr


def test_it_says_that_nothing_is_due(run: Run) -> None:
    outcome = run("visits", "due", now="2027-03-01T04:00:00+00:00")
    assert (outcome.stdout, outcome.stderr) == ("", "No visit is due now.\n")


def test_a_tick_tells_letters_in_the_outbox_from_those_that_were_sent(run: Run) -> None:
    assert run("tick", "--only", "letters").stderr == "32 letters written to data/outbox, to be handed on\n"
