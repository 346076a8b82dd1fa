"""The dimensions: dots on their intervals, and the table with the same figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from revisit.reports.charts import Row
from revisit.reports.drawing import Drawing
from revisit.reports.figures import Figure, coarse
from revisit.reports.reading import Composite
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension or index in the table; texts are ready to print. ``withheld`` is set instead of figures.

    ``parts`` says what a composite of the survey's own is made of.
    """

    name: str
    n: str
    score: str
    interval: str
    satisfied: str
    satisfied_interval: str
    target: str
    weight: str
    withheld: str
    small: bool
    total: bool = False
    parts: str = ""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The page of the dimensions. ``others`` has the further indices in a line, for a sheet with no more room."""

    takeaway: str
    chart: Drawing
    rows: tuple[DimensionRow, ...]
    has_targets: bool
    small: bool
    shown: bool
    band: str = ""
    others: str = ""


def make_dimensions(studio: Studio) -> Dimensions:
    """Make the page."""
    reading = studio.reading
    rows = [
        _row(studio, studio.called(one.name), one.score, one.satisfied, reading.weights.get(one.name, 0.0))
        for one in reading.dimensions
    ]
    index = _row(studio, studio.words.gettext("Satisfaction index (CSI)"), reading.csi, None, 1.0, total=True)
    rows += [index, *(_own(studio, one) for one in reading.composites)]
    return Dimensions(
        takeaway=studio.sentences.dimensions(),
        chart=_chart(studio),
        rows=tuple(rows),
        has_targets=any(row.target for row in rows),
        small=any(row.small for row in rows),
        shown=any(one.score.shown for one in reading.dimensions),
        band=_band(studio),
        others=_in_a_line(studio),
    )


def _whole(studio: Studio) -> bool:
    """Say whether the table and the chart go without decimals: all their lines have one precision."""
    reading = studio.reading
    return coarse(
        (reading.csi, *(one.score for one in reading.dimensions), *(one.figure for one in reading.composites))
    )


def _band(studio: Studio) -> str:
    """Explain the range behind the dots; empty where none is drawn."""
    found = studio.reading.raw.get("expected")
    if not found:
        return ""
    return studio.words.gettext(
        "The light range behind a dot: where 95 of 100 units with as many answers would lie by chance, if all were "
        "alike in the whole organisation. It helps the eye; a dot outside it is a question to ask, not yet a finding."
    )


def _chart(studio: Studio) -> Drawing:
    _ = studio.words.gettext
    reading = studio.reading
    bands, whole = (studio.reading.raw.get("expected") or {}).get("dimensions") or {}, _whole(studio)
    rows = [
        dot_row(studio, studio.called(one.name), one.score, band=_limits(bands.get(one.name)), whole=whole)
        for one in reading.dimensions
    ]
    rows.append(dot_row(studio, _("Index (CSI)"), reading.csi, strong=True, whole=whole))
    rows += [dot_row(studio, one.name, one.figure, strong=True, whole=whole) for one in reading.composites]
    said = studio.words.listed(f"{row.label} {row.note}" for row in rows)
    description = _("Dot chart of the scores from 0 to 100 with their 95%% intervals: %(rows)s.", rows=said)
    return studio.charts.dots("dimensions", description, rows)


def _limits(band: Mapping[str, float] | None) -> tuple[float, float] | None:
    return (band["low"], band["high"]) if band else None


def dot_row(
    studio: Studio,
    name: str,
    figure: Figure,
    *,
    strong: bool = False,
    band: tuple[float, float] | None = None,
    whole: bool = False,
) -> Row:
    """Make one line of a dot chart from a figure."""
    return Row(
        label=name,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        note=studio.with_interval(figure, whole=whole),
        base=studio.base(figure) + ("*" if figure.small else ""),
        target=figure.target if figure.shown else None,
        strong=strong,
        band=band if figure.shown else None,
    )


def _in_a_line(studio: Studio) -> str:
    """Give the composites in one line, each with interval and base."""
    _ = studio.words.gettext
    told = [
        _("%(name)s %(score)s, n = %(n)s", name=one.name, score=studio.with_interval(one.figure), n=count)
        if one.figure.shown
        else _("%(name)s: %(why)s", name=one.name, why=studio.withheld(one.figure))
        for one in studio.reading.composites
        for count in (studio.numbers.count(one.figure.n or 0),)
    ]
    return _("; ").join(told)


def _own(studio: Studio, one: Composite) -> DimensionRow:
    """Give the row of a composite: what it is made of stands under its name, in place of a weight."""
    row = _row(studio, one.name, one.figure, None, 0.0, total=True)
    return replace(row, weight="", parts=studio.parts_of(one.weights))


def _row(
    studio: Studio, name: str, score: Figure, satisfied: Figure | None, weight: float, *, total: bool = False
) -> DimensionRow:
    numbers, whole = studio.numbers, _whole(studio)
    share = satisfied or Figure("share")
    return DimensionRow(
        name=name,
        n=numbers.count(score.n) if score.shown and score.n is not None else "",
        score=numbers.figure(score, whole=whole),
        interval=numbers.interval(score, whole=whole),
        satisfied=numbers.figure(share, whole=whole) if share.shown else "",
        satisfied_interval=numbers.interval(share, whole=whole),
        target=numbers.target(score),
        weight=numbers.decimal(weight * 100, 0) + "%",
        withheld="" if score.shown else studio.withheld(score),
        small=score.small,
        total=total,
    )
