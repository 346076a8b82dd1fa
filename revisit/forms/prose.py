"""Prose: Markdown paragraphs to sanitised HTML, with the line of what may not stand in them."""

import re
from html.parser import HTMLParser

import markdown
import nh3

from revisit.forms.catalogue import Place
from revisit.forms.quotes import Check, draw_quotes, no_quotes, quoted_ids
from revisit.forms.scanner import Line
from revisit.records.problems import Problem

MOST_CHARACTERS = 4000
# Reading Markdown takes time that grows with the square of these and worse; nobody needs a hundred of them in a form.
MOST_MARKS = 100
_MARKS = "[`>"
SCHEMES = ("http", "https", "mailto", "tel")

# A run of backticks is taken whole (++), or a line of thousands of them would take seconds.
_CODE = re.compile(r"(?<!`)(`++).*?(?<!`)\1(?!`)")
_RAW_HTML = re.compile(r"<(?!https?://|mailto:|tel:)(?:[A-Za-z/!?][^>\n]{0,200}>?)")
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "br", "code", "blockquote"}


def find_html(text: str, place: Place) -> list[Problem]:
    """Report each piece of raw HTML in a line; code between backticks is text and no HTML."""
    if "<" not in text:
        return []
    return [
        place.at(place.line, place.column + match.start()).problem("S010", html=match.group()[:30])
        for match in _RAW_HTML.finditer(_bare(text))
    ]


def _bare(text: str) -> str:
    """Blank out what stands between backticks."""
    return _CODE.sub(lambda match: " " * len(match.group()), text)


def render(lines: list[Line], place: Place, check: Check = no_quotes) -> tuple[str, list[Problem]]:
    """Turn the prose of one block into sanitised HTML; gives "" and problems where it may not stand.

    ``check`` finds what is wrong with the earlier answers that a line quotes.
    """
    text = "\n".join(line.text for line in lines).strip("\n")
    if not text.strip():
        return "", []
    problems = [problem for line in lines for problem in find_html(line.text, place.at(line.number, 1))]
    first = next(line for line in lines if line.text.strip())
    here = place.at(first.number)
    if len(text) > MOST_CHARACTERS:
        problems.append(here.problem("S013", size=len(text), most=MOST_CHARACTERS))
    elif sum(text.count(mark) for mark in _MARKS) > MOST_MARKS:
        problems.append(here.problem("S014"))
    if problems:
        return "", problems
    try:
        html = markdown.markdown(text, output_format="html")
    except RecursionError:
        return "", [here.problem("S014")]
    problems += [one for line in lines for one in check(_bare(line.text), place.at(line.number, 1))]
    problems += _targets(html, lines, place)
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel="noopener noreferrer"
    )
    return draw_quotes(clean.strip()), problems


class _Links(HTMLParser):
    """Gathers where the links and images of a rendered text go."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link or an image."""
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        self.images += tag == "img"


def _targets(html: str, lines: list[Line], place: Place) -> list[Problem]:
    links = _Links()
    links.feed(html)
    links.close()
    quoted = {f"#{name}" for line in lines for name in quoted_ids(_bare(line.text))}
    problems = []
    for target in links.links:
        here = _where(target, lines, place)
        if target.startswith("#") and target not in quoted:
            problems.append(here.problem("Q027", text=target[:40]))
        elif target not in quoted and (target.partition(":")[0].lower() not in SCHEMES or ":" not in target):
            problems.append(here.problem("S011", target=f'"{target[:60]}"'))
    if links.images:
        problems.append(_where("![", lines, place).problem("S012"))
    return problems


def _where(text: str, lines: list[Line], place: Place) -> Place:
    """Find the line in which a text stands, or else the first line that is not empty."""
    for line in lines:
        if text and text in line.text:
            return place.at(line.number, line.text.index(text) + 1)
    return place.at(next(line.number for line in lines if line.text.strip()))
