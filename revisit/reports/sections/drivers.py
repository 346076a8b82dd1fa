"""Drivers: which dimensions go together with overall satisfaction, as far as that can be told; never a cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from revisit.reports.drawing import Drawing
from revisit.reports.plots import Driver, drivers_chart
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Drivers:
    """The section: what may be said, what that means for a manager, and the chart, where there is one."""

    takeaway: str
    meaning: str
    chart: Drawing | None
    base: str


def make_drivers(studio: Studio) -> Drivers | None:
    """Make the section; None where no model carries (fewer than a hundred complete answers)."""
    found = studio.reading.raw.get("drivers") or {}
    rows = found.get("dimensions") or {}
    if not rows or found.get("n") is None:
        return None
    _ = studio.words.gettext
    chart = _chart(studio, rows) if found.get("separable") else None
    base = _(
        "%(n)s customers answered every question used here; together the dimensions explain %(share)s of the "
        "differences in overall satisfaction.",
        n=studio.numbers.count(found["n"]),
        share=studio.numbers.share(round(1000 * found["r2"]), 1000),
    )
    return Drivers(_takeaway(studio, found, rows), _meaning(studio, found, rows), chart, base)


def _takeaway(studio: Studio, found: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
    _ = studio.words.gettext
    if _first(studio, rows):
        return ""
    if not found.get("separable"):
        return _("The dimensions move together so closely that no single one can be told apart.")
    leading = [name for name, row in rows.items() if row["leading"]]
    if not leading or len(leading) * 2 > len(rows):
        return _("No dimension goes together with overall satisfaction more closely than the others.")
    named = studio.words.listed(studio.sentences.name(name) for name in leading)
    return studio.words.sentence(
        _("%(dimensions)s: most closely together with overall satisfaction.", dimensions=named)
    )


def _meaning(studio: Studio, found: Mapping[str, Any], rows: Mapping[str, Any]) -> str:
    """Say what to make of it: which dimension to mend first, where that may be named."""
    _ = studio.words.gettext
    if first := _first(studio, rows):
        return studio.words.sentence(
            _(
                "%(dimensions)s: rated low and closely tied to the whole; begin there.",
                dimensions=studio.words.listed(first),
            )
        )
    if not found.get("separable"):
        return _("Begin where the scores are lowest, not where a model points.")
    dimensions = {one.name for one in studio.reading.dimensions}
    fell = [
        studio.sentences.name(name)
        for name, figure in studio.reading.changed
        if name in dimensions and figure.change is not None and figure.change.direction == "fell"
    ]
    if fell:
        named = studio.words.listed(fell)
        return _("This analysis names no dimension to mend first; begin with what fell: %(names)s.", names=named)
    return _("This analysis names no dimension to mend first; go by the scores and the reasons.")


def _first(studio: Studio, rows: Mapping[str, Any]) -> list[str]:
    """Name the dimensions that the findings allow to be mended first."""
    return [studio.sentences.name(name) for name, row in rows.items() if row["fix_first"]]


def _chart(studio: Studio, rows: Mapping[str, Any]) -> Drawing:
    _ = studio.words.gettext
    dots = [Driver(studio.called(name), row["score"], row["share"], row["fix_first"]) for name, row in rows.items()]
    told = [
        _(
            "%(name)s score %(score)s, share %(share)s",
            name=one.label,
            score=studio.numbers.decimal(one.score, 0),
            share=studio.numbers.share(round(1000 * one.share), 1000),
        )
        for one in dots
    ]
    description = _(
        "Chart of the dimensions by score and by how closely they go with overall satisfaction: %(dots)s.",
        dots=studio.words.listed(told),
    )
    axes = (
        _("Score of the dimension, 0 to 100"),
        _("Part of the differences in overall satisfaction that goes with it"),
    )
    return drivers_chart(studio.charts, "drivers", description, dots, axes)
