"""Levels of privacy, as a property: no string of a report, printed or attached, holds what its level leaves out."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from html import unescape
from typing import Any

import orjson
import pytest

from revisit.flows.asked import find_survey
from revisit.flows.reporting.draw_report import draw, make_order, parameters
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.report_data import gather, restrict
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.problems import CallError
from revisit.records.responses import Answer
from revisit.reports.bundle import pack
from revisit.reports.orders import LEVELS
from revisit.reports.pages import draw_pages
from revisit.reports.report import make_report
from revisit.settings import Settings
from revisit.store import open_store
from tests.reports import five_levels
from tests.reports.five_levels import ENGINEERS, NOW
from tests.reports.workspaces import answer as made_up

QUARTER = Period.parse("2026-Q3")
COMMENT = "Zzqx the hinge squeaks"
# Numbers and letters that stand for answers; a unit's name cannot be looked for in them.
HASHES = re.compile(r"[0-9a-f]{8,}(?::[0-9a-f]+)?")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Make a network in which one outlet lies far below the others, one has few answers, and all customers write."""
    settings = five_levels.make_workspace(tmp_path_factory.mktemp("levels"))
    plain = made_up

    def answer(survey: Any, number: int) -> Any:
        made = plain(survey, number)
        answers = dict(made.answers) | {"comment": Answer("answered", f"{COMMENT} {number}")}
        if number % 8 == 3:
            answers |= {name: Answer("answered", 1) for name, one in answers.items() if isinstance(one.value, int)}
        return replace(made, answers=answers)

    with pytest.MonkeyPatch.context() as patch, closing(open_store(settings.workspace)) as store:
        patch.setattr(five_levels, "answer", answer)
        five_levels.fill(store, settings)
    return settings


def job_of(settings: Settings, kind: str, level: str) -> Job:
    tree = settings.organisation
    outlet = tree.of_path("net/north/north-a/north-a-1")
    unit = {"branch": outlet, "network": tree.root, "weekly": tree.root}.get(kind)
    if unit is None:
        unit = Unit("engineer", f"{outlet.path}/{ENGINEERS[0]}", "engineer", ENGINEERS[0], timezone=outlet.timezone)
    period = Period.parse("2026-W39") if kind == "weekly" else QUARTER
    return Job(settings, "repair", unit, period.first, period.last, "en", NOW, kind, level)


@pytest.fixture(scope="module")
def made(network: Settings) -> Callable[[str, str], dict[str, bytes]]:
    """Give the pages of a report and everything that is attached to them, by name."""

    @cache
    def files(kind: str, level: str) -> dict[str, bytes]:
        job = job_of(network, kind, level)
        survey = find_survey(network, job.survey, job.language)
        with closing(open_store(network.workspace)) as store:
            data = gather(store, job, survey)
        order = make_order(job, survey, data)
        report, asked = make_report(order), parameters(order, job.unit.path, data)
        attached = pack(order, asked, draw_pages(report, screen=True))
        return {"pages": draw_pages(report).encode()} | {one.name: one.content for one in attached}

    return files


def strings(name: str, content: bytes) -> Iterator[str]:
    """Walk all strings of a file: keys and values of JSON, cells of a table, text and attributes of a page."""
    if name.endswith(".json"):
        yield from within(orjson.loads(content))
    elif name.endswith(".csv"):
        yield from (cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row)
    else:
        yield unescape(content.decode()).replace("\u2009", " ")


def within(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from within(inner)
    elif isinstance(value, str):
        yield value


def holding(files: dict[str, bytes], words: Iterable[str]) -> set[tuple[str, str]]:
    """Give which of some words stand in which file."""
    sought = {word: re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE) for word in words}
    texts = [(name, HASHES.sub("", text)) for name, content in files.items() for text in strings(name, content)]
    return {(name, word) for name, text in texts for word, pattern in sought.items() if pattern.search(text)}


def units_but(settings: Settings, path: str) -> set[str]:
    """Give the ids of all units that are not the report's own, or above it."""
    return {one.id for one in settings.organisation.units if not path.startswith(one.path)}


@pytest.mark.parametrize("kind", ["branch", "network", "weekly"])
def test_a_public_report_names_no_single_unit_and_holds_no_comment(
    network: Settings, made: Callable[[str, str], dict[str, bytes]], kind: str
) -> None:
    path = job_of(network, kind, "public").unit.path
    assert holding(made(kind, "public"), {*units_but(network, path), *ENGINEERS, COMMENT}) == set()


def test_the_same_words_are_found_where_a_level_lets_them_stand(
    network: Settings, made: Callable[[str, str], dict[str, bytes]]
) -> None:
    found = holding(made("network", "station"), {*units_but(network, "net"), COMMENT})
    names = {"pages", "findings.json", "figures.csv", "report.json", "report.html"}
    assert {(name, "north") for name in names} <= found
    assert {("pages", COMMENT), ("report.json", COMMENT), ("report.html", COMMENT)} <= found


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("kind", ["branch", "network", "weekly"])
def test_no_report_but_the_sheet_names_an_engineer(
    made: Callable[[str, str], dict[str, bytes]], kind: str, level: str
) -> None:
    assert holding(made(kind, level), ENGINEERS) == set()


@pytest.mark.parametrize("level", LEVELS[1:])
def test_an_engineer_sheet_is_for_the_line_manager_alone(network: Settings, level: str) -> None:
    with pytest.raises(CallError, match="line manager alone"):
        draw(job_of(network, "engineer", level))


def test_what_is_said_of_a_single_unit_is_left_out_in_public(findings: dict[str, Any]) -> None:
    findings["headline"] = [{"kind": "unit_below", "unit": "north"}, {"kind": "level", "figure": "csi"}]
    findings["suppressed"] = [
        {"path": "units.north", "reason": "fewer_than_10"},
        {"path": "csi", "reason": "no_answers"},
    ]
    kept = restrict(findings, "public")
    assert [one["kind"] for one in kept["headline"]] == ["level"]
    assert [one["path"] for one in kept["suppressed"]] == ["csi"]
    assert restrict(findings, "region")["headline"] == findings["headline"]
