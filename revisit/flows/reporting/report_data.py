"""What a report is made from: findings, comments and the fingerprints of the answers, read from the store."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from revisit.findings.withholding.pool import SECOND, Pool
from revisit.flows.reporting.findings import comments, findings, read_pool
from revisit.flows.reporting.issue_report import Job
from revisit.flows.reporting.report_wider import wider
from revisit.records.problems import CallError
from revisit.records.responses import Response
from revisit.records.survey import Survey
from revisit.settings import Key, load_keys
from revisit.store.protocol import Scope, Store

# What is printed of a child is in its own findings; a network report takes up so many children at most.
MOST_PARTS = 80
PRINTED = ("survey", "period", "unit", "responses", "coverage", "dimensions", "csi", "composites", "csat", "comparable")
# Answers of these kinds are words of a person; they can be erased and are in no figure.
_WORDS = ("text", "contact")


@dataclass(frozen=True, slots=True)
class Data:
    """Findings of the unit and of its parts, masked comments, and a fingerprint of each answer that is counted.

    ``key`` is the id of the key that the fingerprints were made with, empty for those without one.
    """

    findings: dict[str, Any]
    parts: list[dict[str, Any]]
    comments: list[str]
    answers: tuple[str, ...]
    key: str = ""

    @property
    def empty(self) -> bool:
        """Say whether the period has neither a visit nor an answer: a report would be dashes from end to end."""
        counted = self.findings["coverage"]
        return not (self.answers or counted["orders"] or counted["due"] or counted["waiting"])

    @property
    def fingerprint(self) -> str:
        """Give one fingerprint for all answers: SHA-256 over those of the single ones."""
        return hashlib.sha256("\n".join(self.answers).encode()).hexdigest()


class Pools:
    """The answers of the organisation, read once for reports of the same survey, days and cut-off; keeps the last."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._pool: Pool | None = None

    def pool(self, store: Store, job: Job, survey: Survey) -> Pool:
        """Give everybody's answers that the findings of a job look at."""
        wanted = (survey.name, survey.form_hash, job.first, job.last, job.cutoff, job.unit.timezone)
        if self._pool is None or self._of != wanted:
            about = (job.unit, job.first, job.last)
            self._of, self._pool = wanted, read_pool(store, job.settings, survey, about, job.cutoff)
        return self._pool


def gather(store: Store, job: Job, survey: Survey, pools: Pools | None = None, key_id: str | None = None) -> Data:
    """Read what a report of a kind and a level of privacy is made from.

    ``key_id`` names the key of an earlier report's fingerprints, empty where it had none; by default the current one
    makes them. Raises CallError where that key is not there.
    """
    key = Key("", b"") if key_id == "" else _key(job.settings.workspace.root, key_id)
    settings, unit = job.settings, job.unit
    asked = (job.first, job.last, job.cutoff)
    pool = (pools or Pools()).pool(store, job, survey)
    found = findings(store, settings, survey, unit, *asked, shared=pool)
    if job.kind == "branch" and job.level == "station" and not any(settings.organisation.below(unit)):
        people = findings(store, settings, survey, unit, *asked, people=True, shared=pool)
        found["engineers"] = nameless(people["units"])
    found = restrict(found | wider(store, job, survey, pool), job.level)
    parts: list[dict[str, Any]] = []
    if job.kind == "network" and job.level != "public":
        children = list(settings.organisation.below(unit))[:MOST_PARTS]
        parts = [part_of(findings(store, settings, survey, child, *asked, shared=pool)) for child in children]
    counted = [one for one in store.responses(survey.name, Scope(unit.path, *asked[:2])) if _counts(one, job.cutoff)]
    texts = []
    if job.kind in ("branch", "network") and job.level != "public":
        texts = [one.text for one in comments(store, settings, survey, unit, *asked, held=counted)]
    return Data(found, parts, texts, tuple(fingerprints(counted, survey, key.secret)), key.id)


def part_of(found: dict[str, Any]) -> dict[str, Any]:
    """Give what a network report prints of one of its parts: the rest stands in that unit's own report."""
    kept = {name: found[name] for name in PRINTED if name in found}
    indices = {"csi", *found.get("composites", ())}
    series = {name: [row for row in found[name] if row["metric"] in indices] for name in ("trend", "quarters")}
    withheld = [row for row in found["suppressed"] if row["path"].partition(".")[0] in PRINTED]
    return kept | series | {"suppressed": withheld}


def nameless(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give engineers' satisfied shares without names, in the order of these shares; only those who were tested."""
    tested = [row for row in rows if (row.get("csat") or {}).get("funnel")]
    tested.sort(key=lambda row: (row["csat"]["value"], row["csat"]["n"]))
    return [{"unit": str(place), "csat": row["csat"]} for place, row in enumerate(tested, 1)]


def restrict(found: dict[str, Any], level: str) -> dict[str, Any]:
    """Leave out what a level of privacy must not see: engineers beyond the station, single units in public.

    Single units stand in tables, but also in what is said of them and in the reasons why their figures are withheld.
    """
    hidden = {"region": ("engineers",), "public": ("engineers", "units")}.get(level, ())
    empty: list[Any] = []
    kept = {name: empty if name in hidden else value for name, value in found.items()}
    if level == "public":
        silent = [one for one in found["nonresponse"]["silent"] if one["variable"] != "unit"]
        kept["nonresponse"] = found["nonresponse"] | {"silent": silent}
        kept["headline"] = [one for one in found["headline"] if "unit" not in one]
        kept["suppressed"] = [one for one in found["suppressed"] if one["path"].partition(".")[0] != "units"]
    return kept


def names_for(job: Job) -> dict[str, str]:
    """Give the names of the units that a report may name, by path: its own and those below, in public its own alone.

    The sheet of an engineer names the outlet as well.
    """
    unit, language = job.unit, job.language
    above = unit.path.rpartition("/")[0] if unit.kind == "engineer" else unit.path
    seen = [one for one in job.settings.organisation.units if unit.holds(one.path) or one.path == above]
    return {one.path: one.called(language) for one in seen if job.level != "public" or one.path == unit.path}


def _key(root: Path, key_id: str | None) -> Key:
    """Give the current key of reports' fingerprints, or the one with an id: made from the installation's audit key."""
    keys = load_keys(root)
    held = keys.current("audit") if key_id is None else keys.get("audit", key_id)
    if held is None:
        raise CallError(
            f'What this report says of its answers was signed with the key "{key_id}", which is no longer under '
            "[audit] in keys.toml: whether they are still the same cannot be told. Put the copy of the keys file "
            "back, or verify the report where it was issued."
        )
    return Key(held.id, hmac.digest(held.secret, b"answers in reports", "sha256"))


def fingerprints(counted: Iterable[Response], survey: Survey, key: bytes) -> Iterator[str]:
    """Give "who:what" for each answer that is counted, in order: both are HMACs, of which 48 bits are kept.

    The key stays in the installation: an answer has few codes, and the id of an imported one follows from what was
    imported, so whoever could hash them would find them by trying. *who* is made from the answer's id. *what* covers
    what survives an erasure: codes and states of the questions, unit, day, mode and form; no word that a person wrote.
    An empty key gives the plain hashes of reports that were made before there was one.
    """
    words = {question.id for question in survey.questions if question.kind in _WORDS}
    rows = ((_short(key, response.id), _short(key, response.id, _survives(response, words))) for response in counted)
    yield from sorted(f"{who}:{what}" for who, what in rows)


def _counts(response: Response, cutoff: datetime) -> bool:
    return response.received_at <= cutoff and SECOND not in response.flags


def _survives(response: Response, words: set[str]) -> str:
    coded = {
        name: [answer.state, answer.value]
        for name, answer in sorted(response.answers.items())
        if name.partition(".")[0] not in words
    }
    kept = [coded, response.unit, response.day.isoformat(), response.mode, response.form_hash]
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()


def _short(key: bytes, *parts: str) -> str:
    said = "\n".join(parts).encode()
    return (hmac.digest(key, said, "sha256") if key else hashlib.sha256(said).digest()).hex()[:12]
