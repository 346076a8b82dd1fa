"""Figures on a terminal: the findings as tables that a person can read."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from revisit.cli.lines import say
from revisit.cli.remarks import has_visits, remark
from revisit.cli.words import signed
from revisit.findings.withholding.suppression import NO_QUESTION
from revisit.records.periods import Period
from revisit.reports.figures import Kind, telling_places

_SHARES = {"csat": "satisfied", "fixed": "fixed"}
_VERDICTS = {
    "up": "rose",
    "down": "fell",
    "up_small": "rose a little",
    "down_small": "fell a little",
    "none": "none shown",
}


def show(console: Console, found: Mapping[str, Any], label: str, sentences: Sequence[str] = ()) -> None:
    """Print the findings: what they say in sentences, then the tables, and what is withheld and why.

    ``sentences``: those of the reports, see ``revisit.reports.telling``.
    """
    period, unit = found["period"], found["unit"]
    console.print(f"[bold]{escape(unit['name'])}[/bold] · {found['survey']['name']} · {label}", highlight=False)
    if found["sample"]:
        console.print("[bold yellow]Sample data: made up, for trying out.[/]")
    if period["provisional"]:
        say(console, "Provisional: the period or some of its visits are still open.")
    if period["free_period"]:
        say(console, "Free period: only for those who may read single answers.")
    console.print()
    wanted = [f"{name} {word}" for name, word in found["filter"].items() if word]
    if wanted:
        say(console, f"Only answers of: {', '.join(wanted)}. Visits are those of all.")
    if found["responses"]["n"] == 0:  # where it is null some answered, too few to be shown
        _nothing(console, found)
        return
    for said in sentences:
        say(console, said, mark="- ")
    console.print()
    for table in _tables(found):
        console.print(f"[bold]{table.title}[/]", highlight=False)
        table.title = None
        note, table.caption = table.caption, None
        console.print(table)
        if note is not None:
            say(console, str(note))
        console.print()
    remark(console, found)


def _nothing(console: Console, found: Mapping[str, Any]) -> None:
    """Say that there is nothing to say: nobody answered, or nothing was closed either."""
    if not found["coverage"]["orders"]:
        console.print("Nobody answered in this period, and no order was closed in it.")
        return
    console.print("Nobody answered in this period.")
    console.print()
    console.print(_coverage(found["coverage"]))


def _tables(found: Mapping[str, Any]) -> list[Table]:
    tables = [_coverage(found["coverage"])] if has_visits(found["coverage"]) else []
    tables += [_headline(found), _dimensions(found), _items(found["items"])]
    tables += [_modes(found["modes"])] if len(found["modes"]) > 1 else []
    tables += [_drivers(found["drivers"])] if found["drivers"] is not None else []
    tables += [_standardised(found["standardised"])] if found["standardised"] is not None else []
    tables += [_commenters(found["commenters"])] if found["commenters"] is not None else []
    tables += [_units(found)] if found["units"] else []
    tables += [_shrunken(found["units"])] if any(row["shrunken"] for row in found["units"]) else []
    tables += [_themes(found["themes"])] if any(row["n"] for row in found["themes"]) else []
    return [*tables, _months(found["trend"], found["quarters"])]


def _themes(rows: list[Mapping[str, Any]]) -> Table:
    """Give what comments are about, the commonest first; their writers choose themselves."""
    table = _table(f"What {rows[0]['of']} comments are about", "", "of comments", "n")
    for row in sorted((row for row in rows if row["n"]), key=lambda row: -row["n"]):
        name = "no theme known" if row["theme"] == "none" else row["theme"]
        table.add_row(name, share(row["share"] | {"n": row["of"]}), str(row["n"]))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=SIMPLE_HEAD, show_edge=False, padding=0)
    for place, column in enumerate(columns):
        wraps = place == 0 or column == "change"  # the longest words give way first, so that names stay whole
        table.add_column(column, justify="left" if place == 0 else "right", no_wrap=not wraps, overflow="fold")
    return table


def digits(n: int | None) -> int:
    """Give the decimals that people are shown: none below a hundred answers, else one."""
    return 0 if n is None or n < 100 else 1


def score(block: Mapping[str, Any], name: str = "score") -> str:
    """Give a score with its interval, or a dash where it is withheld."""
    if block[name] is None:
        return "–"
    places = _places(block, block[name], "score")
    between = "–" if block["low"] >= 0 else " to "
    return f"{block[name]:.{places}f} ({block['low']:.{places}f}{between}{block['high']:.{places}f})"


def share(block: Mapping[str, Any]) -> str:
    """Give a share in per cent with its interval, or a dash where it is withheld."""
    if block["value"] is None:
        return "–"
    places = _places(block, block["value"], "share")
    low, high = 100 * block["low"], 100 * block["high"]
    return f"{block['value']:.{places}%} ({low:.{places}f}–{high:.{places}f})"


def _places(block: Mapping[str, Any], value: float, kind: Kind) -> int:
    """Give the decimals of a figure: as many as a report prints."""
    return telling_places((value, block["low"], block["high"]), block.get("target"), kind, digits(block["n"]))


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
    table.add_row("left out though eligible", str(block["not_asked"]))
    table.add_row("coverage: tried / (tried + never tried + left out)", share(block["coverage"]))
    table.add_row("response rate RR1: complete / tried", share(block["response_rate"]))
    return table


def _headline(found: Mapping[str, Any]) -> Table:
    table = _table("Headline (with 95 % interval)", "", "figure", "n", "target", "met", "change")
    csi, nps = found["csi"], found["nps"]
    unasked = {row["path"] for row in found["suppressed"] if row["reason"] == NO_QUESTION}
    target = "" if csi["target"] is None else f"{csi['target']:g}"
    if "csi" not in unasked:
        table.add_row("CSI", score(csi, "value"), count(csi), target, csi["met"] or "", _change(csi))
    for name, title in _SHARES.items():
        block = found[name]
        target = "" if block["target"] is None else f"{block['target']:.0%}"
        if name not in unasked:
            table.add_row(title, share(block), count(block), target, block["met"] or "", _change(block))
    if "nps" not in unasked:
        table.add_row("NPS", score(nps, "value"), count(nps), "", "", _change(nps))
    for name, block in found.get("composites", {}).items():
        title = block["names"].get("en") or next(iter(block["names"].values()), name)
        since = f" (weights since {block['weights_since']})" if block["weights_since"] else ""
        table.add_row(escape(title) + since, score(block, "value"), count(block), "", "", _change(block))
    return table


def _change(block: Mapping[str, Any]) -> str:
    """Give what may be said of a change, with the change and its interval where there is one to speak of."""
    change = block["change"]
    if change is None or change["verdict"] == "none":
        return "" if change is None else _VERDICTS["none"]
    scale = 100 if block["method"].startswith("wilson") else 1
    value, low, high = (signed(scale * change[name]) for name in ("value", "low", "high"))
    return f"{_VERDICTS[change['verdict']]} {value} ({low} to {high})"


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
    table.caption = "n/a: it does not apply. blank: asked and not answered. Neither is part of a score."
    return table


def _drivers(block: Mapping[str, Any]) -> Table:
    """Give what goes with overall satisfaction, or say that the dimensions cannot be told apart."""
    title = "Goes with overall satisfaction (association, no cause)"
    if not block["separable"]:
        title = "Dimensions cannot be told apart as drivers of overall satisfaction"
    table = _table(title, "", "share of R²", "leading", "fix first")
    # Where all of them lead, none does.
    leads = block["separable"] and not all(row["leading"] for row in block["dimensions"].values())
    for name, row in block["dimensions"].items():
        told = {"leading": leads, "fix_first": block["separable"]}
        marks = ["yes" if row[key] and told[key] else "" for key in ("leading", "fix_first")]
        table.add_row(name, f"{row['share']:.2f}", *marks)
    return table


def _units(found: Mapping[str, Any]) -> Table:
    table = _table(
        f"Units of {escape(found['unit']['name'])} (overall question)", *("", "score", "satisfied", "n", "mark")
    )
    for row in found["units"]:
        satisfied = share(row["csat"]) if row["csat"] is not None else ""
        table.add_row(escape(row["name"]), score(row), satisfied, count(row), (row["flag"] or "").replace("_", " "))
    return table


def _shrunken(rows: list[Mapping[str, Any]]) -> Table:
    """Give the tested units' figures drawn to those of all: what is likely of a unit, knowing the others."""
    table = _table("The same units, drawn to the mean of all by what is known of them", "", "score", "satisfied")
    for row in rows:
        if row["shrunken"] is None:
            continue
        part = (row["csat"] or {}).get("shrunken")
        n = {"n": row["n"]}
        table.add_row(
            escape(row["name"]), score(row["shrunken"] | n, "value"), "–" if part is None else share(part | n)
        )
    return table


def _standardised(block: Mapping[str, Any]) -> Table:
    """Give the overall score as it is, and at the mix of modes of the whole organisation."""
    mix = ", ".join(f"{name} {part:.0%}" for name, part in block["mix"].items())
    table = _table("Overall question at a fixed mix of modes", "", "score", "n", "change")
    table.add_row("as it is", f"{block['plain']:.{digits(block['n'])}f}", str(block["n"]), "")
    table.add_row(f"at {mix}", score(block, "value"), str(block["n"]), _change(block))
    return table


def _commenters(block: Mapping[str, Any]) -> Table:
    """Give those who wrote a comment beside those who did not."""
    table = _table("Who wrote a comment (overall question)", "", "score", "n")
    for name, words in (("commented", "wrote one"), ("silent", "wrote none")):
        table.add_row(words, score(block[name]), str(block[name]["n"]))
    one = block["difference"]
    value, low, high = (signed(one[name]) for name in ("value", "low", "high"))
    table.add_row("difference", f"{value} ({low} to {high})", "")
    return table


def _modes(modes: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("How they answered (overall question)", "", "score", "satisfied", "n")
    for name, block in modes.items():
        table.add_row(name, score(block), share(block["csat"]), "–" if block["n"] is None else str(block["n"]))
    return table


def _months(trend: Sequence[Mapping[str, Any]], quarters: Sequence[Mapping[str, Any]]) -> Table:
    """Give the months of the CSI, or of the satisfied where there is none, with signals and where weights begin.

    Months too small to be shown stand together as the quarter, where that is shown.
    """
    seen = {row["metric"] for row in (*trend, *quarters) if row["value"] is not None}
    wanted = "csi" if "csi" in seen else "csat"
    whole = {row["period"]: row for row in quarters if row["metric"] == wanted}
    rows = [row for row in trend if row["metric"] == wanted and _quarter(row["period"]) not in whole]
    rows += [{**row, "signal": None} for row in whole.values()]
    rows = _with_answers(sorted(rows, key=lambda row: Period.parse(row["period"]).first))
    table = _table(f"Month by month: {'CSI' if wanted == 'csi' else 'satisfied'}", "", "figure", "n", "mark")
    before = rows[0]["series"] if rows else 0
    for row in rows:
        marks = [{"outside": "unusual", "run": "long run"}[row["signal"]]] if row["signal"] else []
        marks += ["other weights or outlets from here"] if row["series"] != before else []
        figure = score(row, "value") if wanted == "csi" else share(row)
        table.add_row(row["period"], figure, "–" if row["n"] is None else str(row["n"]), ", ".join(marks))
        before = row["series"]
    return table


def _with_answers(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the months from the first to the last that has an answer; those between them show as gaps."""
    places = [place for place, row in enumerate(rows) if row["n"] != 0]
    return rows[places[0] : places[-1] + 1] if places else []


def _quarter(month: str) -> str:
    return Period.holding("quarter", Period.parse(month).first).word
