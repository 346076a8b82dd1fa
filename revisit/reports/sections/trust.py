"""Trust: how far the figures can be trusted, in words: who is missing, doubtful answers, weights, and the questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from revisit.records.periods import Period
from revisit.reports.figures import SMALL, Figure, figure
from revisit.reports.standing import asked_in_vain
from revisit.reports.studio import Studio

# As many groups without answers as are named; of more it is said how many there are.
NAMED = 6


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, what was found, and what that means; ``mark`` is empty, or ``note``."""

    name: str
    found: str
    meaning: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Trust:
    """The section: in a sentence whether anything weakens the report, and the checks."""

    takeaway: str
    checks: tuple[Check, ...]


def make_trust(studio: Studio, names: Mapping[str, str]) -> Trust | None:
    """Make the section; None where nobody answered. ``names`` gives the units' names by path."""
    if not studio.reading.satisfied.shown:
        return None
    rules = (_response, _missing, _weighted, _one_mix, _doubtful, _burst, _reliability, _not_concerned)
    checks = [*_few(studio), *(check for rule in rules for check in rule(studio))]
    checks[1:1] = [*_sampled(studio), *_silent(studio, names)]
    if not checks:
        return None
    _ = studio.words.gettext
    noted = [check.name for check in checks if check.mark]
    if noted:
        return Trust(_("Read with care: %(names)s.", names=studio.words.listed(noted)), tuple(checks))
    return Trust(_("Nothing was found that would make the figures doubtful."), tuple(checks))


def _few(studio: Studio) -> Iterator[Check]:
    """Say first of all that there are few answers, where there are: nothing below can make up for that."""
    _, answers = studio.words.gettext, studio.reading.answers
    if 0 < answers < SMALL:
        found = _("%(n)s answers: a small base.", n=studio.numbers.count(answers))
        meaning = _("Every figure is an indication only, and so few answers cannot show who is missing.")
        yield Check(_("Small base"), found, meaning, "note")


def _response(studio: Studio) -> Iterator[Check]:
    _ = studio.words.gettext
    rate = studio.reading.coverage.response
    if not rate.shown or rate.value is None:
        return
    thin = rate.value < 0.2
    found = _("%(rate)s of those we tried to reach answered in full.", rate=studio.numbers.figure(rate))
    meaning = (
        _("So few that every score is an indication only.")
        if thin
        else _("What the others think is not known; the next line says whether they differ in what is known of them.")
    )
    yield Check(_("Response"), found, meaning, "note" if thin else "")


def _missing(studio: Studio) -> Iterator[Check]:
    """Compare those who answered with those who did not in what the orders tell: unit and month.

    Answers without orders tell nothing of those who are missing: that is said. Where orders cannot be told apart (one
    unit and month, or all answered), there is nothing to say.
    """
    _ = studio.words.gettext
    if not studio.reading.coverage.due:
        told = _("No visit was due in this period.")
        yield Check(_("Who is missing"), told, _("What the others think cannot be seen here."))
        return
    block = studio.reading.raw.get("nonresponse") or {}
    variables = {name: one for name, one in (block.get("variables") or {}).items() if one}
    if not variables:
        return
    names = {"unit": _("unit"), "month": _("month"), "job": _("kind of work")}
    uneven = [names.get(name, name) for name, one in variables.items() if one["p"] <= 0.05 and one["v"] >= 0.1]
    if uneven:
        listed = studio.words.listed(uneven)
        yield Check(
            _("Who is missing"),
            _("Customers answered unevenly by %(names)s.", names=listed),
            _("Compare units and months with care; the weighted figure below makes up for it."),
            "note",
        )
    else:
        listed = studio.words.listed(names.get(name, name) for name in variables)
        found = _("By %(names)s, those who answered are much like those who were asked.", names=listed)
        meaning = (
            _("No gap is shown in any of these, each by itself. Together they move the score: see Weighting.")
            if (studio.reading.raw.get("weighted") or {}).get("matters")
            else _("No sign of a gap in what the orders tell.")
            if studio.reading.answers >= SMALL
            else _("So few answers could not show a gap.")
        )
        yield Check(_("Who is missing"), found, meaning)


def _sampled(studio: Studio) -> Iterator[Check]:
    """Say that some outlets stand for all, and whether the intervals know of the spread between outlets."""
    _ = studio.words.gettext
    asked, few = studio.sentences.sampled()
    if asked:
        meaning = (
            _("If outlets differ, the true intervals are wider than those printed; ask more outlets.")
            if few
            else _("The intervals hold the spread between outlets as well.")
        )
        yield Check(_("Outlets asked"), studio.sentences.joined(asked, few), meaning, "note" if few else "")


def _silent(studio: Studio, names: Mapping[str, str]) -> Iterator[Check]:
    """Name the groups of visits of which nobody answered: no figure holds anything of them."""
    _, ngettext, count = studio.words.gettext, studio.words.ngettext, studio.numbers.count
    groups = (studio.reading.raw.get("nonresponse") or {}).get("silent") or ()
    if not groups:
        return
    told = [
        _("%(name)s (visits: %(asked)s)", name=_group(studio, one, names), asked=count(one["asked"]))
        for one in groups[:NAMED]
    ]
    if left := len(groups) - len(told):
        told.append(ngettext("%(n)s more", "%(n)s more", left, n=count(left)))
    found = _("Nobody answered in: %(groups)s.", groups=studio.words.listed(told))
    meaning = _("Every figure is about the others alone, and none can be weighted to stand for these as well.")
    yield Check(_("Groups without answers"), found, meaning, "note")


def _group(studio: Studio, one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Name a group of visits: a unit, a month or a kind of work."""
    variable, group = str(one["variable"]), str(one["group"])
    if variable == "month":
        return Period.parse(group).label(studio.words.language)
    if variable == "job":
        return studio.job(group or "unknown")
    unit = studio.reading.raw.get("unit") or {}
    if group == unit.get("id"):
        return studio.words.gettext("%(unit)s itself", unit=names.get(str(unit["path"]), str(unit["name"])))
    below = f"{unit.get('path', '')}/{group}"
    return names.get(below) or next((row.name for row in studio.reading.units if row.path == below), group)


def _weighted(studio: Studio) -> Iterator[Check]:
    _ = studio.words.gettext
    block = studio.reading.raw.get("weighted") or {}
    one, other = (figure("score", block.get(name)) for name in ("weighted", "unweighted"))
    if not one.shown or not other.shown:
        return
    one, other = (replace(each, n=block["n"]) for each in (one, other))
    found = _(
        "Overall satisfaction is %(unweighted)s as answered, and %(weighted)s when every unit and month counts by its "
        "visits (n = %(n)s).",
        weighted=studio.with_interval(one),
        unweighted=studio.with_interval(other),
        n=studio.numbers.count(block["n"]),
    )
    meaning = (
        _("More than a point apart: who answered moves the score.")
        if block.get("matters")
        else _("Less than a point apart: who answered hardly moves the score.")
    )
    yield Check(_("Weighting"), found, meaning, "note" if block.get("matters") else "")


def _one_mix(studio: Studio) -> Iterator[Check]:
    """Give the score at the whole organisation's mix of ways of answering, and how it changed at that mix."""
    _ = studio.words.gettext
    block = studio.reading.raw.get("standardised") or {}
    score = figure("score", block)
    if not score.shown or len(block["mix"]) < 2:
        return
    found = _(
        "Overall satisfaction is %(plain)s as answered, and %(score)s at the mix of ways of answering of the whole "
        "organisation (n = %(n)s).",
        plain=studio.numbers.figure(replace(score, value=block["plain"])),
        score=studio.with_interval(score),
        n=studio.numbers.count(block["n"]),
    )
    meaning = (
        _("More than a point apart: how people answered moves the score.")
        if block["matters"]
        else _("Less than a point apart: how people answered hardly moves the score.")
    )
    change = "" if studio.reading.comparable != "mode_mix_differs" else studio.sentences.at_one_mix(score)
    yield Check(
        _("Ways of answering"), studio.sentences.joined(found, change), meaning, "note" if block["matters"] else ""
    )


def _not_concerned(studio: Studio) -> Iterator[Check]:
    """Name the questions that more than a fifth of those who met them say do not apply to them."""
    _ = studio.words.gettext
    told = [
        _(
            "“%(question)s”: %(na)s of %(asked)s (%(share)s)",
            question=item.question.label.rstrip(".。"),
            na=studio.numbers.count(item.na),
            asked=studio.numbers.count(item.asked),
            share=studio.numbers.share(item.na, item.asked),
        )
        for item in asked_in_vain(studio.reading)
    ]
    if told:
        found = _("Said to be not applicable: %(questions)s.", questions=_("; ").join(told))
        meaning = _("These questions go to customers whom they do not concern; a condition in the survey spares them.")
        yield Check(_("Questions that do not apply"), found, meaning, "note")


def _doubtful(studio: Studio) -> Iterator[Check]:
    _, ngettext, count = studio.words.gettext, studio.words.ngettext, studio.numbers.count
    block: dict[str, Any] = studio.reading.raw.get("integrity") or {}
    if block.get("n") is None:
        return
    doubtful = int(block.get("doubtful") or 0)
    checks: dict[str, Any] = block.get("checks") or {}
    if not doubtful:
        found = _("None of %(n)s answers is marked as doubtful.", n=count(block["n"]))
        yield Check(
            _("Doubtful answers"),
            studio.sentences.joined(found, *_looked_at(studio, checks)),
            _("Nothing to leave out."),
        )
        return
    found = ngettext(
        "%(n)s of %(all)s answers is doubtful.",
        "%(n)s of %(all)s answers are doubtful.",
        doubtful,
        n=count(doubtful),
        all=count(block["n"]),
    )
    found = studio.sentences.joined(found, *_looked_at(studio, checks))
    csi = ((block.get("without") or {}).get("csi") or {}).get("value")
    if csi is None or not studio.reading.csi.shown:
        yield Check(_("Doubtful answers"), found, _("They are counted in all figures."))
        return
    values = {
        "with": studio.numbers.figure(studio.reading.csi),
        "without": studio.numbers.figure(Figure("score", csi, n=studio.reading.csi.n)),
    }
    yield Check(
        _("Doubtful answers"),
        found,
        _("They are counted. With them the index is %(with)s, without them %(without)s.", **values),
        "note",
    )


def _looked_at(studio: Studio, checks: Mapping[str, Any]) -> Iterator[str]:
    """Say what was looked at and what each check marks; and what could not be looked at, as nothing of it is kept."""
    _ = studio.words.gettext
    names = {
        "desk": _("sent from a browser signed in to the desk"),
        "same_device": _("one device for many customers"),
        "same_network": _("one network for many customers"),
        "hasty": _("less than a second a question"),
        "repeated": _("the same points and words"),
        "careless": _("all alike and very fast"),
        "machine": _("sent as a machine would"),
    }
    known = [(names[name], checks[name].get("count")) for name in names if name in checks]
    seen = [
        _("%(name)s: %(n)s", name=name, n=studio.numbers.count(marked)) for name, marked in known if marked is not None
    ]
    unseen = [name for name, marked in known if marked is None]
    if seen:
        yield _("Looked at: %(checks)s.", checks=_("; ").join(seen))
    if unseen:
        yield _("Not recorded, so not looked at: %(checks)s.", checks=_("; ").join(unseen))


def _burst(studio: Studio) -> Iterator[Check]:
    _ = studio.words.gettext
    burst = (studio.reading.raw.get("integrity") or {}).get("burst") or {}
    if burst.get("p") is None or burst["p"] > 0.001:
        return
    found = _(
        "%(last)s of %(n)s answers came in the last two days of the period.",
        last=studio.numbers.count(burst["last_days"]),
        n=studio.numbers.count(burst["n"]),
    )
    meaning = _("More than chance would bring: ask how the customers were asked then.")
    yield Check(_("A rush before the end"), found, meaning, "note")


def _reliability(studio: Studio) -> Iterator[Check]:
    """Say whether the questions of a dimension measure one thing (Cronbach's α, from 50 complete answers on)."""
    _ = studio.words.gettext
    blocks = studio.reading.raw.get("dimensions") or {}
    known = {name: block["alpha"] for name, block in blocks.items() if block.get("alpha") is not None}
    if not known:
        return
    loose = [name for name, alpha in known.items() if alpha < 0.7]
    said = [f"{studio.sentences.name(name)} {studio.numbers.decimal(alpha, 2)}" for name, alpha in known.items()]
    found = _(
        "How well the questions of a dimension agree (α, from 0 to 1): %(values)s.", values=studio.words.listed(said)
    )
    meaning = (
        _("Below 0.70 the questions measure different things: read them one by one.")
        if loose
        else _("0.70 or more: the questions of each dimension measure one thing.")
    )
    yield Check(_("Questions"), found, meaning, "note" if loose else "")
