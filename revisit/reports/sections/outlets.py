"""The outlets: every unit that repairs beside the others of the network, marked by tests alone and never ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisit.reports.charts import Spot
from revisit.reports.drawing import Drawing
from revisit.reports.figures import Figure, coarse, figure
from revisit.reports.reading import LIMITS
from revisit.reports.sections.funnel import axes
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Marked:
    """One outlet that the findings mark: its name, answers, the figure that they rest on, and what is said of it."""

    name: str
    n: str
    score: str
    drawn: str
    said: str


@dataclass(frozen=True, slots=True)
class Outlets:
    """The outlets against chance: what may be said, the funnel plot, and those that tests mark."""

    takeaway: str
    differ: str
    chart: Drawing | None
    marked: tuple[Marked, ...]
    centre: str
    withheld: str
    asked: str


def make_outlets(studio: Studio, names: Mapping[str, str]) -> Outlets | None:
    """Make the section; None where the findings hold no outlets, or only the unit's own children."""
    found = studio.reading.raw.get("outlets") or {}
    rows: Sequence[Mapping[str, Any]] = found.get("units") or ()
    children = {one.path for one in studio.reading.units}
    if not rows or {str(row["path"]) for row in rows} <= children:
        return None
    overall = (found["comparison"]["metrics"].get("overall") or {}) if found.get("comparison") else {}
    tested = int(overall.get("units") or 0)
    told = [row for row in rows if row.get("flag")]
    whole = coarse(figure("score", row, value="score") for row in told)
    marked = tuple(_marked(studio, names, row, whole=whole) for row in told)
    return Outlets(
        takeaway=_takeaway(studio, tested),
        differ=_differ(studio, overall.get("differ")) if tested else "",
        chart=_funnel(studio, names, rows),
        marked=marked,
        centre=studio.numbers.decimal(overall["centre"], 0) if tested else "",
        withheld=_withheld(studio, rows),
        asked=studio.asked("overall"),
    )


def _takeaway(studio: Studio, tested: int) -> str:
    """Name those whom the test tells from the others, with figures, or say that none is."""
    _, marks = studio.words.gettext, studio.sentences.marks()
    if not tested:
        return _("The outlets were not tested against each other: that takes at least five with ten answers each.")
    if marks is None or not marks.outlets:
        return _("None of the outlets is shown to differ from the others.")
    return studio.sentences.marked(marks)


def _differ(studio: Studio, p: float | None) -> str:
    """Say whether the outlets differ at all: above a plot that would show differences of chance as well."""
    _ = studio.words.gettext
    if p is None:
        return ""
    if p > 0.05:
        return _("Taken together, the outlets do not differ more than chance would make them.")
    return _("Taken together, the outlets differ more than chance would make them.")


def _marked(studio: Studio, names: Mapping[str, str], row: Mapping[str, Any], *, whole: bool) -> Marked:
    _ = studio.words.gettext
    said = {
        "materially_below": _("below, by more than what the survey calls small"),
        "below": _("below"),
        "above": _("above"),
    }
    score, drawn = figure("score", row, value="score"), figure("score", row.get("shrunken"))
    drawn = Figure("score", drawn.value, drawn.low, drawn.high, score.n)
    return Marked(
        name=names.get(str(row["path"]), str(row["name"])),
        n=studio.numbers.count(score.n or 0) + ("*" if score.small else ""),
        score=studio.with_interval(score, whole=whole),
        drawn=studio.with_interval(drawn, whole=whole) if drawn.shown else "",
        said=said.get(str(row["flag"]), ""),
    )


def _funnel(studio: Studio, names: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Drawing | None:
    _ = studio.words.gettext
    plotted = [row for row in rows if (row.get("csat") or {}).get("funnel")]
    if not plotted:
        return None
    spots, told = [], []
    for row in plotted:
        share = figure("share", row["csat"])
        called = names.get(str(row["path"]), str(row["name"]))
        marked = bool(row["csat"].get("flag"))
        limits = tuple(row["csat"]["funnel"][name] for name in LIMITS)
        spots.append(Spot(share.n or 0, share.value or 0.0, limits, called if marked else "", marked))
        said = _("%(name)s %(share)s of %(n)s")
        told.append(
            said % {"name": called, "share": studio.numbers.figure(share), "n": studio.numbers.count(share.n or 0)}
        )
    description = _(
        "Funnel plot of the satisfied share beside the number of answers: %(spots)s.", spots=studio.words.listed(told)
    )
    return studio.charts.funnel("funnel-outlets", description, spots, axes(studio))


def _withheld(studio: Studio, rows: Sequence[Mapping[str, Any]]) -> str:
    """Say how many outlets are not in the plot, and why, without saying which has few answers."""
    left = sum(row.get("score") is None for row in rows)
    if not left:
        return ""
    return studio.words.ngettext(
        "%(n)s outlet is not shown: it has fewer than ten answers, or is kept back to protect a smaller group.",
        "%(n)s outlets are not shown: they have fewer than ten answers, or are kept back to protect a smaller group.",
        left,
        n=studio.numbers.count(left),
    )
