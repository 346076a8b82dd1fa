"""The branch report: findings, survey and comments become everything that its pages print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from revisit import __version__
from revisit.records.periods import Period
from revisit.records.survey import Survey
from revisit.reports.comments import printable
from revisit.reports.palette import DEFAULT, Palette, palette
from revisit.reports.reading import read
from revisit.reports.sections.answered import Answered, make_answered
from revisit.reports.sections.comparison import Comparison, make_comparison
from revisit.reports.sections.cover import Cover, make_cover
from revisit.reports.sections.dimensions import Dimensions, make_dimensions
from revisit.reports.sections.method import Method, make_method
from revisit.reports.sections.questions import Questions, make_questions
from revisit.reports.studio import Studio
from revisit.reports.words import words

# How many comments are printed; the rest are counted.
COMMENTS = 12


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose report it is: a name, a colour and, as a ``data:`` address, a logo."""

    name: str = ""
    colour: str = DEFAULT
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a report is made from: plain values only, so that it can be handed to another process.

    ``findings`` is the public JSON object; ``names`` gives the units' names by path in the report's language; ``zone``
    is the unit's timezone; ``comments`` are texts that may be printed, masked already.
    """

    findings: Mapping[str, Any]
    survey: Survey
    language: str
    unit_name: str
    zone: str
    comments: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    brand: Brand = field(default_factory=Brand)


@dataclass(frozen=True, slots=True)
class Comments:
    """The customers' own words that are printed, and how many more there are."""

    texts: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Branch:
    """All that the pages of a branch report print; texts are ready, in the report's language."""

    language: str
    title: str
    kind: str
    brand: Brand
    palette: Palette
    unit: str
    period: str
    survey: str
    issued: str
    moment: datetime
    sample: bool
    provisional: bool
    cover: Cover
    answered: Answered
    dimensions: Dimensions
    questions: Questions
    comparison: Comparison
    comments: Comments
    method: Method


def make_branch(order: Order) -> Branch:
    """Make a branch report's content. Raises RevisitError where the findings do not add up."""
    reading = read(order.findings, order.survey)
    colours = palette(order.brand.colour or DEFAULT)
    studio = Studio.of(reading, order.language, colours)
    said = words(order.language)
    period = Period.between(reading.first, reading.last).label(order.language)
    days = said.gettext(
        "%(period)s (%(first)s to %(last)s)",
        period=period,
        first=studio.numbers.day(reading.first),
        last=studio.numbers.day(reading.last),
    )
    cutoff = studio.numbers.moment(reading.cutoff, ZoneInfo(order.zone))
    kind = said.gettext("Return-visit report")
    return Branch(
        language=order.language,
        title=said.gettext("%(kind)s: %(unit)s, %(period)s", kind=kind, unit=order.unit_name, period=period),
        kind=kind,
        brand=order.brand,
        palette=colours,
        unit=order.unit_name,
        period=period,
        survey=order.survey.title,
        issued=studio.numbers.day(reading.cutoff.astimezone(ZoneInfo(order.zone)).date()),
        moment=reading.cutoff,
        sample=reading.sample,
        provisional=reading.provisional,
        cover=make_cover(studio),
        answered=make_answered(studio),
        dimensions=make_dimensions(studio),
        questions=make_questions(studio),
        comparison=make_comparison(studio, order.names),
        comments=_comments(studio, order.comments),
        method=make_method(studio, period=days, cutoff=cutoff, program=f"Revisit {__version__}"),
    )


def _comments(studio: Studio, texts: Sequence[str]) -> Comments:
    left = len(texts) - COMMENTS
    more = ""
    if left > 0:
        more = studio.words.ngettext(
            "%(n)s more comment is not printed here.",
            "%(n)s more comments are not printed here.",
            left,
            n=studio.numbers.count(left),
        )
    emoji = studio.words.gettext("[emoji]")
    return Comments(tuple(printable(text, emoji) for text in texts[:COMMENTS]), more)
