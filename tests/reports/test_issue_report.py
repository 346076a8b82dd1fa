import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from revisit.cli import main
from revisit.flows.reporting.issue_report import issue_report
from revisit.records.problems import CallError
from revisit.records.survey import LANGUAGES
from revisit.reports.errors import ReportError
from revisit.settings import Settings
from revisit.store.protocol import Store
from tests.reports.workspaces import AT, PERIOD


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
    settings: Settings, store: Store, answered: int, brand: dict[str, str], error: type[Exception], wanted: str
) -> None:
    assert answered
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
    assert sorted(path.name for path in target.parent.iterdir()) == ["one.html", "one.pdf"]
    done = command("--period", "2026-08", "--lang", "en")
    assert done.returncode == 0
    assert (settings.workspace.reports / "all-2026-08-en.pdf").is_file()


def test_it_says_in_a_sentence_what_is_wrong_with_the_call(
    command: Callable[..., subprocess.CompletedProcess[str]], answered: int, tmp_path: Path
) -> None:
    assert answered
    done = command("--unit", "lakesid")
    assert done.returncode == 2
    assert 'no unit "lakesid"' in done.stderr
    assert "Traceback" not in done.stderr
    (tmp_path / "file").write_text("x")
    done = command("--period", "2026-08", "-o", str(tmp_path / "file" / "one.pdf"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/proc/x.pdf", "cannot be written"),
        ("two.docx", "not named so"),
        ("folder.pdf", "is a folder"),
        ("file/one.pdf", "cannot be written"),
    ],
)
def test_a_place_that_cannot_be_written_is_found_before_a_report_is_made(
    settings: Settings, store: Store, answered: int, tmp_path: Path, name: str, says: str
) -> None:
    assert answered
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "file").write_text("x")
    before = sorted(tmp_path.iterdir())
    call = ["-C", str(settings.workspace.root), "report", "weekly", "--period", "2026-W31", "-o", str(tmp_path / name)]
    done = CliRunner().invoke(main, call)
    assert done.exit_code == 2
    assert says in done.output
    assert not store.reports()
    assert sorted(tmp_path.iterdir()) == before


def test_a_report_that_is_made_and_cannot_be_written_says_where_it_is_kept(
    settings: Settings, store: Store, answered: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered
    monkeypatch.setattr("revisit.cli.report.try_place", lambda _target: None)
    (tmp_path / "file").write_text("x")
    call = ["-C", str(settings.workspace.root), "report", "weekly", "--period", "2026-W31", "--lang", "en"]
    done = CliRunner().invoke(main, [*call, "-o", str(tmp_path / "file" / "one.pdf")])
    assert done.exit_code == 2
    (kept,) = store.reports()
    assert f"kept all the same: it is {kept.id} on the Reports page" in done.output


def test_a_file_for_several_languages_gets_their_names(
    settings: Settings, answered: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered
    written: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "revisit.cli.report._write_one",
        lambda _store, job, target: written.append((job.language, target.name)),
    )
    said = ["-C", str(settings.workspace.root), "report", "weekly", "--period", "2026-W31"]
    for languages in ("all", "en"):
        done = CliRunner().invoke(main, [*said, "--lang", languages, "-o", str(tmp_path / "week.pdf")])
        assert done.exit_code == 0, done.output
    assert sorted(written) == [
        ("en", "week-en.pdf"),
        ("en", "week.pdf"),
        ("zh-Hans", "week-zh-Hans.pdf"),
        ("zh-Hant", "week-zh-Hant.pdf"),
    ]
