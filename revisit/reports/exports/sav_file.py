"""SPSS .sav: numbers with the labels of variables and values; why a value is missing is a code of its own."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from revisit.records.problems import CallError
from revisit.reports.exports.table import STEP, Cell, Column, Kind, Table, aside, counted, disk_fault, legible
from revisit.reports.exports.words import N_, Words

# Why a value is missing, in the order of its codes: they count down from the least value that there can be.
MISSING: tuple[str, ...] = ("blank", "na", "not_asked", "invalid")
# In bytes, which are cut at the bounds of characters.
LONGEST_NAME = 56  # a name has room for 64, and some get a number
LONGEST_TITLE = 64
LONGEST_LABEL = 250  # of a variable, which has room for 256
LONGEST_MEANING = 120  # of a value
LONGEST_TEXT = 10_000  # a string has room for 32,767
_SMALL = 30_000  # what two bytes hold, with room for missing codes
_TELLING: tuple[Kind, ...] = ("codes", "ranks", "integer", "number", "code", "flag")  # a missing code has room here
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
        try:
            pyreadstat.write_sav(
                frame,
                str(part),
                file_label=_cut(table.title, LONGEST_TITLE),
                column_labels=[_cut(one.label, LONGEST_LABEL) for one in variables],
                row_compress=True,
                variable_value_labels={
                    one.name: {value: _cut(label, LONGEST_MEANING) for value, label in one.labels.items()}
                    for one in variables
                    if one.labels
                },
                missing_ranges={
                    one.name: [{"lo": one.missing[-1], "hi": one.missing[0]}] for one in variables if one.missing
                },
                variable_measure={one.name: one.measure for one in variables if one.measure},
            )
        except pyreadstat.ReadstatError as error:
            raise disk_fault(part, error) from None
    return len(frame)


def _frame(variables: Sequence["_Variable"], rows: Iterator[Sequence[Cell]]) -> pl.DataFrame:
    """Gather the rows as columns, piece by piece, each as narrow as its values are: those of a scale take a byte."""
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
    missing: Sequence[int] = ()
    measure: str = ""


def _variables(table: Table) -> Iterator[_Variable]:
    places = {column.name: place for place, column in enumerate(table.columns)}
    names = _Names()
    said = Words(table.language)
    told = {column.state for column in table.columns if column.kind in _TELLING}
    for column in table.columns:
        if column.name in told:
            continue  # a missing code of the value says it
        place, state = places[column.name], places.get(column.state, -1)
        why = _Why(state, dict(table.columns[state].codes) if state >= 0 else {}, column.bounds[0])
        if column.kind in ("codes", "ranks"):
            yield from _spread(column, place, why, names, (said.say(N_("no")), said.say(N_("yes"))))
        elif column.kind == "code":
            yield _choice(column, place, why, names)
        elif column.kind in ("integer", "number", "flag"):
            yield _numeric(column, place, why, names)
        elif column.kind == "date":
            yield _Variable(names.give(column.name), column.label, pl.Date, _at(place))
        elif column.kind == "moment":
            yield _Variable(names.give(column.name), column.label, pl.Datetime("us"), _local(place, table))
        else:
            held = pl.Categorical if column.few else pl.String
            # Words beside a choice, such as used.other, meet the name of the choice itself.
            name = names.give(column.name, "_text")
            yield _Variable(name, column.label, held, _short(place), measure="nominal")


def _numeric(column: Column, place: int, why: "_Why", names: "_Names") -> _Variable:
    labels: dict[int | float, str] = {int(code): label for code, label in column.codes if isinstance(code, int)}

    def read(row: Sequence[Cell]) -> int | float | None:
        cell = row[place]
        return cell if isinstance(cell, int | float) else why.code(row)

    least, greatest = column.bounds
    small = column.kind == "flag" or -_SMALL < least < greatest < _SMALL
    measure = "nominal" if column.kind == "flag" else "scale"
    held = pl.Int16 if small else pl.Float64
    return _Variable(names.give(column.name), column.label, held, read, labels | why.labels, why.codes, measure)


def _choice(column: Column, place: int, why: "_Why", names: "_Names") -> _Variable:
    """Count the codes of a choice from 1 in the order of the survey; one that it no longer has comes after them."""
    number: dict[Cell, int] = {code: place for place, (code, _label) in enumerate(column.codes, 1)}
    labels: dict[int | float, str] = dict(enumerate((label for _code, label in column.codes), 1))
    labels |= why.labels

    def read(row: Sequence[Cell]) -> int | None:
        cell = row[place]
        if cell is None or cell == "":
            return why.code(row)
        if cell not in number:
            number[cell] = len(number) + 1
            labels[number[cell]] = str(cell)
        return number[cell]

    return _Variable(names.give(column.name), column.label, pl.Int16, read, labels, why.codes, "nominal")


def _spread(column: Column, place: int, why: "_Why", names: "_Names", noyes: tuple[str, str]) -> Iterator[_Variable]:
    """Give a variable for each code: 1 or 0 for several choices, its rank for a ranking."""
    for code, label in column.codes:

        def read(row: Sequence[Cell], code: str = str(code)) -> int | None:
            cell = row[place]
            if not isinstance(cell, str) or not cell:
                return why.code(row)
            chosen = cell.split()
            if column.kind == "codes":
                return int(code in chosen)
            return chosen.index(code) + 1 if code in chosen else None

        meant: dict[int | float, str] = dict(enumerate(noyes)) if column.kind == "codes" else {}
        name = names.give(f"{column.name}_{code}")
        about = f"{column.label}: {label}"
        yield _Variable(name, about, pl.Int8, read, meant | why.labels, why.codes, "nominal")


class _Why:
    """Why there is no value: codes that count down from the least that a column can hold, and what they mean."""

    def __init__(self, state: int, meaning: Mapping[str | int, str], least: int) -> None:
        self._state = state
        top = min(least, 0) - 1
        self._code: dict[Cell, int] = {name: top - place for place, name in enumerate(MISSING)} if state >= 0 else {}
        self.codes = tuple(self._code.values())
        self.labels: dict[int | float, str] = {
            code: meaning.get(name, name) for name, code in zip(MISSING, self.codes, strict=False)
        }

    def code(self, row: Sequence[Cell]) -> int | None:
        """Give the code for a row; None where nothing says why."""
        return self._code.get(row[self._state]) if self._state >= 0 else None


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
        return "" if cell is None else _cut(str(cell), LONGEST_TEXT)

    return read


def _cut(text: str, most: int) -> str:
    """Give a text of at most so many bytes; what is cut ends in an ellipsis."""
    whole = legible(text)
    if len(whole) * 4 <= most or len(whole.encode()) <= most:
        return whole
    return whole.encode()[: most - len("…".encode())].decode(errors="ignore") + "…"


class _Names:
    """Gives variables names that SPSS takes: a letter first, letters, digits and _, not reserved, none twice."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def give(self, wanted: str, otherwise: str = "") -> str:
        name = _NO_NAME.sub("_", wanted).strip("_")[:LONGEST_NAME] or "v"
        if not name[0].isalpha():
            name = f"v_{name}"
        if name.upper() in _RESERVED:
            name += "_"
        if name.upper() in self.taken:
            name += otherwise
        unique, number = name, 1
        while unique.upper() in self.taken:
            number += 1
            unique = f"{name}_{number}"
        self.taken.add(unique.upper())
        return unique
