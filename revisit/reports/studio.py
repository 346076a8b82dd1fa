"""The studio: the tools that every section of a report is made with, for one reading in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from revisit.records.survey import Survey
from revisit.reports.charts import Charts
from revisit.reports.figures import FEW, Figure, Numbers
from revisit.reports.palette import Palette
from revisit.reports.reading import Reading
from revisit.reports.sentences import Sentences
from revisit.reports.words import Words, words


@dataclass(frozen=True, slots=True)
class Studio:
    """One reading with the words, numbers, sentences and charts that tell it."""

    reading: Reading
    words: Words
    numbers: Numbers
    sentences: Sentences
    charts: Charts

    @classmethod
    def of(cls, reading: Reading, language: str, palette: Palette) -> Self:
        """Set up the tools for a language and a brand."""
        said = words(language)
        return cls(reading, said, Numbers(said), Sentences(reading, said), Charts(said.face, palette))

    @property
    def survey(self) -> Survey:
        """Give the survey whose answers are told."""
        return self.reading.survey

    def withheld(self, figure: Figure) -> str:
        """Say why a figure is not shown, by the findings' reason."""
        _ = self.words.gettext
        said = {
            "no_answers": _("no answers"),
            "fewer_than_10": _("fewer than %(few)s answers", few=FEW),
            "dimension_fewer_than_10": _("not shown: a dimension has fewer than %(few)s answers", few=FEW),
            "protects_another": _("not shown, to protect a smaller group"),
            "no_question": _("not asked in this survey"),
            "no_visits": self.no_visits(),
        }
        return said.get(figure.reason, _("no answers") if figure.n == 0 else _("fewer than %(few)s answers", few=FEW))

    def no_visits(self) -> str:
        """Say why there is no rate of visits: none was due, all are still open, or none was tried yet."""
        _, coverage = self.words.gettext, self.reading.coverage
        if not coverage.due:
            return _("no visits")
        if coverage.outcomes["open"] == coverage.due:
            return _("all visits are still open")
        return _("no visit was attempted yet")

    def with_interval(self, figure: Figure, *, whole: bool = False) -> str:
        """Write a figure with its interval behind it, or why it is not shown."""
        if not figure.shown:
            return self.withheld(figure)
        interval = self.numbers.interval(figure, whole=whole)
        written = self.numbers.figure(figure, whole=whole)
        return (
            self.words.gettext("%(figure)s (%(interval)s)", figure=written, interval=interval) if interval else written
        )

    def base(self, figure: Figure) -> str:
        """Write how many answers a figure rests on; empty where that is withheld."""
        if figure.n is None or not figure.shown:
            return ""
        return self.words.gettext("n = %(n)s", n=self.numbers.count(figure.n))

    def called(self, dimension: str) -> str:
        """Name a dimension as a heading."""
        return self.words.sentence(self.sentences.name(dimension))

    def parts_of(self, weights: Mapping[str, float]) -> str:
        """Name the parts of an index with their weights: dimensions by name, questions in the customers' words."""
        asked = {question.id: question.label.rstrip(".。") for question in self.survey.questions}
        total = sum(weights.values()) or 1.0
        known = [name for name in (*self.survey.dimensions, *asked) if name in weights]
        return self.words.listed(
            self.words.gettext(
                "%(part)s %(share)s%%",
                part=self.words.gettext("“%(name)s”", name=asked[name]) if name in asked else self.sentences.name(name),
                share=self.numbers.decimal(100 * weight / total, 0),
            )
            for name in [*known, *(name for name in weights if name not in known)]
            if (weight := weights[name])
        )

    def index(self, name: str) -> str:
        """Name an index as a heading: the satisfaction index, or a composite by the name its survey gave it."""
        own = {one.id: one.name for one in self.reading.composites}
        return own.get(name) or self.words.gettext("Satisfaction index")

    def job(self, kind: str) -> str:
        """Name a kind of work within a sentence; one that orders call otherwise keeps that word."""
        _ = self.words.gettext
        names = {
            "repair": _("repair"),
            "service": _("maintenance"),
            "bodywork": _("bodywork and paint"),
            "recall": _("recall"),
            "installation": _("installation"),
            "unknown": _("not known"),
        }
        return names.get(kind, kind)

    def mode(self, mode: str) -> str:
        """Name a way of answering."""
        return self.sentences.mode(mode)

    def asked(self, question_id: str) -> str:
        """Give the exact words of a scale question and how many answered it; empty where it is not asked or shown."""
        item = next((one for one in self.reading.items if one.question.id == question_id), None)
        if item is None or not item.score.shown or item.score.n is None:
            return ""
        return self.words.ngettext(
            "Question: “%(question)s” Base: %(n)s answer.",
            "Question: “%(question)s” Base: %(n)s answers.",
            item.score.n,
            question=item.question.label,
            n=self.numbers.count(item.score.n),
        )
