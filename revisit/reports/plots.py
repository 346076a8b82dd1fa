"""Plots: charts of a network and of reasons, beside those that every report has."""

from collections.abc import Sequence
from dataclasses import dataclass

from revisit.reports.canvas import across, breadth, through, upright
from revisit.reports.charts import BELOW, BESIDE, LABEL, SIZE, WIDTH, Bar, Charts, Scale, beside
from revisit.reports.drawing import Drawing
from revisit.reports.palette import FAINT, GRID, INK, MUTED, PAPER
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
    pitch, top, notes = 27, 4, max(breadth(gap(row.note), SIZE) for row in rows) + 14
    canvas = charts.canvas(WIDTH, top + pitch * len(rows) + BELOW)
    scale = Scale(0, 100, LABEL, WIDTH - max(notes, 120))
    bottom = top + pitch * len(rows)
    for number, row in enumerate(rows):
        y = top + pitch * (number + 0.5)
        canvas.lines((0, y), gap(row.label), LABEL - 10)
        whole = row.counts[0] or 1
        colours = (GRID, charts.palette.soft, charts.palette.brand)
        for count, colour, high in zip(row.counts, colours, (19, 19, 11), strict=True):
            canvas.bar(LABEL, y - high / 2, scale.at(100 * count / whole) - LABEL, high, colour)
        canvas.words((scale.end + 10, y), gap(row.note))
    for tick in (0, 20, 40, 60, 80, 100):
        canvas.words((scale.at(tick), bottom + 12), f"{tick}%", anchor="middle", colour=MUTED, size=11)
    return canvas.drawing(name, gap(description))


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
    top, label, right = 24 if any(heads) else 6, 236, 132
    # Many reasons, each named in one line, lie closer, so that a page has room for more than them.
    pitch = 22 if len(rows) > MANY and all(breadth(gap(row.label), SIZE) <= label - 12 for row in rows) else 29
    canvas = charts.canvas(WIDTH, top + pitch * len(rows) + 20)
    notes = max(breadth(gap(row.note), SIZE) for row in rows) + 16
    scale = Scale(0, max(row.value for row in rows) or 1, label, WIDTH - right - notes)
    line = Scale(0, 1, WIDTH - right + 10, WIDTH - 34)
    bottom = top + pitch * len(rows)
    canvas.stroke(upright(top, bottom, line.start, line.end), GRID)
    canvas.words((label, 8), gap(heads[0]), colour=MUTED, size=11)
    canvas.words((WIDTH, 8), gap(heads[1]), anchor="end", colour=MUTED, size=11)
    places = []
    for number, (row, share) in enumerate(zip(rows, shares, strict=True)):
        y = top + pitch * (number + 0.5)
        canvas.lines((0, y), gap(row.label), label - 12)
        colour = charts.palette.brand if row.strong else charts.palette.soft
        high = pitch - 10 if pitch > 22 else pitch - 7
        canvas.bar(label, y - high / 2, max(scale.at(row.value) - label, 0.8), high, colour)
        canvas.words((scale.at(row.value) + 7, y), gap(row.note))
        places.append((line.at(share), y))
    canvas.stroke(through(places), FAINT, 1.4) if len(places) > 1 else None
    for at, share in zip(places, shares, strict=True):
        canvas.dot(at, 3.6, INK)
        canvas.words((WIDTH, at[1]), f"{100 * share:.0f}%", anchor="end", size=11)
    canvas.words((line.start, bottom + 10), "0", anchor="middle", colour=MUTED, size=11)
    canvas.words((line.end, bottom + 10), "100%", anchor="middle", colour=MUTED, size=11)
    return canvas.drawing(name, gap(description))


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
    high, left, right = 176, BESIDE + 14, WIDTH - 60
    scores, shares = [row.score for row in rows], [row.share for row in rows]
    low, most = min(scores) - 4, max(scores) + 4
    x = Scale(max(0.0, low), min(100.0, most), left, right)
    y = Scale(max(0.0, min(shares) - 0.02), max(shares) + 0.02, 14 + high, 14)
    canvas = charts.canvas(WIDTH, 14 + high + BELOW + 14)
    canvas.stroke(across(left, right, 14, 14 + high) + upright(14, 14 + high, left, right), GRID)
    middle = sum(scores) / len(scores), sum(shares) / len(shares)
    canvas.stroke(
        upright(14, 14 + high, x.at(middle[0])) + across(left, right, y.at(middle[1])), FAINT, 1.2, dash="4 3"
    )
    for row in rows:
        at = x.at(row.score), y.at(row.share)
        if row.strong:
            canvas.triangle(at, 8.5, charts.palette.brand)
        else:
            canvas.dot(at, 5.6, charts.palette.brand)
    dots = [(x.at(row.score), y.at(row.share)) for row in rows]
    for place, anchor, label in beside(dots, [gap(row.label) for row in rows], right):
        broad = breadth(label, 11)
        start = place[0] - {"start": 0, "middle": broad / 2, "end": broad}[anchor]
        canvas.bar(start - 1, place[1] - 6, broad + 2, 12, PAPER, opacity=0.85)
        canvas.words(place, label, anchor=anchor, size=11)
    for tick in (x.low, middle[0], x.high):
        canvas.words((x.at(tick), 14 + high + 12), f"{tick:.0f}", anchor="middle", colour=MUTED, size=11)
    for tick in (y.low, y.high):
        canvas.words((left - 6, y.at(tick)), f"{100 * tick:.0f}%", anchor="end", colour=MUTED, size=11)
    canvas.words(((left + right) / 2, 14 + high + 28), gap(names[0]), anchor="middle", colour=MUTED, size=11)
    canvas.words((left, 5), gap(names[1]), colour=MUTED, size=11)
    return canvas.drawing(name, gap(description))
