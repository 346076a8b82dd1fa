"""Regions: for each part of the network what became of its visits, and its index over the months on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisit.reports.charts import Frame, room
from revisit.reports.drawing import Drawing
from revisit.reports.plots import Steps, steps_chart
from revisit.reports.reading import Moment, Reading, read
from revisit.reports.sections.comparison import PAGE, Multiple, make_multiple, marks, points_of, shown_series
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
    said, multiples = _multiples(studio, readings)
    every = [moment for _name, one in readings for moment in shown_series(one, "csi")]
    caption = studio.sentences.joined(
        studio.words.gettext("The satisfaction index of each part by month, all on the same scale."),
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


def _multiples(studio: Studio, readings: Sequence[tuple[str, Reading]]) -> tuple[str, tuple[Multiple, ...]]:
    """Give one small chart of the index for each part, all on the same scale, and what they say together."""
    _ = studio.words.gettext
    found = [(name, one, series) for name, one in readings if (series := shown_series(one, "csi"))]
    marked = [name for name, _one, series in found if _signals(series)]
    drawn = found if len(found) <= MOST else [row for row in found if row[0] in marked][:MOST]
    if not found:
        return "", ()
    if marked:
        said = _("Parts whose months signal a real change: %(names)s.", names=studio.words.listed(marked[:MOST]))
    elif any(moment.upper is not None for _name, _one, series in found for moment in series):
        said = _("No part's months signal a change: the ups and downs are those of chance.")
    else:
        said = _("There are not enough months yet to tell chance from change.")
    every = [point for _name, _one, series in drawn for point in points_of(studio, series)]
    if not every:
        return said, ()
    low, high = room(every, None)
    frame = Frame(180, 78, (low, high))
    charts = (
        make_multiple(studio, f"part-{place}", name, series, frame) for place, (name, _one, series) in enumerate(drawn)
    )
    return said, tuple(charts)


def _signals(series: Sequence[Moment]) -> bool:
    return any(moment.signal for moment in series)
