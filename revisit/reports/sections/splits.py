"""Splits: the figures told apart by who paid, what was done and how people answered, each beside all the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from revisit.reports.figures import Figure, coarse, figure, rounded
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure with its interval."""

    value: str
    interval: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One group: its name, answers, figures, and how it differs from all the others."""

    name: str
    n: str
    cells: tuple[Cell, ...]
    difference: str


@dataclass(frozen=True, slots=True)
class Split:
    """One way to tell the answers apart: its name, what it says, the names of its figures, and its groups."""

    name: str
    takeaway: str
    columns: tuple[str, ...]
    rows: tuple[SplitRow, ...]
    against: str


@dataclass(frozen=True, slots=True)
class Splits:
    """All splits, and whether any base is small."""

    takeaway: str
    splits: tuple[Split, ...]
    small: bool


def make_splits(studio: Studio) -> Splits | None:
    """Make the section; None where the findings tell no groups apart."""
    found = [_split(studio, block) for block in studio.reading.raw.get("splits") or ()]
    modes = _modes(studio)
    every = (*found, modes) if modes else tuple(found)
    if not every:
        return None
    moved = [one.takeaway for one in every if one.takeaway]
    _ = studio.words.gettext
    takeaway = studio.sentences.joined(*moved) or _("No group is shown to differ from the others.")
    return Splits(takeaway, every, any(cell.small for one in every for row in one.rows for cell in row.cells))


def _split(studio: Studio, block: Mapping[str, Any]) -> Split:
    _ = studio.words.gettext
    names = {"payer": _("Who paid"), "kind": _("What was done")}
    rows, told = [], []
    known = {"overall": _("Overall satisfaction (0–100)"), "csat": _("Satisfied"), "fixed": _("Fixed first time")}
    shown = [name for name in known if all(row.get(name) for row in block["rows"])]
    whole = coarse(figure("share", row[name]) for row in block["rows"] for name in shown)
    for row in block["rows"]:
        called = _group(studio, block["fact"], str(row["value"]))
        cells = tuple(
            _cell(studio, figure("score" if name == "overall" else "share", row[name]), whole=whole) for name in shown
        )
        rows.append(SplitRow(called, studio.numbers.count(row["n"]), cells, _difference(studio, row.get("difference"))))
        told.append(_told(studio, called, row.get("difference")))
    columns = tuple(known[name] for name in shown)
    against = _("Difference from all others, points")
    return Split(names[block["fact"]], studio.sentences.joined(*told), columns, tuple(rows), against)


def _group(studio: Studio, fact: str, value: str) -> str:
    _ = studio.words.gettext
    names = {
        "customer": _("paid by the customer"),
        "warranty": _("paid under warranty"),
        "insurance": _("paid by insurance"),
        "internal": _("internal order"),
        "unknown": _("not known"),
        "other": _("all other orders") if fact == "kind" else _("all other payers"),
    }
    return studio.words.sentence(names[value] if value in names else studio.job(value))


def _cell(studio: Studio, one: Figure, *, whole: bool = False) -> Cell:
    return Cell(studio.numbers.figure(one, whole=whole), studio.numbers.interval(one, whole=whole), one.small)


def _difference(studio: Studio, entry: Mapping[str, Any] | None) -> str:
    """Write a difference with its limits; it is called one only where the findings' test says so."""
    if not entry:
        return "–"
    _, points = studio.words.gettext, studio.numbers.points
    span = _(
        "%(low)s to %(high)s",
        low=points(entry["low"], "score", sign=True),
        high=points(entry["high"], "score", sign=True),
    )
    if entry["verdict"] == "none":
        return _("none shown (%(span)s)", span=span)
    return _("%(points)s (%(span)s)", points=points(entry["value"], "score", sign=True), span=span)


def _told(studio: Studio, name: str, entry: Mapping[str, Any] | None) -> str:
    if not entry or entry["verdict"] == "none":
        return ""
    _ = studio.words.gettext
    values = {"name": name, "size": studio.sentences.size(entry["value"], "score")}
    if entry["value"] > 0:
        return _("%(name)s: %(size)s more satisfied than the others.", **values)
    return _("%(name)s: %(size)s less satisfied than the others.", **values)


def _modes(studio: Studio) -> Split | None:
    """Tell the answers apart by how they were given, where the findings do."""
    _ = studio.words.gettext
    raw = studio.reading.raw
    modes = {name: block for name, block in (raw.get("modes") or {}).items() if block.get("score") is not None}
    if len(modes) < 2:
        return None
    effect = raw.get("mode_effect") or {}
    reference, compared = effect.get("reference"), effect.get("modes") or {}
    rows = []
    for name, block in modes.items():
        score, share = figure("score", block, value="score"), figure("share", block.get("csat"))
        rows.append(
            SplitRow(
                studio.words.sentence(studio.mode(name)),
                studio.numbers.count(block["n"]),
                (_cell(studio, score), _cell(studio, share)),
                _("reference") if name == reference else _mode_difference(studio, compared.get(name)),
            )
        )
    columns = (_("Overall satisfaction (0–100)"), _("Satisfied"))
    takeaway = studio.sentences.joined(*_mode_takeaway(studio, effect))
    against = _("Difference for the same work, points")
    return Split(_("How they answered"), takeaway, columns, tuple(rows), against)


def _mode_difference(studio: Studio, entry: Mapping[str, Any] | None) -> str:
    if not entry:
        return "–"
    verdict = "none" if entry["low"] <= 0 <= entry["high"] else "told"
    return _difference(studio, {**entry, "value": entry["difference"], "verdict": verdict})


def _mode_takeaway(studio: Studio, effect: Mapping[str, Any]) -> Iterator[str]:
    if effect.get("matters"):
        most = max((effect.get("modes") or {}).values(), key=lambda one: abs(one["difference"]), default=None)
        if most is not None and not most["low"] <= 0 <= most["high"]:
            size = int(rounded(abs(most["difference"]), 0))
            yield studio.words.ngettext(
                "How people answered moves the score by about %(size)s point; compare only like with like.",
                "How people answered moves the score by about %(size)s points; compare only like with like.",
                size,
                size=size,
            )
