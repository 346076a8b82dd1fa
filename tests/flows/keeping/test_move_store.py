"""A whole workspace moves to the database and back, and its findings are the same to the last byte."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.flows.asked import find_survey
from revisit.flows.keeping.workspace import Plan, make_workspace
from revisit.flows.publishing.publish import publish
from revisit.records.ids import new_id
from revisit.records.responses import Answer, Response
from revisit.records.survey import Question, Survey
from revisit.settings import Workspace, load
from revisit.store import open_store
from revisit.store.protocol import Store
from tests.store.cast import batch, entry, invite_all

NOW = "2026-11-20T08:00:00+00:00"
FIRST = date(2026, 7, 1)
DAYS = 92
AT_ONCE = 2500


def value(question: Question, random: Random) -> Answer:
    if question.kind == "text":
        return Answer("answered", random.choice(["Too slow.", "很好", "Größe, quite"]))
    if question.kind == "choice":
        return Answer("answered", random.choice(question.choices).code)
    low, high = question.points if question.is_scale else (0, 10)
    return Answer("answered", random.randint(low, high)) if random.random() < 0.9 else Answer("blank")


def responses(store: Store, asked: Survey, unit: str, count: int) -> list[Response]:
    """Give answers of three months; each tenth is to a link of a visit."""
    random = Random(11)  # noqa: S311  the same answers in every run
    days = [FIRST + timedelta(days=random.randrange(DAYS)) for _ in range(count)]
    entries = [entry(f"RO-{place}", unit=unit, day=day) for place, day in enumerate(days[: count // 10])]
    store.add_orders(batch(), entries)
    links = invite_all(store, [one.visit for one in entries])
    questions = [one for one in asked.questions if one.kind in {"text", "choice", "nps"} or one.is_scale]
    made = []
    for place, day in enumerate(days):
        link = links[place] if place < len(links) else None
        made.append(
            Response(
                id=link.id if link else new_id(day),
                partition=link.partition if link else store.partition(asked.name, day),
                survey=asked.name,
                language=asked.language,
                form_hash=asked.form_hash,
                text_hash=asked.text_hash,
                unit=link.unit if link else unit,
                day=day,
                received_at=datetime(day.year, day.month, day.day, 9, place % 60, tzinfo=UTC),
                mode=random.choice(["web", "qr", "phone"]),
                answers={one.id: value(one, random) for one in questions},
                body_hash=str(place),
                visit_id=link.visit_id if link else None,
                duration=random.uniform(4, 400),
            )
        )
    return made


def fill(root: Path, count: int) -> None:
    make_workspace(root, Plan("Move Motors", "UTC"))
    settings = load(root)
    publish(settings)
    asked = find_survey(settings)
    with closing(open_store(settings.workspace)) as store:
        made = responses(store, asked, settings.organisation.root.path, count)
        for start in range(0, count, AT_ONCE):
            store.add_responses(replace(batch(f"b{start}"), kind="responses"), made[start : start + AT_ONCE])


def said(root: Path, *words: str, url: str = "") -> str:
    done = CliRunner().invoke(main, ["-C", str(root), *words], env={"REVISIT_STORE": url, "REVISIT_NOW": NOW})
    assert done.exit_code == 0, done.output
    return done.stdout


def leave(workspace: Workspace) -> None:
    """Take the folder's records away, as whoever moved would; the versions stay."""
    for path in workspace.data.iterdir():
        if path != workspace.versions:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize("count", [1_500, pytest.param(100_000, marks=pytest.mark.full)])
def test_it_gives_the_same_findings_there_and_back(tmp_path: Path, database: str, count: int) -> None:
    root = tmp_path / "shop"
    fill(root, count)
    asked = ["findings", "--json", "--period", "2026-Q3"]
    before = said(root, *asked)
    assert f'"n": {count}' in before or f'"n":{count}' in before
    there = said(root, "store", "move", "--to", database)
    assert said(root, *asked, url=database) == before
    leave(load(root).workspace)
    back = said(root, "store", "move", "--to", "folder", url=database)
    assert said(root, *asked) == before
    rows = [[line for line in text.splitlines() if line[:9].strip(" ,0123456789") == ""] for text in (there, back)]
    assert rows[0] == rows[1]
    assert any("responses" in line and f"{count:,}" in line for line in rows[0])
