"""The comments: customers' own words, and how far those who wrote are like the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from revisit.reports.comments import Said, printable, together
from revisit.reports.figures import change, figure
from revisit.reports.sections.themes import Themes, make_themes
from revisit.reports.studio import Studio

# How many different comments are printed; the rest are counted.
COMMENTS = 12


@dataclass(frozen=True, slots=True)
class Comments:
    """The customers' own words that are printed, how many more there are, and whose words they are.

    ``takeaway`` says that those who wrote rate otherwise than the others, where that is shown; ``writers`` has the
    figures of both.
    """

    texts: tuple[Said, ...]
    more: str
    takeaway: str = ""
    writers: str = ""
    themes: Themes | None = None


def chosen(texts: Sequence[str]) -> tuple[list[str], int]:
    """Choose the comments that are printed, the same ones together; gives how many are left out as well."""
    said = together(texts)
    return [one.text for one in said[:COMMENTS] for _ in range(one.times)], sum(one.times for one in said[COMMENTS:])


def make_comments(studio: Studio, texts: Sequence[str], more: int) -> Comments:
    """Make the section; texts are masked already, and ``more`` counts those that are not handed over."""
    emoji = studio.words.gettext("[emoji]")
    said = together(printable(text, emoji) for text in texts)
    left = more + sum(one.times for one in said[COMMENTS:])
    rest = ""
    if left:
        rest = studio.words.ngettext(
            "%(n)s more comment is not printed here.",
            "%(n)s more comments are not printed here.",
            left,
            n=studio.numbers.count(left),
        )
    return Comments(tuple(said[:COMMENTS]), rest, *_writers(studio), make_themes(studio))


def _writers(studio: Studio) -> tuple[str, str]:
    """Compare those who wrote with those who did not; nothing where the findings do not."""
    _, points = studio.words.gettext, studio.numbers.points
    block = studio.reading.raw.get("commenters")
    if not block:
        return "", ""
    wrote, silent = (figure("score", block[name], value="score") for name in ("commented", "silent"))
    apart = change(block["difference"])
    if apart is None:
        return "", ""
    values = {
        "wrote": studio.with_interval(wrote),
        "silent": studio.with_interval(silent),
        "n": studio.numbers.count(wrote.n or 0),
        "others": studio.numbers.count(silent.n or 0),
        "difference": points(apart.value, "score", sign=True),
        "low": points(apart.low, "score", sign=True),
        "high": points(apart.high, "score", sign=True),
    }
    told = _(
        "Overall satisfaction of those who wrote: %(wrote)s, n = %(n)s; of those who did not: %(silent)s, "
        "n = %(others)s. Difference: %(difference)s points, probably %(low)s to %(high)s.",
        **values,
    )
    if not block["differ"] or apart.low <= 0 <= apart.high:
        return "", told
    if apart.value < 0:
        return _("Those who wrote are less satisfied than the others: comments speak for those who wrote them."), told
    return _("Those who wrote are more satisfied than the others: comments speak for those who wrote them."), told
