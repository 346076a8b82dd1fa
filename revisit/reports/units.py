"""Units: which of those below stand apart, by the findings' exact test or, of a few, by their intervals; in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from revisit.reports.figures import Figure, coarse
from revisit.reports.indices import Finding, Indices
from revisit.reports.reading import UnitRow

# As many names as a headline takes; of more it is said how many there are.
IN_HEADLINE = 3
# The findings' words for a unit that their test puts below the common figure.
BELOW = frozenset({"below", "materially_below"})


@dataclass(frozen=True, slots=True)
class Marks:
    """Those whom the exact test tells from their common figure: the outlets of a network, or the units right below.

    ``centre`` is that figure: all their answers to the overall question together, 0 to 100.
    """

    outlets: bool
    centre: Figure
    below: tuple[UnitRow, ...]
    above: tuple[UnitRow, ...]


Named = tuple[str, Figure]


@dataclass(frozen=True, slots=True)
class Apart:
    """Units whose intervals lie wholly below those of the same others, the lowest first."""

    units: tuple[Named, ...]
    others: tuple[Named, ...]


def stand_apart(rows: Sequence[Named]) -> tuple[Apart, ...]:
    """Find the units whose intervals lie wholly below those of others, the lowest first.

    It is for those too few to be tested (under five): with five and more the test decides, and its answer alone counts.
    """
    shown = [(name, one) for name, one in rows if one.shown and one.low is not None and one.high is not None]
    found: dict[tuple[Named, ...], list[Named]] = {}
    for name, one in sorted(shown, key=lambda row: row[1].value or 0.0):
        if others := tuple((called, other) for called, other in shown if (one.high or 0.0) < (other.low or 0.0)):
            found.setdefault(others, []).append((name, one))
    return tuple(Apart(tuple(units), others) for others, units in found.items())


def _marks(rows: Sequence[UnitRow], centre: float, *, outlets: bool) -> Marks:
    """Sort those marked into the ones below and above the common figure."""
    below = tuple(one for one in rows if one.flag in BELOW)
    above = tuple(one for one in rows if one.flag and one.flag not in BELOW)
    return Marks(outlets, Figure("score", centre, n=sum(one.score.n or 0 for one in rows)), below, above)


class Units(Indices):
    """Says how the units below one reading's own stand to each other, in one language."""

    def marks(self) -> Marks | None:
        """Give those whom the test marks: outlets where a network's were tested, else the units right below."""
        reading = self.reading
        comparisons = reading.raw.get("comparison"), (reading.raw.get("outlets") or {}).get("comparison")
        for outlets, rows, found in ((True, reading.outlets, comparisons[1]), (False, reading.units, comparisons[0])):
            overall = ((found or {}).get("metrics") or {}).get("overall") or {}
            if any(one.flag for one in rows) and overall.get("centre") is not None:
                return _marks(rows, overall["centre"], outlets=outlets)
        return None

    def apart(self) -> tuple[str, tuple[Apart, ...]]:
        """Give what too few units for a test are compared by, and those that lie apart; none where they were tested.

        It is the index where the parts of the report have it, else the overall question.
        """
        reading = self.reading
        if any(one.tested for one in (*reading.units, *reading.outlets)):
            return "", ()
        rows = [(name, part.figure(reading.lead)) for name, part in reading.parts]
        if sum(one.shown for _name, one in rows) > 1:
            return reading.lead, stand_apart(rows)
        return "overall", stand_apart([(one.name, one.score) for one in reading.units])

    def parts_headline(self) -> str:
        """Name those that stand below, for the headline; of more than a few how many. Empty where none does."""
        ngettext, marks = self.words.ngettext, self.marks()
        if marks and marks.below:
            many = len(marks.below)
            values = {"all": self._all(marks), "n": self.numbers.count(many)}
            if many > IN_HEADLINE:
                return ngettext(
                    "%(n)s unit lies below the average of %(all)s",
                    "%(n)s units lie below the average of %(all)s",
                    many,
                    **values,
                )
            values["names"] = self.words.listed(one.name for one in marks.below)
            return ngettext(
                "%(names)s lies below the average of %(all)s",
                "%(names)s lie below the average of %(all)s",
                many,
                **values,
            )
        _what, lower = self.apart()
        if not lower:
            return ""
        units, others = (
            self.words.listed(name for name, _figure in rows) for rows in (lower[0].units, lower[0].others)
        )
        return ngettext(
            "%(units)s lies below %(others)s",
            "%(units)s lie below %(others)s",
            len(lower[0].units),
            units=units,
            others=others,
        )

    def _all(self, marks: Marks) -> str:
        return self.words.gettext("all outlets") if marks.outlets else self.words.gettext("all units")

    def _parts_finding(self) -> Finding | None:
        """Tell which units stand apart, with their figures and the one that they are compared with."""
        _, marks = self.words.gettext, self.marks()
        if marks:
            return Finding(_("Outlets") if marks.outlets else _("Units"), self.marked(marks))
        what, lower = self.apart()
        if not lower:
            return None
        name = _("overall satisfaction") if what == "overall" else self.subject(what)
        said = self.joined(*(self.lies_below(one) for one in lower))
        return Finding(_("Units"), _("%(figure)s: %(said)s", figure=self.words.sentence(name), said=said))

    def marked(self, marks: Marks) -> str:
        """Say who lies below and who above the average of all, with figures: never more than the test found."""
        _ = self.words.gettext
        whole = coarse(one.score for one in (*marks.below, *marks.above))
        values = {"all": self._all(marks), "centre": self.numbers.figure(marks.centre, whole=whole)}
        low, high = (
            self.words.listed(self.valued(one.name, one.score, whole=whole) for one in rows)
            for rows in (marks.below, marks.above)
        )
        told = []
        if marks.below:
            told.append(
                _(
                    "Below the average of %(all)s (%(centre)s) by more than chance explains: %(units)s.",
                    units=low,
                    **values,
                )
            )
        if marks.above and marks.below:
            told.append(_("Above it: %(units)s.", units=high))
        elif marks.above:
            told.append(
                _(
                    "Above the average of %(all)s (%(centre)s) by more than chance explains: %(units)s.",
                    units=high,
                    **values,
                )
            )
        return self.joined(*told)

    def lies_below(self, one: Apart) -> str:
        """Say that the intervals of units lie wholly below those of others."""
        whole = coarse(figure for _name, figure in (*one.units, *one.others))
        units, others = (
            self.words.listed(self.valued(name, figure, whole=whole) for name, figure in rows)
            for rows in (one.units, one.others)
        )
        return self.words.ngettext(
            "%(units)s lies below %(others)s: the intervals do not meet.",
            "%(units)s lie below %(others)s: the intervals do not meet.",
            len(one.units),
            units=units,
            others=others,
        )

    def units(self) -> str:
        """Say which units the findings mark or lie apart, that none does, or that there were too few to try."""
        _, reading = self.words.gettext, self.reading
        overall = ((reading.raw.get("comparison") or {}).get("metrics") or {}).get("overall") or {}
        if any(one.flag for one in reading.units) and overall.get("centre") is not None:
            return self.marked(_marks(reading.units, overall["centre"], outlets=False))
        return self._beside([(one.name, one.score) for one in reading.units])

    def parts_say(self) -> str:
        """Say of the parts of a network which stand apart, by the test or, where they are too few, by the index."""
        rows = [(name, part.figure(self.reading.lead)) for name, part in self.reading.parts]
        return self.units() if self.tested else self._beside(rows)

    def _beside(self, rows: Sequence[tuple[str, Figure]]) -> str:
        _ = self.words.gettext
        if self.tested:
            return _("No unit is shown to differ from the others.")
        if lower := stand_apart(rows):
            return self.joined(*(self.lies_below(one) for one in lower))
        if sum(one.shown for _name, one in rows) > 1:
            return _("Their intervals meet: no difference between them is shown.")
        return self.untested()

    @property
    def tested(self) -> bool:
        """Say whether the units right below were tested against each other."""
        return any(unit.tested for unit in self.reading.units)

    def untested(self) -> str:
        """Say why the units were not tested against each other; empty where they were."""
        if self.tested:
            return ""
        return self.words.gettext(
            "Not tested against each other: that takes at least five units with ten answers each. Of fewer, a "
            "difference is named only where two intervals lie wholly apart."
        )
