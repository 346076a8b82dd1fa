"""Causes: the reasons that customers name after a low answer, and the faults that came back, by model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisit.reports.charts import Bar
from revisit.reports.drawing import Drawing
from revisit.reports.figures import Figure, figure
from revisit.reports.plots import pareto
from revisit.reports.studio import Studio

# As many reasons as a chart shows by name; the rest are one line, as single customers stand behind most of them.
MOST = 8


@dataclass(frozen=True, slots=True)
class Reasons:
    """One question for reasons: its words, who was asked, what it says, and its chart; or why it is withheld."""

    wording: str
    base: str
    takeaway: str
    chart: Drawing | None
    withheld: str


@dataclass(frozen=True, slots=True)
class Model:
    """One model in the table of repeated faults."""

    name: str
    repairs: str
    repeated: str
    share: str
    interval: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Repeats:
    """The repeated faults: what they say, the rule, and a row for each model."""

    takeaway: str
    rule: str
    rows: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Causes:
    """The page of causes."""

    reasons: tuple[Reasons, ...]
    repeats: Repeats | None


def make_causes(studio: Studio) -> Causes:
    """Make the page from what the findings hold of it."""
    return Causes(tuple(_reasons(studio)), _repeats(studio))


def _reasons(studio: Studio) -> Iterator[Reasons]:
    questions = {question.id: question for question in studio.survey.questions}
    for block in studio.reading.raw.get("reasons") or ():
        question = questions.get(str(block["question"]))
        if question is None or block.get("n") == 0:
            continue
        why = _withheld(studio, block)
        labels = {choice.code: choice.label for choice in question.choices}
        rows = [row for row in block["options"] or () if row["count"]]
        most = rows[:MOST] if len(rows) > MOST + 1 else rows
        yield Reasons(
            question.label,
            _base(studio, block),
            "" if why else _takeaway(studio, labels, rows),
            None if why else _chart(studio, block, labels, most),
            why,
        )


def _withheld(studio: Studio, block: Mapping[str, Any]) -> str:
    if block["options"]:
        return ""
    found = {row["path"]: row["reason"] for row in studio.reading.raw.get("suppressed") or ()}
    return studio.withheld(Figure("share", reason=found.get(f"reasons.{block['question']}", "")))


def _base(studio: Studio, block: Mapping[str, Any]) -> str:
    if not block["options"]:
        return ""
    ngettext, count = studio.words.ngettext, studio.numbers.count
    return ngettext(
        "Asked after a low answer; %(n)s customer named a reason, %(named)s in all.",
        "Asked after a low answer; %(n)s customers named a reason, %(named)s in all.",
        block["n"],
        n=count(block["n"]),
        named=count(block["named"]),
    )


def _takeaway(studio: Studio, labels: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Name the commonest reasons, as far as their intervals tell them from the rest: the first and those it meets."""
    _ = studio.words.gettext
    group = commonest(rows)
    if not group:
        return _("No reason stands out from the others.")
    listed = studio.words.listed(_("“%(reason)s”", reason=labels[row["code"]]) for row in group)
    if len(group) == 1:
        return _("The commonest reason is %(reason)s.", reason=listed)
    return _("The commonest reasons are %(reasons)s; the answers cannot tell them apart.", reasons=listed)


def commonest(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the first reason and those whose intervals meet its own; none where these are more than half of all."""
    group = [row for row in rows if row["high"] >= rows[0]["low"]]
    return [] if len(rows) > 1 and len(group) * 2 > len(rows) else group


def _chart(
    studio: Studio, block: Mapping[str, Any], labels: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> Drawing:
    _ = studio.words.gettext
    bars, spoken, group = [], [], commonest(rows)
    for row in rows:
        share = figure("share", row)
        share = Figure("share", share.value, share.low, share.high, block["n"])
        note = _(
            "%(count)s, %(share)s",
            count=studio.numbers.count(row["count"]),
            share=studio.numbers.figure(share),
        )
        bars.append(Bar(labels[row["code"]], row["count"], note, strong=row in group))
        spoken.append(f"{labels[row['code']]} {note}")
    rest = block["named"] - sum(row["count"] for row in rows)
    shares = [row["cumulative"] for row in rows]
    if rest > 0:
        others = sum(row["count"] > 0 for row in block["options"]) - len(rows)
        called = studio.words.ngettext(
            "%(n)s other reason", "%(n)s other reasons", others, n=studio.numbers.count(others)
        )
        bars.append(Bar(called, rest, _("named %(n)s times", n=studio.numbers.count(rest))))
        spoken.append(f"{called} {bars[-1].note}")
        shares.append(1.0)
    description = _("Bar chart of the reasons, the commonest first: %(rows)s.", rows=studio.words.listed(spoken))
    name = f"reasons-{block['question']}"
    heads = (
        _("Bars: share of the %(n)s customers", n=studio.numbers.count(block["n"])),
        _("Dots: of all %(n)s reasons", n=studio.numbers.count(block["named"])),
    )
    return pareto(studio.charts, name, description, bars, shares, heads)


def _repeats(studio: Studio) -> Repeats | None:
    found = studio.reading.raw.get("repeats")
    if not found:
        return None
    _, ngettext, count = studio.words.gettext, studio.words.ngettext, studio.numbers.count
    share = figure("share", found)
    values = {
        "repeated": count(found["repeated"]),
        "n": count(found["n"]),
        "share": studio.numbers.figure(share),
        "interval": studio.numbers.interval(share),
    }
    takeaway = ngettext(
        "%(repeated)s of %(n)s repairs were for a fault that the same vehicle or machine had had before: %(share)s.",
        "%(repeated)s of %(n)s repairs were for a fault that the same vehicle or machine had had before: %(share)s.",
        found["repeated"],
        **values,
    )
    rule = _(
        "The same plate and the same symptom on an order closed at most %(days)s days before. Counted from the orders, "
        "not from the answers; the most repeats first.",
        days=count(found["within"]),
    )
    if found["unknown"]:
        rule = studio.sentences.joined(
            rule,
            ngettext(
                "%(n)s repair without a plate or symptom is left out.",
                "%(n)s repairs without a plate or symptom are left out.",
                found["unknown"],
                n=count(found["unknown"]),
            ),
        )
    rows = [_model(studio, row) for row in found["models"]]
    return Repeats(takeaway, rule, (*rows, _model(studio, found | {"model": ""})))


def _model(studio: Studio, row: Mapping[str, Any]) -> Model:
    _ = studio.words.gettext
    share, name = figure("share", row), str(row["model"])
    called = {"": _("All together"), "other": _("All other models")}.get(name, name)
    return Model(
        called,
        studio.numbers.count(row["n"]),
        studio.numbers.count(row["repeated"]),
        studio.numbers.figure(share),
        studio.numbers.interval(share),
        total=not name,
    )
