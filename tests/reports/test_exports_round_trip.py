"""What goes out in one format goes out in all: every kind of question and every state, read back from each file."""

import csv
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from revisit.forms.reader import read_survey
from revisit.records.organisation import Organisation, Unit
from revisit.records.responses import Answer, Response
from revisit.records.survey import LANGUAGES, Survey
from revisit.reports.exports import FORMATS, responses, write
from revisit.reports.exports.cover import Cover
from revisit.reports.exports.table import Cell, Column, Table
from revisit.reports.exports.words import STATES
from revisit.visits.cells import plain_cell
from tests.forms.conftest import FRONT

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 4, 30, 5, tzinfo=UTC)  # half past noon in Shanghai
UNITS = Organisation((Unit("demo", "demo", "headquarters", "Demo"), Unit("s1", "demo/s1", "station", "+Lakeside")))
MARKDOWN = """
## All of it {: dimension=quality }

### Overall, how satisfied are you? {: #overall .satisfaction na }

### How easy was it? {: #easy .effort points=7 reversed }

### How satisfied are you with each of these? {: #care .matrix na }
- wait: The wait {: dimension=speed }
- noise: The noise {: dimension=none }

### What was wrong? {: #why .choices reasons show-if="overall <= 3" }

### Would you recommend us? {: #recommend .nps }

### Was it clean? {: #clean .yesno partly }

### Which first? {: #first .choice other }
- phone: Phone
- desk: Desk

### What did you use? {: #used .choices none other }
- phone: Phone
- desk: Desk

### Put these in order {: #sorted .ranking }
- price: The price
- speed: The speed

### How many degrees was it? {: #degrees .number min=-40 max=60 }

### How far have you driven? {: #km .number max=900000 }

### When was it? {: #when .date }

### May we call you? {: #call .contact ask="phone email" }

### You may keep my words {: #agree .consent }

### What else? {: #else .text }
"""
NAMES: dict[str, Any] = {
    "overall": 2, "easy": 7, "care_wait": 5, "care_noise": 1, "recommend": 0, "clean": "partly", "first": "other",
    "first.other": "=1+1", "used": "desk other", "used.other": "\ttab", "sorted": "speed price", "degrees": -3,
    "km": 123456, "when": "1999-12-31", "call": "yes", "call.phone": "+8613000000012", "call.email": "a@example.com",
    "agree": "yes", "agree.text": "0" * 16, "else": "车洗得很干净。😀\r\n00012", "why": "",
}  # fmt: skip


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    path = tmp_path / "visit.md"
    path.write_text(FRONT + MARKDOWN, encoding="utf-8")
    found, problems = read_survey(path, "visit.md")
    assert found is not None, problems
    return found


def answered(survey: Survey) -> list[Response]:
    """Give one response with an answer to everything, then one for each other state."""
    why = survey.question("why")
    assert why is not None
    given = NAMES | {"why": " ".join(choice.code for choice in why.choices[:2])}
    assert set(given) == {name for question in survey.questions for name in question.names}
    states = [{name: Answer("answered", value) for name, value in given.items()}]
    states += [{name: Answer(state) for name in given} for state in ("na", "blank", "not_asked", "invalid")]
    states.append({"first": Answer("answered", "radio")})  # a choice that the survey had in an earlier version
    return [
        Response(
            *(f"r{number}", "abc", "visit", language, "f" * 16, "t" * 16, "demo/s1/00012"),
            *(date(2026, 11, 21), NOON - timedelta(days=150 * number), "qr", answers, "b" * 64),
            visit_id="12345678901234567" if number else None, duration=12.5 * number, flags=("quick",) * (number % 2),
            facts={"payer": "warranty"} if number else {}, sample=bool(number % 2),
        )
        for number, (answers, language) in enumerate(zip(states, LANGUAGES * 2, strict=True))
    ]  # fmt: skip


def table(survey: Survey, language: str = "en") -> Table:
    rows = responses.rows(survey, answered(survey), Cover(UNITS, language, names=True))
    return Table("responses", "Responses", responses.columns(survey, language), rows, ZONE, NOON, language=language)


def _of_csv(path: Path, columns: Sequence[Column]) -> list[list[Any]]:
    read: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "flag": lambda text: text == "1",
        "date": date.fromisoformat,
        "moment": datetime.fromisoformat,
    }
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, strict=True)
    assert [plain_cell(name) for name in head] == [column.name for column in columns]
    return [
        [read.get(column.kind, plain_cell)(cell) if cell else None for column, cell in zip(columns, row, strict=True)]
        for row in rows
    ]


def _of_xlsx(path: Path, columns: Sequence[Column]) -> list[list[Any]]:
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("responses").to_python()
    assert head == [column.name for column in columns]
    return [
        [
            cell.replace(tzinfo=ZONE) if isinstance(cell, datetime) else None if cell == "" else cell
            for cell in row
        ]
        for row in rows
    ]  # fmt: skip


def _of_parquet(path: Path, columns: Sequence[Column]) -> list[list[Any]]:
    frame = pl.read_parquet(path)
    assert frame.columns == [column.name for column in columns]
    return [[cell if cell != "" else None for cell in row] for row in frame.rows()]


def _of_jsonl(path: Path, columns: Sequence[Column]) -> list[list[Any]]:
    read: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "moment": datetime.fromisoformat}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    assert all(list(line) == [column.name for column in columns] for line in lines)
    return [
        [read.get(one.kind, lambda cell: cell)(line[one.name]) if line[one.name] not in (None, "") else None
         for one in columns]
        for line in lines
    ]  # fmt: skip


class _Sav:
    """Reads a .sav as whoever knows only its labels would."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        read: Any = pyreadstat.read_sav(str(path), output_format="polars", user_missing=True)
        self.rows: list[dict[str, Any]] = read[0].to_dicts()
        self.meta = read[1]
        self.columns = {column.name: column for column in columns}
        self.named = dict(zip(self.meta.column_labels, self.meta.column_names, strict=True))

    def cell(self, row: dict[str, Any], column: Column) -> Any:
        if column.label not in self.named and column.name.endswith(".state"):
            return self.state(row, self.columns[column.name.removesuffix(".state")])
        if column.kind in ("codes", "ranks"):
            return self.several(row, column)
        name = self.named[column.label]
        value = row[name]
        if column.kind == "code":
            means = self.meta.variable_value_labels.get(name, {}).get(value)
            codes = {label: code for code, label in column.codes}
            return None if value is None or value < 0 else codes.get(means, means)
        if column.kind == "flag":
            return None if value is None else bool(value)
        if column.kind == "moment":
            return value.replace(tzinfo=ZONE)
        missing = self.meta.missing_ranges.get(column.name, [{"lo": 1, "hi": 0}])[0]
        return None if value in (None, "") or (self.told(column) and missing["lo"] <= value <= missing["hi"]) else value

    def several(self, row: dict[str, Any], column: Column) -> str | None:
        values = {code: row[self.named[f"{column.label}: {label}"]] for code, label in column.codes}
        if column.kind == "codes":
            return " ".join(str(code) for code, value in values.items() if value == 1) or None
        ranked = sorted((value, code) for code, value in values.items() if value is not None and value > 0)
        return " ".join(str(code) for _value, code in ranked) or None

    def state(self, row: dict[str, Any], column: Column) -> str:
        name = f"{column.name}_{column.codes[0][0]}" if column.kind in ("codes", "ranks") else column.name
        (missing,) = self.meta.missing_ranges[name]
        value = row[name]
        inside = value is not None and missing["lo"] <= value <= missing["hi"]
        means = self.meta.variable_value_labels[name][value] if inside else ""
        return next((state for state, label in STATES.items() if label == means), "answered")

    def told(self, column: Column) -> bool:
        return f"{column.name}.state" in self.columns and column.kind in ("integer", "number")


def _of_sav(path: Path, columns: Sequence[Column]) -> list[list[Any]]:
    sav = _Sav(path, columns)
    return [[sav.cell(row, column) for column in columns] for row in sav.rows]


READERS: dict[str, Callable[[Path, Sequence[Column]], list[list[Any]]]] = {
    "csv": _of_csv,
    "xlsx": _of_xlsx,
    "sav": _of_sav,
    "parquet": _of_parquet,
    "jsonl": _of_jsonl,
}


def plain(row: Sequence[Cell]) -> list[Cell]:
    """Give a row as it may be expected back: an empty text is no text."""
    return [None if cell == "" else cell for cell in row]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_answer_comes_back_as_it_went_out(tmp_path: Path, survey: Survey, kind: str) -> None:
    columns = responses.columns(survey)
    expected = [plain(row) for row in table(survey).rows]
    path = tmp_path / f"out.{kind}"
    assert write(table(survey), path, kind) == len(expected) == 6
    found = READERS[kind](path, columns)
    for place, column in enumerate(columns):
        got = [row[place] for row in found]
        assert got == [row[place] for row in expected], column.name


def test_times_stay_right_over_the_change_of_the_clocks(tmp_path: Path) -> None:
    zone = ZoneInfo("Europe/Berlin")
    moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]  # twice half past two
    made = Table("t", "T", (Column("at", "At", "moment"),), iter([[one] for one in moments]), zone, NOON)
    write(made, tmp_path / "out.csv", "csv")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").split()[1:]
    assert [datetime.fromisoformat(line.strip('"')) for line in lines] == moments
    assert [line.strip('"')[11:] for line in lines] == ["02:30:00+02:00", "02:30:00+01:00", "03:30:00+01:00"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_spss_labels_are_whole_characters_within_their_bytes(tmp_path: Path, language: str) -> None:
    long = {"en": "How did you find it? ", "zh-Hans": "您觉得这次维修怎么样？", "zh-Hant": "您覺得這次維修怎麼樣？"}[
        language
    ] * 40
    codes = tuple((code, f"{code}{long}") for code in ("a", "b"))
    columns = (Column("one", long, "code", codes), Column("some", long, "codes", codes))
    made = Table("t", long, columns, iter([["a", "a b"]]), ZONE, NOON, language=language)
    write(made, tmp_path / "out.sav", "sav")
    meta: Any = pyreadstat.read_sav(str(tmp_path / "out.sav"))[1]
    for label in meta.column_labels:
        assert len(label.encode()) <= 250
        assert long.startswith(label.removesuffix("…"))
    for label in meta.variable_value_labels["one"].values():
        assert len(label.encode()) <= 120
        assert f"a{long}".startswith(label.removesuffix("…")) or f"b{long}".startswith(label.removesuffix("…"))
    assert long.startswith(meta.file_label.rstrip().removesuffix("…"))


@pytest.mark.parametrize(
    ("language", "label", "state"),
    [
        ("en", "The engineer", "left blank"),
        ("zh-Hans", "工程师", "未填写"),
        ("zh-Hant", "工程師", "未填寫"),
    ],
)
def test_the_codebook_speaks_the_language(
    tmp_path: Path, survey: Survey, language: str, label: str, state: str
) -> None:
    path = tmp_path / "out.xlsx"
    write(table(survey, language), path, "xlsx")
    codebook = CalamineWorkbook.from_path(path).get_sheet_by_name("codebook").to_python()
    said = {row[0]: row[1] for row in codebook if row[1]}
    assert said["engineer"] == label
    assert said["care_wait"] == "How satisfied are you with each of these? – The wait"
    assert ["overall.state", "", "", "blank", state] in codebook
