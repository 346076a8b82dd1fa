"""Editions: a report whose figures are others than those of the one before is its correction, and no other is."""

from dataclasses import replace

import pytest

from revisit.flows.reporting import draw_report
from revisit.flows.reporting.compare_report import compare
from revisit.flows.reporting.draw_report import draw
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.verify import Check
from revisit.records.survey import LANGUAGES
from revisit.reports.bundle import unpack
from revisit.reports.inside import attachments
from revisit.settings import Settings
from tests.reports.workspaces import AT, PERIOD, change_records, drop_two


@pytest.fixture(scope="module")
def first() -> list[bytes]:
    return []


@pytest.fixture
def content(settings: Settings, answered: int, first: list[bytes]) -> bytes:
    """Draw the first edition of a weekly note, once for all tests: they begin with the same records."""
    assert answered
    if not first:
        first.append(draw(Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, "weekly")).content)
    return first[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_has_the_same_edition_in_all_languages(settings: Settings, content: bytes, language: str) -> None:
    job = Job(settings, "repair", settings.organisation.root, *PERIOD, language, AT, kind="weekly", earlier=content)
    assert draw(job).edition == 1
    change_records(settings, drop_two)
    assert draw(job).edition == 2


@pytest.mark.parametrize(("n", "edition"), [(40, 1), (39, 2)])
def test_what_another_program_tells_besides_is_no_correction(
    settings: Settings, content: bytes, monkeypatch: pytest.MonkeyPatch, n: int, edition: int
) -> None:
    """An older program told less, put its sentences otherwise, and counted, in the second case, other answers."""
    before = unpack(content)
    found = {name: value for name, value in before.findings.items() if name not in {"nonresponse", "headline"}}
    found |= {"responses": before.findings["responses"] | {"n": n}, "headline": [{"kind": "older"}]}
    asked = replace(before.parameters, made_with={"revisit": "0.0.1"})
    monkeypatch.setattr(draw_report, "unpack", lambda _held: replace(before, parameters=asked, findings=found))
    job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly", earlier=content)
    assert draw(job).edition == edition


def test_it_says_which_edition_a_correction_replaces(settings: Settings, content: bytes) -> None:
    change_records(settings, drop_two)
    job = Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly", earlier=content)
    second = draw(job).content
    assert b"Edition 2." in attachments(second)["report.html"]
    verdict = compare(Check(settings, second))
    assert (verdict.answer, verdict.number) == ("same", 2)
    again = draw(Job(settings, "repair", settings.organisation.root, *PERIOD, "en", AT, kind="weekly", earlier=second))
    assert again.content == second
