"""A report is drawn: figures from the store, pages, PDF. It runs in a child: statistics and PDF engine are heavy."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTCollection  # type: ignore[import-untyped]

from revisit import __version__
from revisit.flows.asked import find_survey
from revisit.flows.reporting.issue_report import Drawn, Job
from revisit.flows.reporting.report_data import Data, Pools, gather, names_for
from revisit.records.periods import Period
from revisit.records.problems import CallError, RevisitError
from revisit.records.survey import Survey
from revisit.reports.bundle import Bundle, Parameters, flat, pack, unpack
from revisit.reports.comments import printable, without
from revisit.reports.errors import MissingGlyphs
from revisit.reports.orders import LEVELS, Brand, Edition, Order
from revisit.reports.pages import draw_pages
from revisit.reports.palette import DEFAULT
from revisit.reports.pdf import engine_versions, write_pdf
from revisit.reports.report import make_report
from revisit.reports.sections.comments import chosen
from revisit.reports.words import FACES, words
from revisit.settings import Settings, Workspace, defaults
from revisit.store import open_store
from revisit.texts import FOLDER, LOCALES

_LOGOS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
_MADE_WITH = ("weasyprint", "pydyf", "fonttools")
# What differs between two reports on the same data: the moment they were made, and what follows from it.
_OF_THE_MOMENT = ("period.cutoff",)
# What the program chooses to say of the figures, and why it withholds some.
_OF_THE_PROGRAM = ("headline", "suppressed")
# What rests on words that customers wrote. These may be erased while the answers stay, and that is no change of them.
_OF_WORDS = (
    "themes",
    "commenters",
    "integrity.checks.repeated",
    "integrity.repeated",
    "integrity.doubtful",
    "integrity.without",
)


def draw(job: Job, pools: Pools | None = None) -> Drawn:
    """Draw a report. Raises CallError for a survey or setting that cannot be right, else ReportError.

    ``pools`` hold the answers of the whole organisation for the next report of the same days.
    """
    survey = find_survey(job.settings, job.survey, job.language)
    if job.kind == "engineer" and job.level != LEVELS[0]:
        raise CallError(
            "An engineer sheet names a person and goes to the line manager alone; there is none of level "
            f'"{job.level}". Leave the level out.'
        )
    refuse_free_days(job)
    if job.kind == "network" and not any(job.settings.organisation.below(job.unit)):
        raise CallError(
            f"{job.unit.name} has no units below it, so there is nothing to set beside each other. Make its branch "
            f"report: revisit report branch --unit {job.unit.id}"
        )
    with closing(open_store(job.settings.workspace)) as store:
        data = gather(store, job, survey, pools)
    if data.empty:
        raise CallError(
            f"Nothing is known of {job.unit.name} from {job.first:%F} to {job.last:%F}: no visit, no answer. There is "
            "nothing to report. Choose other days, or bring in the orders: revisit orders import FILE"
        )
    order = make_order(job, survey, data)
    asked = parameters(order, job.unit.path, data)
    content = print_order(order, asked, job.settings.workspace)
    return Drawn(survey.name, content, bool(data.findings["sample"]), order.edition.number)


def refuse_free_days(job: Job) -> None:
    """Raise CallError for free days that are to leave the station: no guarantee holds for their figures.

    Beside the months they give away what single customers said; so they are for those who may read single answers.
    """
    if job.level != LEVELS[0] and Period.between(job.first, job.last).kind == "free":
        raise CallError(
            f"From {job.first:%F} to {job.last:%F} is neither a week, a month, a quarter nor a year. Beside these, "
            "figures of other days can give away what single customers said, so they are for those who may read "
            f'single answers: there is no report of level "{job.level}". Choose whole weeks, months or quarters.'
        )


def draw_slice(jobs: tuple[Job, ...]) -> list[Drawn | str]:
    """Draw several reports one after the other; in the place of one that cannot be drawn stands why."""
    return [draw_next(job) for job in jobs]


def draw_next(job: Job) -> Drawn | str:
    """Draw one of several reports in this process: answers that the one before looked at are not read again.

    Gives why, where it cannot be drawn.
    """
    try:
        return draw(job, _pools())
    except RevisitError as error:
        return str(error)


@cache
def _pools() -> Pools:
    return Pools()


def make_order(job: Job, survey: Survey, data: Data) -> Order:
    """Put together what the pages are printed from."""
    emoji = words(job.language).gettext("[emoji]")
    texts, more = chosen([printable(text, emoji) for text in data.comments])
    return Order(
        findings=data.findings,
        survey=survey,
        language=job.language,
        unit_name=job.unit.called(job.language),
        zone=job.unit.timezone,
        comments=texts,
        more=more,
        names=names_for(job),
        brand=_brand(job.settings, job.language),
        kind=job.kind,
        parts=data.parts,
        edition=_edition(job, data),
        level=job.level,
        fingerprint=data.fingerprint,
        made_with=made_with(job.language, job.settings.workspace),
    )


def _edition(job: Job, data: Data) -> Edition:
    """Give the edition: a report whose figures are not those of the one before is a new edition of it."""
    if not job.earlier:
        return Edition()
    try:
        before = unpack(job.earlier)
    except CallError:  # made before reports carried what they were printed from
        return Edition()
    asked = before.parameters
    names = differing(before, data)
    if asked.made_with.get("revisit") != __version__ or asked.fingerprint == data.fingerprint:
        names = _in_both(names, before, data)
    if not names:
        return Edition(asked.edition, asked.replaces)
    return Edition(asked.edition + 1, hashlib.sha256(job.earlier).hexdigest())


def _in_both(names: Iterable[str], before: Bundle, now: Data) -> list[str]:
    """Leave out what another version of the program tells more, less or in another order: that corrects no figure."""
    then = dict(flat(before.findings)) | dict(flat(before.parts, "parts"))
    today = dict(flat(now.findings)) | dict(flat(now.parts, "parts"))
    return [name for name in names if name in then and name in today and not name.startswith(_OF_THE_PROGRAM)]


def differing(before: Bundle, now: Data) -> list[str]:
    """Name the figures of an earlier report that are others now, by their places in the findings.

    Figures that rest on what customers wrote are left out.
    """
    names = []
    then, today = _lasting(before.findings), _lasting(now.findings)
    for mark, old, new in (("", then, today), ("parts", before.parts, now.parts)):
        ones, others = dict(flat(old, mark)), dict(flat(new, mark))
        every = [*ones, *(name for name in others if name not in ones)]
        names += [name for name in every if ones.get(name) != others.get(name) or (name in ones) != (name in others)]
    return [name for name in names if not name.endswith(_OF_THE_MOMENT) and not name.startswith(_OF_WORDS)]


def _lasting(found: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out why figures that rest on words are withheld: one more or less would move all reasons after it."""
    reasons = [one for one in found["suppressed"] if not one["path"].startswith(_OF_WORDS)]
    return {**found, "suppressed": reasons}


def parameters(order: Order, path: str, data: Data) -> Parameters:
    """Write down what a report was asked for and made with."""
    period = order.findings["period"]
    return Parameters(
        kind=order.kind,
        survey=order.survey.name,
        form_hash=order.survey.form_hash,
        text_hash=order.survey.text_hash,
        unit=path,
        first=period["from"],
        last=period["to"],
        language=order.language,
        cutoff=period["cutoff"],
        level=order.level,
        edition=order.edition.number,
        replaces=order.edition.of,
        made_with=dict(order.made_with),
        fingerprint=order.fingerprint,
        answers=data.answers,
        key=data.key,
    )


def print_order(order: Order, asked: Parameters, workspace: Workspace) -> bytes:
    """Make the PDF of an order. A sign of a comment that no font has is replaced; any other stops the report."""
    try:
        return _print(order, asked, workspace)
    except MissingGlyphs as missing:
        written = set("".join(order.comments))
        if not written.issuperset(missing.characters):
            raise
        cured = replace(order, comments=without(order.comments, missing.characters))
        return _print(cured, asked, workspace)


def _print(order: Order, asked: Parameters, workspace: Workspace) -> bytes:
    report = make_report(order)
    folders = [folder for folder in (workspace.templates, defaults() / "site_templates") if folder.is_dir()]
    attached = pack(order, asked, draw_pages(report, workspace, screen=True))
    return write_pdf(draw_pages(report, workspace), moment=report.moment, folders=folders, attached=attached)


@cache
def made_with(language: str, workspace: Workspace) -> dict[str, str]:
    """Name the versions that decide a report's bytes: program, libraries, font; templates and words by a hash."""
    return {
        "revisit": __version__,
        **{name: version(name) for name in _MADE_WITH},
        **engine_versions(),
        "font": f"{FACES[language]} {_font_version()}",
        "look": _look(language, workspace),
    }


def _look(language: str, workspace: Workspace) -> str:
    """Give a hash of the templates, the workspace's own among them, and of the catalogue."""
    digest = hashlib.sha256((FOLDER / LOCALES[language] / "LC_MESSAGES" / "report.po").read_bytes())
    for folder in (workspace.templates, defaults() / "site_templates"):
        for path in sorted((folder / "report").rglob("*")):
            if path.is_file():
                digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _font_version() -> str:
    """Give the version of the installed Noto Sans CJK; empty where it lies in no usual place."""
    for folder in (Path("/usr/share/fonts"), Path.home() / ".local/share/fonts", Path.home() / ".fonts"):
        for path in sorted(folder.rglob("NotoSansCJK-Regular.ttc")) if folder.is_dir() else ():
            with TTCollection(str(path), lazy=True) as held:
                return str(held.fonts[0]["name"].getDebugName(5)).removeprefix("Version ").partition(";")[0]
    return ""


def _brand(settings: Settings, language: str) -> Brand:
    """Give the brand of revisit.toml; without one the organisation's name stands in its place."""
    table = settings.brand
    name = table.get("name") or settings.organisation.root.called(language)
    return Brand(name, table.get("colour") or DEFAULT, _logo(settings.workspace, table.get("logo", "")))


def _logo(workspace: Workspace, name: str) -> str:
    """Give the logo as a ``data:`` address; empty where none is set. CallError for one that cannot be used."""
    if not name:
        return ""
    folder = workspace.templates.resolve()
    path = (folder / name).resolve()
    kind = _LOGOS.get(path.suffix.lower())
    if kind is None or not path.is_relative_to(folder) or not path.is_file():
        raise CallError(
            f'[brand] logo is "{name}" in revisit.toml. Put a PNG, JPEG or SVG file into site_templates/ and write '
            "its name."
        )
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
