"""Comparison: the index over time, and the parts of the unit beside each other, without ranking."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import TypeVar

from babel.dates import format_date

from revisit.records.periods import Period
from revisit.reports.charts import Frame, Point, room
from revisit.reports.drawing import Drawing
from revisit.reports.figures import coarse
from revisit.reports.moments import Moment
from revisit.reports.reading import Reading
from revisit.reports.sections.dimensions import dot_row
from revisit.reports.studio import Studio
from revisit.texts import locale

Line = TypeVar("Line")
# As many lines of a chart as one page has room for.
PAGE = 24


@dataclass(frozen=True, slots=True)
class Panel:
    """Charts with what they say, and what explains their marks: no more than are drawn. Long ones go on over pages."""

    takeaway: str
    charts: tuple[Drawing, ...]
    caption: str = ""


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
    multiples_caption: str
    units: Panel | None
    heading: str = ""


def make_comparison(studio: Studio, names: Mapping[str, str], *, tabled: bool = False) -> Comparison:
    """Make the comparisons that the findings carry. ``names`` gives the units' names by path.

    Where a table has the units already (``tabled``), they are drawn beside each other only if one page holds them.
    """
    # Where the figures of the whole period are held back, single months beside that would only contradict it.
    held = studio.reading.held_back
    multiples = () if held else tuple(_multiples(studio))
    every = [moment for series in _by_dimension(studio.reading).values() for moment in series]
    caption = studio.sentences.joined(
        studio.words.gettext("One chart for each, all on the same scale."), marks(studio, every, target=False)
    )
    units = None if tabled and len(studio.reading.units) > PAGE else _units(studio, names)
    heading = _heading(studio, multiples)
    return Comparison(None if held else _trend(studio), multiples, _in_sum(studio, multiples), caption, units, heading)


def _heading(studio: Studio, multiples: Sequence[Multiple]) -> str:
    """Name what lies side by side: the dimensions, and indices where there are several."""
    _, others = studio.words.gettext, {studio.index(name) for name in studio.reading.indices[1:]}
    if any(one.name in others for one in multiples):
        return _("The dimensions and further indices over time")
    return _("The dimensions over time")


def _trend(studio: Studio) -> Panel | None:
    series = shown_series(studio.reading, studio.reading.lead)
    if not series:
        return None
    _ = studio.words.gettext
    points = points_of(studio, series)
    said = studio.words.listed(
        f"{Period.parse(moment.word).label(studio.words.language)} {studio.with_interval(moment.figure)}"
        for moment in series
        if moment.figure.shown or not moment.quarter
    )
    index = studio.index(studio.reading.lead)
    description = _("Line chart over time with 95%% intervals, %(index)s: %(points)s.", index=index, points=said)
    target = studio.reading.index.target
    chart = studio.charts.series("trend", description, points, target=target, centre=_centre(series))
    caption = studio.sentences.joined(
        _("%(index)s by month, from 0 to 100.", index=index), marks(studio, series, target=target is not None)
    )
    return Panel(studio.sentences.trend(), (chart,), caption)


def marks(studio: Studio, series: Sequence[Moment], *, target: bool) -> str:
    """Explain the marks of a chart over time: those that are drawn, and no others."""
    _ = studio.words.gettext
    drawn = [
        (True, _("bars: 95% intervals")),
        (any(moment.centre is not None for moment in series), _("grey line: the mean")),
        (any(moment.upper is not None for moment in series), _("dotted: the range of ordinary variation")),
        (target, _("broken line: the target")),
        (any(moment.signal for moment in series), _("triangle: a signal of change")),
        (
            len({moment.series for moment in series}) > 1,
            _("upright line: other weights, or other outlets asked, from here on"),
        ),
        (any(moment.quarter for moment in series), _("square: a quarter, as its months have too few answers")),
        (
            any(not (moment.figure.shown or moment.quarter) for moment in series),
            _("gap: a month with too few answers"),
        ),
    ]
    listed = _("; ").join(text for seen, text in drawn if seen)
    return studio.words.sentence(_("%(marks)s.", marks=listed))


def _centre(series: Sequence[Moment]) -> float | None:
    return next((moment.centre for moment in series if moment.centre is not None), None)


def shown_series(reading: Reading, metric: str) -> tuple[Moment, ...]:
    """Give a series from the first month, or quarter, that is shown; nothing where fewer than two are shown."""
    hidden = dropwhile(lambda moment: not (moment.figure.shown or moment.quarter), reading.trend.get(metric, ()))
    series = tuple(hidden)
    return series if len([moment for moment in series if moment.figure.shown]) > 1 else ()


def side_by_side(found: Mapping[Line, tuple[Sequence[Moment], Sequence[Moment]]]) -> dict[Line, Sequence[Moment]]:
    """Let series that lie side by side begin with the same month, the earliest that any shows.

    ``found`` has for each the part that is shown, from its first shown month on, and the whole series.
    """
    begin = min((shown[0].period for shown, _whole in found.values()), default="")
    return {name: [moment for moment in whole if moment.period >= begin] for name, (_shown, whole) in found.items()}


def points_of(studio: Studio, series: Sequence[Moment], *, numbers: bool = True) -> list[Point]:
    """Make the points of a chart; a period that is first or begins a year is named with its year."""
    return [
        Point(
            label=_under(moment, studio.words.language, whole=not place),
            value=moment.figure.value,
            low=moment.figure.low,
            high=moment.figure.high,
            note=studio.numbers.figure(moment.figure, whole=True) if numbers and moment.figure.shown else "",
            signal=bool(moment.signal),
            lower=moment.lower,
            upper=moment.upper,
            begins=place > 0 and moment.series != series[place - 1].series,
            together=bool(moment.quarter),
        )
        for place, moment in enumerate(series)
    ]


def _by_dimension(reading: Reading) -> dict[str, Sequence[Moment]]:
    names = [*(one.name for one in reading.dimensions), *reading.indices[1:]]
    return side_by_side(
        {name: (series, reading.trend[name]) for name in names if (series := shown_series(reading, name))}
    )


def _multiples(studio: Studio) -> Iterator[Multiple]:
    """Give one small chart for each dimension, all on the same axes."""
    found = _by_dimension(studio.reading)
    every = [point for series in found.values() for point in points_of(studio, series)]
    if not every:
        return
    low, high = room(every, None)
    frame = Frame(180, 78, (low, high))
    for name, series in found.items():
        called = studio.index(name) if name in studio.reading.indices else studio.called(name)
        yield make_multiple(studio, name, called, series, frame)


def make_multiple(studio: Studio, name: str, called: str, series: Sequence[Moment], frame: Frame) -> Multiple:
    """Make one of the small charts that lie side by side; only its first and last figure are printed."""
    _ = studio.words.gettext
    language = studio.words.language
    shown = [place for place, moment in enumerate(series) if moment.figure.shown]
    points = [
        replace(
            one,
            note=_ends(studio, series, place) if place in (shown[0], shown[-1]) else "",
            label=_short(series[place].word, language, whole=True),
        )
        for place, one in enumerate(points_of(studio, series, numbers=False))
    ]
    months = [
        f"{Period.parse(moment.word).label(language)} {studio.numbers.figure(moment.figure, whole=True)}"
        for moment in series[shown[0] :]
        if moment.figure.shown or not moment.quarter
    ]
    said = _("Line chart of %(name)s by month: %(points)s.", name=called, points=studio.words.listed(months))
    chart = studio.charts.series(f"trend-{name}", said, points, centre=_centre(series), frame=frame)
    says = studio.sentences.signals(series) if any(moment.signal for moment in series) else ""
    return Multiple(called, says, chart)


def _in_sum(studio: Studio, multiples: Sequence[Multiple]) -> str:
    """Say in a sentence what the charts side by side say."""
    _ = studio.words.gettext
    marked = [one.name for one in multiples if one.says]
    if marked:
        return _("Signals of a real change in: %(names)s.", names=studio.words.listed(marked))
    names = [*(one.name for one in studio.reading.dimensions), *studio.reading.indices[1:]]
    return studio.sentences.signals([moment for name in names for moment in studio.reading.trend.get(name, ())], names)


def _ends(studio: Studio, series: Sequence[Moment], place: int) -> str:
    figure = series[place].figure
    return studio.numbers.figure(figure, whole=True) if figure.shown else ""


def _under(moment: Moment, language: str, *, whole: bool) -> str:
    """Name what a point is about; of the three months of a quarter only that with the figure."""
    if moment.quarter and not moment.figure.shown:
        return ""
    return _short(moment.word, language, whole=whole)


def _short(word: str, language: str, *, whole: bool) -> str:
    """Name a period in the little room under a point: a month without its year, unless that begins or is asked for."""
    period = Period.parse(word)
    if period.kind != "month":
        return period.label(language)
    if language.startswith("zh"):
        pattern = "y年M月" if whole or period.first.month == 1 else "M月"
    else:
        pattern = "MMM y" if whole or period.first.month == 1 else "MMM"
    return str(format_date(period.first, pattern, locale=locale(language)))


def _units(studio: Studio, names: Mapping[str, str]) -> Panel | None:
    units = studio.reading.units
    if not any(unit.score.shown for unit in units):
        return None
    _ = studio.words.gettext
    whole = coarse(unit.score for unit in units)
    rows = [dot_row(studio, names.get(unit.path, unit.name), unit.score, whole=whole) for unit in units]
    together = next((item.score.value for item in studio.reading.items if item.question.id == "overall"), None)
    charts = []
    for place, some in enumerate(paged(rows)):
        said = studio.words.listed(f"{row.label} {row.note}" for row in some)
        description = _("Dot chart of overall satisfaction in each unit with 95%% intervals: %(rows)s.", rows=said)
        charts.append(studio.charts.dots(f"units-{place + 1}", description, some, reference=together))
    order = _("Overall satisfaction, 0 to 100. The order is that of the organisation, not of the scores.")
    caption = studio.sentences.joined(studio.asked("overall"), order)
    return Panel(studio.sentences.units(), tuple(charts), caption)


def paged(rows: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Cut rows into as many parts of about one length as they need pages."""
    pages = -(-len(rows) // PAGE)
    for page in range(pages):
        yield rows[page * len(rows) // pages : (page + 1) * len(rows) // pages]
