"""The network: its parts beside each other in the order of the organisation, with numbers first and colour second."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisit.reports.figures import Figure, coarse
from revisit.reports.palette import on
from revisit.reports.reading import Reading, read
from revisit.reports.studio import Studio

# The shade of a score: one hue, the lower the darker, so that it reads in grey as well; the edges are printed.
EDGES: tuple[int, ...] = (60, 70, 80)
SHADES: tuple[str, ...] = ("#d9944f", "#edc79c", "#f8e7d2", "#ffffff")


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed figure; ``colour`` and ``ink`` only repeat what the number says."""

    value: str
    interval: str = ""
    colour: str = ""
    ink: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the network: who was asked and answered, and its figures."""

    name: str
    due: str
    coverage: Cell
    response: Cell
    answers: str
    index: Cell
    satisfied: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """The pages of the network: a row for each part, the names of the dimensions, and whether any base is small.

    ``visits`` says whether any visit was due: answers may have come in without orders. ``untested`` says why no part is
    told from the others, where there were too few to try. ``index`` is the name of the index that all have figures of.
    """

    dimensions: tuple[str, ...]
    rows: tuple[PartRow, ...]
    small: bool
    suppressed: bool
    visits: bool
    takeaway: str = ""
    untested: str = ""
    index: str = ""
    edges: str = ""


def make_network(studio: Studio, parts: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Network:
    """Make the pages from the findings of the parts."""
    readings = [(part, read(part, studio.survey)) for part in parts]
    every = [one for _part, one in readings]
    whole = coarse(
        figure
        for one in (*every, studio.reading)
        for figure in (one.figure(studio.reading.lead), one.satisfied, *(each.score for each in one.dimensions))
    )
    rows = [_row(studio, names.get(part["unit"]["path"], part["unit"]["name"]), one, whole) for part, one in readings]
    rows.append(_row(studio, studio.words.gettext("All together"), studio.reading, whole))
    cells = [cell for row in rows for cell in (row.index, row.satisfied, *row.cells)]
    return Network(
        dimensions=tuple(studio.called(name) for name in studio.survey.dimensions),
        rows=tuple(rows),
        small=any(cell.small for cell in cells),
        suppressed=any(cell.value == "–" for cell in cells),
        visits=studio.reading.coverage.due > 0,
        takeaway=studio.sentences.parts_say(),
        untested=studio.sentences.untested(),
        index=studio.index(studio.reading.lead),
        edges=studio.words.listed(str(edge) for edge in EDGES),
    )


def _row(studio: Studio, name: str, reading: Reading, whole: bool) -> PartRow:  # noqa: FBT001 — of all rows together
    scores = {one.name: one.score for one in reading.dimensions}
    coverage = reading.coverage
    # Answers that came in without a visit are no answered visits: they are counted where no visit was due at all.
    asked = studio.reading.coverage.due
    told = bool(asked) or bool(reading.answers) or reading.nobody
    answered = studio.numbers.count(coverage.outcomes["answered"] if asked else reading.answers) if told else "–"
    return PartRow(
        name=name,
        due=studio.numbers.count(coverage.due) if coverage.due else studio.words.gettext("no visits"),
        coverage=_count(studio, coverage.coverage),
        response=_count(studio, coverage.response),
        answers="–" if asked and not coverage.due else answered,
        index=_cell(studio, reading.figure(studio.reading.lead), whole=whole),
        satisfied=_cell(studio, reading.satisfied, whole=whole),
        cells=tuple(
            _cell(studio, scores.get(name, Figure("score")), shade=True, whole=whole)
            for name in studio.survey.dimensions
        ),
    )


def _count(studio: Studio, rate: Figure) -> Cell:
    """Give a rate of visits with its counts: all are counted, so there is no interval."""
    if rate.value is None or rate.n is None:
        return _cell(studio, rate)
    counts = studio.numbers.count(round(rate.value * rate.n)), studio.numbers.count(rate.n)
    return Cell(studio.numbers.figure(rate), " / ".join(counts))


def _cell(studio: Studio, figure: Figure, *, shade: bool = False, whole: bool = False) -> Cell:
    value, interval = studio.numbers.figure(figure, whole=whole), studio.numbers.interval(figure, whole=whole)
    if not shade or figure.value is None:
        return Cell(value, interval, small=figure.small)
    colour = SHADES[sum(figure.value >= edge for edge in EDGES)]
    return Cell(value, interval, colour, on(colour), figure.small)
