"""Pages: a report's content and its template become HTML, in one language, with the Chinese-Latin gap."""

import re

from markupsafe import Markup

from revisit.reports.branch import Branch
from revisit.reports.words import FACES, Words, gap, gap_html, words
from revisit.settings import Workspace
from revisit.texts import environment


def draw_branch(branch: Branch, workspace: Workspace | None = None) -> str:
    """Draw the pages of a branch report; a workspace's own template takes the shipped one's place."""
    made = environment("report", branch.language, workspace)
    template = made.get_template("report/branch.html")
    html = template.render(
        report=branch, face=FACES[branch.language], margin=_margin(branch), folio=_folio(words(branch.language))
    )
    return gap_html(html)


def _folio(said_in: Words) -> Markup:
    """Give the page number as CSS content: the catalogue's words around the two counters."""
    said = said_in.gettext("Page {page} of {pages}")
    parts = re.split(r"(\{page\}|\{pages\})", said)
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    return Markup(" ".join(counters.get(part) or _string(part) for part in parts if part))  # noqa: S704  (_string escapes)


def _margin(branch: Branch) -> Markup:
    """Give the running foot: the brand, the unit and the period, and that the data are a sample."""
    sample = words(branch.language).gettext("sample data") if branch.sample else ""
    parts = (branch.brand.name, branch.unit, branch.period, sample)
    return Markup(_string(gap("   |   ".join(part for part in parts if part))))  # noqa: S704  (_string escapes)


def _string(text: str) -> str:
    """Write a text as a CSS string within an HTML style element, where no markup may end it."""
    escaped = text.replace("\\", "\\5c ").replace('"', "\\22 ").replace("<", "\\3c ").replace("\n", " ")
    return f'"{escaped}"'
