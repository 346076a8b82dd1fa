"""Quotes: earlier answers in later words, written ``[plain words](#id)``; the page's script fills them in.

What stands between the brackets is read where the answer is not known: in a Markdown viewer, on paper, by whoever has
no scripts, and wherever the question is only named. Free words of a customer never become HTML: the script writes them
as text, and the server always draws the plain words.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from html import unescape

from markupsafe import Markup, escape

from revisit.forms.catalogue import Place
from revisit.forms.nearest import guess
from revisit.records.problems import Problem
from revisit.records.survey import Question, Quote

_QUOTE = re.compile(r"\[(?P<plain>[^\[\]]*)\]\(#(?P<source>[^()\s]*)\)")
_ALMOST = re.compile(r"[\[［【][^\[\]［］【】]*[\]］】]\s*[(（]\s*[#＃][^()（）\s]*\s*[)）]")
_MARKED = re.compile(r"[*_`<>&\\]")
_LINK = re.compile(r'<a href="#(?P<source>[^"]*)"[^>]*>(?P<plain>.*?)</a>', re.DOTALL)
_DRAWN = re.compile(r'<bdi data-from="([^"]*)"')
# What cannot stand in the middle of a sentence, or is nobody's business there.
_UNFIT = {
    "statement": "a statement, which has no answer",
    "contact": "a way to reach somebody",
    "consent": "a consent",
    "ranking": "a ranking",
    "text": "a long text",
}


def split_quotes(words: str) -> tuple[str, tuple[Quote, ...]]:
    """Give the plain words of a heading, and where answers stand in them."""
    plain, quotes, done = "", [], 0
    for match in _QUOTE.finditer(words):
        plain += words[done : match.start()]
        quotes.append(Quote(match["source"], len(plain), len(plain) + len(match["plain"])))
        plain += match["plain"]
        done = match.end()
    return plain + words[done:], tuple(quotes)


def with_quotes(words: str, quotes: Sequence[Quote]) -> Markup:
    """Give the HTML of a heading whose quotes a script can fill; escaped."""
    html, done = Markup(), 0
    for quote in quotes:
        plain = words[quote.start : quote.end]
        html += escape(words[done : quote.start]) + _drawn(quote.source, plain)
        done = quote.end
    return html + escape(words[done:])


def draw_quotes(html: str) -> str:
    """Turn the links to questions in sanitised prose into quotes. The words in them must have been found plain."""
    return _LINK.sub(lambda match: _drawn(match["source"], unescape(match["plain"])), html)


def _drawn(source: str, plain: str) -> Markup:
    # An answer may run the other way than the words around it: bdi keeps both in order.
    return Markup('<bdi data-from="{source}" data-plain="{plain}">{plain}</bdi>').format(source=source, plain=plain)


def quoted_in(html: str) -> list[str]:
    """Give the ids of the questions that drawn prose quotes."""
    return _DRAWN.findall(html)


def quoted_by(question: Question) -> list[str]:
    """Give the ids of the questions that a question quotes, in its heading and below it; sorted."""
    return sorted([*(quote.source for quote in question.quotes), *quoted_in(question.help)])


class Quoting:
    """Says what is wrong with quotes.

    ``above`` are the questions that were read so far, ``every`` the ids of all, ``faulty`` those with a fault of their
    own, which is told where they stand.

    A translation repeats no ``short``, so what may be quoted is its source's to say.
    """

    def __init__(
        self, above: Mapping[str, Question], every: Sequence[str], faulty: Collection[str], *, translation: bool
    ) -> None:
        self.above = above
        self.every = every
        self.faulty = faulty
        self.translation = translation

    def faults(self, words: str, place: Place) -> Iterator[Problem]:
        """Find what is wrong with the quotes in one line; ``place`` is where it begins."""
        for match in _ALMOST.finditer(words):
            here = place.at(place.line, place.column + match.start())
            quote = _QUOTE.fullmatch(match.group())
            if quote is None or not quote["plain"].strip() or _MARKED.search(quote["plain"]):
                yield here.problem("Q027", text=match.group()[:40])
            else:
                yield from self._fault(quote["source"], here)

    def _fault(self, name: str, here: Place) -> Iterator[Problem]:
        source = self.above.get(name)
        if name in self.faulty:
            return
        if source is None:
            code = "Q029" if name in self.every else "Q028"
            yield here.problem(
                code, name=name[:40], **({} if name in self.every else {"guess": guess(name, self.above)})
            )
        elif source.kind in _UNFIT and not (source.kind == "text" and (source.short or self.translation)):
            yield here.problem("Q030", name=name, what=_UNFIT[source.kind])


def no_quotes(words: str, place: Place) -> Iterator[Problem]:
    """Find the quotes in a line where none is read."""
    for match in _ALMOST.finditer(words):
        yield place.at(place.line, place.column + match.start()).problem("Q026")


def quoted_ids(words: str) -> set[str]:
    """Give the ids that the quotes in a line name, right or wrong."""
    return {match["source"] for match in _QUOTE.finditer(words)}


# Finds what is wrong with the quotes in one line.
Check = Callable[[str, Place], Iterator[Problem]]
