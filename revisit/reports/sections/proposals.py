"""Proposals: what to do next, from the findings' own list; the people who meet over it decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from revisit.reports.figures import FEW, Figure, figure
from revisit.reports.studio import Studio
from revisit.reports.units import IN_HEADLINE

# As many as a meeting can take on, and as the first page has room for.
MOST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """One step: the kind of move, what to do and the figures it comes from. Owner and deadline are for people."""

    move: str
    step: str
    why: str


def make_proposals(studio: Studio) -> tuple[Proposal, ...]:
    """Give the proposals of the findings in words: see ``proposals`` in docs/findings.md. The headline's come first.

    The moves are training, process, price, channel and keep watching; where units were told apart, to go and see as
    well, and then there is more to do than to watch. None is given on fewer than ten answers.
    """
    rows = list(studio.reading.raw.get("proposals") or ())
    falls = [row for row in rows if "fell" in (row.get("because") or ())]
    seen = _go_and_see(studio)
    found = [_proposal(studio, row) for row in falls]
    found += [seen] if seen else []
    found += [
        _proposal(studio, row) for row in rows if row not in falls and not (seen and row["kind"] == "keep_watching")
    ]
    return tuple(one for one in found if one is not None)[:MOST]


def make_talk(studio: Studio) -> tuple[Proposal, ...]:
    """Give the one step of an engineer sheet: a talk about what went well and about the lowest score."""
    _, sentences = studio.words.gettext, studio.sentences
    shown = sorted(
        (one for one in studio.reading.dimensions if one.score.shown), key=lambda one: one.score.value or 0.0
    )
    if len(shown) < 2:
        return ()
    lowest, highest = shown[0], shown[-1]
    step = _(
        "Talk it over: what went well in %(best)s, and what customers say of %(lowest)s.",
        best=sentences.name(highest.name),
        lowest=sentences.name(lowest.name),
    )
    figures = studio.words.listed(
        _("%(name)s %(score)s", name=studio.called(one.name), score=studio.with_interval(one.score))
        for one in (highest, lowest)
    )
    return (Proposal(_("Talk"), step, figures),)


def _go_and_see(studio: Studio) -> Proposal | None:
    """Send somebody to the units that stand below the others, to see what is done otherwise; None where none does."""
    _, sentences = studio.words.gettext, studio.sentences
    marks = sentences.marks()
    if marks and marks.below:
        names = studio.words.listed([one.name for one in marks.below][:IN_HEADLINE])
        if marks.above:
            step = _(
                "Go to %(units)s and see what is done otherwise than at %(others)s.",
                units=names,
                others=marks.above[0].name,
            )
        else:
            step = _("Go to %(units)s and see what is done otherwise there.", units=names)
        return Proposal(_("Go and see"), step, sentences.marked(marks))
    _what, lower = sentences.apart()
    if not lower:
        return None
    step = _(
        "Go to %(units)s and see what is done otherwise than at %(others)s.",
        units=studio.words.listed([name for name, _figure in lower[0].units][:IN_HEADLINE]),
        others=lower[0].others[-1][0],
    )
    return Proposal(_("Go and see"), step, sentences.lies_below(lower[0]))


def _proposal(studio: Studio, one: Mapping[str, Any]) -> Proposal | None:
    _ = studio.words.gettext
    moves = {
        "training": _("Training"),
        "process": _("Process"),
        "price": _("Price"),
        "channel": _("Channel"),
        "keep_watching": _("Keep watching"),
    }
    steps = {
        "try_every_visit": _(
            "Give every visit an owner and a day; go through the visits nobody has tried each morning."
        ),
        "fix_first_time": _("Go through the repairs that were done twice: was it diagnosis, part or workmanship?"),
        "keep_watching": _("Change nothing on these figures alone; look again with the next report."),
    }
    kind = str(one["kind"])
    if kind == "keep_watching" and (missed := _missed(studio)):
        return missed
    step = _improve(studio, one) if kind == "improve_dimension" else steps.get(kind, "")
    if not step:
        return None
    return Proposal(moves.get(one["move"], str(one["move"])), step, _why(studio, kind, one))


def _missed(studio: Studio) -> Proposal | None:
    """Give the step where no dimension stands out but a target is missed: then there is more to do than to watch."""
    _, reading = studio.words.gettext, studio.reading
    named = ((studio.index(reading.lead), reading.index), (_("Satisfied"), reading.satisfied))
    missed = [(name, one) for name, one in named if one.met == "no"]
    if not missed:
        return None
    step = _(
        "A target is missed and no dimension stands out: go through the low answers together and agree on one change."
    )
    figures = (_("%(name)s %(score)s", name=name, score=studio.with_interval(one)) for name, one in missed)
    return Proposal(_("Talk"), step, studio.words.listed(figures))


def _why(studio: Studio, kind: str, one: Mapping[str, Any]) -> str:
    if kind == "improve_dimension":
        return _of_dimension(studio, one)
    if kind == "try_every_visit":
        return studio.sentences.missed()
    if kind == "fix_first_time":
        return _of_fixed(studio)
    return studio.words.gettext("No dimension is shown to be weakest or to have fallen.")


def _improve(studio: Studio, one: Mapping[str, Any]) -> str:
    """Say what to do about a dimension; one of a survey's own gets a step of its own words."""
    _ = studio.words.gettext
    steps = {
        "speed": _("Agree the finishing time at reception, and call before it passes."),
        "attitude": _("Practise reception, explaining and hand-over with the team, on real cases."),
        "quality": _("Have a second person check each repair before hand-over."),
        "price": _("Give a written estimate first, and go through the bill line by line at hand-over."),
        "channel": _("Try each way of reaching you as a customer would; mend the worst first."),
    }
    name, coverage = str(one["dimension"]), studio.reading.coverage
    # The steps speak of repairs: answers behind which no order stands may be about something else.
    own = steps.get(name) if coverage.orders or coverage.due else None
    called = studio.sentences.name(name)
    step = own or _("Go through the low answers on %(dimension)s one by one.", dimension=called)
    if begin := studio.sentences.fell_in(name):
        step = studio.sentences.joined(step, _("Begin at %(units)s.", units=studio.words.listed(begin[:IN_HEADLINE])))
    return step


def _of_dimension(studio: Studio, one: Mapping[str, Any]) -> str:
    """Give the figures behind a proposal: the score, the low answers to its worst question, the commonest reasons."""
    _, count = studio.words.gettext, studio.numbers.count
    name, score = studio.called(str(one["dimension"])), studio.with_interval(figure("score", one, value="score"))
    worst = one.get("question")
    said = _("%(name)s %(score)s", name=name, score=score)
    if worst and worst["count"] >= FEW:
        said = _(
            "%(name)s %(score)s; %(low)s of %(n)s answers in the two lowest points",
            name=name,
            score=score,
            low=count(worst["count"]),
            n=count(worst["n"]),
        )
    named = _reasons(studio, one)
    if not named:
        return said
    asked = max(reason["n"] for reason in one["reasons"])
    return _(
        "%(figures)s; of the %(n)s customers who gave a reason most named %(reasons)s",
        figures=said,
        n=count(asked),
        reasons=named,
    )


def _reasons(studio: Studio, one: Mapping[str, Any]) -> str:
    labels = {
        (question.id, choice.code): choice.label for question in studio.survey.questions for choice in question.choices
    }
    _ = studio.words.gettext
    told = []
    for reason in one.get("reasons") or ():
        share = Figure("share", reason["value"], n=reason["n"])
        label = labels.get((str(reason["question"]), str(reason["code"])), str(reason["code"]))
        told.append(_("“%(reason)s” (%(share)s)", reason=label, share=studio.numbers.figure(share)))
    return studio.words.listed(told)


def _of_fixed(studio: Studio) -> str:
    fixed = studio.reading.fixed
    return studio.words.gettext(
        "Fixed first time %(share)s; target %(target)s",
        share=studio.with_interval(fixed),
        target=studio.numbers.target(fixed),
    )
