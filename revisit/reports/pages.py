"""Pages: a report's content and its template become HTML, in one language, with the Chinese-Latin gap."""

import re
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from revisit.reports.canvas import breadth, wrap
from revisit.reports.labels import label_cells
from revisit.reports.report import Report
from revisit.reports.words import FACES, Words, gap, gap_html, words
from revisit.settings import Workspace
from revisit.texts import environment
from revisit.texts.compiled import keep_compiled

# What the running foot has, in points: the width of the text less the page number and some air, and its letters' size.
_FOOT, _FOOT_SIZE = 420.0, 8.0
_BAR = "   |   "


def draw_pages(report: Report, workspace: Workspace | None = None, *, screen: bool = False) -> str:
    """Draw the pages of a report; a workspace's own template takes the shipped one's place.

    With ``screen`` the same page is laid out for a browser, also a phone's: every chart has a narrow form besides, and
    every number knows its column. Nothing in it is fetched from anywhere.
    """
    template = _templates(report.language, workspace).get_template(f"report/{report.form}.html")
    html = template.render(
        report=report,
        face=FACES[report.language],
        margin=_margin(report),
        folio=_folio(words(report.language)),
        screen=screen,
    )
    return label_cells(gap_html(html)) if screen else gap_html(html)


@cache
def _templates(language: str, workspace: Workspace | None) -> Environment:
    """Give the templates, which are read once for the page on paper, the page for a browser and the next report."""
    made = environment("report", language, workspace)
    if workspace is not None:
        keep_compiled(made, workspace.compiled)
    return made


def _folio(said_in: Words) -> Markup:
    """Give the page number as CSS content: the catalogue's words around the two counters."""
    said = said_in.gettext("Page {page} of {pages}")
    parts = re.split(r"(\{page\}|\{pages\})", said)
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    return Markup(" ".join(counters.get(part) or _string(part) for part in parts if part))  # noqa: S704  (_string escapes)


def _margin(report: Report) -> Markup:
    """Give the running foot: the brand, the unit and the period, and that the data are a sample."""
    sample = words(report.language).gettext("sample data") if report.sample else ""
    names = [
        one for one in dict.fromkeys((report.brand.name, report.unit)) if one
    ]  # the organisation's own stands once
    rest = [one for one in (report.period, sample) if one]
    bars = _BAR * (len(names) + len(rest) - 1)
    room = _FOOT - breadth("".join((bars, *rest)), _FOOT_SIZE)
    parts = [*_fitted(names, room), *rest]
    return Markup(_string(gap(_BAR.join(parts))))  # noqa: S704  (_string escapes)


def _fitted(names: list[str], room: float) -> list[str]:
    """Shorten names with … until both have room side by side; what a short one leaves is the other's."""
    share = room / len(names) if names else room
    spare = sum(max(0.0, share - breadth(one, _FOOT_SIZE)) for one in names)
    return [wrap(one, share + spare, _FOOT_SIZE, 1)[0] for one in names]


def _string(text: str) -> str:
    """Write a text as a CSS string within an HTML style element, where no markup may end it."""
    escaped = text.replace("\\", "\\5c ").replace('"', "\\22 ").replace("<", "\\3c ").replace("\n", " ")
    return f'"{escaped}"'
