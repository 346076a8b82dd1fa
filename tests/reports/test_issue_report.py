import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

import pikepdf
import pytest

from revisit.flows.issue_report import issue_report
from revisit.forms import versions
from revisit.forms.library import read_library
from revisit.records.problems import CallError
from revisit.records.responses import Answer, Response
from revisit.records.survey import LANGUAGES, Survey
from revisit.reports.errors import ReportError
from revisit.settings import Settings, defaults, load
from revisit.store import open_store
from revisit.store.protocol import Store

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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Make a workspace with the shipped surveys published."""
    (tmp_path / "revisit.toml").write_text(TOML, encoding="utf-8")
    shutil.copytree(defaults() / "surveys", tmp_path / "surveys")
    made = load(tmp_path)
    library, problems = read_library(made.workspace.surveys)
    assert not problems
    for language in LANGUAGES:
        survey = library.survey("repair", language)
        assert survey is not None
        versions.keep(made.workspace.versions, survey)
    return made


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with closing(open_store(settings.workspace)) as opened:
        yield opened


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


@pytest.fixture
def answered(settings: Settings, store: Store) -> int:
    """File forty answers."""
    survey = versions.latest(settings.workspace.versions, "repair", "en")
    assert survey is not None
    partition = store.partition("repair", date(2026, 8, 1))
    for number in range(40):
        store.record(replace(answer(survey, number), partition=partition))
    return 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_keeps_the_pdf_of_what_was_asked(settings: Settings, store: Store, answered: int, language: str) -> None:
    unit = settings.organisation.unit("lakeside")
    assert unit is not None
    issued = issue_report(store, settings, "repair", unit, *PERIOD, language, by="example", at=AT)
    kept, content = store.report(issued.id)
    assert kept == issued
    assert (issued.sha256, issued.size) == (sha256(content).hexdigest(), len(content))
    assert (issued.unit, issued.sample) == ("all/lakeside", True)
    assert issued.file_name == f"lakeside-2026-Q3-{language}.pdf"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        figures = json.loads(pdf.attachments["findings.json"].get_file().read_bytes())
    assert figures["responses"]["n"] == answered


def test_it_issues_the_same_bytes_twice(settings: Settings, store: Store, answered: int) -> None:
    assert answered
    first, second = (
        issue_report(store, settings, "", settings.organisation.root, *PERIOD, "en", by="example", at=AT)
        for _ in range(2)
    )
    assert first.sha256 == second.sha256
    assert first.id != second.id


def test_it_names_a_survey_that_is_not_published(settings: Settings, store: Store) -> None:
    with pytest.raises(CallError, match='no published survey "repiar"'):
        issue_report(store, settings, "repiar", settings.organisation.root, *PERIOD, "en", by="example", at=AT)
    assert store.reports() == []


@pytest.mark.parametrize(
    ("brand", "error", "wanted"),
    [
        ({"colour": "teal"}, CallError, 'colour is "teal"'),
        ({"logo": "../keys.toml"}, CallError, r'logo is "../keys.toml"'),
        ({"name": "A \U0010fffd"}, ReportError, r"U\+10FFFD"),
    ],
)
def test_it_names_what_is_wrong_with_the_brand(
    settings: Settings, store: Store, brand: dict[str, str], error: type[Exception], wanted: str
) -> None:
    branded = replace(settings, brand=brand)
    with pytest.raises(error, match=wanted):
        issue_report(store, branded, "repair", settings.organisation.root, *PERIOD, "en", by="example", at=AT)


@pytest.fixture
def command(settings: Settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Call ``revisit report branch`` as a person does."""

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        program = "from revisit.cli import main; main(prog_name='revisit')"
        return subprocess.run(
            [sys.executable, "-c", program, "-C", str(settings.workspace.root), "report", "branch", *words],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"REVISIT_NOW": AT.isoformat()},
        )

    return call


def test_it_writes_the_file_that_the_terminal_asks_for(
    settings: Settings, answered: int, command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    assert answered
    target = tmp_path / "out" / "one.pdf"
    done = command("--unit", "Lakeside", "--period", "2026-Q3", "-o", str(target))
    assert (done.returncode, done.stdout) == (0, "")
    assert str(target) in done.stderr
    assert target.read_bytes().startswith(b"%PDF")
    assert [path.name for path in target.parent.iterdir()] == ["one.pdf"]
    done = command("--period", "2026-08", "--lang", "en")
    assert done.returncode == 0
    assert (settings.workspace.reports / "all-2026-08-en.pdf").is_file()


def test_it_says_in_a_sentence_what_is_wrong_with_the_call(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = command("--unit", "lakesid")
    assert done.returncode == 2
    assert 'no unit "lakesid"' in done.stderr
    assert "Traceback" not in done.stderr
    (tmp_path / "file").write_text("x")
    done = command("-o", str(tmp_path / "file" / "one.pdf"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
