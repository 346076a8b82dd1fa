"""Sentences: what the figures allow one to say, as kinds with parameters; the reports put them into words."""

from collections.abc import Mapping
from typing import Any

from revisit.findings.scoring.changes import FALSE_DISCOVERIES
from revisit.records.survey import Survey

# A burst is named only where chance would make it once in a thousand reports.
BURST = 0.001
CHANGES = ("up", "down", "up_small", "down_small")


def headline(found: Mapping[str, Any], survey: Survey) -> list[dict[str, Any]]:
    """Give the findings worth a sentence, the weightiest first: at least one, each with a kind and its parameters.

    No sentence claims more than an interval or a test carries: docs/findings.md lists the kinds.
    """
    nothing = {"none": "no_answers", "hidden": "too_few_answers", "protected": "protects_another"}
    kind = nothing.get(found["responses"]["base"])
    if kind is not None:
        return [{"kind": kind, "due": found["coverage"]["due"]}, *_coverage(found)]
    fallen, risen = _moved(found, survey, "down"), _moved(found, survey, "up")
    missed, reached = _targets(found, "no"), _targets(found, "yes")
    told = [
        *fallen,
        *missed,
        *_lowest(found),
        *risen,
        *_level(found),
        *reached,
        *_units(found),
        *_drivers(found),
        *_checks(found),
        *_coverage(found),
    ]
    if not fallen and not risen:
        told += _unmoved(found)
    return told


def _figure(name: str, block: Mapping[str, Any]) -> dict[str, Any]:
    value = block["score"] if "score" in block else block["value"]
    return {"figure": name, "n": block["n"], "value": value, "low": block["low"], "high": block["high"]}


def _blocks(found: Mapping[str, Any], survey: Survey) -> dict[str, Mapping[str, Any]]:
    return {
        **{name: found[name] for name in ("csi", "csat", "fixed", "nps")},
        **{n: found["dimensions"][n] for n in survey.dimensions},
    }


def _moved(found: Mapping[str, Any], survey: Survey, way: str) -> list[dict[str, Any]]:
    """Give the figures that rose or fell, changes that matter before small ones, then by size."""
    told = []
    for name, block in _blocks(found, survey).items():
        change = block["change"]
        if change is None or not change["verdict"].startswith(way):
            continue
        small = change["verdict"].endswith("_small")
        told.append(
            {
                "kind": ("fell" if way == "down" else "rose") + ("_a_little" if small else ""),
                **_figure(name, block),
                "before": change["previous"]["value"],
                "change": change["value"],
                "change_low": change["low"],
                "change_high": change["high"],
            }
        )
    scale = {"nps": 200.0, "csat": 1.0, "fixed": 1.0}
    return sorted(
        told, key=lambda one: (one["kind"].endswith("little"), -abs(one["change"]) / scale.get(one["figure"], 100.0))
    )


def _unmoved(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Say that no change is shown, with that of the CSI (or the satisfied share) and how much could hide."""
    if not found["comparable"]["value"]:
        return [{"kind": "not_comparable", "reason": found["comparable"]["reason"]}]
    for name in ("csi", "csat"):
        change = found[name]["change"]
        if change is not None:
            return [
                {
                    "kind": "no_change_shown",
                    **_figure(name, found[name]),
                    "change": change["value"],
                    "change_low": change["low"],
                    "change_high": change["high"],
                    "detectable": (change["high"] - change["low"]) / 2,
                    "compared": _compared(found),
                }
            ]
    return []


def _compared(found: Mapping[str, Any]) -> int:
    """Count the changes that were tested together."""
    blocks = [*(found[name] for name in ("csi", "csat", "fixed", "nps")), *found["dimensions"].values()]
    blocks += found.get("composites", {}).values()
    return sum(block["change"] is not None for block in blocks)


def _targets(found: Mapping[str, Any], answer: str) -> list[dict[str, Any]]:
    kind = "target_missed" if answer == "no" else "target_met"
    return [
        {"kind": kind, **_figure(name, found[name]), "target": found[name]["target"]}
        for name in ("csi", "csat", "fixed")
        if found[name]["met"] == answer
    ]


def _lowest(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the weakest dimensions as far as the intervals tell them from all others; see ``findings.standing``."""
    blocks = found["dimensions"]
    if sum(block["score"] is not None for block in blocks.values()) < 2:
        return []
    weakest = found["standing"]["weakest"]
    if not weakest:
        return [{"kind": "no_dimension_stands_out"}]
    hidden = any(block["score"] is None for block in blocks.values())
    if len(weakest) == 1:
        return [{"kind": "lowest_dimension", **_figure(weakest[0], blocks[weakest[0]]), "hidden": hidden}]
    return [{"kind": "lowest_dimensions", "dimensions": weakest, "hidden": hidden}]


def _level(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """State the level of the CSI, or of the satisfied share where the CSI is withheld."""
    for name in ("csi", "csat"):
        if found[name]["value"] is not None:
            return [{"kind": "level", **_figure(name, found[name])}]
    return []


def _units(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the marked children; before them, whether the children differ more than chance would make them."""
    overall = found["comparison"]["metrics"].get("overall", {"differ": None})
    told: list[dict[str, Any]] = []
    if overall["differ"] is not None:
        kind = "units_do_not_differ" if overall["differ"] > FALSE_DISCOVERIES else "units_differ"
        told.append({"kind": kind, "units": overall["units"], "p": overall["differ"]})
    return told + [
        {
            "kind": f"unit_{row['flag']}",
            "unit": row["unit"],
            "n": row["n"],
            "value": row["score"],
            "low": row["low"],
            "high": row["high"],
        }
        for row in found["units"]
        if row["flag"] is not None
    ]


def _drivers(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the leading group of drivers, and what to mend first; association only, no cause."""
    block = found["drivers"]
    if block is None:
        return []
    if not block["separable"]:
        return [{"kind": "drivers_not_separable", "n": block["n"], "r2": block["r2"]}]
    rows = block["dimensions"]
    leading = [name for name, row in rows.items() if row["leading"]]
    kind = "drivers_lead" if len(leading) < len(rows) else "no_driver_leads"
    told: list[dict[str, Any]] = [{"kind": kind, "dimensions": leading, "n": block["n"], "r2": block["r2"]}]
    return told + [
        {"kind": "fix_first", **_figure(name, found["dimensions"][name]), "share": row["share"]}
        for name, row in rows.items()
        if row["fix_first"]
    ]


def _checks(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name what weakens the figures: modes that answer differently, weights that matter, few or doubtful answers."""
    told: list[dict[str, Any]] = []
    modes, weighted = found["mode_effect"], found["weighted"]
    if modes is not None and modes["matters"]:
        name, one = max(modes["modes"].items(), key=lambda pair: abs(pair[1]["difference"]))
        span = {key: one[key] for key in ("n", "difference", "low", "high")}
        told.append({"kind": "mode_differs", "mode": name, "reference": modes["reference"], **span})
    if weighted is not None and weighted["matters"]:
        told.append({"kind": "weights_matter", "n": weighted["n"], **weighted["weighted"]})
    if found["nonresponse"]["indication_only"]:
        block = found["coverage"]
        told.append({"kind": "indication_only", "asked": block["attempted"], "answered": block["dispositions"]["I"]})
    burst = found["integrity"]["burst"]
    if burst is not None and burst["p"] <= BURST and burst["last_days"] >= 10:
        told.append({"kind": "burst_before_the_end", **burst})
    told += _at_one_mix(found["standardised"], found["comparable"])
    told += _commenters(found["commenters"])
    if (found["integrity"]["doubtful"] or 0) >= 10:
        told.append({"kind": "doubtful_answers", "count": found["integrity"]["doubtful"], "n": found["integrity"]["n"]})
    return told


def _at_one_mix(block: Mapping[str, Any] | None, comparable: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the change at a fixed mix of modes where the mixes forbid any other, and it is shown."""
    change = None if block is None else block["change"]
    if block is None or change is None or comparable["value"] or change["verdict"] == "none":
        return []
    figures = {"n": block["n"], "difference": change["value"], "low": change["low"], "high": change["high"]}
    return [{"kind": "moved_at_one_mix", **figures}]


def _commenters(block: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Name what comments do not stand for, where those who wrote rate otherwise than the others."""
    difference = None if block is None else block["difference"]
    if block is None or difference is None or not block["differ"] or difference["low"] <= 0 <= difference["high"]:
        return []
    figures = {"n": block["commented"]["n"], "difference": difference["value"]}
    return [{"kind": "commenters_differ", **figures, "low": difference["low"], "high": difference["high"]}]


def _coverage(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Name the visits that expired though nobody tried: the misses; or say that there was none."""
    block = found["coverage"]
    if block["coverage"]["value"] is None:
        return []
    kind = (
        "visits_never_tried"
        if block["never_tried"]
        else "every_visit_tried"
        if block["dispositions"]["NI"] == 0
        else "visits_left_out"
    )
    return [
        {
            "kind": kind,
            "count": block["never_tried"] or block["dispositions"]["NI"],
            "due": block["due"],
            "value": block["coverage"]["value"],
            "open": block["open"],
        }
    ]
