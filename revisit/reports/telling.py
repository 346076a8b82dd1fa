"""Telling: every finding as a plain sentence, made by rules from its figures, which says no more than they carry."""

from collections.abc import Mapping
from typing import Any

from revisit.records.survey import Survey
from revisit.reports.changes import Changes
from revisit.reports.figures import FEW, Change, Figure, Kind
from revisit.reports.reading import Reading, read
from revisit.reports.words import Words, words

SHARES = {"csat", "fixed"}


def N_(message: str) -> str:  # noqa: N802  gettext's own name for words that are translated elsewhere
    """Mark words for the catalogue."""
    return message


# What is said of each kind of finding; docs/findings.md says when it is found.
SAID: dict[str, str] = {
    "no_answers": N_("No customer has answered; visits due: %(due)s."),
    "too_few_answers": N_("Fewer than %(few)s customers have answered, so no figure is shown; visits due: %(due)s."),
    "protects_another": N_(
        "The figures are withheld: showing them would give away the few answers of another unit or period."
    ),
    "fell": N_("%(figure)s fell from %(before)s to %(now)s (%(change)s, probably %(low)s to %(high)s; n = %(n)s)."),
    "rose": N_("%(figure)s rose from %(before)s to %(now)s (%(change)s, probably %(low)s to %(high)s; n = %(n)s)."),
    "fell_a_little": N_(
        "%(figure)s fell a little, from %(before)s to %(now)s (%(change)s, probably %(low)s to %(high)s; n = %(n)s)."
    ),
    "rose_a_little": N_(
        "%(figure)s rose a little, from %(before)s to %(now)s (%(change)s, probably %(low)s to %(high)s; n = %(n)s)."
    ),
    "no_change_shown": N_(
        "%(figure)s shows no change (%(change)s, probably %(low)s to %(high)s; n = %(n)s); less than %(size)s could not"
        " be seen."
    ),
    "no_change_among_many": N_(
        "%(figure)s shows no change that stands among the %(compared)s figures compared at once (%(change)s, probably"
        " %(low)s to %(high)s by itself; n = %(n)s)."
    ),
    "target_missed": N_("%(figure)s misses its target of %(target)s: %(value)s, probably %(span)s (n = %(n)s)."),
    "target_met": N_("%(figure)s meets its target of %(target)s: %(value)s, probably %(span)s (n = %(n)s)."),
    "level": N_("%(figure)s stands at %(value)s, probably %(span)s (n = %(n)s)."),
    "lowest_dimension": N_(
        "%(figure)s is rated lower than all other dimensions: %(value)s, probably %(span)s (n = %(n)s)."
    ),
    "lowest_dimensions": N_("%(names)s are rated lower than the others; the answers cannot tell them apart."),
    "lowest_shown": N_(
        "%(figure)s is rated lower than all other dimensions that may be shown: %(value)s, probably %(span)s"
        " (n = %(n)s)."
    ),
    "lowest_several_shown": N_(
        "%(names)s are rated lower than the others that may be shown; the answers cannot tell them apart."
    ),
    "no_dimension_stands_out": N_("No dimension is shown to be rated lower than all others."),
    "unit_above": N_("%(unit)s is above the average of all: %(value)s, probably %(span)s (n = %(n)s)."),
    "unit_below": N_("%(unit)s is below the average of all: %(value)s, probably %(span)s (n = %(n)s)."),
    "unit_materially_below": N_(
        "%(unit)s is more than %(margin)s points below the average of all: %(value)s, probably %(span)s (n = %(n)s)."
    ),
    "units_differ": N_("The %(units)s units differ more than chance would make them."),
    "units_do_not_differ": N_(
        "The %(units)s units are not shown to differ: chance alone would make them as different."
    ),
    "drivers_lead": N_(
        "Most closely tied to overall satisfaction: %(names)s (n = %(n)s); that is an association and no proof."
    ),
    "no_driver_leads": N_(
        "No dimension is shown to go more closely with overall satisfaction than all others (n = %(n)s)."
    ),
    "drivers_not_separable": N_(
        "Which dimension goes most closely with overall satisfaction cannot be told from these answers (n = %(n)s)."
    ),
    "fix_first": N_(
        "%(figure)s goes closely with overall satisfaction and is rated below the mean of the dimensions: %(value)s,"
        " probably %(span)s (n = %(n)s). Start there."
    ),
    "weights_matter": N_(
        "Weighted to all visits, overall satisfaction is %(value)s, probably %(span)s (n = %(n)s): those who answered"
        " are spread differently."
    ),
    "indication_only": N_(
        "%(answered)s of %(asked)s customers whom we tried to reach answered in full, fewer than one in five: read"
        " every figure as an indication only."
    ),
    "burst_before_the_end": N_(
        "%(last_days)s of %(n)s answers came in on the last two days of the period, more than chance would bring."
    ),
    "doubtful_answers": N_(
        "%(count)s of %(n)s answers look as if no customer had given them; they are counted, and nothing was deleted."
    ),
    "visits_never_tried": N_("Nobody tried %(count)s of %(due)s visits due; the coverage is %(value)s."),
    "visits_left_out": N_(
        "%(count)s of %(due)s visits due were left out, because there was no way or no consent to reach the customer;"
        " the coverage is %(value)s."
    ),
    "every_visit_tried": N_("Every visit that has ended was tried; visits due: %(due)s, still open: %(open)s."),
    "mode_above": N_(
        "Answers by %(mode)s lie %(size)s above those by %(reference)s (probably %(low)s to %(high)s; n = %(n)s)."
    ),
    "mode_below": N_(
        "Answers by %(mode)s lie %(size)s below those by %(reference)s (probably %(low)s to %(high)s; n = %(n)s)."
    ),
    "mode_unclear": N_(
        "Answers by %(mode)s may differ from those by %(reference)s (%(change)s points, probably %(low)s to %(high)s;"
        " n = %(n)s)."
    ),
    "moved_at_one_mix": N_(
        "At the same mix of ways of answering, overall satisfaction moved by %(change)s points (probably %(low)s to"
        " %(high)s; n = %(n)s)."
    ),
    "commenters_differ": N_(
        "Those who wrote a comment rate otherwise than those who did not (%(change)s points, probably %(low)s to"
        " %(high)s; n = %(n)s): comments speak for those who wrote them."
    ),
    "not_comparable": N_("There is no comparison with %(period)s."),
}


class Telling(Changes):
    """Says the findings of one reading in one language."""

    def __init__(self, reading: Reading, said: Words) -> None:
        super().__init__(reading, said)
        self.names = {row["unit"]: row["name"] for row in reading.raw.get("units") or ()}

    def tell(self, told: Mapping[str, Any]) -> str:
        """Give the sentence of one entry of the findings' ``headline``."""
        kind: str = told["kind"]
        if kind == "not_comparable" and (why := self.not_comparable()):
            return why
        values = {
            **{name: self.numbers.count(value) for name, value in told.items() if type(value) is int},
            **self._names_in(told),
            **self._figures(told),
            "few": FEW,
            "period": self.before(),
        }
        said = SAID[_said(told)]
        if "n = %(n)s" in said:
            values["n"] = self.based(told["n"])
        return self.words.sentence(self.words.gettext(said, **values))

    def _names_in(self, told: Mapping[str, Any]) -> dict[str, str]:
        found = {name: self.mode(told[name]) for name in ("mode", "reference") if name in told}
        if "figure" in told:
            found["figure"] = self.subject(told["figure"])
        if "dimensions" in told:
            found["names"] = self.words.listed(self.name(one) for one in told["dimensions"])
        if "unit" in told:
            found["unit"] = self.names.get(told["unit"], told["unit"])
            found["margin"] = self.numbers.decimal(self.reading.survey.materiality, 0)
        return found

    def _figures(self, told: Mapping[str, Any]) -> dict[str, str]:
        """Write the figures: rounded as in sentences, each interval beside its figure."""
        kind, numbers = _kind(told), self.numbers
        found: dict[str, str] = {}
        if "value" in told:
            figure = Figure(kind, told["value"], told.get("low"), told.get("high"), target=told.get("target"))
            found |= {"value": numbers.figure(figure), "span": numbers.interval(figure)}
            found |= {"now": found["value"], "target": numbers.target(figure)}
        change = told.get("change", told.get("difference"))
        if change is not None:
            low, high = (told.get(f"change_{end}", told.get(end)) for end in ("low", "high"))
            if low is not None and high is not None:
                now = Figure(kind, told.get("value"), target=told.get("target"))
                found |= numbers.step(now, Change(change, low, high, before=told.get("before")))
            else:
                found["change"] = numbers.points(change, kind, sign=True)
            found["size"] = self.size(told.get("detectable", change), kind)
        return found


def _said(told: Mapping[str, Any]) -> str:
    """Give which sentence an entry calls for: some kinds have one for each case."""
    kind: str = told["kind"]
    if kind == "mode_differs":
        return "mode_above" if told["low"] > 0 else "mode_below" if told["high"] < 0 else "mode_unclear"
    if kind == "no_change_shown" and not told["change_low"] <= 0 <= told["change_high"]:
        return "no_change_among_many"
    if told.get("hidden"):
        return {"lowest_dimension": "lowest_shown", "lowest_dimensions": "lowest_several_shown"}[kind]
    return kind


def _kind(told: Mapping[str, Any]) -> Kind:
    name = told.get("figure", "")
    if name == "nps":
        return "nps"
    return "share" if name in SHARES or told["kind"].startswith("visits_") else "score"


def tell(found: Mapping[str, Any], survey: Survey, language: str) -> list[str]:
    """Give every finding of an object of findings as a sentence, the weightiest first; ``survey`` in that language.

    A level is left out where a sentence on the target has said it with the same figure.
    """
    telling = Telling(read(found, survey), words(language))
    aimed = {one["figure"] for one in found["headline"] if one["kind"] in {"target_missed", "target_met"}}
    return [telling.tell(one) for one in found["headline"] if one["kind"] != "level" or one["figure"] not in aimed]
