"""A report is compared: its pages with the figures it carries, these figures with the records of today. In a child."""

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime
from typing import Any

from revisit.flows.reporting.draw_report import differing, made_with, print_order
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.report_data import Data, gather
from revisit.flows.reporting.verify import Answer, Check, Verdict
from revisit.forms import versions
from revisit.records.organisation import Unit
from revisit.records.problems import CallError, RevisitError
from revisit.records.survey import Survey
from revisit.reports.bundle import Bundle, Parameters, unpack
from revisit.reports.inside import FIGURES, PARTS, attachments
from revisit.reports.likeness import other_pages, other_words
from revisit.settings import Settings
from revisit.store import open_store
from revisit.store.protocol import Store

# What an erasure never changes: it takes the answer and leaves the order with its visit. Only an answered visit may
# then count as one that is open or expired.
_VISITS = re.compile(
    r"^(?:parts\.\d+\.)?coverage\.(?:orders|merged|waiting|due|declined|unreachable|excluded|exclusions\b.*)$"
)


def compare(check: Check) -> Verdict:
    """Compare a PDF. Raises CallError for a file that is no report, or whose survey or unit is not known here."""
    bundle = unpack(check.content)
    asked = bundle.parameters
    settings = check.settings
    survey = _survey(settings, asked)
    other = tuple(
        f"{name} {was} (here {now})"
        for name, now in made_with(asked.language, settings.workspace).items()
        if (was := asked.made_with.get(name, "")) != now
    )
    again = print_order(bundle.order(survey), asked, settings.workspace)
    pages: tuple[int, ...] = ()
    about = False
    if again != check.content:
        pages = other_pages(check.content, again, by_words=bool(other))
        about = other_words(check.content, again, lasting=bool(other))
    with closing(open_store(settings.workspace)) as store:
        issued = _is_kept(store, asked, check.content)
        if pages or about or _other_files(check.content, again, other):
            answer: Answer = "unsure" if other else "forged"
            return Verdict(answer, pages=pages, about=about, versions=other, issued=issued, number=asked.edition)
        now = gather(store, _job(settings, asked), _survey_now(settings, asked, survey), key_id=asked.key)
        back = _taken_back(store, asked)
    return _against_today(bundle, now, other, issued=issued, back=back)


def compare_next(check: Check) -> Verdict | str:
    """Compare one of several PDFs; gives why, where it cannot be compared."""
    try:
        return compare(check)
    except RevisitError as error:
        return str(error)


def _against_today(bundle: Bundle, now: Data, other: tuple[str, ...], *, issued: bool, back: bool) -> Verdict:
    then, today = _by_answer(bundle.parameters.answers), _by_answer(now.answers)
    gone = len(then.keys() - today.keys())
    added = len(today.keys() - then.keys())
    altered = sum(then[who] != today[who] for who in then.keys() & today.keys())
    figures = tuple(differing(bundle, now))
    unplated = max(0, comparable(bundle.findings.get("repeats")) - comparable(now.findings.get("repeats")))
    others = [name for name in figures if not (unplated and name.partition(".")[0] == "repeats")]
    answer: Answer = "same"
    if altered or added or (others and not gone) or (gone and back) or any(_VISITS.search(name) for name in figures):
        answer = "changed"
    elif gone or unplated:
        answer = "fewer"
    return Verdict(
        *(answer, gone, unplated, altered, added, figures, (), other),
        issued=issued,
        back=bool(gone and back),
        number=bundle.parameters.edition,
    )


def _taken_back(store: Store, asked: Parameters) -> bool:
    """Say whether an import of answers was undone since the report's cut-off: those that are gone may be its own."""
    cutoff = datetime.fromisoformat(asked.cutoff)
    return any(
        batch.kind == "responses"
        and batch.imported_at <= cutoff
        and batch.undone_at is not None
        and batch.undone_at > cutoff
        for batch in store.batches()
    )


def comparable(repeats: Mapping[str, Any] | None) -> int:
    """Give the orders that repeated faults were counted from: those whose plate and symptom were known.

    Both can be erased while the order and its answer stay, and then fewer faults seem to have come back.
    """
    return int(repeats["n"]) + int(repeats.get("earlier", 0)) if repeats else 0


def _by_answer(fingerprints: tuple[str, ...]) -> dict[str, str]:
    return {who: what for who, _colon, what in (one.partition(":") for one in fingerprints)}


def _survey(settings: Settings, asked: Parameters) -> Survey:
    """Give the survey in the very version and wording the report was printed with."""
    survey = versions.load_version(settings.workspace.versions, asked.survey, asked.form_hash, asked.text_hash)
    if survey is None:
        raise CallError(
            f'The survey "{asked.survey}" in the version of this report (form {asked.form_hash[:16]}) is not in '
            "data/versions/ of this workspace. Verify it where it was issued, or put the copy of that folder back."
        )
    return survey


def _survey_now(settings: Settings, asked: Parameters, printed: Survey) -> Survey:
    """Give the survey that findings are counted with today; where it was published anew, the printed version."""
    latest = versions.latest(settings.workspace.versions, asked.survey, asked.language)
    return latest if latest is not None and latest.form_hash == asked.form_hash else printed


def _job(settings: Settings, asked: Parameters) -> Job:
    tree = settings.organisation
    unit = tree.of_path(asked.unit)
    if asked.kind == "engineer":
        unit = Unit("engineer", asked.unit, "engineer", asked.unit.rpartition("/")[2], timezone=unit.timezone)
    elif unit.path != asked.unit:
        raise CallError(
            f'The unit "{asked.unit}" of this report is not in revisit.toml. Verify it where it was issued.'
        )
    first, last = date.fromisoformat(asked.first), date.fromisoformat(asked.last)
    cutoff = datetime.fromisoformat(asked.cutoff)
    return Job(settings, asked.survey, unit, first, last, asked.language, cutoff, asked.kind, asked.level)


def _is_kept(store: Store, asked: Parameters, content: bytes) -> bool:
    """Say whether this very file lies in the archive of issued reports."""
    digest = hashlib.sha256(content).hexdigest()
    return any(one.sha256 == digest for one in store.reports(asked.unit))


def _other_files(content: bytes, again: bytes, other: tuple[str, ...]) -> bool:
    """Say whether an attachment is not the one that belongs to the figures; with other versions, only the figures."""
    ours, theirs = attachments(again), attachments(content)
    names = (FIGURES, PARTS) if other else tuple(ours)
    return any(ours.get(name) != theirs.get(name) for name in names) or ours.keys() != theirs.keys()
