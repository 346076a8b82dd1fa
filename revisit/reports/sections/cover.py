"""The cover: the finding in a sentence, five tiles, what the figures say and how sure that is."""

from dataclasses import dataclass, replace

from revisit.reports.figures import Figure
from revisit.reports.indices import Finding
from revisit.reports.sections.proposals import Proposal, make_proposals
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


def make_cover(studio: Studio) -> Cover:
    """Make the first page."""
    _ = studio.words.gettext
    reading = studio.reading
    tiles = (
        _tile(studio, studio.index(reading.lead), reading.index, _meaning(studio)),
        _tile(studio, _("Satisfied"), reading.satisfied, _("two best points, overall satisfaction")),
        _tile(studio, _("Fixed first time"), reading.fixed, _("share who answered yes")),
        _of_visits(studio, _("Coverage"), reading.coverage.coverage, _("attempted of all who should be asked")),
        _of_visits(studio, _("Response rate"), reading.coverage.response, _("complete answers of all attempted")),
    )
    proposals, chinese = make_proposals(studio), studio.words.language.startswith("zh")
    return Cover(
        studio.sentences.headline(),
        tiles,
        tuple(studio.sentences.findings()[: FINDINGS[len(proposals)]]),
        studio.sentences.sure(),
        proposals,
        LONG_CHINESE if chinese else LONG,
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
    """Make the tile of a rate of visits: it rests on those that are settled, and says how many are still open."""
    tile, pending = _tile(studio, name, figure, meaning), studio.reading.coverage.pending
    if not pending or not tile.base:
        return tile
    said = studio.words.gettext("%(base)s; %(n)s still open", base=tile.base, n=studio.numbers.count(pending))
    return replace(tile, base=said)


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
    return _("%(points)s points since %(period)s", points=points, period=studio.sentences.before())
