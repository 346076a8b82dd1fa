"""Regions: for each part of the network what became of its visits, and its index over the months on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisit.reports.charts import Frame, room
from revisit.reports.drawing import Drawing
from revisit.reports.moments import Moment
from revisit.reports.plots import Steps, steps_chart
from revisit.reports.reading import Reading, read
from revisit.reports.sections.comparison import (
    PAGE,
    Multiple,
    make_multiple,
    marks,
    points_of,
    shown_series,
    side_by_side,
)
from revisit.reports.studio import Studio

# With more parts than this only those are drawn whose months signal a change, and no more than so many.
MOST = 12


@dataclass(frozen=True, slots=True)
class Regions:
    """The page of the parts: visits as steps, and small charts over time."""

    steps_say: str
    steps: tuple[Drawing, ...]
    multiples_say: str
    multiples_caption: str
    multiples: tuple[Multiple, ...]


def make_regions(studio: Studio, parts: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Regions:
    """Make the page from the findings of the parts."""
    readings = [(names.get(part["unit"]["path"], part["unit"]["name"]), read(part, studio.survey)) for part in parts]
    shown = _by_part(readings, studio.reading.lead)
    said, multiples = _multiples(studio, readings, shown)
    every = [moment for series in shown.values() for moment in series]
    caption = studio.sentences.joined(
        studio.words.gettext(
            "%(index)s of each part by month, all on the same scale.", index=studio.index(studio.reading.lead)
        ),
        marks(studio, every, target=False),
    )
    return Regions(_said(studio, readings), _steps(studio, readings), said, caption, multiples)


def _said(studio: Studio, readings: Sequence[tuple[str, Reading]]) -> str:
    """Say where visits were never tried: a count of all visits, not of a sample, so no test is needed."""
    _, ngettext = studio.words.gettext, studio.words.ngettext
    if not any(one.coverage.due for _name, one in readings):
        return _("No visit was due in this period.")
    missed = [(name, one.coverage.never_tried) for name, one in readings if one.coverage.never_tried]
    if not missed:
        return _("Every visit that was due was tried, in every part.")
    whole = sum(count for _name, count in missed)
    parts = [_("%(name)s %(n)s", name=name, n=studio.numbers.count(count)) for name, count in missed]
    return ngettext(
        "%(n)s visit was never tried: %(parts)s.",
        "%(n)s visits were never tried: %(parts)s.",
        whole,
        n=studio.numbers.count(whole),
        parts=studio.words.listed(parts) if len(parts) <= MOST else _("in %(n)s parts", n=len(parts)),
    )


def _steps(studio: Studio, readings: Sequence[tuple[str, Reading]]) -> tuple[Drawing, ...]:
    """Draw the visits of each part; of more than one page holds the table of the parts has the same figures."""
    _ = studio.words.gettext
    rows = []
    for name, one in readings:
        coverage = one.coverage
        if not coverage.due:
            continue
        answered = coverage.outcomes["answered"]
        note = _(
            "%(due)s due, %(tried)s tried, %(answered)s answered",
            due=studio.numbers.count(coverage.due),
            tried=studio.numbers.share(coverage.attempted, coverage.due),
            answered=studio.numbers.share(answered, coverage.due),
        )
        rows.append(Steps(name, (coverage.due, coverage.attempted, answered), note))
    if not 0 < len(rows) <= PAGE:
        return ()
    told = studio.words.listed(f"{row.label} {row.note}" for row in rows)
    description = _("Bar chart of the visits due, tried and answered in each part: %(rows)s.", rows=told)
    return (steps_chart(studio.charts, "steps-1", description, rows),)


def _by_part(readings: Sequence[tuple[str, Reading]], lead: str) -> dict[int, Sequence[Moment]]:
    """Give the index over the months of each part that has enough of them to draw, by the part's place."""
    return side_by_side(
        {
            place: (series, one.trend[lead])
            for place, (_name, one) in enumerate(readings)
            if (series := shown_series(one, lead))
        }
    )


def _multiples(
    studio: Studio, readings: Sequence[tuple[str, Reading]], found: Mapping[int, Sequence[Moment]]
) -> tuple[str, tuple[Multiple, ...]]:
    """Give one small chart of the index for each part, all on the same scale, and what they say together."""
    _ = studio.words.gettext
    names = dict(enumerate(name for name, _one in readings))
    every = [one.trend.get(studio.reading.lead, ()) for _name, one in readings]
    marked = [place for place, series in found.items() if _signals(series)]
    drawn = list(found) if len(found) <= MOST else marked[:MOST]
    if not found:
        return "", ()
    if marked:
        listed = studio.words.listed(names[place] for place in marked[:MOST])
        said = _("Parts whose months signal a real change: %(names)s.", names=listed)
    elif any(moment.upper is not None for series in found.values() for moment in series):
        said = _no_month(studio, {names[place]: series for place, series in found.items()})
    else:
        said = studio.sentences.signals([moment for series in every for moment in series])
    said = studio.sentences.joined(said, _left_out(studio, [names[place] for place in names if place not in found]))
    points = [point for place in drawn for point in points_of(studio, found[place])]
    if not points:
        return said, ()
    low, high = room(points, None)
    frame = Frame(180, 78, (low, high))
    charts = (
        make_multiple(studio, f"part-{number}", names[place], found[place], frame) for number, place in enumerate(drawn)
    )
    return said, tuple(charts)


def _no_month(studio: Studio, found: Mapping[str, Sequence[Moment]]) -> str:
    """Say that no month stands out where months can be judged, and where there are too few for that."""
    _ = studio.words.gettext
    judged = [name for name, series in found.items() if any(moment.upper is not None for moment in series)]
    if len(judged) == len(found) or len(found) > MOST:
        return _("No part has a single month that stands out.")
    return _(
        "No single month stands out in %(judged)s; too few months to judge in %(others)s.",
        judged=studio.words.listed(judged),
        others=studio.words.listed(name for name in found if name not in judged),
    )


def _left_out(studio: Studio, names: Sequence[str]) -> str:
    """Say which parts have no chart, and why; of many only how many."""
    _ = studio.words.gettext
    if not names:
        return ""
    listed = studio.words.listed(names) if len(names) <= MOST else _("%(n)s parts", n=studio.numbers.count(len(names)))
    return _("Without a chart, as fewer than two of their months may be shown: %(names)s.", names=listed)


def _signals(series: Sequence[Moment]) -> bool:
    return any(moment.signal for moment in series)
