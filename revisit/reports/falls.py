"""Falls: in which of the units below a fall shows by their own tested change, and in which none does; in words."""

from revisit.reports.figures import Figure
from revisit.reports.months import Months


class Falls(Months):
    """Says where the falls of one reading show, in one language."""

    def valued(self, name: str, figure: Figure, *, whole: bool = False) -> str:
        """Write a name with its figure behind it."""
        return self.words.gettext("%(name)s (%(value)s)", name=name, value=self.numbers.figure(figure, whole=whole))

    def fell_in(self, name: str) -> tuple[str, ...]:
        """Name the parts in which a figure that fell over the whole fell by a tested change of their own."""
        whole = self.reading.figure(name).change
        if whole is None or whole.direction != "fell":
            return ()
        return tuple(
            called
            for called, part in self.reading.parts
            if (change := part.figure(name).change) is not None and change.direction == "fell"
        )

    def where(self, name: str) -> str:
        """Say in which parts a fall shows, and of how many others that none does; empty where nothing can be said."""
        reading, _ = self.reading, self.words.gettext
        whole = reading.figure(name).change
        if whole is None or whole.direction != "fell" or not reading.parts:
            return ""
        own = [(called, part.figure(name)) for called, part in reading.parts]
        compared = [(called, one) for called, one in own if one.change is not None]
        names = self.fell_in(name)
        if not compared:
            return ""
        if not names:
            return _("No unit by itself shows a fall: the answers of each are too few for that.")
        told = self.words.listed(self._from_to(called, one) for called, one in compared if called in names)
        others = len(compared) - len(names)
        if not others:
            return _("It fell in every unit that can be compared: %(units)s.", units=told)
        return self.words.ngettext(
            "By itself it fell in %(units)s; %(n)s other unit shows no fall.",
            "By itself it fell in %(units)s; %(n)s other units show no fall.",
            others,
            units=told,
            n=self.numbers.count(others),
        )

    def _from_to(self, called: str, one: Figure) -> str:
        """Write a unit with its figure before and now."""
        change = one.change
        if change is None or change.before is None:
            return self.valued(called, one)
        return self.words.gettext(
            "%(name)s (from %(before)s to %(now)s)",
            name=called,
            before=self.numbers.figure(Figure(one.kind, change.before, n=one.n)),
            now=self.numbers.figure(one),
        )
