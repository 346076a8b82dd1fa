"""A survey in a language the house does not speak, and forms that stayed open while the survey changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from collector import access
from revisit.flows.publishing.publish import publish
from revisit.settings import load
from tests.collector.world import TOML, World, make_world

SURVEY = """---
title: {title}
language: {language}
privacy: {{who: Demo Motors, contact: privacy@example.com, purpose: to improve, kept: 24 months}}
---

### {question} {{: #where .choice required }}
- desk: {desk}
- phone: {phone}

### {comment} {{: #comment .text }}
"""
ENGLISH = {
    "title": "How was it?", "language": "en", "question": "Where?", "desk": "At the desk", "phone": "By phone",
    "comment": "What else?",
}  # fmt: skip
ARABIC = {
    "title": "كيف كان؟", "language": "ar", "question": "أين؟", "desk": "في المكتب", "phone": "بالهاتف",
    "comment": "ماذا أيضا؟",
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path)
    (tmp_path / "revisit.toml").write_text('languages = ["en", "ar"]\n' + TOML, encoding="utf-8")
    for path in (tmp_path / "surveys").glob("*.md"):
        path.unlink()
    made = replace(made, settings=load(tmp_path, {}))
    write(made)
    yield made
    made.store.close()


def write(world: World, more: str = "", less: str = "") -> None:
    for words in (ENGLISH, ARABIC):
        text = SURVEY.format(**words)
        text = text.replace(f"- {less}: {words.get(less)}\n", more) if less else text
        name = "repair.md" if words is ENGLISH else "repair.ar.md"
        (world.root / "surveys" / name).write_text(text, encoding="utf-8")
    publish(world.settings)


@pytest.fixture
def client(world: World) -> FlaskClient:
    made = world.client()
    access.limiter.reset()
    return made


def test_it_leads_to_the_customers_language_and_keeps_it(world: World, client: FlaskClient) -> None:
    code, invitation = world.invite(language="ar")
    address, fields = world.opened(client, code)
    assert address == "/s/repair/ar/"
    address = f"{address}?t={code}"
    wrong = client.post(address, data={**fields, "comment": "نعم"})
    assert wrong.status_code == 422
    assert '<html lang="ar" dir="rtl">' in wrong.text
    assert "نعم" in wrong.text
    assert '<button name="switch" value="en" lang="en" formnovalidate>English</button>' in wrong.text
    sent = client.post(address, data={**fields, "where": "desk"})
    assert sent.status_code == 303
    thanks = client.get(sent.headers["Location"])
    assert (thanks.status_code, '<html lang="en" dir="ltr">' in thanks.text) == (200, True)
    stored = world.store.response(invitation.partition, invitation.id)
    assert stored is not None
    assert stored.language == "ar"


def test_it_switches_there_and_back(world: World, client: FlaskClient) -> None:
    code, _ = world.invite(language="en")
    address, fields = world.opened(client, code)
    arabic = client.post(f"{address}?t={code}", data={**fields, "comment": "kept", "switch": "ar"})
    assert arabic.status_code == 200
    assert "كيف كان؟" in arabic.text
    assert ">kept</textarea>" in arabic.text


@pytest.mark.parametrize(("asked", "language"), [("ar", "ar"), ("ar-EG,en;q=0.5", "ar"), ("fr", "en"), ("en", "en")])
def test_it_speaks_the_visitors_language(world: World, client: FlaskClient, asked: str, language: str) -> None:
    poster = world.poster()
    opened = client.get(f"/q/{poster.id}", headers={"Accept-Language": asked})
    assert opened.headers["Location"].startswith(f"/s/repair/{language}/")


def test_it_takes_the_options_of_the_form_that_was_open(world: World, client: FlaskClient) -> None:
    code, invitation = world.invite()
    address, fields = world.opened(client, code)
    write(world, "- web: On the web\n", "phone")
    now, current = world.opened(client, code)
    assert (now, current["form_hash"] == fields["form_hash"]) == (address, False)
    assert client.post(f"{address}?t={code}", data={**fields, "where": "web"}).status_code == 422
    assert client.post(f"{address}?t={code}", data={**current, "where": "phone"}).status_code == 422
    assert client.post(f"{address}?t={code}", data={**fields, "where": "phone"}).status_code == 303
    stored = world.store.response(invitation.partition, invitation.id)
    assert stored is not None
    assert (stored.answers["where"].value, stored.form_hash) == ("phone", fields["form_hash"])
