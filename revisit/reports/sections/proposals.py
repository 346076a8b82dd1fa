"""Proposals: what to do next, from the weak dimensions and their reasons; the people who meet over it decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from revisit.reports.reading import Dimension
from revisit.reports.standing import low_answers, stand
from revisit.reports.studio import Studio

# As many as a meeting can take on, and as the first page has room for.
MOST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """One step: the kind of move, what to do and the figures it comes from. Owner and deadline are for people."""

    move: str
    step: str
    why: str


def make_proposals(studio: Studio) -> tuple[Proposal, ...]:
    """Make the proposals, the weightiest first; where nothing asks for one, the proposal is to keep watching.

    The moves are training, process, price, channel and keep watching. None is given on fewer than ten answers.
    """
    if not studio.reading.satisfied.shown:
        return ()
    found = [*_untried(studio), *_on_dimensions(studio), *_on_repairs(studio)]
    return tuple(found[:MOST]) or (_watch(studio),)


def _untried(studio: Studio) -> Iterator[Proposal]:
    _ = studio.words.gettext
    missed = studio.sentences.missed()
    if missed and studio.reading.coverage.coverage.met == "no":
        step = _("Give every visit an owner and a day; go through the visits nobody has tried each morning.")
        yield Proposal(_("Process"), step, missed)


def _on_dimensions(studio: Studio) -> Iterator[Proposal]:
    _ = studio.words.gettext
    steps = {
        "speed": (_("Process"), _("Agree the finishing time at reception, and call before it passes.")),
        "attitude": (_("Training"), _("Practise reception, explaining and hand-over with the team, on real cases.")),
        "quality": (_("Process"), _("Have a second person check each repair before hand-over.")),
        "price": (_("Price"), _("Give a written estimate first, and go through the bill line by line at hand-over.")),
        "channel": (_("Channel"), _("Try each way of reaching you as a customer would; mend the worst first.")),
    }
    for one in _weak(studio):
        if one.name in steps:
            move, step = steps[one.name]
            yield Proposal(move, step, _why(studio, one))


def _weak(studio: Studio) -> list[Dimension]:
    """Give the dimensions that fell, then those that stand lowest; both only as far as the intervals carry it."""
    by_name = {one.name: one for one in studio.reading.dimensions}
    fell = [
        by_name[name]
        for name, figure in studio.reading.changed
        if name in by_name and figure.change is not None and figure.change.direction == "fell"
    ]
    lowest = stand(studio.reading.dimensions, "weakest").dimensions
    return list({one.name: one for one in (*fell, *lowest)}.values())


def _why(studio: Studio, dimension: Dimension) -> str:
    """Give the figures behind a proposal: the score, and the question with the most low answers."""
    _ = studio.words.gettext
    name, score = studio.called(dimension.name), studio.with_interval(dimension.score)
    items = [
        low_answers(item)
        for item in studio.reading.items
        if item.question.dimension == dimension.name and item.score.shown
    ]
    worst = max(items, key=lambda one: one.low / one.n, default=None)
    if worst is None or not worst.low:
        return _("%(name)s %(score)s", name=name, score=score)
    return _(
        "%(name)s %(score)s; %(low)s of %(n)s answers in the two lowest points",
        name=name,
        score=score,
        low=studio.numbers.count(worst.low),
        n=studio.numbers.count(worst.n),
    )


def _on_repairs(studio: Studio) -> Iterator[Proposal]:
    _ = studio.words.gettext
    fixed = studio.reading.fixed
    if fixed.shown and fixed.met == "no":
        step = _("Go through the repairs that were done twice: was it diagnosis, part or workmanship?")
        why = _("Fixed first time %(share)s; target %(target)s", **_against(studio))
        yield Proposal(_("Training"), step, why)


def _against(studio: Studio) -> dict[str, str]:
    fixed = studio.reading.fixed
    return {"share": studio.with_interval(fixed), "target": studio.numbers.target(fixed)}


def _watch(studio: Studio) -> Proposal:
    _ = studio.words.gettext
    step = _("Change nothing on these figures alone; look again with the next report.")
    return Proposal(_("Keep watching"), step, _("No dimension is shown to be weakest or to have fallen."))
