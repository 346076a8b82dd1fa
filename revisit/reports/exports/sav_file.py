"""SPSS .sav: numbers with the labels of variables and values; why a value is missing is a code of its own."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from revisit.records.problems import CallError
from revisit.reports.exports.table import STEP, Cell, Column, Table, aside, counted

# Codes of missing values, below everything a question can be answered with.
MISSING: dict[str, tuple[int, str]] = {
    "blank": (-1, "blank"),
    "na": (-2, "not applicable"),
    "not_asked": (-3, "not asked"),
    "invalid": (-4, "invalid"),
}
LONGEST_NAME = 60  # bytes; a name has room for 64
LONGEST_LABEL = 250
LONGEST_TEXT = 10_000  # bytes; a string has room for 32,767
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
_NO_NAME = re.compile(r"[^a-z0-9_]+", re.IGNORECASE)


def write(table: Table, path: Path, progress: Callable[[int], None]) -> int:
    """Write a table, which is held in memory whole; gives the number of rows. Raises CallError without pyreadstat."""
    try:
        import pyreadstat  # noqa: PLC0415  an extra that most installations do without
    except ImportError:
        raise CallError(
            'SPSS files need a library that is not installed. Run: pip install "revisit-surveys[spss]"'
        ) from None
    variables = list(_variables(table))
    frame = _frame(variables, counted(table, progress))
    with aside(path) as part:
        pyreadstat.write_sav(
            frame,
            str(part),
            file_label=table.title[:60],
            column_labels=[one.label[:LONGEST_LABEL] for one in variables],
            row_compress=True,
            variable_value_labels={one.name: one.labels for one in variables if one.labels},
            missing_ranges={one.name: [{"lo": -4, "hi": -1}] for one in variables if one.missing},
            variable_measure={one.name: one.measure for one in variables if one.measure},
        )
    return len(frame)


def _frame(variables: Sequence["_Variable"], rows: Iterator[Sequence[Cell]]) -> pl.DataFrame:
    """Gather the rows as columns, piece by piece: a number in a column needs a quarter of its room in a list."""
    pieces = [pl.DataFrame(schema={one.name: one.type for one in variables})]
    while piece := list(islice(rows, STEP)):
        columns = [pl.Series(one.name, [one.read(row) for row in piece], one.type) for one in variables]
        pieces.append(pl.DataFrame(columns))
    return pl.concat(pieces)


@dataclass(frozen=True, slots=True)
class _Variable:
    """One variable of the file: its type in polars, its labels, and how its value is read from a row."""

    name: str
    label: str
    type: Any
    read: Callable[[Sequence[Cell]], Any]
    labels: dict[int | float, str] = field(default_factory=dict)
    missing: bool = False
    measure: str = ""


def _variables(table: Table) -> Iterator[_Variable]:
    places = {column.name: place for place, column in enumerate(table.columns)}
    names = _Names()
    told = {column.state for column in table.columns if column.kind != "text"}
    for column in table.columns:
        if column.name in told:
            continue  # a missing code of the value says it
        place, state = places[column.name], places.get(column.state, -1)
        if column.kind in ("codes", "ranks"):
            yield from _spread(column, place, state, names)
        elif column.kind in ("integer", "number", "code", "flag"):
            yield _numeric(column, place, state, names)
        elif column.kind == "date":
            yield _Variable(names.give(column.name), column.label, pl.Date, _at(place))
        elif column.kind == "moment":
            yield _Variable(names.give(column.name), column.label, pl.Datetime("us"), _local(place, table))
        else:
            yield _Variable(names.give(column.name), column.label, pl.String, _short(place), measure="nominal")


def _numeric(column: Column, place: int, state: int, names: "_Names") -> _Variable:
    """Make a number of a cell; the codes of a choice are counted from 1 in the order of the survey."""
    number: dict[Cell, int] = {}
    labels: dict[int | float, str] = {int(code): label for code, label in column.codes if isinstance(code, int)}
    if column.kind == "code":
        number = {code: place for place, (code, _label) in enumerate(column.codes, 1)}
        labels = dict(enumerate((label for _code, label in column.codes), 1))

    def read(row: Sequence[Cell]) -> float | None:
        cell = row[place]
        if cell is None or cell == "":
            return _why(row, state)
        value = number.get(cell, MISSING["invalid"][0]) if column.kind == "code" else cell
        return float(value) if isinstance(value, int | float) else None

    measure = "scale" if column.kind in ("number", "integer") else "nominal"
    held = labels | (dict(MISSING.values()) if state >= 0 else {})
    return _Variable(names.give(column.name), column.label, pl.Float64, read, held, state >= 0, measure)


def _spread(column: Column, place: int, state: int, names: "_Names") -> Iterator[_Variable]:
    """Give a variable for each code: 1 or 0 for several choices, its rank for a ranking."""
    for code, label in column.codes:

        def read(row: Sequence[Cell], code: str = str(code)) -> float | None:
            cell = row[place]
            if not isinstance(cell, str) or not cell:
                return _why(row, state)
            chosen = cell.split()
            if column.kind == "codes":
                return float(code in chosen)
            return float(chosen.index(code) + 1) if code in chosen else None

        meant: dict[int | float, str] = {0: "no", 1: "yes"} if column.kind == "codes" else {}
        held = meant | (dict(MISSING.values()) if state >= 0 else {})
        name = names.give(f"{column.name}_{code}")
        yield _Variable(name, f"{column.label}: {label}", pl.Float64, read, held, state >= 0, "nominal")


def _why(row: Sequence[Cell], state: int) -> float | None:
    """Give the code of why there is no value; None where nothing says it."""
    said = row[state] if state >= 0 else None
    return float(MISSING[said][0]) if isinstance(said, str) and said in MISSING else None


def _at(place: int) -> Callable[[Sequence[Cell]], Cell]:
    return lambda row: row[place]


def _local(place: int, table: Table) -> Callable[[Sequence[Cell]], datetime | None]:
    """Give a moment as the clock on the wall showed it: SPSS knows no timezones."""

    def read(row: Sequence[Cell]) -> datetime | None:
        cell = row[place]
        return cell.astimezone(table.zone).replace(tzinfo=None) if isinstance(cell, datetime) else None

    return read


def _short(place: int) -> Callable[[Sequence[Cell]], str]:
    def read(row: Sequence[Cell]) -> str:
        cell = row[place]
        text = "" if cell is None else str(cell).replace("\x00", "").encode(errors="replace")[:LONGEST_TEXT]
        return text if isinstance(text, str) else text.decode(errors="ignore")

    return read


class _Names:
    """Gives variables names that SPSS takes: a letter first, letters, digits and _, not reserved, none twice."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def give(self, wanted: str) -> str:
        name = _NO_NAME.sub("_", wanted).strip("_")[:LONGEST_NAME] or "v"
        if not name[0].isalpha():
            name = f"v_{name}"
        if name.upper() in _RESERVED:
            name += "_"
        unique, number = name, 1
        while unique.upper() in self.taken:
            number += 1
            unique = f"{name}_{number}"
        self.taken.add(unique.upper())
        return unique
