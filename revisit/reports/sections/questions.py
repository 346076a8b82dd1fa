"""The questions: for each the exact words, who answered it, and how the answers are spread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from revisit.reports.charts import Bar
from revisit.reports.drawing import Drawing
from revisit.reports.figures import FEW, SMALL, Figure
from revisit.reports.palette import on, steps
from revisit.reports.reading import Item
from revisit.reports.standing import low_answers, ordered
from revisit.reports.studio import Studio

# The length of a bar in CSS pixels: the width of its column.
BAR = 212
# The room for an answer's words beside its bar, in CSS pixels.
ANSWER = 240


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: the colour, the colour of text on it, and what it stands for."""

    colour: str
    ink: str
    name: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question: its words, base, bar, satisfied share with interval, and n."""

    wording: str
    base: str
    bar: Drawing | None
    satisfied: str
    interval: str
    low: str
    low_share: str
    n: str
    withheld: str
    small: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one dimension."""

    name: str
    rows: tuple[QuestionRow, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The 0-10 question: its words, bar, score and n."""

    wording: str
    n: str
    bar: Drawing | None
    figure: str
    interval: str
    keys: tuple[Key, ...]
    withheld: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """How people came: the question's words, and how often each answer was given."""

    wording: str
    chart: Drawing
    base: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """The page of the questions."""

    legends: tuple[tuple[Key, ...], ...]
    groups: tuple[Group, ...]
    recommendation: Recommendation | None
    ways: tuple[Ways, ...]
    small: bool
    shown: bool


def make_questions(studio: Studio) -> Questions:
    """Make the page."""
    scales = studio.reading.items
    _ = studio.words.gettext
    groups = []
    for dimension in dict.fromkeys(item.question.dimension for item in scales):
        name = studio.called(dimension) if dimension else _("Overall")
        rows = tuple(_row(studio, item) for item in scales if item.question.dimension == dimension)
        groups.append(Group(name, rows))
    return Questions(
        legends=_legends(scales),
        groups=tuple(groups),
        recommendation=_recommendation(studio),
        ways=tuple(_ways(studio)),
        small=any(row.small for group in groups for row in group.rows),
        shown=any(item.score.shown for item in scales) or studio.reading.nps.figure.shown,
    )


def _legends(items: Sequence[Item]) -> tuple[tuple[Key, ...], ...]:
    """Give one legend for each set of answers in use, worst answer first."""
    scales = dict.fromkeys(
        tuple(choice.label for choice in sorted(item.question.choices, key=lambda choice: int(choice.code)))[
            :: -1 if item.question.reversed else 1
        ]
        for item in items
    )
    return tuple(
        tuple(Key(colour, on(colour), label) for colour, label in zip(steps(len(labels)), labels, strict=True))
        for labels in scales
    )


def _row(studio: Studio, item: Item) -> QuestionRow:
    question, score = item.question, item.score
    shown, low = score.shown and bool(item.distribution), low_answers(item)
    return QuestionRow(
        wording=question.label,
        base=_base(studio, item),
        bar=_bar(studio, item) if shown else None,
        satisfied=studio.numbers.figure(item.satisfied) if item.satisfied.shown else "",
        interval=studio.numbers.interval(item.satisfied),
        low=studio.numbers.count(low.low) if shown else "",
        low_share=studio.numbers.share(low.low, low.n) if shown else "",
        n=studio.numbers.count(score.n) if shown and score.n is not None else "",
        withheld="" if shown else studio.withheld(score),
        small=score.small,
    )


def _bar(studio: Studio, item: Item) -> Drawing:
    counts = ordered(item)
    labels = [choice.label for choice in sorted(item.question.choices, key=lambda choice: int(choice.code))]
    if item.question.reversed:
        labels.reverse()
    whole = sum(counts)
    parts = [f"{name} {studio.numbers.share(count, whole)}" for name, count in zip(labels, counts, strict=True)]
    said = studio.words.gettext("Answers, worst first: %(parts)s.", parts=studio.words.listed(parts))
    return studio.charts.stack(f"item-{item.question.id}", said, counts, width=BAR)


def _base(studio: Studio, item: Item) -> str:
    """Say who stands behind a question. Of a withheld question nothing is said: small counts could be worked out."""
    if not item.score.shown:
        return ""
    _ = studio.words.gettext
    counted = [
        (item.na * (not item.concerns), _does_not_apply(studio, item)),
        (item.not_asked, _("%(n)s not asked", n=studio.numbers.count(item.not_asked))),
        (item.na * item.concerns, _("%(n)s not applicable", n=studio.numbers.count(item.na))),
        (item.blank, _("%(n)s left blank", n=studio.numbers.count(item.blank))),
        (item.invalid, _("%(n)s not valid", n=studio.numbers.count(item.invalid))),
    ]
    return _(", ").join(text for count, text in counted if count)


def _does_not_apply(studio: Studio, item: Item) -> str:
    """Mark a question that many say does not apply to them."""
    return studio.words.gettext(
        "▲ not applicable to %(n)s of %(asked)s asked (%(share)s)",
        n=studio.numbers.count(item.na),
        asked=studio.numbers.count(item.asked),
        share=studio.numbers.share(item.na, item.asked),
    )


def _ways(studio: Studio) -> Iterator[Ways]:
    """Give the choice questions with their shares: the channel used, and whatever else the survey asks so."""
    _, numbers = studio.words.gettext, studio.numbers
    for choice in studio.reading.choices:
        if not choice.figures or all(count == 0 for count, _figure in choice.figures.values()):
            continue
        bars = [
            Bar(
                option.label,
                count,
                _("%(count)s, %(share)s (%(interval)s)", count=numbers.count(count), **_share(studio, figure)),
            )
            for option in choice.question.choices
            if option.code in choice.figures
            for count, figure in (choice.figures[option.code],)
        ]
        labels = [option.label for option in choice.question.choices if option.code in choice.figures]
        said = studio.words.listed(f"{label} {bar.note}" for label, bar in zip(labels, bars, strict=True))
        words = _("Bar chart of the answers to “%(question)s”: %(bars)s.", question=choice.question.label, bars=said)
        chart = studio.charts.bars(f"choice-{choice.question.id}", words, bars, label=ANSWER)
        yield Ways(choice.question.label, chart, _of_those(studio, [one for _n, one in choice.figures.values()]))


def _of_those(studio: Studio, shares: Sequence[Figure]) -> str:
    """Give the base of a choice question, and of how many customers who answered it is not about."""
    base = next((one.n for one in shares if one.n is not None), None)
    if base is None:
        return ""
    _, others = studio.words.gettext, studio.reading.answers - base
    said = _("n = %(n)s", n=studio.numbers.count(base)) + ("*" if FEW <= base < SMALL else "")
    if others <= 0:
        return said
    return _(
        "%(base)s; not asked, not applicable or left blank: %(others)s", base=said, others=studio.numbers.count(others)
    )


def _share(studio: Studio, figure: Figure) -> dict[str, str]:
    return {"share": studio.numbers.figure(figure), "interval": studio.numbers.interval(figure)}


def _recommendation(studio: Studio) -> Recommendation | None:
    nps = studio.reading.nps
    if nps.question is None:
        return None
    _ = studio.words.gettext
    names = (_("0–6 detractors"), _("7–8 passives"), _("9–10 promoters"))
    keys = tuple(Key(colour, on(colour), name) for colour, name in zip(steps(3), names, strict=True))
    bar = None
    if nps.figure.shown and nps.counts:
        whole = sum(nps.counts)
        parts = [f"{name} {studio.numbers.share(count, whole)}" for name, count in zip(names, nps.counts, strict=True)]
        said = _("Answers: %(parts)s.", parts=studio.words.listed(parts))
        bar = studio.charts.stack("nps", said, nps.counts, width=BAR)
    return Recommendation(
        wording=nps.question.label,
        n=studio.numbers.count(nps.figure.n) if nps.figure.shown and nps.figure.n is not None else "",
        bar=bar,
        figure=studio.numbers.figure(nps.figure),
        interval=studio.numbers.interval(nps.figure),
        keys=keys,
        withheld="" if nps.figure.shown else studio.withheld(nps.figure),
        small=nps.figure.small,
    )
