"""What the tests of the forms share: catalogues, settings, and surveys written in the test."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from revisit.forms.reader import read_survey
from revisit.records.organisation import Organisation, Unit
from revisit.records.problems import Problem
from revisit.records.survey import Survey
from revisit.settings import Settings, Workspace
from revisit.texts import compile_catalogues

FRONT = """---
title: How was it?
language: en
privacy: {who: Example Motors, contact: privacy@example.com, purpose: to improve our repairs, kept: 24 months}
---
"""

Read = Callable[..., tuple[Survey | None, list[Problem]]]
Survey_ = Callable[..., Survey]


@pytest.fixture(scope="session", autouse=True)
def _words() -> None:
    compile_catalogues()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    organisation = Organisation((Unit("all", "all", "headquarters", "All"),))
    return Settings(Workspace(tmp_path), organisation, ZoneInfo("Asia/Shanghai"), brand={"name": "Example Motors"})


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Give a function that reads Markdown; without a fence at its start it gets the usual front matter."""

    def reads(text: str, name: str = "visit.md") -> tuple[Survey | None, list[Problem]]:
        path = tmp_path / "surveys" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text if text.startswith("---") else FRONT + text, encoding="utf-8")
        return read_survey(path, f"surveys/{name}")

    return reads


@pytest.fixture
def survey(read: Read) -> Survey_:
    """Give a function that reads Markdown which must have no fault but may earn advice."""

    def reads(text: str, name: str = "visit.md") -> Survey:
        found, problems = read(text, name)
        assert [str(problem) for problem in problems if problem.severity == "error"] == []
        assert found is not None
        return found

    return reads
