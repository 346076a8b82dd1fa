"""Indices: what a report says of the satisfaction index, of those a survey declares itself, and of their targets."""

from dataclasses import dataclass

from revisit.records.periods import Period
from revisit.reports.falls import Falls
from revisit.reports.figures import FEW, Figure, figure


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the figures say: a few words that name it, and the sentences."""

    lead: str
    text: str


class Indices(Falls):
    """Says how the indices of one reading stand, in one language."""

    def _targeted(self) -> tuple[str, ...]:
        """Name the figures that may have a target, in the order in which a headline takes them."""
        lead, *others = self.reading.indices
        return (lead, "csat", "fixed", *others)

    def at(self, name: str) -> str:
        """Say at what an index stands, in a sentence with its interval."""
        index, _ = self.reading.figure(name), self.words.gettext
        values = {
            "score": self.numbers.figure(index),
            "interval": self.numbers.interval(index),
        }
        if name == "csi":
            return _("The satisfaction index is %(score)s of 100, probably %(interval)s.", **values)
        values |= {"figure": self.subject(name), "n": self.numbers.count(index.n or 0)}
        return self.words.sentence(_("%(figure)s is %(score)s of 100, probably %(interval)s (n = %(n)s).", **values))

    def against(self, figure: Figure) -> str:
        """Say how a figure stands to its target and to the period before."""
        return self.joined(self.against_target(figure), self.change(figure))

    def against_target(self, figure: Figure) -> str:
        """Say whether a figure meets its target as far as its interval carries that; empty without a target."""
        _ = self.words.gettext
        target = self.numbers.target(figure)
        if figure.met == "yes":
            return _("The target of %(target)s is met.", target=target)
        if figure.met == "no":
            return _("The target of %(target)s is missed.", target=target)
        if figure.met == "unclear":
            return _("Whether the target of %(target)s is met cannot be told from these answers.", target=target)
        return ""

    def stands_in(self) -> str:
        """Say that a composite of the survey's own leads, and why the index does not; empty where the index does."""
        _ = self.words.gettext
        if self.reading.lead == "csi":
            return ""
        if self.reading.csi.shown:
            return _("It leads here, as the satisfaction index cannot be shown of every part of this report.")
        if self.reading.csi.reason == "protects_another":
            return _("It stands in for the satisfaction index, which is held back to protect a smaller group.")
        return _("It stands in for the satisfaction index, which has too few answers in at least one dimension.")

    def _index_finding(self) -> Finding | None:
        index = self.reading.index
        _ = self.words.gettext
        lead = _("Overall")
        if not index.shown:
            return Finding(lead, self._why_no_index()) if not self.reading.nobody else None
        apart = self.joined(self.not_comparable(), self.at_one_mix(self._standardised())) or self.other_weights()
        told = self.at(self.reading.lead), self.stands_in(), self.against(index), self.where(self.reading.lead), apart
        return Finding(lead, self.joined(*told))

    def _standardised(self) -> Figure:
        """Give the score at one mix of modes where these forbid any other comparison; else none."""
        forbidden = self.reading.comparable == "mode_mix_differs"
        return figure("score", self.reading.raw.get("standardised") if forbidden else None)

    def _why_no_index(self) -> str:
        """Say why the index is not shown, and where nothing else is either, what is left to read."""
        _ = self.words.gettext
        if self.reading.few:
            return _(
                "Fewer than %(few)s customers answered, so no figure is shown: it would say what single customers "
                "said. What became of each visit stands under “Who answered”; a longer period has more answers.",
                few=FEW,
            )
        if self.reading.held_back:
            why = _(
                "There are answers enough, but with these figures one could work out what a few customers of another "
                "unit or month said."
            )
            year = Period.between(self.reading.first, self.reading.last).kind == "year"
            where = (
                _("Read the reports of its quarters, or that of the unit above, instead.")
                if year
                else _("A longer period, or the report of the unit above, shows them.")
            )
            return self.joined(why, where)
        if self.reading.csi.reason == "protects_another":
            return _("The satisfaction index is not shown: one could work out from it what a few customers said.")
        return _("The satisfaction index is not shown: at least one dimension has fewer than %(few)s answers.", few=FEW)

    def _own_finding(self) -> Finding | None:
        """Tell of the composites that do not lead, where they have a target or moved."""
        told = [
            self.joined(self.at(name), self.against(figure))
            for name in self.reading.indices[1:]
            if name != "csi" and (figure := self.reading.figure(name)).shown and _tells(figure)
        ]
        return Finding(self.words.gettext("Further indices"), self.joined(*told)) if told else None

    def _known_to(self, points: int) -> str:
        """Say how far off the index that leads may be."""
        ngettext = self.words.ngettext
        if self.reading.lead == "csi":
            return ngettext(
                "The satisfaction index is known to about ±%(points)s point; smaller differences may be chance.",
                "The satisfaction index is known to about ±%(points)s points; smaller differences may be chance.",
                points,
                points=points,
            )
        said = ngettext(
            "%(figure)s is known to about ±%(points)s point; smaller differences may be chance.",
            "%(figure)s is known to about ±%(points)s points; smaller differences may be chance.",
            points,
            figure=self.subject(self.reading.lead),
            points=points,
        )
        return self.words.sentence(said)


def _tells(figure: Figure) -> bool:
    """Say whether there is more to a figure than its level: a target, or a change."""
    return figure.target is not None or (figure.change is not None and figure.change.direction != "unclear")
