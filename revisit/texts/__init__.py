"""Words: the gettext catalogues, one domain for each audience, and the Jinja environment that pages are drawn with."""

import gettext
from functools import cache

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from revisit.records.languages import house_language
from revisit.settings import Workspace, defaults
from revisit.texts.catalogues import FOLDER, compile_catalogues

LOCALES: dict[str, str] = {"en": "en", "zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant"}
# Whom a text is for. Each audience has a catalogue of its own:
# site_templates/<domain>/ and locale/*/LC_MESSAGES/<domain>.po
DOMAINS: tuple[str, ...] = ("form", "desk", "letters", "report", "export")
__all__ = ["DOMAINS", "FOLDER", "LOCALES", "compile_catalogues", "environment", "locale", "translations"]


def locale(language: str) -> Locale:
    """Give Babel's locale of the language in which Revisit speaks to those who read ``language``."""
    return Locale.parse(LOCALES[house_language(language)])


@cache
def translations(domain: str, language: str) -> gettext.NullTranslations:
    """Give the catalogue of an audience in a language, or the English one where there is none.

    Message ids are the English words.
    """
    return gettext.translation(domain, FOLDER, [LOCALES[house_language(language)]], fallback=True)


def environment(domain: str, language: str, workspace: Workspace | None = None) -> Environment:
    """Give a Jinja environment for one audience and language: the workspace's templates first, then the shipped ones.

    Templates are named below ``site_templates/``, for example ``form/page.html``. Autoescape is on for HTML, XML
    and SVG.
    """
    folders = [defaults() / "site_templates"]
    if workspace is not None and workspace.templates.is_dir():
        folders.insert(0, workspace.templates)
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(("html", "xml", "svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = translations(domain, language)
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    made.globals["lang"] = house_language(language)
    return made
