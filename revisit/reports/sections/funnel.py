"""Funnel plots: satisfied shares beside how many answered, with the limits of chance. Nobody is ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from revisit.reports.charts import Spot
from revisit.reports.drawing import Drawing
from revisit.reports.reading import UnitRow
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot and what it says."""

    takeaway: str
    chart: Drawing
    asked: str


@dataclass(frozen=True, slots=True)
class Funnels:
    """The funnel of the units below, and that of the engineers without names; None where fewer than five are tested."""

    units: Funnel | None
    engineers: Funnel | None


def make_funnels(studio: Studio, names: Mapping[str, str]) -> Funnels:
    """Make the funnels that the findings carry."""
    reading = studio.reading
    called = {row.path: names.get(row.path, row.name) for row in reading.units}
    return Funnels(
        _funnel(studio, "funnel-units", reading.units, called),
        _funnel(studio, "funnel-engineers", reading.engineers, {}),
    )


def axes(studio: Studio) -> tuple[str, str]:
    """Name what a funnel plot has across and upwards."""
    _ = studio.words.gettext
    return _("Number of answers"), _("Satisfied, percent")


def _funnel(studio: Studio, name: str, rows: Sequence[UnitRow], names: Mapping[str, str]) -> Funnel | None:
    _ = studio.words.gettext
    spots = [
        Spot(
            row.satisfied.n,
            row.satisfied.value,
            row.limits,
            names.get(row.path, "") if row.satisfied_flag else "",
            bool(row.satisfied_flag),
        )
        for row in rows
        if row.limits and row.satisfied.value is not None and row.satisfied.n is not None
    ]
    if not spots:
        return None
    said = studio.words.listed(
        _("%(name)s %(share)s of %(n)s", name=names.get(row.path, "") or "·", share=figure, n=studio.numbers.count(n))
        for row in rows
        if row.limits and (n := row.satisfied.n) and (figure := studio.numbers.figure(row.satisfied))
    )
    description = _("Funnel plot of the satisfied share beside the number of answers: %(spots)s.", spots=said)
    return Funnel(
        _takeaway(studio, rows, names),
        studio.charts.funnel(name, description, spots, axes(studio)),
        studio.asked("overall"),
    )


def _takeaway(studio: Studio, rows: Sequence[UnitRow], names: Mapping[str, str]) -> str:
    """Say who is marked by the findings' test: by name only where there are names."""
    _, ngettext = studio.words.gettext, studio.words.ngettext
    marked = [row for row in rows if row.satisfied_flag]
    if not marked:
        return _("No satisfied share is shown to differ from the others more than chance would make it.")
    if names:
        listed = studio.words.listed(names[row.path] for row in marked)
        return _("More than chance sets apart: %(names)s.", names=listed)
    count = {"n": studio.numbers.count(len(marked))}
    return ngettext(
        "More than chance sets %(n)s of them apart.", "More than chance sets %(n)s of them apart.", len(marked), **count
    )
