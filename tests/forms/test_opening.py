"""Opening hours: when a survey takes answers, and what is said outside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from revisit.forms.opening import opening
from revisit.forms.page import message
from revisit.forms.reader import read_survey
from revisit.records.problems import Problem
from revisit.records.survey import Survey
from revisit.settings import Settings
from tests.forms.conftest import FRONT

SHANGHAI = ZoneInfo("Asia/Shanghai")
Read = Callable[..., Survey]
Faults = Callable[..., tuple[Survey | None, list[Problem]]]


def front(*lines: str) -> str:
    return FRONT.removesuffix("---\n") + "\n".join(lines) + "\n---\n### A? {: #a .text }\n"


def test_it_is_open_whole_local_days(tmp_path: Path) -> None:
    path = tmp_path / "visit.md"
    path.write_text(front("open_from: 2026-12-01 09:00", "open_until: 2026-12-31"), encoding="utf-8")
    survey, problems = read_survey(path, "visit.md", SHANGHAI)
    assert survey is not None, problems
    assert survey.open_from == datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert survey.open_until == datetime(2026, 12, 31, 16, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert not survey.is_open(survey.open_from - second)
    assert survey.is_open(survey.open_from)
    assert survey.is_open(survey.open_until - second)
    assert not survey.is_open(survey.open_until)
    assert opening(survey, survey.open_from - second, SHANGHAI) == {"opens": "December 1, 2026"}
    assert opening(survey, survey.open_until, SHANGHAI) == {"closed": "December 31, 2026"}
    assert opening(survey, survey.open_from, SHANGHAI) == {}


def test_it_is_always_open_without_hours(survey: Read) -> None:
    assert survey("### A? {: #a .text }").is_open(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "line", ["open_from: soon", "open_until: 2026-13-01", "open_until: 9999-12-31", "layout: book"]
)
def test_it_says_how_to_write_it(read: Faults, line: str) -> None:
    assert [problem.code for problem in read(front(line))[1]] == ["F008"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_it_says_when(settings: Settings, language: str) -> None:
    early = message(settings, language, "survey_closed", opens="2026-12-01").decode()
    late = message(settings, language, "survey_closed", closed="2026-12-31").decode()
    assert "2026-12-01" in early
    assert "2026-12-31" in late
    assert early.split("<h1>")[1].split("<")[0] != late.split("<h1>")[1].split("<")[0]
