"""Moments: the figures of a series, month by month, with the quarters that stand for months too small to be shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from revisit.records.periods import Period
from revisit.reports.figures import Figure, Kind, figure


@dataclass(frozen=True, slots=True)
class Moment:
    """One period of a series: its word, the figure, and the limits of ordinary variation and signal, if any.

    Periods of another ``series`` were made with other weights: no line joins them. A month that may not be shown by
    itself can belong to a ``quarter`` that may: the month in its middle then carries the quarter's figure.
    """

    period: str
    figure: Figure
    centre: float | None
    lower: float | None
    upper: float | None
    signal: str
    series: int = 0
    quarter: str = ""

    @property
    def word(self) -> str:
        """Give the word of the period that the figure is about."""
        return self.quarter or self.period


def read_moments(
    rows: Iterable[Mapping[str, Any]], quarters: Iterable[Mapping[str, Any]]
) -> dict[str, tuple[Moment, ...]]:
    """Give the series by metric; three months that may be shown only together carry the figure of their quarter."""
    found: dict[str, list[Moment]] = {}
    whole = {(str(row["metric"]), str(row["period"])): row for row in quarters}
    for row in rows:
        metric, month = str(row.get("metric", "csi")), Period.parse(str(row["period"]))
        kind: Kind = "share" if metric in ("csat", "fixed") else "score"
        quarter = Period.holding("quarter", month.first)
        together = whole.get((metric, quarter.word)) if month.kind == "month" else None
        middle = month.first.month % 3 == 2  # February, May, August, November
        moment = Moment(
            str(row["period"]),
            figure(kind, together if together is not None and middle else row),
            row.get("centre"),
            row.get("lower"),
            row.get("upper"),
            str(row.get("signal") or ""),
            int(row.get("series") or 0),
            quarter.word if together is not None else "",
        )
        found.setdefault(metric, []).append(moment)
    return {metric: tuple(moments) for metric, moments in found.items()}
