"""Charts: rows of figures become drawings. One theme; shapes and printed numbers carry the sense, colour only helps."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt
from altair.utils import schemapi

from revisit.reports.drawing import Drawing, draw
from revisit.reports.palette import FAINT, GRID, INK, MUTED, PAPER, TARGET, Palette, on, steps
from revisit.reports.words import gap

# A4 without its margins, in CSS pixels of 1/96 inch.
WIDTH = 665
LABEL = 132
SIZE = 12
# A share below this has no room for its number inside the bar.
PRINTED = 0.06


def unchecked() -> AbstractContextManager[None]:
    """Draw without checking every part against Vega-Lite's schema, which takes longer than drawing.

    The tests draw every kind of chart with the check.
    """
    return schemapi.debug_mode(False)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dot chart: its name, a value with its interval, a target, and what stands at the right."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    note: str
    base: str = ""
    target: float | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart: its name, its length and what stands behind it."""

    label: str
    value: float
    note: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    note: str
    signal: bool = False
    lower: float | None = None
    upper: float | None = None


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

    def dots(self, name: str, description: str, rows: Sequence[Row], *, reference: float | None = None) -> Drawing:
        """Draw dots on their intervals over a scale of 0 to 100, the figures in words at the right."""
        data = [_dot(index, row) for index, row in enumerate(rows)]
        shown = [row for row in data if row["value"] is not None]
        base = _over(data)
        filled = _over(shown)
        order = [row["label"] for row in data]
        y = alt.Y("label:N", sort=order, title=None, axis=_names())
        x = alt.X("value:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=_scale())
        colour = alt.condition("datum.strong", alt.value(INK), alt.value(self.palette.brand))
        soft = alt.condition("datum.strong", alt.value(FAINT), alt.value(self.palette.soft))
        layers = [
            filled.mark_rule(strokeWidth=7, strokeCap="round").encode(
                y=y, x=alt.X("low:Q", axis=_scale(), title=None), x2="high:Q", color=soft
            ),
            filled.mark_point(filled=True, size=110, opacity=1, stroke=PAPER, strokeWidth=1.4).encode(
                y=y, x=x, color=colour
            ),
            filled.transform_filter("isValid(datum.target)")
            .mark_tick(thickness=2.6, size=19, color=TARGET, opacity=1)
            .encode(y=y, x="target:Q"),
            self._column(filled, y, "note", WIDTH - LABEL - 168, fontWeight="bold"),
            self._column(filled, y, "base", WIDTH - LABEL - 42, color=MUTED),
            self._column(base.transform_filter("!isValid(datum.value)"), y, "note", 6, color=MUTED),
        ]
        if reference is not None:
            line = _over([{"x": reference}])
            layers.insert(0, line.mark_rule(strokeDash=[4, 3], color=MUTED).encode(x="x:Q"))
        chart = alt.layer(*layers).properties(width=WIDTH - LABEL - 184, height=alt.Step(31))
        return self._draw(chart, name, description)

    def stack(self, name: str, description: str, counts: Sequence[int], *, width: int = 300) -> Drawing:
        """Draw one bar of 100 %, the worst answers at the left, with a number in every part that has room for it."""
        whole = sum(counts) or 1
        colours = steps(len(counts))
        data, at = [], 0
        for colour, count in zip(colours, counts, strict=True):
            text = f"{100 * count / whole:.0f}" if count / whole >= PRINTED else ""
            data.append({"from": at, "to": at + count, "colour": colour, "ink": on(colour), "text": text})
            at += count
        parts = [part for part in data if part["to"] != part["from"]]
        base = _over(parts)
        x = alt.X("from:Q", axis=None, scale=alt.Scale(domain=[0, whole], nice=False))
        layers = [
            base.mark_bar(size=20, stroke=PAPER, strokeWidth=1.2).encode(
                x=x, x2="to:Q", color=alt.Color("colour:N", scale=None)
            ),
            base.transform_calculate(mid="(datum.from + datum.to) / 2")
            .mark_text(fontSize=11)
            .encode(x="mid:Q", text="text:N", color=alt.Color("ink:N", scale=None)),
        ]
        return self._draw(alt.layer(*layers).properties(width=width, height=22), name, description)

    def bars(self, name: str, description: str, rows: Sequence[Bar], *, label: int = LABEL) -> Drawing:
        """Draw lengths from zero with their numbers behind them, in the order given."""
        data: list[dict[str, Any]] = [
            {"label": gap(row.label), "value": row.value, "note": gap(row.note), "strong": row.strong} for row in rows
        ]
        base = _over(data)
        y = alt.Y("label:N", sort=[row["label"] for row in data], title=None, axis=_names(label))
        most = max([row.value for row in rows] + [1])
        x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, most], nice=False))
        colour = alt.condition("datum.strong", alt.value(self.palette.brand), alt.value(self.palette.soft))
        layers = [
            base.mark_bar(size=19).encode(y=y, x=x, color=colour),
            base.mark_text(align="left", dx=7, color=INK).encode(y=y, x=x, text="note:N"),
        ]
        chart = alt.layer(*layers).properties(width=WIDTH - label - 130, height=alt.Step(27))
        return self._draw(chart, name, description)

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

        In a frame, one of several that lie side by side, only the first and last period are named.
        """
        data = [asdict(point) | {"label": gap(point.label)} for point in points]
        scale = alt.Scale(domain=list(frame.domain) if frame else room(points, target), nice=False, zero=False)
        names = [row["label"] for row in data]
        axis = alt.Axis(labelAngle=0, labelPadding=7, ticks=False, values=[names[0], names[-1]] if frame else names)
        x = alt.X("label:O", sort=names, title=None, axis=axis)
        y = alt.Y(
            "value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=3 if frame else 5, domain=False, ticks=False)
        )
        whole = _over(data)
        filled = _over([row for row in data if row["value"] is not None])
        low, high = alt.Y("low:Q", scale=scale), alt.Y("high:Q", scale=scale)
        layers = [
            *self._lines(data, x, scale, target, centre),
            filled.mark_rule(strokeWidth=6, strokeCap="round", color=self.palette.soft).encode(x=x, y=low, y2="high:Q"),
            whole.mark_line(color=self.palette.brand, strokeWidth=1.6, invalid="break-paths-show-domains").encode(
                x=x, y=y
            ),
            filled.mark_point(filled=True, opacity=1, stroke=PAPER, strokeWidth=1.2, color=self.palette.brand).encode(
                x=x,
                y=y,
                shape=alt.condition("datum.signal", alt.value("triangle-up"), alt.value("circle")),
                size=alt.condition("datum.signal", alt.value(190), alt.value(85)),
            ),
            # A white edge under each number keeps it apart from the lines behind.
            filled.mark_text(dy=-11, fontSize=11, fontWeight="bold", color=PAPER, stroke=PAPER, strokeWidth=3).encode(
                x=x, y=high, text="note:N"
            ),
            filled.mark_text(dy=-11, fontSize=11, fontWeight="bold", color=INK).encode(x=x, y=high, text="note:N"),
        ]
        wide, high_ = (frame.width, frame.height) if frame else (WIDTH - 40, 190)
        return self._draw(alt.layer(*layers).properties(width=wide, height=high_), name, description)

    def funnel(self, name: str, description: str, spots: Sequence[Spot]) -> Drawing:
        """Draw shares over counts between the limits of chance; a marked unit is a triangle."""
        edges = [100 * value for one in spots for value in (one.share, *one.limits)]
        data = [
            {"n": one.count, "y": 100 * one.share, "label": gap(one.label), "marked": one.marked}
            | {f"limit{place}": 100 * limit for place, limit in enumerate(one.limits)}
            for one in sorted(spots, key=lambda one: one.count)
        ]
        scale = alt.Scale(domain=room_for(edges), nice=False)
        x = alt.X("n:Q", title=None, scale=alt.Scale(zero=False, padding=24), axis=alt.Axis(grid=False, tickCount=6))
        base = _over(data)
        layers = [
            base.mark_line(strokeDash=dash, color=MUTED, strokeWidth=1.2, interpolate="monotone").encode(
                x=x, y=alt.Y(f"limit{place}:Q", scale=scale, title=None)
            )
            for place, dash in ((0, [5, 3]), (1, [5, 3]), (2, [1, 0]), (3, [1, 0]))
        ]
        y = alt.Y("y:Q", scale=scale, title=None, axis=alt.Axis(tickCount=5, domain=False, ticks=False))
        shape = alt.condition("datum.marked", alt.value("triangle-up"), alt.value("circle"))
        dots = base.mark_point(filled=True, opacity=1, size=110, stroke=PAPER, strokeWidth=1.2)
        layers.append(dots.encode(x=x, y=y, shape=shape, color=alt.value(self.palette.brand)))
        layers.append(base.mark_text(align="left", dx=9, fontSize=11, color=INK).encode(x=x, y=y, text="label:N"))
        chart = alt.layer(*layers).properties(width=WIDTH - 60, height=200)
        return self._draw(chart, name, description)

    def _lines(self, data: Any, x: Any, scale: Any, target: float | None, centre: float | None) -> list[Any]:
        """Give the lines behind a series: limits of ordinary variation, centre, target."""
        lines = []
        limited = [row for row in data if row["lower"] is not None]
        if limited:
            band = _over(limited)
            for edge in ("lower", "upper"):
                y = alt.Y(f"{edge}:Q", scale=scale, title=None)
                lines.append(band.mark_line(strokeDash=[2, 3], color=MUTED, strokeWidth=1.2).encode(x=x, y=y))
        for value, dash, colour in ((centre, [1, 0], FAINT), (target, [6, 3], TARGET)):
            if value is not None:
                line = _over([{"y": value}])
                y = alt.Y("y:Q", scale=scale, title=None)
                lines.append(line.mark_rule(strokeDash=dash, strokeWidth=1.5, color=colour).encode(y=y))
        return lines

    def _column(self, base: Any, y: Any, field: str, at: int, **style: Any) -> Any:
        return base.mark_text(align="left", **({"color": INK} | style)).encode(y=y, x=alt.value(at), text=f"{field}:N")

    def _draw(self, chart: Any, name: str, description: str) -> Drawing:
        styled = chart.configure(
            font=self.face, background="transparent", padding={"left": 0, "right": 0, "top": 4, "bottom": 2}
        )
        styled = styled.configure_view(stroke=None).configure_text(fontSize=SIZE)
        styled = styled.configure_axis(
            labelFontSize=SIZE, labelColor=INK, gridColor=GRID, domainColor=GRID, labelLimit=0
        )
        return draw(styled.to_dict(validate=schemapi.DEBUG_MODE), name, gap(description))


def _over(rows: Sequence[Any]) -> Any:
    """Begin a chart over rows."""
    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]


def _dot(index: int, row: Row) -> dict[str, Any]:
    return {
        "index": index,
        "label": gap(row.label),
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "target": row.target,
        "note": gap(row.note),
        "base": gap(row.base),
        "strong": row.strong,
    }


def _names(width: int = LABEL) -> Any:
    return alt.Axis(
        domain=False,
        ticks=False,
        grid=False,
        labelAlign="left",
        labelPadding=width,
        minExtent=width,
        maxExtent=width,
    )


def _scale() -> Any:
    return alt.Axis(
        values=[0, 20, 40, 60, 80, 100], domain=False, ticks=False, grid=True, labelColor=MUTED, labelFlush=False
    )


def room_for(values: Sequence[float]) -> list[float]:
    """Give the part of 0 to 100 that values need, in whole tens."""
    return [float(10 * int(max(0, min(values) - 2) // 10)), float(min(100, 10 * (int((max(values) + 4) // 10) + 1)))]


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
