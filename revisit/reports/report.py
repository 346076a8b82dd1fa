"""A report: findings, survey and comments become everything that its pages print, in one of the kinds."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from revisit.records.periods import Period
from revisit.reports.orders import Brand, Order
from revisit.reports.palette import DEFAULT, Palette, palette
from revisit.reports.reading import Reading, led, named, read
from revisit.reports.sections.answered import Answered, make_answered
from revisit.reports.sections.causes import Causes, make_causes
from revisit.reports.sections.comments import Comments, make_comments
from revisit.reports.sections.comparison import Comparison, make_comparison
from revisit.reports.sections.cover import Cover, make_cover
from revisit.reports.sections.dimensions import Dimensions, make_dimensions
from revisit.reports.sections.drivers import Drivers, make_drivers
from revisit.reports.sections.funnel import Funnels, make_funnels
from revisit.reports.sections.method import Colophon, Method, make_method
from revisit.reports.sections.network import Network, make_network
from revisit.reports.sections.outlets import Outlets, make_outlets
from revisit.reports.sections.questions import Questions, make_questions
from revisit.reports.sections.regions import Regions, make_regions
from revisit.reports.sections.splits import Splits, make_splits
from revisit.reports.sections.trust import Trust, make_trust
from revisit.reports.studio import Studio


@dataclass(frozen=True, slots=True)
class Report:
    """All that the pages of a report print; texts are ready, in the report's language. ``form`` names the template."""

    form: str
    language: str
    title: str
    kind: str
    edition: str
    brand: Brand
    palette: Palette
    unit: str
    period: str
    survey: str
    issued: str
    moment: datetime
    sample: bool
    provisional: bool
    free: bool
    cover: Cover
    answered: Answered
    dimensions: Dimensions
    questions: Questions
    comparison: Comparison
    funnels: Funnels
    network: Network | None
    regions: Regions | None
    outlets: Outlets | None
    splits: Splits | None
    causes: Causes
    drivers: Drivers | None
    trust: Trust | None
    comments: Comments
    method: Method


def read_order(order: Order) -> Reading:
    """Read the findings of a unit and of its parts, with the names that units have in the report's language."""
    parts = tuple(
        (order.names.get(part["unit"]["path"], part["unit"]["name"]), read(part, order.survey)) for part in order.parts
    )
    return led(replace(named(read(order.findings, order.survey), order.names), parts=parts))


def make_report(order: Order) -> Report:
    """Make a report's content. Raises RevisitError where the findings do not add up."""
    reading = read_order(order)
    colours = palette(order.brand.colour or DEFAULT)
    studio = Studio.of(reading, order.language, colours)
    period = Period.between(reading.first, reading.last).label(order.language)
    cutoff = studio.numbers.moment(reading.cutoff, ZoneInfo(order.zone))
    kind, edition = _kind(studio, order), _edition(studio, order)
    method = Colophon(_days(studio, period), cutoff, order.program, edition, order.fingerprint)
    return Report(
        form=order.kind,
        language=order.language,
        title=studio.words.gettext("%(kind)s: %(unit)s, %(period)s", kind=kind, unit=order.unit_name, period=period),
        kind=kind,
        edition=edition,
        brand=order.brand,
        palette=colours,
        unit=_called(order),
        period=period,
        survey=order.survey.title,
        issued=studio.numbers.day(reading.cutoff.astimezone(ZoneInfo(order.zone)).date()),
        moment=reading.cutoff,
        sample=reading.sample,
        provisional=reading.provisional,
        free=reading.free,
        cover=make_cover(studio, order.kind),
        answered=make_answered(studio),
        dimensions=make_dimensions(studio),
        questions=make_questions(studio),
        comparison=make_comparison(studio, order.names, tabled=bool(order.parts)),
        funnels=make_funnels(studio, order.names),
        network=make_network(studio, order.parts, order.names) if order.parts else None,
        regions=make_regions(studio, order.parts, order.names) if order.parts else None,
        outlets=make_outlets(studio, order.names),
        splits=make_splits(studio),
        causes=make_causes(studio),
        drivers=make_drivers(studio),
        trust=make_trust(studio, order.names),
        comments=make_comments(studio, order.comments, order.more),
        method=make_method(studio, method),
    )


def _days(studio: Studio, period: str) -> str:
    first, last = studio.numbers.day(studio.reading.first), studio.numbers.day(studio.reading.last)
    return studio.words.gettext("%(period)s (%(first)s to %(last)s)", period=period, first=first, last=last)


def _called(order: Order) -> str:
    """Name whom a report is about: an engineer with the outlet, as two of one name may work in different ones."""
    outlet = order.names.get(str(order.findings["unit"]["path"]).rpartition("/")[0], "")
    return f"{outlet} · {order.unit_name}" if order.kind == "engineer" and outlet else order.unit_name


def _kind(studio: Studio, order: Order) -> str:
    """Name the kind of report, and of a report on several units what they are, with whom it may be shown to."""
    _ = studio.words.gettext
    below = str(order.findings["unit"].get("kind") or "")
    kind = {
        "network": {
            "region": _("Follow-up report of the region"),
            "station": _("Follow-up report of the station"),
        }.get(below, _("Follow-up report of the network")),
        "engineer": _("Engineer sheet"),
        "weekly": _("Weekly note") if order.week else _("One-page note"),
    }.get(order.kind) or _("Follow-up report")
    level = {"region": _("regional edition"), "public": _("public edition")}.get(order.level, "")
    return _("%(kind)s · %(level)s", kind=kind, level=level) if level else kind


def _edition(studio: Studio, order: Order) -> str:
    """Say that this is a correction, and of which report; empty for a first edition."""
    if order.edition.number < 2:
        return ""
    return studio.words.gettext(
        "Edition %(number)s. It replaces the edition with the checksum %(of)s…, from whose data it differs.",
        number=studio.numbers.count(order.edition.number),
        of=order.edition.of[:16],
    )
