"""The theme: colours that can be read in light and dark, and a logo that is small enough for every phone."""

import base64
import re
from functools import lru_cache
from pathlib import Path

from revisit.forms.catalogue import Place
from revisit.forms.colours import LIGHT_PAPER, contrast, palette
from revisit.records.problems import Problem
from revisit.settings import FILE_NAME, Settings
from revisit.texts import environment

STYLE = "site_templates/form/style.css"
MOST_LOGO = 4 * 1024
TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}

# What lies on what, and the least contrast: 4.5 for text, 3 for edges and marks (WCAG 2.2, 1.4.3 and 1.4.11).
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("ink", "paper", 4.5),
    ("ink", "field", 4.5),
    ("ink", "wash", 4.5),
    ("ink", "note", 4.5),
    ("soft", "paper", 4.5),
    ("soft", "wash", 4.5),
    ("brand", "paper", 4.5),
    ("brand", "note", 4.5),
    ("on", "brand", 4.5),
    ("bad", "paper", 4.5),
    ("brand", "field", 3.0),
    ("edge", "paper", 3.0),
    ("edge", "field", 3.0),
)

_SCHEME = re.compile(r"(@media\s*\(prefers-color-scheme:\s*dark\)\s*\{\s*)?:root\s*\{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z]+):\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b")


def check_theme(settings: Settings) -> list[Problem]:
    """Report every pair of colours that is hard to read, with its ratio, and a logo that cannot be shown."""
    template = environment("form", "en", settings.workspace).get_template("form/style.css")
    css = template.render(colours=palette(settings), paper=LIGHT_PAPER)
    return [*check_colours(css), *_check_logo(settings)]


def check_colours(css: str) -> list[Problem]:
    """Report the pairs of a style sheet's colours that fail; the dark scheme keeps what it does not set itself."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for is_dark, block in _SCHEME.findall(css.partition("@media print")[0]):
        (dark if is_dark else light).update(_COLOUR.findall(block))
    found = []
    for scheme, colours in (("light", light), ("dark", {**light, **dark})):
        for front, back, least in PAIRS:
            if front in colours and back in colours:
                ratio = contrast(colours[front], colours[back])
                if ratio < least:
                    pair = {"front": front, "ink": colours[front], "back": back, "paper": colours[back]}
                    figures = {"ratio": f"{ratio:.2f}", "least": f"{least:g}"}
                    found.append(Place(STYLE).problem("W003", **pair, **figures, scheme=scheme))
    return found


def _check_logo(settings: Settings) -> list[Problem]:
    name = settings.brand.get("logo", "")
    if not name or logo(settings):
        return []
    return [Place(FILE_NAME).problem("W004", name=name, most=MOST_LOGO // 1024)]


def logo(settings: Settings) -> str:
    """Give the brand's logo as a data address, "" where there is none or none that is fit for a form."""
    name = settings.brand.get("logo", "")
    kind = TYPES.get(Path(name).suffix.lower(), "")
    path = (settings.workspace.templates / name).resolve()
    if not kind or not path.is_relative_to(settings.workspace.templates.resolve()) or not path.is_file():
        return ""
    status = path.stat()
    return _data(path, kind, status.st_mtime_ns) if status.st_size <= MOST_LOGO else ""


@lru_cache(maxsize=8)
def _data(path: Path, kind: str, _changed: int) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
