"""Plots: charts of a network and of reasons, beside those that every report has."""

from collections.abc import Sequence
from dataclasses import dataclass

from revisit.reports.canvas import Canvas, across, breadth, through, upright, wrap
from revisit.reports.charts import BELOW, BESIDE, LABEL, Bar, Charts
from revisit.reports.drawing import Drawing
from revisit.reports.palette import FAINT, GRID, INK, MUTED, PAPER
from revisit.reports.scales import Scale
from revisit.reports.sheets import SIZE, Rows, Sheet, beside
from revisit.reports.words import gap

# From more reasons than this on they lie closer together.
MANY = 10


@dataclass(frozen=True, slots=True)
class Steps:
    """One line of a chart of shrinking counts: its name, the counts from the whole to the last, and its words."""

    label: str
    counts: tuple[int, int, int]
    note: str


def steps_chart(charts: Charts, name: str, description: str, rows: Sequence[Steps]) -> Drawing:
    """Draw for each row the part that was tried and the part that answered, within all that was due (100 %)."""
    return charts.twice(name, description, lambda sheet: _steps(charts, sheet, rows))


def _steps(charts: Charts, sheet: Sheet, rows: Sequence[Steps]) -> Canvas:
    named = [(gap(row.label), gap(row.note)) for row in rows]
    lines = Rows.of(sheet, named, 4, sheet.pick(27, 19), LABEL - 10)
    notes = max(breadth(note, SIZE) for _name, note in named) + 14
    bottom = lines.bottom(len(rows))
    canvas = charts.canvas(sheet.width, bottom + BELOW)
    scale = Scale(0, 100, sheet.pick(LABEL, 10), sheet.width - sheet.pick(max(notes, 120), 16))
    for number, (row, (called, note)) in enumerate(zip(rows, named, strict=True)):
        y = lines.middle(number)
        lines.name(canvas, number, called)
        whole = row.counts[0] or 1
        colours = (GRID, charts.palette.soft, charts.palette.brand)
        for count, colour, high in zip(row.counts, colours, (19, 19, 11), strict=True):
            canvas.bar(scale.start, y - high / 2, scale.at(100 * count / whole) - scale.start, high, colour)
        lines.note(canvas, number, note, scale.end + 10)
    for tick in (0, 20, 40, 60, 80, 100):
        canvas.words((scale.at(tick), bottom + 12), f"{tick}%", anchor="middle", colour=MUTED, size=11)
    return canvas


def pareto(
    charts: Charts,
    name: str,
    description: str,
    rows: Sequence[Bar],
    shares: Sequence[float],
    heads: tuple[str, str] = ("", ""),
) -> Drawing:
    """Draw counts, the greatest first, and a line of their running share of all (0 to 1), with its own printed numbers.

    The line stands on a scale of its own at the right, from 0 to 100 %, in words: there is no second axis to misread.
    ``heads`` say over each what it is a share of.
    """
    return charts.twice(name, description, lambda sheet: _pareto(charts, sheet, rows, shares, heads))


def _pareto(
    charts: Charts, sheet: Sheet, rows: Sequence[Bar], shares: Sequence[float], heads: tuple[str, str]
) -> Canvas:
    named = [(gap(row.label), gap(row.note)) for row in rows]
    label, right = (0, 96) if sheet.slim else (236, 132)
    # Many reasons, each named in one line, lie closer, so that a page has room for more than them.
    close = len(rows) > MANY and all(breadth(called, SIZE) <= label - 12 for called, _note in named)
    pitch = sheet.pick(22 if close else 29, 19)
    top = sheet.pick(24, 38) if any(heads) else 6
    lines = Rows.of(
        sheet,
        [(called, "") for called, _note in named],
        top,
        pitch,
        sheet.width - right - 6 if sheet.slim else label - 12,
    )
    bottom = lines.bottom(len(rows))
    canvas = charts.canvas(sheet.width, bottom + 20)
    notes = max(breadth(note, SIZE) for _name, note in named) + 16
    scale = Scale(0, max(row.value for row in rows) or 1, label, sheet.width - right - notes)
    line = Scale(0, 1, sheet.width - right + 10, sheet.width - 34)
    canvas.stroke(upright(top, bottom, line.start, line.end), GRID)
    canvas.words((label, 8), gap(heads[0]), colour=MUTED, size=11)
    canvas.words((sheet.width, sheet.pick(8, 23)), gap(heads[1]), anchor="end", colour=MUTED, size=11)
    high = pitch - (10 if pitch > 22 else 7)
    places = []
    for number, (row, (called, note), share) in enumerate(zip(rows, named, shares, strict=True)):
        y = lines.middle(number)
        lines.name(canvas, number, called)
        colour = charts.palette.brand if row.strong else charts.palette.soft
        canvas.bar(label, y - high / 2, max(scale.at(row.value) - label, 0.8), high, colour)
        canvas.words((scale.at(row.value) + 7, y), note)
        places.append((line.at(share), y))
    canvas.stroke(through(places), FAINT, 1.4) if len(places) > 1 else None
    for at, share in zip(places, shares, strict=True):
        canvas.dot(at, 3.6, INK)
        canvas.words((sheet.width, at[1]), f"{100 * share:.0f}%", anchor="end", size=11)
    canvas.words((line.start, bottom + 10), "0", anchor="middle", colour=MUTED, size=11)
    canvas.words((line.end, bottom + 10), "100%", anchor="middle", colour=MUTED, size=11)
    return canvas


@dataclass(frozen=True, slots=True)
class Driver:
    """One dimension in the chart of what goes together: its name, score, and share of what is explained (0 to 1)."""

    label: str
    score: float
    share: float
    strong: bool = False


def drivers_chart(
    charts: Charts, name: str, description: str, rows: Sequence[Driver], names: tuple[str, str]
) -> Drawing:
    """Draw each dimension by its score (across) and by how closely it goes with the whole (upwards), means as lines."""
    return charts.twice(name, description, lambda sheet: _drivers(charts, sheet, rows, names))


def _drivers(charts: Charts, sheet: Sheet, rows: Sequence[Driver], names: tuple[str, str]) -> Canvas:
    above = wrap(gap(names[1]), sheet.width - BESIDE - 14, 11, 2)
    left, right, top = BESIDE + 14, sheet.width - sheet.pick(60, 14), 14 * len(above)
    bottom = top + 176
    scores, shares = [row.score for row in rows], [row.share for row in rows]
    low, most = min(scores) - 4, max(scores) + 4
    x = Scale(max(0.0, low), min(100.0, most), left, right)
    y = Scale(max(0.0, min(shares) - 0.02), max(shares) + 0.02, bottom, top)
    canvas = charts.canvas(sheet.width, bottom + BELOW + 14)
    canvas.stroke(across(left, right, top, bottom) + upright(top, bottom, left, right), GRID)
    middle = sum(scores) / len(scores), sum(shares) / len(shares)
    canvas.stroke(upright(top, bottom, x.at(middle[0])) + across(left, right, y.at(middle[1])), FAINT, 1.2, dash="4 3")
    dots = [(x.at(row.score), y.at(row.share)) for row in rows]
    for row, at in zip(rows, dots, strict=True):
        if row.strong:
            canvas.triangle(at, 8.5, charts.palette.brand)
        else:
            canvas.dot(at, 5.6, charts.palette.brand)
    edge = right + sheet.pick(20, 14)
    called = [wrap(gap(row.label), edge - BESIDE, 11, 1)[0] for row in rows]
    for place, anchor, label in beside(dots, called, BESIDE, edge):
        broad = breadth(label, 11)
        start = place[0] - {"start": 0, "middle": broad / 2, "end": broad}[anchor]
        canvas.bar(start - 1, place[1] - 6, broad + 2, 12, PAPER, opacity=0.85)
        canvas.words(place, label, anchor=anchor, size=11)
    for tick in (x.low, middle[0], x.high):
        canvas.words((x.at(tick), bottom + 12), f"{tick:.0f}", anchor="middle", colour=MUTED, size=11)
    for tick in (y.low, y.high):
        canvas.words((left - 6, y.at(tick)), f"{100 * tick:.0f}%", anchor="end", colour=MUTED, size=11)
    canvas.words(((left + right) / 2, bottom + 28), gap(names[0]), anchor="middle", colour=MUTED, size=11)
    for number, words in enumerate(above):
        canvas.words((left, 5 + 13 * number), words, colour=MUTED, size=11)
    return canvas
