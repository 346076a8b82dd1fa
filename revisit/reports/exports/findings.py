"""Findings as a table: a row for each figure of the public contract, under the path it has there."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from revisit.reports.exports.table import Cell, Column
from revisit.reports.exports.words import N_

COLUMNS: tuple[Column, ...] = (
    Column("path", N_("Where the figure stands in the JSON of revisit findings")),
    Column("part", N_("The part of the findings")),
    Column("name", N_("The question, dimension, unit or month; empty where the part has one figure")),
    Column("figure", N_("Which figure")),
    Column("value", N_("Its value, where it is a number"), "number"),
    Column("text", N_("Its value, where it is a word")),
)


def rows(found: Mapping[str, Any]) -> Generator[Sequence[Cell], None, None]:
    """Give a row for each figure, those that are withheld included: theirs are empty."""
    for steps, value in _leaves((), found):
        part, *between, figure = ("", *steps) if len(steps) == 1 else steps
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
        text = "" if value is None or number is not None else str(value).lower() if value in (True, False) else value
        yield ".".join(steps), part or figure, ".".join(between), figure, number, text


def _leaves(steps: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves((*steps, str(name)), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, inner in enumerate(value):
            yield from _leaves((*steps, _called(inner, place)), inner)
    else:
        yield steps, value


def _called(entry: Any, place: int) -> str:
    """Name an entry of a list by what it is about, so that the paths of two months' exports can be joined."""
    names = ("unit", "period", "name", "path")
    said = next((entry[name] for name in names if isinstance(entry, Mapping) and isinstance(entry.get(name), str)), "")
    return said or str(place)
