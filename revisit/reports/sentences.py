"""Sentences: what a report says, made from the figures by rules. Nothing is claimed that no interval carries."""

from collections.abc import Callable

from revisit.findings.statistics.standing import End
from revisit.reports.figures import FEW, SMALL, rounded
from revisit.reports.indices import Finding
from revisit.reports.reading import Dimension
from revisit.reports.standing import stand, worst_question
from revisit.reports.units import Units

# A response rate below this is called an indication only.
THIN_RESPONSE = 0.2


class Sentences(Units):
    """Says what one reading says, in one language."""

    # -- the cover ----------------------------------------------------------------------------------------------------

    def headline(self) -> str:
        """Give the finding of the first page: the weightiest thing the figures carry, and what is weakest."""
        _ = self.words.gettext
        reading = self.reading
        if reading.nobody:
            return self.words.sentence(_("no customer has answered yet"))
        if reading.few:
            return self.words.sentence(_("too few answers for a finding: fewer than %(few)s", few=FEW))
        if reading.held_back:
            return self.words.sentence(_("the figures are held back to protect a smaller group"))
        name, first = self._weightiest()
        weak = [one.name for one in stand(reading.dimensions, "weakest").dimensions]
        if first and weak == [name]:
            first, second = _("%(first)s and is the weakest dimension", first=first), ""
        else:
            second = self._weakest(name)
        if lower := self.parts_headline():
            # A fall and a missed target come first; before all else stand the units that were told apart.
            first, second = (first, lower) if self._alarms(name) else (lower, first)
        said = _("%(first)s; %(second)s", first=first, second=second) if first and second else first or second
        return self.words.sentence(self._cautioned(said) or _("too few answers for a score in every dimension"))

    def _cautioned(self, said: str) -> str:
        """Say with the finding itself that it rests on few answers (10 to 29)."""
        if not said or self.reading.answers >= SMALL:
            return said
        return self.words.gettext(
            "%(said)s (only %(n)s answers: an indication)", said=said, n=self.numbers.count(self.reading.answers)
        )

    def _alarms(self, name: str) -> bool:
        """Say whether a figure fell or misses its target."""
        figure = self.reading.figure(name)
        return figure.met == "no" or (figure.change is not None and figure.change.direction == "fell")

    def _weightiest(self) -> tuple[str, str]:
        """Give what outweighs the rest, with the figure's name: a fall, a target missed, a rise, one met, a level."""
        _ = self.words.gettext
        moved = self.reading.changed
        fell = [pair for pair in moved if pair[1].change and pair[1].change.direction == "fell"]
        rose = [pair for pair in moved if pair[1].change and pair[1].change.direction == "rose"]
        if fell:
            return fell[0][0], self.moved(*fell[0]) + self.probably(fell[0][1])
        for name in self._targeted():
            figure = self.reading.figure(name)
            if figure.met == "no":
                values = {"figure": self.subject(name), "target": self.numbers.target(figure)}
                return name, _("%(figure)s is below its target of %(target)s", **values)
        if rose:
            return rose[0][0], self.moved(*rose[0]) + self.probably(rose[0][1])
        return self._level()

    def _level(self) -> tuple[str, str]:
        """Give a target that is met, else the level of the index, or of the satisfied share, or nothing."""
        _ = self.words.gettext
        index, csat = self.reading.index, self.reading.satisfied
        for name in self._targeted():
            figure = self.reading.figure(name)
            if figure.met == "yes":
                values = {"figure": self.subject(name), "target": self.numbers.target(figure)}
                return name, _("%(figure)s meets its target of %(target)s", **values)
        if index.shown:
            values = {"score": self.numbers.figure(index)}
            if self.reading.lead == "csi":
                return "csi", _("satisfaction stands at %(score)s of 100", **values)
            values["figure"] = self.subject(self.reading.lead)
            return self.reading.lead, _("%(figure)s stands at %(score)s of 100", **values)
        if csat.small and csat.value is not None and csat.n is not None:
            counts = {"part": self.numbers.count(round(csat.value * csat.n)), "n": self.numbers.count(csat.n)}
            return "csat", _("%(part)s of %(n)s customers are satisfied", **counts)
        if csat.shown:
            return "csat", _("%(share)s of the customers are satisfied", share=self.numbers.figure(csat))
        return "", ""

    def _weakest(self, first: str) -> str:
        """Name the weakest dimensions for the headline.

        That none is clearly so would take back what was just said of one: it is left out behind a dimension.
        """
        shown = [one for one in self.reading.dimensions if one.score.shown]
        if len(shown) < 2:
            return ""
        named = stand(self.reading.dimensions, "weakest").dimensions
        _ = self.words.gettext
        if not named:
            takes_back = first in {one.name for one in shown} or self.reading.answers < SMALL
            return "" if takes_back else _("no dimension is clearly the weakest")
        if len(named) == 1:
            return _("%(dimension)s is the weakest dimension", dimension=self.name(named[0].name))
        return _("%(dimensions)s are the weakest dimensions", dimensions=self._names(named))

    def findings(self) -> list[Finding]:
        """Give the findings of the first page, the most telling first."""
        rules: list[Callable[[], Finding | None]] = [
            self._index_finding,
            self._parts_finding,
            self._change_finding,
            self._months_finding,
            self._satisfied_finding,
            self._own_finding,
            self._dimension_finding,
            self._question_finding,
            self._fixed_finding,
        ]
        return [finding for finding in (rule() for rule in rules) if finding is not None]

    def _satisfied_finding(self) -> Finding | None:
        """Tell of the satisfied share where that adds to the index: it misses its target, moved, or stands alone."""
        csat, _ = self.reading.satisfied, self.words.gettext
        moved = csat.change is not None and csat.change.direction != "unclear"
        if not csat.shown or not (csat.met == "no" or moved or not self.reading.index.shown):
            return None
        said = _(
            "%(share)s of the customers are satisfied, probably %(interval)s.",
            share=self.numbers.figure(csat),
            interval=self.numbers.interval(csat),
        )
        return Finding(_("Satisfied"), self.joined(said, self.against(csat)))

    def _change_finding(self) -> Finding | None:
        """Name every dimension that rose or fell."""
        names = {one.name for one in self.reading.dimensions}
        told = [
            self.joined(self.told(name, figure), self.where(name))
            for name, figure in self.reading.changed
            if name in names
        ]
        if not told:
            return None
        return Finding(self.words.gettext("Changed since %(period)s", period=self.before()), self.joined(*told))

    def _months_finding(self) -> Finding | None:
        """Tell of the months of this period that signal a change, of the index and of the dimensions."""
        names = (self.reading.lead, *(one.name for one in self.reading.dimensions))
        told = [said for name in names if (said := self.unusual(name))]
        return Finding(self.words.gettext("Single months"), self.joined(*told)) if told else None

    def _dimension_finding(self) -> Finding | None:
        if len([one for one in self.reading.dimensions if one.score.shown]) < 2:
            return None
        return Finding(self.words.gettext("Dimensions"), self.dimensions())

    def _question_finding(self) -> Finding | None:
        worst = worst_question(self.reading)
        if worst is None:
            return None
        said = self.words.ngettext(
            "“%(question)s”: %(low)s of %(n)s answer is in the two lowest points (%(share)s).",
            "“%(question)s”: %(low)s of %(n)s answers are in the two lowest points (%(share)s).",
            worst.n,
            question=worst.item.question.label.rstrip(".。"),
            low=self.numbers.count(worst.low),
            n=self.numbers.count(worst.n),
            share=self.numbers.share(worst.low, worst.n),
        )
        return Finding(self.words.gettext("Look first at"), said)

    def _fixed_finding(self) -> Finding | None:
        fixed = self.reading.fixed
        if not fixed.shown:
            return None
        _ = self.words.gettext
        said = _(
            "%(share)s of the repairs were right the first time, probably %(interval)s.",
            share=self.numbers.figure(fixed),
            interval=self.numbers.interval(fixed),
        )
        return Finding(_("Fixed first time"), self.joined(said, self.against(fixed)))

    def sure(self) -> str:
        """Say how sure the report is: who answered, how far off the index may be, and what it cannot see."""
        _ = self.words.gettext
        coverage = self.reading.coverage
        parts = [
            _("Fewer than %(few)s customers answered.", few=FEW)
            if self.reading.few
            else self.words.ngettext(
                "%(n)s customer answered.",
                "%(n)s customers answered.",
                self.reading.answers,
                n=self.numbers.count(self.reading.answers),
            )
            if self.reading.answers or self.reading.nobody
            else ""
        ]
        half = self.reading.index.half_width
        if half is not None:
            parts.append(self._known_to(max(1, int(rounded(half, 0)))))
        parts += self.sampled()
        rate = coverage.response.value
        if rate is not None and rate < THIN_RESPONSE:
            parts.append(
                _(
                    "Only %(rate)s of those we tried to reach answered: read every score as an indication only.",
                    rate=self.numbers.figure(coverage.response),
                )
            )
        parts.append(_("What the others think cannot be seen here."))
        return self.joined(*parts)

    def sampled(self) -> tuple[str, str]:
        """Say that some outlets stand for all, and that they are too few to tell how outlets differ; else empty."""
        block = self.reading.raw.get("sampling") or {}
        if block.get("outlets") != "sample" or block.get("asked") is None:
            return "", ""
        asked = self.words.ngettext(
            "%(n)s outlet was asked and stands for all.",
            "%(n)s outlets were asked and stand for all.",
            block["asked"],
            n=self.numbers.count(block["asked"]),
        )
        few = block.get("note") == "few_outlets"
        return asked, self.words.gettext("Too few outlets to measure the spread between outlets.") if few else ""

    def who_answered(self) -> str:
        """Say the way from visits due to answers in one sentence."""
        coverage = self.reading.coverage
        if not coverage.due:
            return self.words.gettext("No visit was due in this period.")
        return self.words.ngettext(
            "Of %(due)s visit due, %(attempted)s was attempted and %(answered)s was answered.",
            "Of %(due)s visits due, %(attempted)s were attempted and %(answered)s were answered.",
            coverage.due,
            due=self.numbers.count(coverage.due),
            attempted=self.numbers.count(coverage.attempted),
            answered=self.numbers.count(coverage.outcomes["answered"]),
        )

    def bases(self) -> str:
        """Say why the share of visits due that was tried is not the coverage; empty where both have one base."""
        coverage = self.reading.coverage
        rate = coverage.coverage
        if not coverage.due or not rate.shown or rate.n is None or rate.n == coverage.due:
            return ""
        count = self.numbers.count
        return self.words.gettext(
            "Two bases: %(tried)s tried are %(share)s of all %(due)s visits due. The coverage, %(coverage)s, rests on "
            "%(n)s: it leaves out those that are still open, and those that were never to be asked (internal orders, "
            "sold vehicles, duplicates).",
            tried=count(coverage.attempted),
            share=self.numbers.share(coverage.attempted, coverage.due),
            due=count(coverage.due),
            coverage=self.numbers.figure(rate),
            n=count(rate.n),
        )

    def missed(self) -> str:
        """Say how many visits ended without anybody having tried; empty where there were none."""
        never = self.reading.coverage.never_tried
        if not never:
            return ""
        return self.words.ngettext(
            "Nobody tried to reach %(n)s customer; the visit counts as a miss.",
            "Nobody tried to reach %(n)s customers; each visit counts as a miss.",
            never,
            n=self.numbers.count(never),
        )

    def dimensions(self) -> str:
        """Say which dimensions stand at the ends, or that none does."""
        _ = self.words.gettext
        shown = [one for one in self.reading.dimensions if one.score.shown]
        if not shown:
            return _("No dimension has enough answers for a score.")
        weak, strong = self._end("weakest"), self._end("strongest")
        if weak or strong:
            return self.joined(weak, strong)
        if len(shown) == 1:
            return self.words.sentence(
                _("%(dimension)s alone has enough answers for a score.", dimension=self.name(shown[0].name))
            )
        lowest, *_between, highest = sorted(shown, key=lambda one: one.score.value or 0.0)
        said = _(
            "No dimension stands apart from all others: the scores lie between %(low)s and %(high)s, and the interval "
            "of each meets that of at least one other.",
            low=self.numbers.figure(lowest.score),
            high=self.numbers.figure(highest.score),
        )
        return self.joined(said, self._apart(lowest, highest))

    def _apart(self, lowest: Dimension, highest: Dimension) -> str:
        """Say that the two ends do differ, where their intervals do not meet; those between belong to neither."""
        if lowest.score.high is None or highest.score.low is None or lowest.score.high >= highest.score.low:
            return ""
        said = self.words.gettext(
            "The two ends do differ: %(lowest)s lies below %(highest)s.",
            lowest=self.name(lowest.name),
            highest=self.name(highest.name),
        )
        return self.words.sentence(said)

    def _end(self, end: End) -> str:
        named = stand(self.reading.dimensions, end).dimensions
        if not named:
            return ""
        _ = self.words.gettext
        score = named[0].score
        values = {
            "dimension": self.name(named[0].name),
            "dimensions": self._names(named),
            "score": self.numbers.figure(score),
            "interval": self.numbers.interval(score),
        }
        if len(named) == 1 and end == "weakest":
            said = _("%(dimension)s is clearly rated lowest, at %(score)s (probably %(interval)s).", **values)
        elif len(named) == 1:
            said = _("%(dimension)s is clearly rated highest, at %(score)s (probably %(interval)s).", **values)
        elif end == "weakest":
            said = _("%(dimensions)s are rated lowest; the answers cannot tell them apart.", **values)
        else:
            said = _("%(dimensions)s are rated highest; the answers cannot tell them apart.", **values)
        return self.words.sentence(said)
