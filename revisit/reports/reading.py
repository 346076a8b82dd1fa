"""The findings as a report reads them: the public JSON object turned into typed figures, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from revisit.findings.scoring.coverage import decided
from revisit.records.survey import DIMENSIONS, Question, Survey
from revisit.reports.figures import FEW, Figure, figure
from revisit.reports.moments import Moment, read_moments

LIMITS: tuple[str, ...] = ("low_95", "high_95", "low_99_8", "high_99_8")
OUTCOMES: tuple[str, ...] = ("answered", "declined", "unreachable", "excluded", "expired", "open")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the closed orders. ``orders`` = due + merged + waiting, and ``due`` is the sum of the outcomes."""

    orders: int
    merged: int
    waiting: int
    due: int
    outcomes: dict[str, int]
    attempted: int
    coverage: Figure
    response: Figure
    rr3: float | None
    exclusions: dict[str, int] = field(default_factory=dict)
    never_tried: int = 0
    not_asked: int = 0

    @property
    def pending(self) -> int:
        """Give the visits of the period that are still under way: open, or their delay not over yet."""
        return self.outcomes["open"] + self.waiting

    @property
    def adds_up(self) -> bool:
        """Say whether both sums hold; a report that does not add up is not drawn."""
        return self.due == sum(self.outcomes.values()) and self.orders == self.due + self.merged + self.waiting


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension: its score and the share of answers in the two best points."""

    name: str
    score: Figure
    satisfied: Figure


@dataclass(frozen=True, slots=True)
class Item:
    """One scale question with its figures. ``distribution`` counts answers from the least point to the greatest.

    ``concerns`` is false where the findings say that the question goes to people whom it does not concern.
    """

    question: Question
    score: Figure
    satisfied: Figure
    mean: float | None
    distribution: tuple[int, ...]
    na: int
    blank: int
    invalid: int
    not_asked: int
    concerns: bool = True

    @property
    def asked(self) -> int:
        """Give how many met the question: those who answered it and those who could have."""
        return sum(self.distribution) + self.na + self.blank + self.invalid


@dataclass(frozen=True, slots=True)
class Composite:
    """A weighted mean that the survey declares beside the index: its own name, its figure, and the weights it had."""

    id: str
    name: str
    figure: Figure
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Nps:
    """The net promoter score, the three counts it comes from and the question, where the survey asks it."""

    figure: Figure
    question: Question | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """One one-of-several question: for each answer's code how often it was given, and its share."""

    question: Question
    figures: dict[str, tuple[int, Figure]]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A child of the unit with its score on the overall question. ``flag`` is set only where the findings allow it.

    ``tested`` says whether it was compared with the others at all. ``limits`` are those of its funnel, shares from 0
    to 1: 95 % low and high, 99.8 % low and high.
    """

    path: str
    name: str
    score: Figure
    flag: str
    satisfied: Figure = field(default_factory=lambda: Figure("share"))
    satisfied_flag: str = ""
    tested: bool = True
    limits: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a report prints, read from one findings object.

    ``answers`` is 0 where nobody answered (``nobody``), or where how many did is withheld; ``few`` says that they are
    one to nine, ``free`` that the days are no calendar period. ``outlets`` are all units that repair, of a network;
    ``parts`` the readings of the units below, by name.
    """

    survey: Survey
    first: date
    last: date
    cutoff: datetime
    provisional: bool
    answers: int
    nobody: bool
    few: bool
    posters: int
    coverage: Coverage
    csi: Figure
    satisfied: Figure
    fixed: Figure
    nps: Nps
    dimensions: tuple[Dimension, ...]
    items: tuple[Item, ...]
    choices: tuple[Choices, ...]
    modes: dict[str, int | None]
    units: tuple[UnitRow, ...]
    engineers: tuple[UnitRow, ...]
    trend: dict[str, tuple[Moment, ...]]
    comparable: str
    sample: bool
    weights: dict[str, float]
    raw: Mapping[str, Any]
    composites: tuple[Composite, ...] = ()
    lead: str = "csi"
    free: bool = False
    outlets: tuple[UnitRow, ...] = ()
    parts: "tuple[tuple[str, Reading], ...]" = ()

    def figure(self, name: str) -> Figure:
        """Give a headline figure, a dimension's score or a composite by the findings' name for it."""
        named = {"csi": self.csi, "csat": self.satisfied, "fixed": self.fixed, "nps": self.nps.figure}
        named |= {one.name: one.score for one in self.dimensions} | {one.id: one.figure for one in self.composites}
        return named.get(name) or Figure("score")

    @property
    def index(self) -> Figure:
        """Give the index that leads: the satisfaction index, or the composite that stands in for it."""
        return self.figure(self.lead)

    @property
    def held_back(self) -> bool:
        """Say whether nothing is shown, although there are answers enough, because it would give a few others away."""
        return not self.satisfied.shown and self.satisfied.reason == "protects_another"

    @property
    def indices(self) -> list[str]:
        """Name the index and the composites, the one that leads first."""
        names = ["csi", *(one.id for one in self.composites)]
        return [self.lead, *(name for name in names if name != self.lead)]

    @property
    def changed(self) -> list[tuple[str, Figure]]:
        """Give the figures that rose or fell, by name: those that matter before small ones, then by size."""
        own = [one.id for one in self.composites]
        names = ["csi", "csat", "fixed", "nps", *(one.name for one in self.dimensions), *own]
        found = [(name, self.figure(name)) for name in names]
        moved = [pair for pair in found if pair[1].change is not None and pair[1].change.direction != "unclear"]
        return sorted(moved, key=_weight)


def _weight(pair: tuple[str, Figure]) -> tuple[bool, float]:
    change = pair[1].change
    assert change is not None  # noqa: S101  (only figures with a change are weighed)
    return change.small, -abs(change.value) / {"score": 100, "share": 1, "nps": 200}[pair[1].kind]


def named(reading: Reading, names: Mapping[str, str]) -> Reading:
    """Call the units below as the report's language does; ``names`` gives their names by path."""
    units, outlets = (
        tuple(replace(row, name=names.get(row.path, row.name)) for row in rows)
        for rows in (reading.units, reading.outlets)
    )
    return replace(reading, units=units, outlets=outlets)


def led(reading: Reading) -> Reading:
    """Let the first of index and composites lead that has answers enough wherever a report shows any figure.

    The units whose readings stand in ``parts`` are on the same pages. Where none has, the first that the unit itself
    may show.
    """
    every = [reading, *(part for _name, part in reading.parts if part.satisfied.shown)]
    names = ["csi", *(one.id for one in reading.composites)]
    whole = (name for name in names if all(one.figure(name).shown for one in every))
    own = (name for name in names if reading.figure(name).shown)
    return replace(reading, lead=next(whole, None) or next(own, "csi"))


def _few(responses: Mapping[str, Any]) -> bool:
    """Say whether there are one answer to nine; how many is withheld today, and was told in earlier reports."""
    n = responses["n"]
    return bool(responses.get("base") == "hidden" if n is None else 0 < n < FEW)


def read(findings: Mapping[str, Any], survey: Survey) -> Reading:
    """Read a findings object; what comes later in its life and is absent reads as not shown."""
    period = findings["period"]
    why = {row["path"]: row["reason"] for row in findings.get("suppressed") or ()}
    comparable = findings.get("comparable") or {"value": True}
    return Reading(
        survey=survey,
        first=date.fromisoformat(period["from"]),
        last=date.fromisoformat(period["to"]),
        cutoff=datetime.fromisoformat(period["cutoff"]),
        provisional=bool(period.get("provisional")),
        free=bool(period.get("free_period")),
        answers=int(findings["responses"]["n"] or 0),
        nobody=findings["responses"]["n"] == 0,
        few=_few(findings["responses"]),
        posters=int(findings["responses"].get("poster") or 0),
        coverage=_coverage(findings["coverage"], why),
        csi=figure("score", findings.get("csi"), reason=why.get("csi", "")),
        satisfied=figure("share", findings.get("csat"), reason=why.get("csat", "")),
        fixed=figure("share", findings.get("fixed"), reason=why.get("fixed", "")),
        nps=_nps(findings.get("nps"), survey, why.get("nps", "")),
        dimensions=_dimensions(findings.get("dimensions") or {}, why),
        items=_items(findings.get("items") or {}, survey, why),
        choices=_choices(findings.get("choices") or {}, survey),
        modes={mode: entry.get("answers") for mode, entry in (findings.get("modes") or {}).items()},
        units=tuple(_unit(row, why) for row in findings.get("units") or ()),
        engineers=tuple(_unit(row, {}) for row in findings.get("engineers") or ()),
        trend=read_moments(findings.get("trend") or (), findings.get("quarters") or ()),
        comparable="" if comparable["value"] else str(comparable.get("reason") or "form_changed"),
        sample=bool(findings.get("sample")),
        weights=_weights(findings.get("survey") or {}, survey),
        raw=findings,
        composites=_composites(findings.get("composites") or {}, survey, why),
        outlets=tuple(_unit(row, {}) for row in (findings.get("outlets") or {}).get("units") or ()),
    )


def _weights(entry: Mapping[str, Any], survey: Survey) -> dict[str, float]:
    """Give each dimension's part of the index, 1 in all, as it was in the period."""
    found = {name: float(weight) for name, weight in (entry.get("weights") or survey.weights).items()}
    total = sum(found.values()) or 1.0
    return {name: weight / total for name, weight in found.items()}


def _rate(entry: Mapping[str, Any], name: str, why: Mapping[str, str]) -> Figure:
    """Read a rate of visits; ``met`` is *open* as long as the visits under way may still decide."""
    rate = figure("share", entry.get(name), reason=why.get(f"coverage.{name}", ""))
    if rate.value is None or rate.target is None or not rate.n:
        return rate
    pending = int(entry["open"]) + int(entry["waiting"])
    return rate if decided(round(rate.value * rate.n), rate.n, pending, rate.target) else replace(rate, met="open")


def _coverage(entry: Mapping[str, Any], why: Mapping[str, str]) -> Coverage:
    return Coverage(
        orders=int(entry["orders"]),
        merged=int(entry["merged"]),
        waiting=int(entry["waiting"]),
        due=int(entry["due"]),
        outcomes={name: int(entry[name]) for name in OUTCOMES},
        attempted=int(entry["attempted"]),
        coverage=_rate(entry, "coverage", why),
        response=_rate(entry, "response_rate", why),
        rr3=entry.get("rr3"),
        exclusions=dict(entry.get("exclusions") or {}),
        never_tried=int(entry.get("never_tried") or 0),
        not_asked=int(entry.get("not_asked") or 0),
    )


def _nps(entry: Mapping[str, Any] | None, survey: Survey, reason: str) -> Nps:
    question = next((question for question in survey.questions if question.kind == "nps"), None)
    counts = [(entry or {}).get(name) for name in ("detractors", "passives", "promoters")]
    known = tuple(count for count in counts if isinstance(count, int))
    return Nps(figure("nps", entry, reason=reason), question, known if len(known) == len(counts) else ())


def _dimensions(entries: Mapping[str, Any], why: Mapping[str, str]) -> tuple[Dimension, ...]:
    known = [name for name in DIMENSIONS if name in entries]
    return tuple(
        Dimension(
            name,
            figure("score", entries[name], value="score", reason=why.get(f"dimensions.{name}", "")),
            figure("share", entries[name].get("top2")),
        )
        for name in [*known, *(name for name in entries if name not in known)]
    )


def _items(entries: Mapping[str, Any], survey: Survey, why: Mapping[str, str]) -> tuple[Item, ...]:
    return tuple(
        _item(question, entries[question.id], why.get(f"items.{question.id}", ""))
        for question in survey.questions
        if question.is_scale and question.id in entries
    )


def _composites(entries: Mapping[str, Any], survey: Survey, why: Mapping[str, str]) -> tuple[Composite, ...]:
    declared = {one.id: one.name for one in survey.composites}
    return tuple(
        Composite(
            name,
            str((entry.get("names") or {}).get(survey.language) or declared.get(name) or name),
            figure("score", entry, reason=why.get(f"composites.{name}", "")),
            dict(entry.get("weights") or {}),
        )
        for name, entry in entries.items()
    )


def _item(question: Question, entry: Mapping[str, Any], reason: str) -> Item:
    counts = entry.get("distribution") or {}
    na, blank, invalid, not_asked = (int(entry.get(name) or 0) for name in ("na", "blank", "invalid", "not_asked"))
    low, high = question.points
    return Item(
        question,
        figure("score", entry, value="score", reason=reason),
        figure("share", entry.get("top2")),
        entry.get("mean"),
        tuple(int(counts.get(str(point), 0)) for point in range(low, high + 1)) if counts else (),
        na,
        blank,
        invalid,
        not_asked,
        entry.get("na_note") is None,
    )


def _choices(entries: Mapping[str, Any], survey: Survey) -> tuple[Choices, ...]:
    return tuple(
        Choices(
            question,
            {
                code: (int(one["count"]), figure("share", one))
                for code, one in (entries[question.id].get("options") or {}).items()
                if one and one.get("count") is not None
            },
        )
        for question in survey.questions
        if question.id in entries
    )


def _unit(row: Mapping[str, Any], why: Mapping[str, str]) -> UnitRow:
    score = figure("score", row, value="score", reason=why.get(f"units.{row['unit']}", ""))
    csat = row.get("csat") or {}
    funnel = csat.get("funnel") or {}
    return UnitRow(
        path=str(row.get("path", row["unit"])),
        name=str(row.get("name", row["unit"])),
        score=score,
        flag=str(row.get("flag") or ""),
        satisfied=figure("share", csat),
        satisfied_flag=str(csat.get("flag") or ""),
        tested=row.get("p") is not None,
        limits=tuple(funnel[name] for name in LIMITS) if funnel else (),
    )
