"""Charts: rows of figures become drawings. Shapes and printed numbers carry the sense, colour only helps."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from revisit.reports.canvas import Canvas, Place, across, breadth, smooth, through, upright, wrap
from revisit.reports.drawing import Drawing
from revisit.reports.palette import BAND, FAINT, GRID, INK, MUTED, PAPER, TARGET, Palette, on, steps
from revisit.reports.scales import Scale, room_for, ticks
from revisit.reports.sheets import BROAD, SIZE, SLIM, Box, Rows, Sheet, beside, meets
from revisit.reports.words import gap

LABEL = 132
AXIS = 11
# A share below this has no room for its number inside the bar.
PRINTED = 0.06
# Room for the numbers of an axis: beside it, and below it with the gap.
BESIDE, BELOW = 34, 24
# The longest name beside a dot, on a broad sheet and on a slim one.
CALLED = 170, 130


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dot chart: its name, a value with its interval, a target, and what stands at the right.

    ``band`` is the range in which such values lie by chance, from low to high.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    note: str
    base: str = ""
    target: float | None = None
    strong: bool = False
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart: its name, its length and what stands behind it."""

    label: str
    value: float
    note: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series. One that ``begins`` a series of its own is not joined to the one before.

    Three periods that lie ``together`` have one figure, with the one in their middle.
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    note: str
    signal: bool = False
    lower: float | None = None
    upper: float | None = None
    begins: bool = False
    together: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """One unit in a funnel plot: answers, share from 0 to 1, its four limits, its name, and whether it is marked."""

    count: int
    share: float
    limits: tuple[float, ...]
    label: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The size in CSS pixels and the part of the scale that charts side by side have in common."""

    width: int
    height: int
    domain: tuple[float, float]


class Charts:
    """Draws in one language's typeface and one brand's colours.

    SVG text knows no language, so the face itself must be the right one: a Chinese glyph differs from a Japanese one.
    """

    def __init__(self, face: str, palette: Palette) -> None:
        self.face = face
        self.palette = palette

    def twice(self, name: str, description: str, draw: Callable[[Sheet], Canvas]) -> Drawing:
        """Draw a chart for paper and for a phone."""
        return draw(BROAD).drawing(name, gap(description), narrow=draw(SLIM))

    def dots(self, name: str, description: str, rows: Sequence[Row], *, reference: float | None = None) -> Drawing:
        """Draw dots on their intervals over a scale of 0 to 100, the figures in words at the right."""
        return self.twice(name, description, lambda sheet: self._dots(sheet, rows, reference))

    def _dots(self, sheet: Sheet, rows: Sequence[Row], reference: float | None) -> Canvas:
        named = [(gap(row.label), "" if row.value is None else gap(f"{row.note}   {row.base}")) for row in rows]
        lines = Rows.of(sheet, named, 4, sheet.pick(31, 27), LABEL - 10)
        scale = Scale(0, 100, sheet.pick(LABEL, 8), sheet.width - sheet.pick(184, 12))
        bottom = lines.bottom(len(rows))
        canvas = self.canvas(sheet.width, bottom + BELOW)
        ticks = (0, 20, 40, 60, 80, 100)
        bands = list(lines.bands(len(rows)))
        canvas.stroke("".join(upright(*band, *(scale.at(tick) for tick in ticks)) for band in bands), GRID)
        for tick in ticks:
            canvas.words((scale.at(tick), bottom + 14), f"{tick}", anchor="middle", colour=MUTED)
        if reference is not None:
            canvas.stroke("".join(upright(*band, scale.at(reference)) for band in bands), MUTED, dash="4 3")
        for number, row in enumerate(rows):
            lines.name(canvas, number, named[number][0])
            self._dot(canvas, scale, row, lines.middle(number))
            self._figures(canvas, lines, number, row)
        return canvas

    def _dot(self, canvas: Canvas, scale: Scale, row: Row, y: float) -> None:
        """Draw the marks of one line of a dot chart; one without a figure says why."""
        if row.value is None:
            canvas.words((scale.start + 6, y), gap(row.note), colour=MUTED)
            return
        if row.band is not None:
            left, right = (scale.at(edge) for edge in row.band)
            canvas.bar(left, y - 12, right - left, 24, BAND)
            canvas.stroke(upright(y - 12, y + 12, left, right), FAINT, 1)
        if row.low is not None and row.high is not None:
            soft = FAINT if row.strong else self.palette.soft
            canvas.stroke(across(scale.at(row.low), scale.at(row.high), y), soft, 7, round_ends=True)
        canvas.dot((scale.at(row.value), y), 5.6, INK if row.strong else self.palette.brand)
        if row.target is not None:
            canvas.stroke(upright(y - 9.5, y + 9.5, scale.at(row.target)), TARGET, 2.6)

    def _figures(self, canvas: Canvas, lines: Rows, number: int, row: Row) -> None:
        """Write the figures of one line of a dot chart: the base at the right end, the value before it."""
        if row.value is None:
            return
        base, right, y = gap(row.base), canvas.width, lines.middle(number)
        if not lines.lines:
            canvas.words((right - 168, y), gap(row.note), bold=True)
        else:
            left, y = lines.figures(number)
            end = right - breadth(base, SIZE) - 9
            at, anchor = ((0.0, y), "start") if left == 0 else ((end, y), "end")
            canvas.words(at, gap(row.note), anchor=anchor, bold=True)
        canvas.words((right, y), base, anchor="end", colour=MUTED)

    def stack(self, name: str, description: str, counts: Sequence[int], *, width: int = 300) -> Drawing:
        """Draw one bar of 100 %, the worst answers at the left, with a number in every part that has room for it."""
        whole = sum(counts) or 1
        canvas = self.canvas(width, 22, size=11)
        left = 0.0
        for colour, count in zip(steps(len(counts)), counts, strict=True):
            wide = width * count / whole
            if count:
                canvas.bar(left, 1, max(wide - 1.2, 0.8), 20, colour)
            if count / whole >= PRINTED:
                canvas.words((left + wide / 2, 11), f"{100 * count / whole:.0f}", anchor="middle", colour=on(colour))
            left += wide
        return canvas.drawing(name, gap(description))

    def bars(self, name: str, description: str, rows: Sequence[Bar], *, label: int = LABEL) -> Drawing:
        """Draw lengths from zero with their numbers behind them, in the order given."""
        return self.twice(name, description, lambda sheet: self._bars(sheet, rows, label))

    def _bars(self, sheet: Sheet, rows: Sequence[Bar], label: int) -> Canvas:
        named = [(gap(row.label), gap(row.note)) for row in rows]
        lines = Rows.of(sheet, named, sheet.pick(4, 0), sheet.pick(27, 15), label - 10)
        canvas = self.canvas(sheet.width, lines.bottom(len(rows)) + 2)
        notes = max((breadth(note, SIZE) for _name, note in named), default=0)
        most = max([row.value for row in rows] + [1])
        scale = Scale(0, most, sheet.pick(label, 0), sheet.width - sheet.pick(max(notes + 12, 120), 0))
        high = sheet.pick(19, 13)
        for number, (row, (called, note)) in enumerate(zip(rows, named, strict=True)):
            y, end = lines.middle(number), scale.at(row.value)
            lines.name(canvas, number, called)
            colour = self.palette.brand if row.strong else self.palette.soft
            canvas.bar(scale.start, y - high / 2, end - scale.start, high, colour)
            lines.note(canvas, number, note, end + 7)
        return canvas

    def series(
        self,
        name: str,
        description: str,
        points: Sequence[Point],
        *,
        target: float | None = None,
        centre: float | None = None,
        frame: Frame | None = None,
    ) -> Drawing:
        """Draw a figure over periods with its intervals and limits; a gap stays a gap, a signal is a triangle.

        In a frame, one of several that lie side by side, only the first and last period are named; that is narrow
        enough for a phone.
        """
        if frame:
            return self._series(BROAD, points, (centre, target), frame).drawing(name, gap(description))
        return self.twice(name, description, lambda sheet: self._series(sheet, points, (centre, target), None))

    def _series(
        self,
        sheet: Sheet,
        points: Sequence[Point],
        levels: tuple[float | None, float | None],
        frame: Frame | None,
    ) -> Canvas:
        wide, high = (frame.width, frame.height) if frame else (sheet.width - BESIDE, sheet.pick(190, 170))
        low, most = frame.domain if frame else room(points, levels[1])
        canvas = self.canvas(BESIDE + wide, 12 + high + BELOW)
        y = Scale(low, most, 12 + high, 12)
        step = wide / max(len(points), 1)
        places = [BESIDE + step * (number + 0.5) for number in range(len(points))]
        self._level(canvas, y, BESIDE + wide, 3 if frame else 5)
        for value, dash, colour in zip(levels, ("", "6 3"), (FAINT, TARGET), strict=True):
            if value is not None:
                canvas.stroke(across(BESIDE, BESIDE + wide, y.at(value)), colour, 1.5, dash=dash)
        for edge in ("lower", "upper"):
            limits = ((x, limit) for x, one in zip(places, points, strict=True) for limit in (getattr(one, edge),))
            if path := "".join(_runs(limits, y)):
                canvas.stroke(path, MUTED, 1.2, dash="2 3")
        seams = [x - step / 2 for x, one in zip(places, points, strict=True) if one.begins]
        canvas.stroke(upright(12, 12 + high, *seams), INK, 1.2) if seams else None
        self._points(canvas, y, list(zip(places, points, strict=True)))
        _periods(canvas, places, [one.label for one in points], ends=frame is not None)
        return canvas

    def _points(self, canvas: Canvas, y: Scale, placed: Sequence[tuple[float, Point]]) -> None:
        """Draw intervals, the line, the dots and their numbers, each over what came before."""
        shown = [(x, one, one.value) for x, one in placed if one.value is not None]
        bounds = [(x, one.low, one.high) for x, one, _value in shown if one.low is not None and one.high is not None]
        if bounds:
            path = "".join(upright(y.at(low), y.at(high), x) for x, low, high in bounds)
            canvas.stroke(path, self.palette.soft, 6, round_ends=True)
        joined = ((x, value) for x, one in placed for value in ((None, one.value) if one.begins else (one.value,)))
        if path := "".join(_runs(joined, y)):
            canvas.stroke(path, self.palette.brand, 1.6)
        half = 1.4 * (placed[1][0] - placed[0][0]) if len(placed) > 1 else 0
        if path := "".join(across(x - half, x + half, y.at(value)) for x, one, value in shown if one.together):
            canvas.stroke(path, self.palette.brand, 1.6)
        for x, one, value in shown:
            if one.signal:
                canvas.triangle((x, y.at(value)), 8, self.palette.brand)
            elif one.together:
                canvas.square((x, y.at(value)), 9, self.palette.brand)
            else:
                canvas.dot((x, y.at(value)), 4.9, self.palette.brand)
        self._notes(canvas, y, shown)

    def _notes(self, canvas: Canvas, y: Scale, shown: Sequence[tuple[float, Point, float]]) -> None:
        """Write the figures over their points; where they would meet, signals and later ones go first."""
        kept: dict[float, tuple[Box, str]] = {}
        for x, one, value in sorted(shown, key=lambda each: (not each[1].signal, -each[0])):
            above = min(y.at(value if one.high is None else one.high), y.at(value) - 4) - 12
            broad = breadth(one.note, 11)
            middle = min(x, canvas.width - broad / 2 - 1)
            box = middle - broad / 2 - 1, above - 6, middle + broad / 2 + 1, above + 6
            if one.note and not meets(box, [taken for taken, _note in kept.values()]):
                kept[middle] = box, one.note
        for middle, (box, note) in sorted(kept.items()):
            canvas.bar(box[0], box[1], box[2] - box[0], 12, PAPER, opacity=0.85)
            canvas.words((middle, box[1] + 6), gap(note), anchor="middle", size=11, bold=True)

    def funnel(self, name: str, description: str, spots: Sequence[Spot], axes: tuple[str, str] = ("", "")) -> Drawing:
        """Draw shares over counts between the limits of chance; a marked unit is a triangle.

        ``axes`` name what lies across and what upwards.
        """
        return self.twice(name, description, lambda sheet: self._funnel(sheet, spots, axes))

    def _funnel(self, sheet: Sheet, spots: Sequence[Spot], axes: tuple[str, str]) -> Canvas:
        high, right = 200, sheet.width - sheet.pick(20, 8)
        edges = [100 * value for one in spots for value in (one.share, *one.limits)]
        low, most = room_for(edges)
        counts = [one.count for one in spots]
        x = Scale(min(counts), max(counts), BESIDE + sheet.pick(24, 12), right - sheet.pick(60, 12))
        top = 24
        y = Scale(low, most, top + high, top)
        canvas = self.canvas(sheet.width, top + high + BELOW + 14)
        self._level(canvas, y, right, 5)
        for tick in ticks(x.low, x.high, 4 if sheet.slim else 6):
            canvas.words((x.at(tick), top + high + 14), f"{tick:g}", anchor="middle")
        canvas.words(((BESIDE + right) / 2, top + high + 30), gap(axes[0]), anchor="middle", colour=MUTED, size=11)
        canvas.words((0, 8), gap(axes[1]), colour=MUTED, size=11)
        curves = sorted({one.count: one.limits for one in spots}.items())
        for place, dash in ((0, "5 3"), (1, "5 3"), (2, ""), (3, "")):
            path = smooth([(x.at(count), y.at(100 * limits[place])) for count, limits in curves])
            canvas.stroke(path, MUTED, 1.2, dash=dash)
        dots = [(x.at(one.count), y.at(100 * one.share)) for one in spots]
        called = [wrap(gap(one.label), sheet.pick(*CALLED), 11, 1)[0] for one in spots]
        labels = list(beside(dots, called, BESIDE, sheet.width))
        for at, anchor, label in labels:
            broad = breadth(label, 11)
            left = at[0] - {"start": 0, "middle": broad / 2, "end": broad}[anchor]
            canvas.bar(left - 2, at[1] - 7, broad + 4, 14, PAPER)
        for at, one in zip(dots, spots, strict=True):
            if one.marked:
                canvas.triangle(at, 8.5, self.palette.brand)
            else:
                canvas.dot(at, 5.6, self.palette.brand)
        for at, anchor, label in labels:
            canvas.words(at, label, anchor=anchor, size=11)
        return canvas

    def _level(self, canvas: Canvas, y: Scale, right: float, count: int) -> None:
        """Draw level lines with their numbers at the left."""
        levels = ticks(min(y.low, y.high), max(y.low, y.high), count)
        canvas.stroke(across(BESIDE, right, *(y.at(level) for level in levels)), GRID)
        for level in levels:
            canvas.words((BESIDE - 8, y.at(level)), f"{level:g}", anchor="end")

    def canvas(self, width: float, height: float, *, size: float = SIZE) -> Canvas:
        """Give an empty canvas with this language's face."""
        return Canvas(width, height, self.face, size)


def _runs(values: Iterator[tuple[float, float | None]], y: Scale) -> Iterator[str]:
    """Give a path for each unbroken run of values; a value by itself has none."""
    run: list[Place] = []
    for x, value in (*values, (0.0, None)):
        if value is not None:
            run.append((x, y.at(value)))
            continue
        if len(run) > 1:
            yield through(run)
        run = []


def _periods(canvas: Canvas, places: Sequence[float], labels: Sequence[str], *, ends: bool) -> None:
    """Name the periods under a series: both ends, or as many as have room, counted back from the last."""
    if not labels:
        return
    y, last = canvas.height - BELOW + 14, len(labels) - 1
    if ends:
        canvas.words((BESIDE, y), labels[0])
        canvas.words((canvas.width, y), labels[-1] if last else "", anchor="end")
        return
    wide = [breadth(label, AXIS) for label in labels]
    middles = [min(place, canvas.width - broad / 2) for place, broad in zip(places, wide, strict=True)]
    every = next(step for step in range(1, last + 2) if _fit(middles[last::-step], wide[last::-step]))
    for place in range(last, -1, -every):
        canvas.words((middles[place], y), labels[place], anchor="middle", size=AXIS)


def _fit(middles: Sequence[float], wide: Sequence[float]) -> bool:
    """Say whether names of these widths with their middles there, from right to left, leave a gap between each two."""
    between = zip(pairwise(middles), pairwise(wide), strict=True)
    return all((one + other) / 2 + 5 <= right - left for (right, left), (one, other) in between)


def room(points: Sequence[Point], target: float | None) -> list[float]:
    """Give the part of the scale that a series needs: whole tens around intervals and target, at least 20 wide."""
    values = [
        value for point in points for value in (point.low, point.high, point.lower, point.upper) if value is not None
    ]
    if target is not None:
        values.append(target)
    low = max(0, 10 * int((min(values, default=0) - 2) // 10))
    high = min(100, 10 * (int((max(values, default=100) + 4) // 10) + 1))
    return [float(max(0, min(low, high - 20))), float(high)]
