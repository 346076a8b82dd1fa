"""Proposals: which kind of step the figures call for, with the evidence; what is done is for people to decide."""

from collections.abc import Iterator, Mapping
from typing import Any

from revisit.findings.reasons import leading
from revisit.records.survey import Survey

# The five moves of improvement: training, process, price, channel, and to keep watching.
MOVES: dict[str, str] = {
    "speed": "process",
    "attitude": "training",
    "quality": "process",
    "price": "price",
    "channel": "channel",
}
MOVED_DOWN = ("down", "down_small")
LOW_POINTS = 2


def proposals(found: Mapping[str, Any], survey: Survey) -> list[dict[str, Any]]:
    """Give the proposals, the weightiest first; where nothing calls for one, to keep watching.

    None is made where the share of the satisfied is withheld. Every one names what it rests on: visits that nobody
    tried, a dimension that fell or that stands lowest as far as its interval carries that, or a target that is missed.
    """
    if found["csat"]["value"] is None:
        return []
    told = [*_untried(found), *_dimensions(found, survey), *_repairs(found)]
    return told or [{"kind": "keep_watching", "move": "keep_watching"}]


def _untried(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    block = found["coverage"]
    if block["never_tried"] and block["coverage"]["met"] == "no":
        rate = {name: block["coverage"][name] for name in ("value", "target")}
        yield {"kind": "try_every_visit", "move": "process", "count": block["never_tried"], "n": block["due"], **rate}


def _dimensions(found: Mapping[str, Any], survey: Survey) -> Iterator[dict[str, Any]]:
    """Give those that fell, the larger fall first, then those that stand lowest."""
    changes = {name: block["change"] for name, block in found["dimensions"].items()}
    fell = [name for name, one in changes.items() if one is not None and one["verdict"] in MOVED_DOWN]
    fell.sort(key=lambda name: (changes[name]["verdict"] != "down", changes[name]["value"]))
    weakest: list[str] = found["standing"]["weakest"]
    for name in dict.fromkeys((*fell, *weakest)):
        block = found["dimensions"][name]
        yield {
            "kind": "improve_dimension",
            "move": MOVES.get(name, "process"),
            "dimension": name,
            "because": [why for why, names in (("fell", fell), ("weakest", weakest)) if name in names],
            "n": block["n"],
            "score": block["score"],
            "low": block["low"],
            "high": block["high"],
            "change": changes[name] if name in fell else None,
            "question": _worst_question(found, survey, name),
            "reasons": _reasons(found, name),
        }


def _worst_question(found: Mapping[str, Any], survey: Survey, dimension: str) -> dict[str, Any] | None:
    """Give the question of a dimension with the largest share of answers in its two worst points; the first of ties."""
    rows = []
    for question in survey.items(dimension):
        counts = found["items"][question.id]["distribution"]
        if counts:
            points = list(counts.values())
            low = sum((points[::-1] if question.reversed else points)[:LOW_POINTS])
            rows.append({"id": question.id, "n": sum(points), "count": low, "share": low / sum(points)})
    worst = max(rows, key=lambda row: row["share"], default=None)
    return worst if worst is not None and worst["count"] else None


def _reasons(found: Mapping[str, Any], dimension: str) -> list[dict[str, Any]]:
    """Give the commonest reasons that customers named, as far as they can be told from the others."""
    return [
        {"question": block["question"], "n": block["n"]}
        | {name: row[name] for name in ("code", "count", "value", "low", "high")}
        for block in found["reasons"]
        for row in block["options"] or ()
        if row["code"] in leading(block, dimension)
    ]


def _repairs(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    block = found["fixed"]
    if block["met"] == "no":
        figures = {name: block[name] for name in ("n", "value", "low", "high", "target")}
        yield {"kind": "fix_first_time", "move": "training", **figures}
