"""Who answered: what became of every closed order, the rates with their formulas, and how people answered."""

from dataclasses import dataclass

from revisit.records.problems import RevisitError
from revisit.reports.charts import Bar
from revisit.reports.drawing import Drawing
from revisit.reports.figures import Figure
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum: its sign, what it counts, the count and its share of the visits due."""

    sign: str
    name: str
    count: str
    share: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: its name, the formula in words, the figure and its interval."""

    name: str
    formula: str
    value: str
    interval: str
    base: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The page that says who answered."""

    takeaway: str
    funnel: Drawing
    lines: tuple[Line, ...]
    rates: tuple[Rate, ...]
    modes: Drawing | None
    provisional: str
    eligible: str = ""
    bases: str = ""


def make_answered(studio: Studio) -> Answered:
    """Make the page. Raises RevisitError when the coverage sum does not add up: such a report is not drawn."""
    coverage = studio.reading.coverage
    if not coverage.adds_up:
        raise RevisitError(
            f"The coverage sum does not add up (orders {coverage.orders}, merged {coverage.merged}, waiting "
            f"{coverage.waiting}, due {coverage.due}, outcomes {sum(coverage.outcomes.values())}), so no report is "
            "drawn. Please report this as a fault, with the output of: revisit findings --json"
        )
    sentences, asked = studio.sentences, bool(coverage.orders or coverage.due)
    return Answered(
        takeaway=sentences.joined(sentences.who_answered(), sentences.missed())
        if asked or not studio.reading.answers
        else _alone(studio),
        funnel=_funnel(studio),
        # Answers that came without orders and visits have nothing to add up: a page of noughts would hide them.
        lines=_lines(studio) if asked else (),
        rates=_rates(studio),
        modes=_modes(studio),
        provisional=_provisional(studio),
        eligible=_eligible(studio),
        bases=studio.sentences.bases(),
    )


def _alone(studio: Studio) -> str:
    """Say that answers came without orders and visits, and what cannot be known of them."""
    return studio.words.gettext(
        "No orders and no visits stand behind these answers, so there is no coverage and no response rate."
    )


def _eligible(studio: Studio) -> str:
    """Say what the base of the coverage is made of: it also counts customers who were left out though eligible."""
    _, count = studio.words.gettext, studio.numbers.count
    coverage = studio.reading.coverage
    left_out = coverage.not_asked
    if not coverage.coverage.shown or left_out <= 0:
        return ""
    return _(
        "Base of the coverage: %(n)s = %(attempted)s attempted + %(never)s never tried + %(left)s left out because the "
        "customer does not want to be asked, was asked a short time ago, or cannot be reached at all. They are "
        "eligible, so they count as not asked; only internal orders, sold vehicles and duplicates are outside.",
        n=count(coverage.coverage.n or 0),
        attempted=count(coverage.attempted),
        never=count(coverage.never_tried),
        left=count(left_out),
    )


def _lines(studio: Studio) -> tuple[Line, ...]:
    _ = studio.words.gettext
    coverage = studio.reading.coverage
    complete = round((coverage.response.value or 0.0) * (coverage.response.n or 0))
    broken = coverage.outcomes["answered"] - complete
    counts = {"full": studio.numbers.count(complete), "part": studio.numbers.count(broken)}
    names = {
        "answered": _("answered (%(full)s in full, %(part)s in part)", **counts) if broken > 0 else _("answered"),
        "declined": _("declined"),
        "unreachable": _("could not be reached"),
        "excluded": _("excluded, with a reason"),
        "expired": _("expired without an answer"),
        "open": _("still open"),
    }

    def line(sign: str, name: str, count: int, *, total: bool = False, share: bool = True) -> Line:
        part = studio.numbers.share(count, coverage.due) if share else ""
        return Line(sign, name, studio.numbers.count(count), part, total)

    lines = [
        line("", _("Closed repair orders"), coverage.orders, share=False, total=True),
        line("−", _("joined with another visit"), coverage.merged, share=False),
        line("−", _("delay not over yet"), coverage.waiting, share=False),
        line("=", _("Visits due"), coverage.due, total=True),
    ]
    for number, (outcome, count) in enumerate(coverage.outcomes.items()):
        lines.append(line("+" if number else "", names[outcome], count))
    lines.append(line("=", _("Visits due"), sum(coverage.outcomes.values()), total=True))
    return tuple(lines)


def _funnel(studio: Studio) -> Drawing:
    _ = studio.words.gettext
    coverage = studio.reading.coverage
    steps = [
        (_("Closed orders"), coverage.orders),
        (_("Visits due"), coverage.due),
        (_("Attempted"), coverage.attempted),
        (_("Answered"), coverage.outcomes["answered"]),
    ]
    bars = []
    for number, (name, count) in enumerate(steps):
        note = studio.numbers.count(count)
        if number > 1 and coverage.due:
            share = studio.numbers.share(count, coverage.due)
            note = _("%(count)s, %(share)s of due", count=note, share=share)
        bars.append(Bar(name, count, note, strong=number == len(steps) - 1))
    said = studio.words.listed(f"{bar.label} {bar.note}" for bar in bars)
    return studio.charts.bars("funnel", _("Bar chart from closed orders to answers: %(bars)s.", bars=said), bars)


def _rates(studio: Studio) -> tuple[Rate, ...]:
    _ = studio.words.gettext
    coverage = studio.reading.coverage
    rates = [
        _rate(
            studio,
            _("Coverage"),
            _("attempted ÷ (attempted + eligible but never attempted)"),
            coverage.coverage,
        ),
        _rate(
            studio,
            _("Response rate (RR1)"),
            _("complete ÷ (complete + partial + declined or broken off + not reached + address unknown)"),
            coverage.response,
        ),
    ]
    if coverage.rr3 is not None:
        formula = _("as RR1, but of the unknown addresses only the part that is probably eligible")
        rr3 = Figure("share", coverage.rr3, n=coverage.response.n)
        rates.append(_rate(studio, _("Response rate (RR3)"), formula, rr3))
    return tuple(rates)


def _rate(studio: Studio, name: str, formula: str, figure: Figure) -> Rate:
    value = studio.numbers.figure(figure) if figure.shown else studio.no_visits()
    return Rate(name, formula, value, studio.numbers.interval(figure), studio.base(figure))


def _modes(studio: Studio) -> Drawing | None:
    _ = studio.words.gettext
    whole = studio.reading.answers
    known = [(studio.mode(mode), count) for mode, count in studio.reading.modes.items() if count]
    if not known:
        return None
    bars = [
        Bar(
            name,
            count,
            _("%(count)s (%(share)s)", count=studio.numbers.count(count), share=studio.numbers.share(count, whole)),
        )
        for name, count in known
    ]
    said = studio.words.listed(f"{bar.label} {bar.note}" for bar in bars)
    return studio.charts.bars("modes", _("Bar chart of how people answered: %(bars)s.", bars=said), bars, label=170)


def _provisional(studio: Studio) -> str:
    still = studio.reading.coverage.pending
    if not studio.reading.provisional:
        return ""
    return studio.words.ngettext(
        "Provisional: %(n)s visit of this period is still under way. Its answer will be counted in this period.",
        "Provisional: %(n)s visits of this period are still under way. Their answers will be counted in this period.",
        still,
        n=studio.numbers.count(still),
    )
