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
            return _("Too few months have figures that may be shown to tell chance from change.")
        return _("There are not enough months yet to tell chance from change.")

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
