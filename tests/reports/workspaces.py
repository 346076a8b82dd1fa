"""A small made-up workspace, and answers to file in it."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

from revisit.records.responses import Answer, Response
from revisit.records.survey import Survey
from revisit.settings import Settings
from revisit.settings.keys import KEY_USES, KEYS_NAME, Key, Keys, write_keys

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
TOML = """
timezone = "Asia/Shanghai"
default_language = "zh-Hans"

[organisation]
id = "all"
name = "Example Motors"
names = {zh-Hans = "示例汽车"}

[[units]]
id = "lakeside"
name = "Lakeside"
"""
PERIOD = (date(2026, 7, 1), date(2026, 9, 30))


def keep_keys(root: Path) -> None:
    """Write a keys file, the same for every workspace: what one prints another verifies."""
    write_keys(root / KEYS_NAME, Keys({use: (Key("0123abcd", use.encode().ljust(32)),) for use in KEY_USES}))


def answer(survey: Survey, number: int) -> Response:
    """Give one made-up answer from a poster; every fourth one writes something."""
    chance = Random(number)  # noqa: S311 — made-up customers, not secrets
    answers = {
        question.id: Answer("answered", chance.choice([3, 4, 4, 5, 5]))
        for question in survey.questions
        if question.is_scale
    }
    answers["fixed"] = Answer("answered", chance.choice(["yes", "yes", "partly"]))
    answers["recommend"] = Answer("answered", chance.randrange(5, 11))
    answers["comment"] = Answer("answered", "很快 👍 \U0010fffd") if number % 4 == 0 else Answer("blank")
    return Response(
        id=sha256(str(number).encode()).hexdigest(),
        partition="",
        survey="repair",
        language="zh-Hans",
        form_hash=survey.form_hash,
        text_hash=survey.text_hash,
        unit="all/lakeside",
        day=date(2026, 8, 1 + number % 28),
        received_at=datetime(2026, 8, 30, tzinfo=UTC),
        mode="qr",
        answers=answers,
        body_hash=str(number),
        poster_id="p",
        sample=True,
    )


def change_records(settings: Settings, change: Callable[[dict[str, dict[str, object]]], None]) -> None:
    """Change the filed answers behind the program's back."""
    path = next((settings.workspace.data / "answers").glob("*.json"))
    held = json.loads(path.read_bytes())
    change(held["responses"])
    path.write_text(json.dumps(held), encoding="utf-8")


def drop_two(rows: dict[str, dict[str, object]]) -> None:
    for name in sorted(rows)[:2]:
        del rows[name]
