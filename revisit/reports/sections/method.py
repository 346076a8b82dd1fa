"""The method: how each figure is made, what is left out, and which survey, data and program this report rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from revisit.reports.figures import FEW, SMALL
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Note:
    """One heading of the method with its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the colophon. ``code`` marks letters and digits that are copied, not read."""

    name: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """The page of the method."""

    notes: tuple[Note, ...]
    weights: str
    indices: tuple[Note, ...]
    exclusions: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Colophon:
    """What a report rests on, in words: the days, the cut-off, the program, its edition and the data's fingerprint."""

    period: str
    cutoff: str
    program: str
    edition: str = ""
    fingerprint: str = ""


def make_method(studio: Studio, colophon: Colophon) -> Method:
    """Make the page from the findings and the words of the colophon."""
    indices = tuple(Note(one.name, studio.parts_of(one.weights)) for one in studio.reading.composites)
    facts = tuple(_facts(studio, colophon))
    return Method(_notes(studio), _weights(studio), indices, _exclusions(studio), facts)


def _notes(studio: Studio) -> tuple[Note, ...]:
    return (*_on_scores(studio), *_on_indices(studio), *_on_limits(studio))


def _on_scores(studio: Studio) -> tuple[Note, ...]:
    """Say how to read an interval, and what a score and a satisfied share are."""
    _ = studio.words.gettext
    return (
        Note(
            _("How to read an interval"),
            _(
                "“78, probably 75–81” means: these answers give 78; if everyone had answered in the same way, the "
                "value would very likely lie between 75 and 81. In 95 of 100 such reports the interval holds the true "
                "value. Fewer answers make it wider. Dimensions are told apart only where their intervals lie apart; "
                "for a change the difference itself has an interval."
            ),
        ),
        Note(
            _("Score (0–100)"),
            _(
                "The worst answer of a scale counts 0, the best 100, those between at equal steps. A dimension is the "
                "mean of a customer’s answered questions (at least half of them), then the mean over the customers. "
                "A score is not a percentage."
            ),
        ),
        Note(
            _("Satisfied"),
            _(
                "The share of answers in the two best points of the scale. The tile on the first page is that share "
                "for overall satisfaction. Interval: Wilson."
            ),
        ),
    )


def _on_indices(studio: Studio) -> tuple[Note, ...]:
    """Say what the index and the recommendation score are."""
    _ = studio.words.gettext
    return (
        Note(
            _("Satisfaction index (CSI)"),
            _(
                "The weighted mean of the dimension scores; the weights stand in the survey and were fixed before it "
                "was sent. It is not shown if any dimension has fewer than %(few)s answers. Interval of scores and "
                "index: score interval for a bounded mean (score-t).",
                few=FEW,
            ),
        ),
        Note(
            _("Recommendation (NPS)"),
            _(
                "Promoters (9–10) minus detractors (0–6), per 100 answers, from −100 to 100. It throws information "
                "away, so its interval is wider than that of a mean of the same answers."
            ),
        ),
    )


def _on_limits(studio: Studio) -> tuple[Note, ...]:
    """Say what is not shown, what is not called a change, and what cannot be known."""
    _ = studio.words.gettext
    return (
        Note(
            _("Small numbers"),
            _(
                "Fewer than %(few)s answers: no figure, to protect the customers. %(few)s to %(most)s: shown and "
                "marked *, a small base. The number of visits is always shown.",
                few=FEW,
                most=SMALL - 1,
            ),
        ),
        Note(
            _("Change"),
            _(
                "A figure rose or fell only where the difference from the period before is larger than chance, all "
                "comparisons of this report taken together (false discovery rate 5%). Otherwise the report says that "
                "no change is shown."
            ),
        ),
        Note(
            _("Left out of scores"),
            _(
                "Blank, not applicable, not asked and invalid answers are kept apart, counted and never guessed. "
                "A visit counts on the day its order was closed, however late the answer comes."
            ),
        ),
        Note(
            _("What these data cannot show"),
            _(
                "What customers think who did not answer. If unhappy customers answer less often, every score is too "
                "high. Telephone answers tend to be friendlier than written ones; the modes are printed for that "
                "reason."
            ),
        ),
    )


def _weights(studio: Studio) -> str:
    weights = studio.reading.weights
    return studio.parts_of({name: weights[name] for name in studio.survey.dimensions if name in weights})


def _exclusions(studio: Studio) -> tuple[str, ...]:
    """Say for each reason how many visits were excluded by it."""
    _ = studio.words.gettext
    names = {
        "internal_order": _("internal order"),
        "asset_sold": _("vehicle or machine sold"),
        "duplicate": _("duplicate order"),
        "opted_out": _("does not want to be asked"),
        "frequency_cap": _("asked a short time ago"),
        "no_contact": _("no way to reach the customer"),
    }
    reasons = studio.reading.coverage.exclusions
    return tuple(
        _("%(reason)s: %(n)s", reason=studio.words.sentence(names.get(reason, reason)), n=studio.numbers.count(count))
        for reason, count in reasons.items()
        if count
    )


def _facts(studio: Studio, colophon: Colophon) -> Iterator[Fact]:
    _ = studio.words.gettext
    survey = studio.survey
    if colophon.edition:
        yield Fact(_("Edition"), colophon.edition)
    yield Fact(_("Survey"), f"{survey.title} ({survey.name})")
    version = _("form %(form)s, wording %(text)s", form=survey.form_hash[:16], text=survey.text_hash[:16])
    yield Fact(_("Survey version"), version, code=True)
    yield Fact(_("Period"), colophon.period)
    yield Fact(_("Cut-off"), colophon.cutoff)
    yield Fact(_("Program"), colophon.program)
    if colophon.fingerprint:
        yield Fact(_("Data fingerprint"), colophon.fingerprint[:32], code=True)
    yield Fact(
        _("Figures"), _("attached to this PDF as findings.json and figures.csv; to check it: revisit verify FILE")
    )
