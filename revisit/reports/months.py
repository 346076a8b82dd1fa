"""Months: what a report says of figures over time, and of months that are too small to stand alone."""

from collections.abc import Sequence

from revisit.records.periods import Period
from revisit.reports.changes import Changes
from revisit.reports.moments import Moment


class Months(Changes):
    """Says what the months of one reading say, in one language."""

    def trend(self) -> str:
        """Say whether any month of the index signals a change."""
        return self.signals(self.reading.trend.get(self.reading.lead, ()), (self.reading.lead,))

    def signals(self, series: Sequence[Moment], names: Sequence[str] = ()) -> str:
        """Say whether any month of a series signals a change; if none, which of ``names`` moved all the same.

        That no month stands out is no proof of chance: the period as a whole may have changed.
        """
        marked = [moment.period for moment in series if moment.signal]
        _ = self.words.gettext
        if marked:
            named = self.words.listed(Period.parse(word).label(self.words.language) for word in marked)
            return _("Signals of a real change: %(periods)s.", periods=named)
        if any(moment.upper is not None for moment in series):
            return self.joined(_("No single month stands out."), self._moved_as_a_whole(names))
        if any(not moment.figure.shown and moment.figure.n is None for moment in series):
            why = _("Too few months may be shown to judge single ones: that takes twelve.")
        else:
            why = _("There are not enough months yet to judge single ones: that takes twelve.")
        return self.joined(why, self._moved_as_a_whole(names))

    def unusual(self, name: str) -> str:
        """Say which months of this period signal a change of a figure, and on which side; empty where none does."""
        reading, _ = self.reading, self.words.gettext
        told = []
        for lower in (True, False):
            words = [
                moment.period
                for moment in reading.trend.get(name, ())
                if moment.signal and moment.centre is not None and moment.figure.value is not None
                if (moment.figure.value < moment.centre) == lower
                if reading.first <= Period.parse(moment.period).first <= reading.last
            ]
            if words:
                values = {
                    "figure": self.subject(name),
                    "months": self.words.listed(Period.parse(word).label(self.words.language) for word in words),
                }
                said = (
                    _("%(figure)s lay below its ordinary range in %(months)s.", **values)
                    if lower
                    else _("%(figure)s lay above its ordinary range in %(months)s.", **values)
                )
                told.append(self.words.sentence(said))
        return self.joined(*told)

    def _moved_as_a_whole(self, names: Sequence[str]) -> str:
        """Name those figures whose change from the period before is shown; empty where there are none."""
        moved = [self.subject(name) for name, _figure in self.reading.changed if name in names]
        if not moved:
            return ""
        said = self.words.gettext(
            "Taken as a whole, %(period)s differs from %(before)s in: %(figures)s.",
            period=self.now(),
            before=self.before(),
            figures=self.words.listed(moved),
        )
        return self.words.sentence(said)
