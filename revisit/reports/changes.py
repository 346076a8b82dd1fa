"""Changes: how a report says that a figure rose, fell or did not, always with the interval that carries it."""

from revisit.records.periods import Period
from revisit.reports.figures import FEW, SMALL, Figure, Kind, Numbers, rounded, wide_places
from revisit.reports.reading import Dimension, Reading
from revisit.reports.words import Words


class Changes:
    """Says what changed in one reading, in one language."""

    def __init__(self, reading: Reading, words: Words) -> None:
        self.reading = reading
        self.words = words
        self.numbers = Numbers(words)

    def moved(self, name: str, figure: Figure) -> str:
        """Say that a figure rose or fell, and by how much; a change that is not material is called slight."""
        _ = self.words.gettext
        change = figure.change
        assert change is not None  # noqa: S101  (only figures with a shown change get here)
        said = {"figure": self.subject(name), "size": self.size(change.value, figure.kind)}
        if change.direction == "fell":
            return (
                _("%(figure)s fell slightly, by %(size)s", **said)
                if change.small
                else _("%(figure)s fell by %(size)s", **said)
            )
        return (
            _("%(figure)s rose slightly, by %(size)s", **said)
            if change.small
            else _("%(figure)s rose by %(size)s", **said)
        )

    def probably(self, figure: Figure) -> str:
        """Write the limits that a change probably lies between, for a headline: " (probably 3–14)"."""
        change = figure.change
        assert change is not None  # noqa: S101  (as above)
        scale = 100 if figure.kind == "share" else 1
        low, high = sorted((abs(change.low) * scale, abs(change.high) * scale))
        span = self.numbers.span(low, high, "score", wide_places(low, high))
        return self.words.gettext(" (probably %(span)s)", span=span)

    def told(self, name: str, figure: Figure) -> str:
        """Say a change whole: from where to where, by how much, how sure, and on how many answers."""
        change, _ = figure.change, self.words.gettext
        assert change is not None  # noqa: S101  (as above)
        if change.before is None:
            moved = self.words.sentence(self.moved(name, figure))
            return _("%(change)s, to %(value)s.", change=moved, value=self.numbers.figure(figure))
        values = {
            "figure": self.subject(name),
            "n": self.based(figure.n or 0),
            **self.numbers.step(figure, change),
        }
        if change.direction == "fell":
            said = _(
                "%(figure)s fell from %(before)s to %(now)s (%(change)s, probably %(low)s to %(high)s; n = %(n)s).",
                **values,
            )
        else:
            said = _(
                "%(figure)s rose from %(before)s to %(now)s (%(change)s, probably %(low)s to %(high)s; n = %(n)s).",
                **values,
            )
        return self.words.sentence(said)

    def based(self, n: int) -> str:
        """Write the base of a figure within a sentence: of 10 to 29 answers it says that they are few."""
        count = self.numbers.count(n)
        return self.words.gettext("%(n)s, small base", n=count) if FEW <= n < SMALL else count

    def size(self, value: float, kind: Kind) -> str:
        """Write the size of a difference in words: points of 100, or percentage points of a share."""
        number = int(rounded(abs(value) * (100 if kind == "share" else 1), 0))
        ngettext, points = self.words.ngettext, {"points": number}
        if not number:
            return self.words.gettext("less than one point")
        if kind == "share":
            return ngettext("%(points)s percentage point", "%(points)s percentage points", number, **points)
        return ngettext("%(points)s point", "%(points)s points", number, **points)

    def subject(self, name: str) -> str:
        """Name a figure as the subject of a sentence."""
        _ = self.words.gettext
        names = {
            "csi": _("satisfaction"),
            "csat": _("the share of satisfied customers"),
            "fixed": _("the share fixed the first time"),
            "nps": _("the recommendation score"),
        }
        return names.get(name) or self.name(name)

    def change(self, figure: Figure) -> str:
        """Say how a figure changed from the period before, or what could not have been seen; empty without a change."""
        change, _ = figure.change, self.words.gettext
        if change is None:
            return ""
        before = self.before()
        if change.direction == "unclear":
            half = self.size((change.high - change.low) / 2, figure.kind)
            return _(
                "No change is shown since %(period)s; a change of less than %(size)s would not show.",
                period=before,
                size=half,
            )
        scale = 100 if figure.kind == "share" else 1
        low, high = sorted((abs(change.low) * scale, abs(change.high) * scale))
        span = self.numbers.span(low, high, "score", wide_places(low, high))
        size = _("%(span)s percentage points", span=span) if figure.kind == "share" else _("%(span)s points", span=span)
        if change.direction == "rose":
            return _("It rose since %(period)s, by %(size)s.", period=before, size=size)
        return _("It fell since %(period)s, by %(size)s.", period=before, size=size)

    def not_comparable(self) -> str:
        """Say why this period is not compared with the one before; empty where it is."""
        _ = self.words.gettext
        before = self.before()
        said = {
            "no_answers": _(
                "There is no comparison with %(period)s: one of the periods has no answers.", period=before
            ),
            "fewer_than_10": _(
                "There is no comparison with %(period)s: one of the periods has fewer than %(few)s answers.",
                period=before,
                few=FEW,
            ),
            "form_changed": _("There is no comparison with %(period)s: other questions were asked.", period=before),
            "outlets_changed": _(
                "There is no comparison with %(period)s: in one of the periods all outlets were asked, in the other "
                "some.",
                period=before,
            ),
            "wording_changed": _(
                "There is no comparison with %(period)s: the questions were put in other words.", period=before
            ),
            "mode_mix_differs": _(
                "There is no comparison with %(period)s: customers answered in other ways (telephone, link, QR code).",
                period=before,
            ),
        }
        return said.get(self.reading.comparable, "")

    def at_one_mix(self, score: Figure) -> str:
        """Say how overall satisfaction changed at one mix of ways of answering; empty where that is not known.

        ``score`` is the findings' standardised one: its change is reckoned at the mix of both periods.
        """
        change, _ = score.change, self.words.gettext
        if change is None:
            return ""
        points = self.numbers.points
        values = {
            "period": self.before(),
            "change": points(change.value, "score", sign=True),
            "low": points(change.low, "score", sign=True),
            "high": points(change.high, "score", sign=True),
            "n": self.numbers.count(score.n or 0),
        }
        if change.direction == "unclear":
            return _(
                "At one mix of them no change of overall satisfaction is shown since %(period)s (%(change)s, probably "
                "%(low)s to %(high)s; n = %(n)s).",
                **values,
            )
        return _(
            "At one mix of them overall satisfaction moved since %(period)s by %(change)s points (probably %(low)s to "
            "%(high)s; n = %(n)s).",
            **values,
        )

    def other_weights(self) -> str:
        """Say that the index is not compared because its dimensions had other weights; empty where they had not."""
        suppressed, lead = self.reading.raw.get("suppressed") or (), self.reading.lead
        path = "csi.change" if lead == "csi" else f"composites.{lead}.change"
        if not any(row["path"] == path and row["reason"] == "weights_changed" for row in suppressed):
            return ""
        return self.words.gettext(
            "The index is not compared with %(period)s: its parts had other weights.", period=self.before()
        )

    def now(self) -> str:
        """Name this period."""
        return Period.between(self.reading.first, self.reading.last).label(self.words.language)

    def before(self) -> str:
        """Name the period before this one."""
        return Period.between(self.reading.first, self.reading.last).previous().label(self.words.language)

    def name(self, dimension: str) -> str:
        """Name a dimension, or a composite of the survey's own, within a sentence."""
        _ = self.words.gettext
        names = {
            "speed": _("speed"),
            "attitude": _("attitude"),
            "quality": _("quality"),
            "price": _("price"),
            "channel": _("channel"),
        }
        own = {one.id: self.words.gettext("“%(name)s”", name=one.name) for one in self.reading.composites}
        return names.get(dimension) or own.get(dimension, dimension)

    def mode(self, mode: str) -> str:
        """Name a way of answering."""
        _ = self.words.gettext
        names = {
            "web": _("link from a message"),
            "qr": _("QR code at the counter"),
            "phone": _("telephone"),
            "interview": _("interview"),
            "paper": _("paper"),
            "kiosk": _("screen at the counter"),
        }
        return names.get(mode, mode)

    def _names(self, dimensions: tuple[Dimension, ...]) -> str:
        return self.words.listed(self.name(one.name) for one in dimensions)

    def joined(self, *sentences: str) -> str:
        """Put sentences after one another as the language does."""
        return ("" if self.words.language.startswith("zh") else " ").join(one for one in sentences if one)
