"""The themes: what the comments are about, as shares of comments, and how many no theme is known of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisit.reports.charts import Bar
from revisit.reports.drawing import Drawing
from revisit.reports.figures import Figure
from revisit.reports.sections.causes import commonest
from revisit.reports.studio import Studio

NONE = "none"
# The room for a theme's name beside its bar, in CSS pixels.
ROOM = 170


@dataclass(frozen=True, slots=True)
class Themes:
    """What the chart says, the chart, and on how many comments it rests."""

    takeaway: str
    chart: Drawing
    base: str


def make_themes(studio: Studio) -> Themes | None:
    """Make the section; None where the themes are withheld, or none was found."""
    rows = [{**row, **row["share"]} for row in studio.reading.raw.get("themes") or () if row["n"]]
    found = sorted((row for row in rows if row["theme"] != NONE), key=lambda row: -row["n"])
    if not found:
        return None
    most, _ = commonest(found), studio.words.gettext
    bars = [_bar(studio, row, strong=row in most) for row in found]
    said = studio.words.listed(f"{bar.label} {bar.note}" for bar in bars)
    description = _("Bar chart of what the comments are about, the commonest first: %(rows)s.", rows=said)
    chart = studio.charts.bars("themes", description, bars, label=ROOM)
    return Themes(_takeaway(studio, [bar.label for bar in bars if bar.strong]), chart, _base(studio, rows))


def _bar(studio: Studio, row: Mapping[str, Any], *, strong: bool) -> Bar:
    share = Figure("share", row["value"], row["low"], row["high"], row["of"])
    note = studio.words.gettext(
        "%(count)s, %(share)s (%(interval)s)",
        count=studio.numbers.count(row["n"]),
        share=studio.numbers.figure(share, whole=True),
        interval=studio.numbers.interval(share, whole=True),
    )
    return Bar(_called(studio, row), row["n"], note, strong=strong)


def _takeaway(studio: Studio, names: list[str]) -> str:
    """Name the themes that are mentioned most, as far as intervals tell them from the rest."""
    if not names:
        return studio.words.gettext("No theme stands out from the others.")
    return studio.words.gettext("Mentioned most: %(themes)s.", themes=studio.words.listed(names))


def _base(studio: Studio, rows: Sequence[Mapping[str, Any]]) -> str:
    """Say on how many comments the shares rest, of how many no theme is known, and what the list cannot find."""
    _, count = studio.words.gettext, studio.numbers.count
    of, unknown = rows[0]["of"], sum(row["n"] for row in rows if row["theme"] == NONE)
    return _(
        "Of %(of)s comments, not of all customers; good and bad ones, and one may have several themes. No theme is "
        "known of %(unknown)s (%(share)s). Themes are found by a list of words, which misses about one mention in "
        "five.",
        of=count(of),
        unknown=count(unknown),
        share=studio.numbers.share(unknown, of),
    )


def _called(studio: Studio, row: Mapping[str, Any]) -> str:
    """Name a theme; one of a survey's own by the name that the survey gave it."""
    _ = studio.words.gettext
    names = {
        "attitude": _("Attitude"),
        "skill": _("Skill"),
        "quality": _("Quality of the work"),
        "speed": _("Speed"),
        "waiting": _("Waiting"),
        "price": _("Price"),
        "explanation": _("Explanation"),
        "parts": _("Spare parts"),
        "cleanliness": _("Cleanliness"),
        "communication": _("Keeping in touch"),
        "rework": _("Repaired again"),
        "network": _("Ways and places"),
        "praise": _("General praise"),
    }
    theme, own = str(row["theme"]), row.get("names") or {}
    return str(own.get(studio.words.language) or names.get(theme) or next(iter(own.values()), theme))
