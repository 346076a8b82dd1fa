"""Drawings: a chart specification becomes an SVG for a page: described, with ids of its own, always the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import vl_convert

_SPOKEN = re.compile(r' (?:aria-[a-z]+|role|pointer-events|class)="[^"]*"')
_ID = re.compile(r'(?<= id=")[^"]+(?=")')


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG element and the words that stand for it where it cannot be seen."""

    svg: str
    description: str


def draw(specification: Mapping[str, Any], name: str, description: str) -> Drawing:
    """Draw a Vega-Lite specification. ``name`` must differ from that of every other drawing on the page."""
    return Drawing(finish(vl_convert.vegalite_to_svg(dict(specification)), name, description), description)


def finish(svg: str, name: str, description: str) -> str:
    """Give an SVG its description and ids that no other drawing has.

    The PDF takes the alternative text of a figure from ``<title>``, which the converter does not write. The converter
    counts its ids per process, so they would clash on a page and differ from run to run. Its ARIA attributes repeat
    each figure with all its binary digits; nothing in a PDF reads them.
    """
    for number, found in enumerate(dict.fromkeys(_ID.findall(svg)), 1):
        new = f"{name}-{number}"
        svg = svg.replace(f'id="{found}"', f'id="{new}"').replace(f"url(#{found})", f"url(#{new})")
        svg = svg.replace(f'href="#{found}"', f'href="#{new}"')
    svg = _SPOKEN.sub("", svg)
    return re.sub(r"(<svg[^>]*>)", lambda tag: f"{tag[1]}<title>{escape(description)}</title>", svg, count=1)
