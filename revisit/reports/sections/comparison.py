"""Comparison: the index over time, and the parts of the unit beside each other, without ranking."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from revisit.records.periods import Period
from revisit.reports.charts import Frame, Point, room
from revisit.reports.drawing import Drawing
from revisit.reports.reading import Moment
from revisit.reports.sections.dimensions import dot_row
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart with what it says."""

    takeaway: str
    chart: Drawing


@dataclass(frozen=True, slots=True)
class Multiple:
    """One of the small charts that lie side by side: the dimension, what its chart says, and the chart."""

    name: str
    says: str
    chart: Drawing


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared; a part without data is None."""

    trend: Panel | None
    multiples: tuple[Multiple, ...]
    multiples_say: str
    units: Panel | None


def make_comparison(studio: Studio, names: Mapping[str, str]) -> Comparison:
    """Make the comparisons that the findings carry. ``names`` gives the units' names by path."""
    multiples = tuple(_multiples(studio))
    return Comparison(_trend(studio), multiples, _in_sum(studio, multiples), _units(studio, names))


def _trend(studio: Studio) -> Panel | None:
    series = _series(studio, "csi")
    if not series:
        return None
    _ = studio.words.gettext
    points = _points(studio, series)
    said = studio.words.listed(
        f"{Period.parse(moment.period).label(studio.words.language)} {studio.with_interval(moment.figure)}"
        for moment in series
    )
    description = _("Line chart of the satisfaction index over time with 95%% intervals: %(points)s.", points=said)
    centre = next((moment.centre for moment in series if moment.centre is not None), None)
    chart = studio.charts.series("trend", description, points, target=studio.reading.csi.target, centre=centre)
    return Panel(studio.sentences.trend(), chart)


def _series(studio: Studio, metric: str) -> tuple[Moment, ...]:
    """Give a series from its first shown month; nothing where fewer than two are shown."""
    series = tuple(dropwhile(lambda moment: not moment.figure.shown, studio.reading.trend.get(metric, ())))
    return series if len([moment for moment in series if moment.figure.shown]) > 1 else ()


def _points(studio: Studio, series: Sequence[Moment], *, numbers: bool = True) -> list[Point]:
    return [
        Point(
            label=_short(moment.period, studio.words.language),
            value=moment.figure.value,
            low=moment.figure.low,
            high=moment.figure.high,
            note=studio.numbers.figure(moment.figure, sentence=True) if numbers and moment.figure.shown else "",
            signal=bool(moment.signal),
            lower=moment.lower,
            upper=moment.upper,
        )
        for moment in series
    ]


def _multiples(studio: Studio) -> Iterator[Multiple]:
    """Give one small chart for each dimension, all on the same axis."""
    _ = studio.words.gettext
    found = {one.name: series for one in studio.reading.dimensions if (series := _series(studio, one.name))}
    every = [point for series in found.values() for point in _points(studio, series)]
    if not every:
        return
    low, high = room(every, None)
    frame = Frame(180, 78, (low, high))
    for name, series in found.items():
        points = _points(studio, series, numbers=False)
        last = len(points) - 1
        points = [
            replace(one, note=_ends(studio, series, place) if place in (0, last) else "")
            for place, one in enumerate(points)
        ]
        called = studio.called(name)
        months = [f"{moment.period} {studio.numbers.figure(moment.figure, sentence=True)}" for moment in series]
        said = _("Line chart of %(name)s by month: %(points)s.", name=called, points=studio.words.listed(months))
        centre = next((moment.centre for moment in series if moment.centre is not None), None)
        chart = studio.charts.series(f"trend-{name}", said, points, centre=centre, frame=frame)
        says = studio.sentences.signals(series) if any(moment.signal for moment in series) else ""
        yield Multiple(called, says, chart)


def _in_sum(studio: Studio, multiples: Sequence[Multiple]) -> str:
    """Say in a sentence what the charts side by side say."""
    _ = studio.words.gettext
    marked = [one.name for one in multiples if one.says]
    if marked:
        return _("Signals of a real change in: %(names)s.", names=studio.words.listed(marked))
    return studio.sentences.signals(
        [moment for one in studio.reading.dimensions for moment in _series(studio, one.name)]
    )


def _ends(studio: Studio, series: Sequence[Moment], place: int) -> str:
    figure = series[place].figure
    return studio.numbers.figure(figure, sentence=True) if figure.shown else ""


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
