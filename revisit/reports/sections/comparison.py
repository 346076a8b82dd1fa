"""Comparison: the index over time, and the parts of the unit beside each other, without ranking."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import dropwhile

from revisit.records.periods import Period
from revisit.reports.charts import Point
from revisit.reports.drawing import Drawing
from revisit.reports.sections.dimensions import dot_row
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart with what it says."""

    takeaway: str
    chart: Drawing


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared; a part without data is None."""

    trend: Panel | None
    units: Panel | None


def make_comparison(studio: Studio, names: Mapping[str, str]) -> Comparison:
    """Make the comparisons that the findings carry. ``names`` gives the units' names by path."""
    return Comparison(_trend(studio), _units(studio, names))


def _trend(studio: Studio) -> Panel | None:
    series = tuple(dropwhile(lambda moment: not moment.figure.shown, studio.reading.trend.get("csi", ())))
    if len([moment for moment in series if moment.figure.shown]) < 2:
        return None
    _ = studio.words.gettext
    points = [
        Point(
            label=_short(moment.period, studio.words.language),
            value=moment.figure.value,
            low=moment.figure.low,
            high=moment.figure.high,
            note=studio.numbers.figure(moment.figure, sentence=True) if moment.figure.shown else "",
            signal=bool(moment.signal),
            lower=moment.lower,
            upper=moment.upper,
        )
        for moment in series
    ]
    said = studio.words.listed(
        f"{Period.parse(moment.period).label(studio.words.language)} {studio.with_interval(moment.figure)}"
        for moment in series
    )
    description = _("Line chart of the satisfaction index over time with 95%% intervals: %(points)s.", points=said)
    centre = next((moment.centre for moment in series if moment.centre is not None), None)
    chart = studio.charts.series("trend", description, points, target=studio.reading.csi.target, centre=centre)
    return Panel(studio.sentences.trend(), chart)


def _short(word: str, language: str) -> str:
    """Name a period in the little room under a point: months as "2026-08" stay as they are, quarters are named."""
    period = Period.parse(word)
    if period.kind == "month":
        return f"{period.first:%Y-%m}"
    return period.label(language)


def _units(studio: Studio, names: Mapping[str, str]) -> Panel | None:
    units = studio.reading.units
    if not any(unit.score.shown for unit in units):
        return None
    _ = studio.words.gettext
    rows = [dot_row(studio, names.get(unit.path, unit.name), unit.score) for unit in units]
    said = studio.words.listed(f"{row.label} {row.note}" for row in rows)
    description = _("Dot chart of overall satisfaction in each unit with 95%% intervals: %(rows)s.", rows=said)
    whole = next((item.score.value for item in studio.reading.items if item.question.id == "overall"), None)
    return Panel(studio.sentences.units(), studio.charts.dots("units", description, rows, reference=whole))
