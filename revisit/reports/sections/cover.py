"""The cover: the finding in a sentence, five tiles, what the figures say and how sure that is."""

from dataclasses import dataclass, replace

from revisit.reports.figures import Figure
from revisit.reports.indices import Finding
from revisit.reports.sections.proposals import Proposal, make_proposals, make_talk
from revisit.reports.studio import Studio

# As many findings as the first page has room for beside so many proposals, the same in every language.
FINDINGS = (5, 4, 3, 3)
# A headline of more characters is set smaller, so that it takes two lines.
LONG, LONG_CHINESE = 84, 42


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure: its name, value, interval and base, and how it stands to its target and to the period before."""

    name: str
    value: str
    unit: str
    interval: str
    base: str
    small: bool
    target: str
    mark: str
    change: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page."""

    headline: str
    tiles: tuple[Tile, ...]
    findings: tuple[Finding, ...]
    sure: str
    proposals: tuple[Proposal, ...] = ()
    long: int = LONG
    only: str = ""


def make_cover(studio: Studio, kind: str = "branch") -> Cover:
    """Make the first page; that of an engineer sheet is about the person's own work alone."""
    _ = studio.words.gettext
    reading = studio.reading
    tiles: tuple[Tile, ...] = (
        _tile(studio, studio.index(reading.lead), reading.index, _meaning(studio)),
        _tile(studio, _("Satisfied"), reading.satisfied, _("satisfied or very satisfied overall")),
        _tile(studio, _("Fixed first time"), reading.fixed, _("share who answered yes")),
    )
    long = LONG_CHINESE if studio.words.language.startswith("zh") else LONG
    headline, findings = studio.sentences.headline(), studio.sentences.findings()
    sure = studio.sentences.sure()
    if kind == "engineer":
        sure = studio.sentences.joined(studio.sentences.who_answered(), sure, _fair(studio))
        only = _("For the line manager only, to talk over with the person. Please do not forward.")
        return Cover(headline, tiles, tuple(findings[:3]), sure, make_talk(studio), long, only)
    coverage, proposals = reading.coverage, make_proposals(studio)
    if coverage.orders or coverage.due:
        tried, full = (
            _("share of the customers due whom we tried to reach"),
            _("full answers among those we tried to reach"),
        )
        tiles += (
            _of_visits(studio, _("Coverage"), coverage.coverage, tried),
            _of_visits(studio, _("Response rate"), coverage.response, full),
        )
    return Cover(headline, tiles, tuple(findings[: FINDINGS[len(proposals)]]), sure, proposals, long)


def _fair(studio: Studio) -> str:
    """Say what an engineer sheet is no basis for."""
    return studio.words.gettext(
        "Jobs and customers differ, and so do scores for that reason alone: one period is no basis for a rating."
    )


def _meaning(studio: Studio) -> str:
    """Say what the index of the first tile is; a composite says that it stands in for the satisfaction index."""
    _ = studio.words.gettext
    if studio.reading.lead == "csi":
        return _("weighted mean of the dimensions")
    return _("the survey’s own index, in place of the satisfaction index")


def _tile(studio: Studio, name: str, figure: Figure, meaning: str) -> Tile:
    _ = studio.words.gettext
    interval = studio.numbers.interval(figure)
    return Tile(
        name=name,
        value=studio.numbers.figure(figure) if figure.shown else "–",
        unit=_("of 100") if figure.shown and figure.kind == "score" else "",
        interval=_("probably %(interval)s", interval=interval) if interval else studio.withheld(figure),
        base=studio.base(figure),
        small=figure.small,
        target=_target(studio, figure),
        mark=figure.met or "",
        change=_change(studio, figure),
        meaning=meaning,
    )


def _of_visits(studio: Studio, name: str, figure: Figure, meaning: str) -> Tile:
    """Make the tile of a rate of visits: it counts all that are settled, and says how many are still open.

    Nothing is estimated, so it has counts in the place of an interval, and no base is too small for it.
    """
    _, count = studio.words.gettext, studio.numbers.count
    tile, pending = _tile(studio, name, figure, meaning), studio.reading.coverage.pending
    if figure.value is None or figure.n is None:
        return tile
    said = _("%(part)s of %(whole)s", part=count(round(figure.value * figure.n)), whole=count(figure.n))
    said = _("%(base)s; %(n)s still open", base=said, n=count(pending)) if pending else said
    return replace(tile, interval="", base=said, small=False)


def _target(studio: Studio, figure: Figure) -> str:
    _ = studio.words.gettext
    if figure.target is None:
        return ""
    target = studio.numbers.target(figure)
    said = {
        "yes": _("Target %(target)s: met", target=target),
        "no": _("Target %(target)s: missed", target=target),
        "unclear": _("Target %(target)s: unclear", target=target),
        "open": _("Target %(target)s: not decided yet", target=target),
    }
    return said.get(figure.met or "", _("Target %(target)s", target=target))


def _change(studio: Studio, figure: Figure) -> str:
    _ = studio.words.gettext
    change = figure.change
    if change is None or not figure.shown:
        return ""
    if change.direction == "unclear":
        return _("no change shown")
    points = studio.numbers.points(change.value, figure.kind, sign=True)
    if figure.kind == "share":
        return _("%(points)s percentage points since %(period)s", points=points, period=studio.sentences.before())
    return _("%(points)s points since %(period)s", points=points, period=studio.sentences.before())
