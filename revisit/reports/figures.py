"""Numbers for people: how a score, a share or an interval of the findings is rounded and written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from revisit.reports.words import Words

Kind = Literal["score", "share", "nps"]
# Below FEW answers nothing is shown; below SMALL the figure is marked; from DECIMAL on one decimal is printed.
FEW, SMALL, DECIMAL = 10, 30, 100
# With so many decimals a number is never told from its target any more closely.
MOST_PLACES = 3
# Two differences of points that lie no further apart are one.
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Change:
    """The difference from the period before, with its 95 % interval, on the figure's own scale.

    ``verdict`` is what the findings allow to be said: up, down, up_small, down_small, or none. ``before`` is the figure
    of the period before.
    """

    value: float
    low: float
    high: float
    verdict: str = "none"
    before: float | None = None

    @property
    def direction(self) -> Literal["rose", "fell", "unclear"]:
        """Say which way it went, if the findings carry that and the interval does not contradict it."""
        if self.low <= 0 <= self.high:
            return "unclear"
        return {"up": "rose", "down": "fell"}.get(self.verdict.removesuffix("_small"), "unclear")  # type: ignore[return-value]

    @property
    def small(self) -> bool:
        """Say whether a shown change lies below what the survey calls material."""
        return self.verdict.endswith("_small")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the findings. ``value`` is None where it was withheld; ``reason`` is the findings' word for why.

    Scores run from 0 to 100, shares from 0 to 1, NPS from -100 to 100; ``n`` is None where even that is withheld.
    ``met`` is the findings' answer to whether the target is met: yes, no, unclear, or None; *open* for a rate of visits
    that those still under way may decide.
    """

    kind: Kind
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    target: float | None = None
    met: str | None = None
    change: Change | None = None
    reason: str = ""

    @property
    def shown(self) -> bool:
        """Say whether there is a figure to print."""
        return self.value is not None

    @property
    def small(self) -> bool:
        """Say whether the figure rests on a small base (10 to 29 answers)."""
        return self.shown and self.n is not None and FEW <= self.n < SMALL

    @property
    def half_width(self) -> float | None:
        """Give half the width of the interval: what the figure cannot tell apart."""
        return (self.high - self.low) / 2 if self.low is not None and self.high is not None else None


def figure(kind: Kind, entry: Mapping[str, Any] | None, *, value: str = "value", reason: str = "") -> Figure:
    """Read one figure of the findings; an absent one gives a figure that is not shown.

    ``value`` names the field that holds the number: "score" in items, dimensions and units.
    """
    if not entry:
        return Figure(kind, reason=reason)
    return Figure(
        kind=kind,
        value=entry.get(value),
        low=entry.get("low"),
        high=entry.get("high"),
        n=entry.get("n"),
        target=entry.get("target"),
        met=entry.get("met"),
        change=change(entry.get("change")),
        reason=reason,
    )


def change(entry: Mapping[str, Any] | None) -> Change | None:
    """Read a change; None where the findings carry none or withhold it."""
    if not entry or any(entry.get(name) is None for name in ("value", "low", "high")):
        return None
    return Change(entry["value"], entry["low"], entry["high"], str(entry.get("verdict") or "none"), _before(entry))


def _before(entry: Mapping[str, Any]) -> float | None:
    value = (entry.get("previous") or {}).get("value")
    return None if value is None else float(value)


def rounded(value: float, places: int) -> Decimal:
    """Round half up, on the 12 significant digits that the findings carry, so that no binary dust decides."""
    step = Decimal(1).scaleb(-places)
    return Decimal(f"{value:.12g}").quantize(step, rounding=ROUND_HALF_UP) + 0


class Numbers:
    """Writes numbers in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def count(self, number: int) -> str:
        """Write a whole number with the language's grouping."""
        return str(format_decimal(number, locale=self.words.locale))

    def figure(self, figure: Figure, *, whole: bool = False) -> str:
        """Write a figure: no decimal below 100 answers, else one; the same wherever it stands. A dash where it is none.

        ``whole``: none at all, in a table or chart where the figures beside it have none. A figure with a target gets
        as many more as keep it and its interval on their side of the target.
        """
        if figure.value is None:
            return "–"
        return self._write(figure.value, figure.kind, _places(figure, whole=whole))

    def interval(self, figure: Figure, *, whole: bool = False) -> str:
        """Write the interval of a figure, rounded as the figure; empty where there is none."""
        if figure.low is None or figure.high is None:
            return ""
        return self.span(figure.low, figure.high, figure.kind, _places(figure, whole=whole))

    def span(self, low: float, high: float, kind: Kind, places: int) -> str:
        """Write two numbers as a range."""
        first, last = self._write(low, kind, places), self._write(high, kind, places)
        if kind == "share" and self.words.language == "en":
            first = first.removesuffix("%")
        if low < 0 or high < 0:
            return self.words.gettext("%(low)s to %(high)s", low=first, high=last)
        return self.words.gettext("%(low)s–%(high)s", low=first, high=last)

    def target(self, figure: Figure) -> str:
        """Write the target of a figure, with a decimal only where it has one."""
        if figure.target is None:
            return ""
        shown = figure.target * 100 if figure.kind == "share" else figure.target
        return self._write(figure.target, figure.kind, 0 if abs(shown - round(shown)) < 1e-9 else 1)

    def points(self, value: float, kind: Kind, places: int = 0, *, sign: bool = False) -> str:
        """Write a difference in points of 100 (percentage points for a share), with its sign if asked for."""
        number = rounded(value * 100 if kind == "share" else value, places)
        if not sign:
            return self._decimal(abs(number), places)
        return ("+" if number > 0 else "") + self._decimal(number, places)

    def step(self, figure: Figure, change: Change) -> dict[str, str]:
        """Write a change whole: ``before``, ``now``, ``change``, ``low`` and ``high``, all with the same decimals.

        They are as many as the figure has, and more where the printed figures would not give the printed difference
        ("from 83 to 60 (−24)") or the interval would have no width. The difference is that of the unrounded figures.
        """
        scale = 100 if figure.kind == "share" else 1
        low, high = change.low * scale, change.high * scale
        places = wide_places(low, high, _places(figure, whole=False))
        if figure.value is not None and change.before is not None:
            ends = (change.before * scale, figure.value * scale, change.value * scale)
            if abs(ends[1] - ends[0] - ends[2]) < _SAME:
                tried = range(places, MOST_PLACES + 1)
                places = next((one for one in tried if _subtracts(*ends, one)), places)
        found = {
            name: self.points(value, figure.kind, places, sign=True)
            for name, value in (("change", change.value), ("low", change.low), ("high", change.high))
        }
        for name, value in (("before", change.before), ("now", figure.value)):
            found[name] = "–" if value is None else self._write(value, figure.kind, places)
        return found

    def share(self, part: int, whole: int) -> str:
        """Write the share that a part has in a whole, without decimals; a dash for an empty whole."""
        return self._write(part / whole, "share", 0) if whole else "–"

    def decimal(self, value: float, places: int) -> str:
        """Write any number with a fixed count of decimals."""
        return self._decimal(rounded(value, places), places)

    def day(self, day: date) -> str:
        """Write a day."""
        pattern = "d MMMM y" if self.words.language == "en" else "y年M月d日"
        return str(format_date(day, pattern, locale=self.words.locale))

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """Write a moment as a local time with its offset from UTC."""
        pattern = "d MMMM y, HH:mm 'UTC'xxx" if self.words.language == "en" else "y年M月d日 HH:mm 'UTC'xxx"
        return str(format_datetime(moment.astimezone(zone), pattern, locale=self.words.locale))

    def _write(self, value: float, kind: Kind, places: int) -> str:
        if kind == "share":
            return self._decimal(rounded(value * 100, places), places) + "%"
        return self._decimal(rounded(value, places), places)

    def _decimal(self, number: Decimal, places: int) -> str:
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return str(format_decimal(number, pattern, locale=self.words.locale)).replace("-", "\N{MINUS SIGN}")


def _subtracts(before: float, now: float, change: float, places: int) -> bool:
    """Say whether two figures, rounded, give their rounded difference."""
    return rounded(now, places) - rounded(before, places) == rounded(change, places)


def coarse(figures: Iterable[Figure]) -> bool:
    """Say whether figures of one table go without decimals: as soon as any of them rests on fewer than 100 answers."""
    return any(one.shown and (one.n is None or one.n < DECIMAL) for one in figures)


def _places(figure: Figure, *, whole: bool) -> int:
    fewest = 0 if whole or figure.n is None or figure.n < DECIMAL else 1
    places = telling_places((figure.value, figure.low, figure.high), figure.target, figure.kind, fewest)
    if figure.low is None or figure.high is None:
        return places
    scale = 100 if figure.kind == "share" else 1
    return wide_places(figure.low * scale, figure.high * scale, places)


def wide_places(low: float, high: float, fewest: int = 0) -> int:
    """Give the decimals, at least ``fewest``, with which an interval that has a width is printed with one.

    "100%, probably 100–100%" would say that nothing is left to chance.
    """
    return next(
        (
            places
            for places in range(fewest, MOST_PLACES)
            if low == high or rounded(low, places) < rounded(high, places)
        ),
        max(fewest, MOST_PLACES),
    )


def telling_places(numbers: Iterable[float | None], target: float | None, kind: Kind, fewest: int) -> int:
    """Give the decimals, at least ``fewest``, with which no number is rounded onto the other side of its target.

    "Probably 74–90%, target 90%: missed" would leave everybody wondering where the limit is truly 89.6.
    """
    if target is None:
        return fewest
    scale = 100 if kind == "share" else 1
    known = [number * scale for number in numbers if number is not None]
    aim = rounded(target * scale, MOST_PLACES)
    for places in range(fewest, MOST_PLACES):
        if all((rounded(one, places) >= aim) == (rounded(one, MOST_PLACES) >= aim) for one in known):
            return places
    return MOST_PLACES
