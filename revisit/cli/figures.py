"""Figures on a terminal: the findings as tables that a person can read."""

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from revisit.findings.suppression import REASONS

_SHARES = {"csat": "satisfied", "fixed": "fixed"}
_VERDICTS = {
    "up": "rose",
    "down": "fell",
    "up_small": "rose a little",
    "down_small": "fell a little",
    "none": "none shown",
}


def show(console: Console, found: Mapping[str, Any], label: str) -> None:
    """Print the findings: who answered, the headline figures, dimensions, items, units, and what is withheld."""
    period, unit = found["period"], found["unit"]
    console.print(f"[bold]{unit['name']}[/bold] · {found['survey']['name']} · {label}", highlight=False)
    if found["sample"]:
        console.print("[bold yellow]Sample data: made up, for trying out.[/]")
    if period["provisional"]:
        console.print("Provisional: the period or some of its visits are still open.")
    if period["free_period"]:
        console.print("Free period: only for those who may read single answers.")
    console.print()
    for table in _tables(found):
        console.print(table)
        console.print()
    _withheld(console, found["suppressed"])


def _tables(found: Mapping[str, Any]) -> list[Table]:
    tables = [_coverage(found["coverage"]), _headline(found), _dimensions(found), _items(found["items"])]
    tables += [_drivers(found["drivers"])] if found["drivers"] is not None else []
    return [*tables, _units(found["units"])] if found["units"] else tables


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0)
    )
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else "right", no_wrap=True)
    return table


def digits(n: int | None) -> int:
    """Give the decimals that people are shown: none below a hundred answers, else one."""
    return 0 if n is None or n < 100 else 1


def score(block: Mapping[str, Any], name: str = "score") -> str:
    """Give a score with its interval, or a dash where it is withheld."""
    if block[name] is None:
        return "–"
    places = digits(block["n"])
    between = "–" if block["low"] >= 0 else " to "
    return f"{block[name]:.{places}f} ({block['low']:.{places}f}{between}{block['high']:.{places}f})"


def share(block: Mapping[str, Any]) -> str:
    """Give a share in per cent with its interval, or a dash where it is withheld."""
    if block["value"] is None:
        return "–"
    places = digits(block["n"])
    low, high = 100 * block["low"], 100 * block["high"]
    return f"{block['value']:.{places}%} ({low:.{places}f}–{high:.{places}f})"


def count(block: Mapping[str, Any]) -> str:
    """Give n, or that it is too small to show, with a mark where the base is small."""
    if block["n"] is None:
        return "–" if block.get("base") == "protected" else "<10"
    return f"{block['n']}{' (small)' if block.get('base') == 'small' else ''}"


def _coverage(block: Mapping[str, Any]) -> Table:
    table = _table("Visits", "", "count")
    orders = f"{block['orders']} orders = {block['due']} due + {block['merged']} merged + {block['waiting']} waiting"
    table.add_row(orders, "")
    for name in ("answered", "declined", "unreachable", "excluded", "expired", "open"):
        table.add_row(f"  {name}", str(block[name]))
    table.add_row("= due", str(block["due"]), end_section=True)
    table.add_row("expired, never tried", str(block["never_tried"]))
    table.add_row("coverage: tried / (tried + not invited)", share(block["coverage"]))
    table.add_row("response rate RR1: complete / tried", share(block["response_rate"]))
    return table


def _headline(found: Mapping[str, Any]) -> Table:
    table = _table("Headline (with 95 % interval)", "", "figure", "n", "target", "met", "change")
    csi, nps = found["csi"], found["nps"]
    target = "" if csi["target"] is None else f"{csi['target']:g}"
    table.add_row("CSI", score(csi, "value"), count(csi), target, csi["met"] or "", _change(csi))
    for name, title in _SHARES.items():
        block = found[name]
        target = "" if block["target"] is None else f"{block['target']:.0%}"
        table.add_row(title, share(block), count(block), target, block["met"] or "", _change(block))
    table.add_row("NPS", score(nps, "value"), count(nps), "", "", _change(nps))
    return table


def _change(block: Mapping[str, Any]) -> str:
    change = block["change"]
    return "" if change is None else _VERDICTS[change["verdict"]]


def _dimensions(found: Mapping[str, Any]) -> Table:
    table = _table("Dimensions (with 95 % intervals)", "", "score", "top 2", "n", "change")
    for name, block in found["dimensions"].items():
        table.add_row(name, score(block), share(block["top2"]), count(block), _change(block))
    return table


def _items(items: Mapping[str, Any]) -> Table:
    table = _table("Questions", "", "mean", "score", "top 2", "n", "n/a", "blank")
    for name, block in items.items():
        mean = "–" if block["mean"] is None else f"{block['mean']:.2f}"
        missing = [("" if block[why] is None else str(block[why])) for why in ("na", "blank")]
        table.add_row(name, mean, score(block), share(block["top2"]), count(block), *missing)
    return table


def _drivers(block: Mapping[str, Any]) -> Table:
    """Give what goes with overall satisfaction, or say that the dimensions cannot be told apart."""
    title = "Goes with overall satisfaction (association, no cause)"
    if not block["separable"]:
        title = "Dimensions cannot be told apart as drivers of overall satisfaction"
    table = _table(title, "", "share of R²", "leading", "fix first")
    for name, row in block["dimensions"].items():
        marks = ["yes" if row[key] and block["separable"] else "" for key in ("leading", "fix_first")]
        table.add_row(name, f"{row['share']:.2f}", *marks)
    return table


def _units(rows: list[Mapping[str, Any]]) -> Table:
    table = _table("Units below (overall question)", "", "score", "satisfied", "n", "mark")
    for row in rows:
        satisfied = share(row["csat"]) if row["csat"] is not None else ""
        table.add_row(row["name"], score(row), satisfied, count(row), (row["flag"] or "").replace("_", " "))
    return table


def _withheld(console: Console, suppressed: list[Mapping[str, Any]]) -> None:
    """Say what is not shown and why, one line for each reason."""
    reasons: dict[str, list[str]] = {}
    for row in suppressed:
        if not row["path"].startswith("trend."):
            reasons.setdefault(row["reason"], []).append(row["path"])
    for why, paths in reasons.items():
        console.print(f"Not shown ({REASONS[why]}): {', '.join(paths)}", highlight=False)
