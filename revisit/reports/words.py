"""Words of a report in one language: the catalogue, lists, and the gap between Chinese and Latin."""

import gettext
import re
from collections.abc import Iterable
from functools import cache

from babel.lists import format_list

from revisit.texts import locale, translations

# Between Chinese and Latin letters or digits stands a gap of about a fifth of an em. PDF engines do not add it.
GAP = "\u2009"
_HAN = "\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LATIN = "A-Za-z0-9\u00c0-\u024f\u2212%+#@&"
_BOUNDARY = re.compile(f"(?<=[{_HAN}])(?=[{_LATIN}])|(?<=[{_LATIN}])(?=[{_HAN}])")
_HAN_THEN_LATIN = re.compile(f"[{_HAN}][{_LATIN}]|[{_LATIN}][{_HAN}]")
# What no line may break, once the gaps are in: a base, a date, a range of two numbers, a number with its counter.
_NUMBER = r"[\u2212+\u00b1]?\d[\d.,]*%?"
_COUNTER = f"{GAP}[分次份人位件个個年月日周週季天张張项項组組]"
_DATE = rf"\d{{4}}{GAP}年(?:{GAP}\d+{GAP}月(?:{GAP}\d+{GAP}日)?|第{GAP}\d+{GAP}(?:季度|季|周|週))?"
_RANGE = rf"{_NUMBER}[\u2013\uff5e]{_NUMBER}(?:{_COUNTER})?"
_TOGETHER = re.compile(rf"[(（]?n = \d[\d.,]*[)）]?|{_DATE}|{_RANGE}|{_NUMBER}{_COUNTER}")
_TAG = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_INLINE = frozenset({"a", "abbr", "b", "em", "i", "span", "strong", "small"})
_VERBATIM = frozenset({"style", "script", "title", "svg"})
# Letters whose glyph is the same everywhere need no language; the report names one all the same.
FACES: dict[str, str] = {"en": "Noto Sans CJK SC", "zh-Hans": "Noto Sans CJK SC", "zh-Hant": "Noto Sans CJK TC"}


class Words:
    """Everything that is said in one language. ``%(name)s`` in a message is filled from the keyword arguments."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations | None = None) -> None:
        self.language = language
        self.locale = locale(language)
        self.face = FACES[language]
        self._catalogue = catalogue or translations("report", language)

    def gettext(self, message: str, **values: object) -> str:
        """Say a message."""
        said = self._catalogue.gettext(message)
        return said % values if values else said

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """Say a message that depends on a number; the number itself is among the values if it is printed."""
        said = self._catalogue.ngettext(one, many, number)
        return said % values if values else said

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """Say a message that means different things in different places."""
        said = self._catalogue.pgettext(context, message)
        return said % values if values else said

    def listed(self, names: Iterable[str]) -> str:
        """Join names as the language does: "speed, price and quality"."""
        return format_list(list(names), style="standard", locale=self.locale)

    def sentence(self, text: str) -> str:
        """Begin a text with a capital letter, where the script has any."""
        return text[:1].upper() + text[1:]


@cache
def words(language: str) -> Words:
    """Give the words of a language."""
    return Words(language)


def gap(text: str) -> str:
    """Put the thin gap between Chinese and Latin letters or digits of a plain text."""
    return _BOUNDARY.sub(GAP, text)


def gap_html(html: str) -> str:
    """Put the thin gap into the texts of a page; tags, styles, titles and drawings stay as they are.

    Inline tags do not end a run of text, so a number in bold gets its gaps as well. Bases, dates, ranges, and numbers
    with their counters stay on one line.
    """
    done: list[str] = []
    last, verbatim = "", ""
    for part in _TAG.split(html):
        if part.startswith("<"):
            name = _name(part)
            if verbatim:
                verbatim = "" if name == "/" + verbatim else verbatim
            elif name in _VERBATIM and not part.endswith("/>"):
                verbatim = name
            if name.strip("/") not in _INLINE:
                last = ""
            done.append(part)
        elif verbatim or not part:
            done.append(part)
        else:
            between = GAP if last and _HAN_THEN_LATIN.fullmatch(last + part[0]) else ""
            done.append(between + _TOGETHER.sub(r'<span class="nowrap">\g<0></span>', gap(part)))
            last = part[-1]
    return "".join(done)


def _name(tag: str) -> str:
    """Give the name of a tag, with its slash when it closes."""
    found = re.match(r"</?\s*([A-Za-z0-9]+)", tag)
    return ("/" if tag.startswith("</") else "") + (found[1].lower() if found else "")
