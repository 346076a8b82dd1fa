"""The press: a template and its words made into the bytes of a page, with the templates kept compiled."""

import re
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from revisit.forms.colours import LIGHT_PAPER, palette
from revisit.forms.script import stripped
from revisit.forms.theme import logo
from revisit.records.languages import direction
from revisit.settings import Settings, Workspace
from revisit.texts import environment
from revisit.texts.compiled import keep_compiled


def render(settings: Settings, language: str, template: str, **words: Any) -> bytes:
    """Draw a template in a house language with its words, and what every page shows."""
    given = {
        "colours": palette(settings),
        "paper": LIGHT_PAPER,
        "brand": settings.brand.get("name", ""),
        "logo": logo(settings),
        "dir": direction(language),
        **words,
    }
    drawn = _environment(language, settings.workspace).get_template(template).render(given)
    # Indentation is for whoever reads the template; every byte of it would travel to every phone. What people typed is
    # safe: the template writes its line ends as character references.
    return ("\n".join(filter(None, map(str.strip, drawn.split("\n")))) + "\n").encode()


@lru_cache(maxsize=16)
def _environment(language: str, workspace: Workspace) -> Environment:
    """Keep the compiled templates: a page drawn again after a fault must not wait for them, nor the next build."""
    made = environment("form", language, workspace)
    keep_compiled(made, workspace.compiled)
    made.filters.update(typed=_typed, pressed=_pressed, stripped=stripped)
    return made


def forget_templates() -> None:
    """Read all templates anew for the next page: a workspace may have got one of its own meanwhile."""
    _environment.cache_clear()


def _typed(text: str) -> Markup:
    """Escape what a person typed so that it stays on one line of the template."""
    return Markup(str(escape(text)).replace("\n", "&#10;"))  # noqa: S704 - escaped on this very line


@lru_cache(maxsize=8)
def _pressed(css: str) -> str:
    """Take out of a style sheet what only its author needs."""
    return re.sub(r"\s*([{};])\s*", r"\1", re.sub(r"\s+", " ", css)).replace(";}", "}").strip()
