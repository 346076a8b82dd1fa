"""A report is drawn: figures from the store, pages, PDF. It runs in a child: statistics and PDF engine are heavy."""

import base64
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import orjson

from revisit.flows.findings import comments, find_survey, findings
from revisit.flows.issue_report import Drawn, Job
from revisit.records.problems import CallError
from revisit.reports.branch import Brand, Order, make_branch
from revisit.reports.comments import without
from revisit.reports.errors import MissingGlyphs
from revisit.reports.pages import draw_branch
from revisit.reports.palette import DEFAULT
from revisit.reports.pdf import Attached, write_pdf
from revisit.settings import Settings, Workspace, defaults
from revisit.store import open_store

_LOGOS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}


def draw(job: Job) -> Drawn:
    """Draw a branch report. Raises CallError for a survey or setting that cannot be right, else ReportError."""
    settings, unit = job.settings, job.unit
    survey = find_survey(settings, job.survey, job.language)
    asked = (survey, unit, job.first, job.last, job.cutoff)
    with closing(open_store(settings.workspace)) as store:
        found = findings(store, settings, *asked)
        texts = [comment.text for comment in comments(store, settings, *asked)]
    order = Order(
        findings=found,
        survey=survey,
        language=job.language,
        unit_name=unit.called(job.language),
        zone=unit.timezone,
        comments=texts,
        names={one.path: one.called(job.language) for one in settings.organisation.units},
        brand=_brand(settings, job.language),
    )
    attached = Attached("findings.json", "The figures of this report", orjson.dumps(found, option=orjson.OPT_INDENT_2))
    return Drawn(survey.name, print_order(order, attached, settings.workspace), bool(found["sample"]))


def print_order(order: Order, attached: Attached, workspace: Workspace) -> bytes:
    """Make the PDF of an order. A sign of a comment that no font has is replaced; any other stops the report."""
    folders = [folder for folder in (workspace.templates, defaults() / "site_templates") if folder.is_dir()]
    try:
        return _print(order, attached, workspace, folders)
    except MissingGlyphs as missing:
        written = set("".join(order.comments))
        if not written.issuperset(missing.characters):
            raise
        cured = replace(order, comments=without(order.comments, missing.characters))
        return _print(cured, attached, workspace, folders)


def _print(order: Order, attached: Attached, workspace: Workspace, folders: list[Path]) -> bytes:
    report = make_branch(order)
    html = draw_branch(report, workspace)
    return write_pdf(html, moment=report.moment, folders=folders, attached=[attached])


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
