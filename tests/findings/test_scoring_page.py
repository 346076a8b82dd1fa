import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from revisit.findings.evidence import Evidence
from revisit.findings.summary import summarise
from revisit.records.periods import Period
from revisit.records.responses import Answer, Response
from revisit.records.survey import Choice, Question, Targets
from revisit.records.visits import Visit
from tests.findings.samples import CUTOFF, ELEVEN, made_organisation, make_survey, newcombe, response, scale, visit

PAGE = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")
ANSWERS, VISITS = (
    list(csv.DictReader(io.StringIO(block))) for block in re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
)
CLAIMS = re.findall(r"`([a-z_0-9]+(?:\.[a-z_0-9]+)+) = (-?[\d.]+|null|yes|no|unclear)`", PAGE)
SURVEY = make_survey(
    [
        scale("on_time", "speed"),
        scale("mended", "quality"),
        scale("tidy", "quality"),
        scale("overall"),
        Question(
            "fixed", "choice", "?", choices=(Choice("yes", "Yes"), Choice("partly", "Partly"), Choice("no", "No"))
        ),
        Question("recommend", "nps", "?", choices=ELEVEN),
    ],
    weights={"speed": 0.4, "quality": 0.6},
    targets=Targets(csi=80, satisfied=0.9),
)


def answer(cell: str) -> Answer:
    if cell in {"", "na"}:
        return Answer("na" if cell else "blank")
    return Answer("answered", int(cell) if cell.isdigit() else cell)


def page_responses() -> list[Response]:
    return [
        response(
            f"r{row['customer']}",
            {name: answer(cell) for name, cell in row.items() if name != "customer"},
            visit_id=f"v0-{place}",
        )
        for place, row in enumerate(ANSWERS)
    ]


def page_visits() -> list[Visit]:
    made = []
    for group, row in enumerate(VISITS):
        what, _, reason = row["ending"].partition(" ")
        settled = None if what in {"", "answered"} else (what, reason)
        outcomes = row["tries"].split()
        made += [
            visit(f"v{group}-{place}", outcomes=outcomes, settled=settled)  # type: ignore[arg-type]
            for place in range(int(row["visits"]))
        ]
    return made


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    organisation = made_organisation()
    unit = organisation.unit("lakeside")
    assert unit is not None
    period = Period.parse("2026-Q3")
    return summarise(Evidence(SURVEY, organisation, unit, period, CUTOFF, page_responses(), page_visits()))


def test_the_page_makes_claims() -> None:
    assert len(CLAIMS) >= 40
    assert len(ANSWERS) == 12


@pytest.mark.parametrize(("path", "claim"), CLAIMS)
def test_every_figure_on_the_page_is_what_the_program_gets(found: dict[str, Any], path: str, claim: str) -> None:
    value: Any = found
    for name in path.split("."):
        value = value[name]
    if isinstance(value, float | int):
        digits = len(claim.partition(".")[2])
        assert f"{value:.{digits}f}" == claim
    else:
        assert ("null" if value is None else value) == claim


def test_the_change_on_the_page_is_what_the_program_gets() -> None:
    claims = re.findall(r"`newcombe (\d+)/(\d+) (\d+)/(\d+) = ([\d.-]+) to ([\d.-]+)`", PAGE)
    assert claims
    for k2, n2, k1, n1, low, high in claims:
        limits = newcombe((int(k2), int(n2)), (int(k1), int(n1)))
        assert limits is not None
        assert (f"{limits.low:.4f}", f"{limits.high:.4f}") == (low, high)
