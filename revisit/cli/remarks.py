"""What the tables of findings do not show, said in sentences below them."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from revisit.cli.lines import say
from revisit.cli.words import signed
from revisit.findings.withholding.suppression import REASONS

LEAST_P = 0.001
# So many groups without answers are named at most.
MOST_NAMES = 8
# What a person calls the figures of the JSON, by their paths or by what these begin with.
FIGURES: dict[str, str] = {
    "csi": "CSI",
    "csat": "satisfied",
    "fixed": "fixed the first time",
    "nps": "NPS",
    "coverage.coverage": "coverage of visits",
    "coverage.effective": "effective coverage",
    "coverage.response_rate": "response rate",
    "weighted": "figures weighted to all visits",
    "drivers": "what goes with overall satisfaction",
    "mode_effect": "effect of the way of answering",
    "modes": "answers by",
    "standardised": "score at a fixed mix of modes",
    "commenters": "those who wrote a comment beside the others",
    "themes": "what comments are about",
    "reasons": "reasons for low answers",
    "reliability": "agreement of the questions of",
    "integrity.checks.desk": "check for answers sent from the desk",
    "integrity.checks.hasty": "check for answers in a hurry",
    "integrity.checks.same_device": "check for one device answering for many",
    "integrity.checks.same_network": "check for one network answering for many",
    "integrity.without": "CSI without doubtful answers",
    "integrity": "checks of the answers",
    "composites": "index",
    "responses": "number of answers",
}
PARTS: dict[str, str] = {"change": "change", "top2": "top 2", "alpha": "agreement of the questions", "omega": "ω"}


def remark(console: Console, found: Mapping[str, Any]) -> None:
    """Say what the tables do not show: no comparison, modes that differ, weights, few answers, what is withheld."""
    if not has_visits(found["coverage"]):
        say(console, "No repair orders and no visits belong to this period: the answers came without them.")
    _sample(console, found["sampling"])
    reason = found["comparable"]["reason"]
    if reason is not None:
        why = REASONS.get(reason, reason.replace("_", " "))
        say(console, f"Not compared with {found['period']['previous']['word']}: {why}.")
    if found["units"] and all(row["p"] is None for row in found["units"]):
        say(
            console,
            "No unit is marked: they were not tested against each other, which takes at least five with ten answers "
            "each. Compare their intervals.",
        )
    effect, weighted, others = found["mode_effect"], found["weighted"], found["nonresponse"]
    if effect is not None and effect["matters"]:
        for name, one in effect["modes"].items():
            between = f"{signed(one['low'])} to {signed(one['high'])}"
            say(console, f"{name} against {effect['reference']}: {signed(one['difference'])} points ({between}).")
    if weighted is not None and weighted["matters"]:
        value = weighted["weighted"]
        say(
            console,
            f"Overall weighted to all visits: {value['value']:.0f} ({value['low']:.0f}–{value['high']:.0f}), "
            f"unweighted {weighted['unweighted']['value']:.0f}.",
        )
    if others["indication_only"]:
        say(console, "Fewer than one in five answered: an indication only.")
    if found["commenters"] is not None:
        _writers(console, found["commenters"])
    _unconcerned(console, found["items"])
    _silent(console, others["silent"])
    _withheld(console, found)


def _sample(console: Console, block: Mapping[str, Any]) -> None:
    """Say that only some outlets were asked, and whether the intervals hold the spread between them."""
    if block["note"] is not None:
        say(
            console,
            "Too few outlets to measure the spread between outlets: the intervals are those of the answers alone.",
        )
    elif block["outlets"] == "sample":
        say(console, "Some outlets were asked and stand for all: intervals of what lies above them hold their spread.")


def _writers(console: Console, block: Mapping[str, Any]) -> None:
    """Say whether those who wrote a comment rate otherwise: they choose themselves."""
    p = "p < 0.001" if block["p"] < LEAST_P else f"p = {block['p']:.3f}"
    verdict = "comments speak for their writers alone" if block["differ"] else "no difference shown"
    say(console, f"Who wrote a comment against who did not: {p}, V = {block['v']:.2f}; {verdict}.")


def _unconcerned(console: Console, items: Mapping[str, Any]) -> None:
    """Name the questions that are asked of people whom they do not concern."""
    names = [name for name, block in items.items() if block["na_note"] is not None]
    if names:
        say(console, f"Asked of people it does not concern (n/a from more than one in five): {', '.join(names)}.")


def _silent(console: Console, groups: Sequence[Mapping[str, Any]]) -> None:
    """Name the groups in which nobody answered: there is nothing of them to weight."""
    if not groups:
        return
    kinds = {"unit": "", "month": "", "job": "kind of work "}
    names = [f"{kinds[one['variable']]}{one['group'] or 'not given'} ({one['asked']} due)" for one in groups]
    more = [f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
    say(console, f"Nobody answered of {', '.join(names[:MOST_NAMES] + more)}: no weighted figure.")


def has_visits(block: Mapping[str, Any]) -> bool:
    """Say whether there is anything to count of visits: the answers of a poster or of another tool may have none."""
    return any(block[name] for name in ("orders", "merged", "waiting", "due"))


def _withheld(console: Console, found: Mapping[str, Any]) -> None:
    """Say what is not shown and why, one paragraph for each reason."""
    names = {row["unit"]: row["name"] for row in found["units"]}
    reasons: dict[str, list[str]] = {}
    for row in found["suppressed"]:
        if not row["path"].startswith("trend."):
            reasons.setdefault(row["reason"], []).append(called(row["path"], names))
    for why, figures in reasons.items():
        say(console, f"Not shown ({REASONS[why]}): {', '.join(dict.fromkeys(figures))}.")


def called(path: str, units: Mapping[str, str]) -> str:
    """Give what a person calls a figure that has this path in the JSON; ``units`` are names by id."""
    if path in FIGURES:
        return FIGURES[path]
    head, _dot, tail = path.partition(".")
    if head == "units":
        return units.get(tail, tail)
    name, _dot, part = tail.rpartition(".")
    if part in PARTS:
        return f"{PARTS[part]} of {called(f'{head}.{name}' if name else head, units)}"
    return f"{FIGURES[head]} {tail}" if head in FIGURES else tail or head
