"""An answer arrives: from the address a customer opened to the response on disk."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

import orjson

from revisit.flows.answering.tags import Sender, keep_tag
from revisit.forms.combinations import combination, combinations
from revisit.forms.form import AnswerForm, FormData, answer_form
from revisit.forms.site import page_path
from revisit.forms.versions import latest, load_version
from revisit.records.responses import Answer, Mode, Response
from revisit.records.survey import Survey
from revisit.records.visits import Invitation, Poster
from revisit.settings import Keys, Settings
from revisit.store.protocol import (
    AlreadyAnswered,
    LinkClosed,
    NotFound,
    Store,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
)
from revisit.visits import links

log = logging.getLogger(__name__)

# What became of a request: each has its page and its status in collector/respond.py.
Kind = Literal[
    "open", "stored", "repeat", "received", "switch", "answered", "conflict", "invalid", "new_version", "stale",
    "expired", "voided", "survey_closed", "unknown", "full", "busy", "fault",
]  # fmt: skip
REFUSALS: dict[type[StoreError], Kind] = {
    AlreadyAnswered: "conflict",
    LinkClosed: "voided",
    NotFound: "unknown",
    StoreFull: "full",
    StoreBusy: "busy",
}
HONEYPOT = "website"


class Fields(FormData, Protocol):
    """What a browser posted: names with their values, in order."""

    def get(self, name: str, /) -> str | None:
        """Give the first value of a name, None where there is none."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Where an address leads: to a page of the site with its query, or to a kind page."""

    kind: Kind
    language: str = ""
    survey: str = ""
    page: str = ""
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """A form as it arrived: the page it was drawn on, the query of its address, what was filled in, and from where."""

    survey: str
    language: str
    combination: str
    query: Mapping[str, str]
    fields: Fields
    sender: Sender | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a post, with what is needed to draw the page again; ``retry`` is a fresh query for its form."""

    kind: Kind
    language: str
    survey: Survey | None = None
    form: AnswerForm | None = None
    facts: dict[str, str] = field(default_factory=dict)
    retry: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Whom an answer comes from: a visit's invitation, or somebody in front of a poster."""

    id: str
    partition: str
    unit: str
    day: date
    mode: Mode
    facts: dict[str, str]
    opened_at: datetime | None = None
    visit_id: str | None = None
    poster_id: str | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What every step here needs: the store, the settings, the keys and the moment."""

    store: Store
    settings: Settings
    keys: Keys
    now: datetime


def open_link(desk: Desk, text: str, language: str) -> Opened:
    """Say where a customer's link leads; ``language`` is the browser's, for customers of whom none is known.

    Changes nothing: mail scanners and chat previews open links too.
    """
    code = links.read_code(text)
    invitation = None if code is None else _invitation(desk, code)
    if code is None or invitation is None:
        return Opened("unknown")
    closed = _closed(desk, invitation)
    if closed is not None:
        return Opened(closed, invitation.language, invitation.survey)
    survey = _latest(desk, invitation.survey, invitation.language or language)
    if survey is None or not survey.is_open(desk.now):
        return Opened("survey_closed", invitation.language, invitation.survey)
    stamp = links.stamp(desk.keys, invitation.id, desk.now)
    return Opened("open", survey.language, survey.name, _page(survey, invitation.facts), {"t": code, "o": stamp})


def open_poster(desk: Desk, poster_id: str, language: str) -> Opened:
    """Say where a poster leads: to the form, with a nonce that is signed and not stored."""
    poster = _poster(desk, poster_id)
    if poster is None:
        return Opened("unknown")
    survey = None if poster.closed_at else _latest(desk, poster.survey, language)
    if survey is None or not survey.is_open(desk.now):
        return Opened("survey_closed", language, poster.survey)
    return Opened("open", survey.language, survey.name, _page(survey, {}), {"n": _nonce(desk, poster)})


def open_survey(desk: Desk, name: str, language: str) -> Opened:
    """Say where a survey's own address leads: to the page without an order. Its answers need a link all the same."""
    survey = _latest(desk, name, language)
    return Opened("unknown", language) if survey is None else Opened("open", language, name, _page(survey, {}))


def answer(desk: Desk, post: Post) -> Outcome:
    """Take an answer in: it is on disk when the outcome is ``stored``, ``repeat`` or ``received``."""
    current = _latest(desk, post.survey, post.language)
    if current is None:
        return Outcome("unknown", post.language)
    named = _version(desk, post, current)
    survey = named or current
    try:
        source = _source(desk, post)
    except StoreDamaged:
        log.exception("A data file is damaged; the answer is set aside.")
        source = _unread(desk, post, survey)
    facts = source.facts if isinstance(source, Source) else dict(combinations(survey).get(post.combination, {}))
    if "switch" in post.fields:
        return _switched(desk, post, facts)
    form = answer_form(survey, facts, post.fields)
    outcome = Outcome("new_version", survey.language, survey, form, facts)
    if not isinstance(source, Source):
        return _with(outcome, source)
    return outcome if named is None else _take(desk, post, source, outcome, current)


def _take(desk: Desk, post: Post, source: Source, outcome: Outcome, current: Survey) -> Outcome:
    """Check a form that belongs to its survey and link, and keep it while the survey is open."""
    assert outcome.form is not None  # noqa: S101  answer() has just made it
    if not current.is_open(desk.now) and not _is_answered(desk, source):
        return _with(outcome, "survey_closed")
    if not outcome.form.check():
        return _with(outcome, "invalid")
    if source.poster_id and source.opened_at and desk.now - source.opened_at > links.STALE:
        return _stale(desk, outcome, source)
    response = _response(desk, post, source, outcome)
    kind = _keep(desk.store, response, readable=bool(source.unit))
    if kind == "stored" and post.sender is not None:
        keep_tag(desk.store, desk.settings, desk.keys, post.sender, response)
    return _with(outcome, kind)


def _is_answered(desk: Desk, source: Source) -> bool:
    """Say whether an answer is there already; one in a damaged file cannot be seen."""
    try:
        return desk.store.response(source.partition, source.id) is not None
    except StoreDamaged:
        return False


def again(desk: Desk, post: Post) -> Outcome:
    """Give what is needed to draw a page again with its answers, without looking at anything else (too many posts)."""
    current = _latest(desk, post.survey, post.language)
    survey = (_version(desk, post, current) or current) if current is not None else None
    if survey is None:
        return Outcome("unknown", post.language)
    facts = dict(combinations(survey).get(post.combination, {}))
    return Outcome("busy", survey.language, survey, answer_form(survey, facts, post.fields), facts)


def _keep(store: Store, response: Response, *, readable: bool) -> Kind:
    """Put a response on disk: in its place, or beside it while its data file is damaged."""
    try:
        if readable:
            return store.record(response)
        store.set_aside(response)
    except StoreDamaged:
        log.exception("A data file is damaged; the answer is set aside.")
        store.set_aside(response)
    except StoreError as error:
        return REFUSALS.get(type(error), "busy")
    return "received"


def _unread(desk: Desk, post: Post, survey: Survey) -> Source | Kind:
    """Stand in for an invitation that cannot be read: unit, day and visit are filled in when its file is back."""
    nonce = links.read_nonce(desk.keys, post.query.get("n", ""))
    if nonce is not None:
        return _from_poster(desk, post, nonce)
    code = links.read_code(post.query.get("t", ""))
    if code is None:
        return "unknown"
    facts = dict(combinations(survey).get(post.combination, {}))
    return Source(links.invitation_id(code), links.partition_of(code), "", desk.now.date(), "web", facts)


def _source(desk: Desk, post: Post) -> Source | Kind:
    """Give whom a post comes from, or why it cannot be taken."""
    nonce = links.read_nonce(desk.keys, post.query.get("n", ""))
    if nonce is not None:
        return _from_poster(desk, post, nonce)
    code = links.read_code(post.query.get("t", ""))
    invitation = None if code is None else _invitation(desk, code)
    if invitation is None or invitation.survey != post.survey:
        return "unknown"
    # Whether an answer is a repeat is the store's to say; one to a link that takes no more may be one.
    closed = _closed(desk, invitation) if _is_shut(desk, invitation) else None
    return _from_link(desk, post, invitation) if closed in {None, "answered"} else closed


def _from_link(desk: Desk, post: Post, invitation: Invitation) -> Source:
    return Source(
        id=invitation.id,
        partition=invitation.partition,
        unit=invitation.unit,
        day=invitation.day,
        mode="web",
        facts=invitation.facts,
        opened_at=links.read_stamp(desk.keys, invitation.id, post.query.get("o", "")),
        visit_id=invitation.visit_id,
        sample=invitation.sample,
    )


def _from_poster(desk: Desk, post: Post, nonce: links.Nonce) -> Source | Kind:
    poster = _poster(desk, nonce.poster_id)
    if poster is None or poster.survey != post.survey:
        return "unknown"
    if poster.closed_at is not None:
        return "survey_closed"
    return Source(
        id=nonce.id,
        partition=nonce.partition,
        unit=poster.unit,
        day=desk.now.astimezone(desk.settings.zone(poster.unit)).date(),
        mode="kiosk" if "k" in post.query else "qr",
        facts={},
        opened_at=nonce.opened_at,
        poster_id=poster.id,
        sample=poster.sample,
    )


def _closed(desk: Desk, invitation: Invitation) -> Kind | None:
    """Say why an invitation takes no new answer; an answer outweighs that its link was closed or has run out since."""
    if desk.store.response(invitation.partition, invitation.id) is not None:
        return "answered"
    if invitation.voided_at is not None:
        return "voided"
    return "expired" if _is_shut(desk, invitation) else None


def _is_shut(desk: Desk, invitation: Invitation) -> bool:
    """Say whether an invitation was voided or has run out."""
    return invitation.voided_at is not None or desk.now >= invitation.expires_at


def _switched(desk: Desk, post: Post, facts: dict[str, str]) -> Outcome:
    """Draw the form in another language with what was filled in; nothing is stored."""
    language = post.fields.get("switch") or post.language
    known = language if language in desk.settings.languages else post.language
    survey = _latest(desk, post.survey, known)
    if survey is None:
        return Outcome("unknown", post.language)
    return Outcome("switch", survey.language, survey, answer_form(survey, facts, post.fields), facts)


def _stale(desk: Desk, outcome: Outcome, source: Source) -> Outcome:
    """Ask once more: a poster's form that lay open for a day gets a fresh nonce, and its answers stay."""
    poster = _poster(desk, source.poster_id or "")
    retry = {} if poster is None else {"n": _nonce(desk, poster)}
    return Outcome("stale", outcome.language, outcome.survey, outcome.form, outcome.facts, retry)


def _response(desk: Desk, post: Post, source: Source, outcome: Outcome) -> Response:
    survey, form = outcome.survey, outcome.form
    assert survey is not None  # noqa: S101  only a form that was checked comes here
    assert form is not None  # noqa: S101
    answers = form.answers()
    duration = None if source.opened_at is None else (desk.now - source.opened_at).total_seconds()
    if duration is not None and duration < 0:  # the clock was set back meanwhile
        duration = None
    return Response(
        id=source.id,
        partition=source.partition,
        survey=survey.name,
        language=survey.language,
        form_hash=survey.form_hash,
        text_hash=survey.text_hash,
        unit=source.unit,
        day=source.day,
        received_at=desk.now,
        mode=source.mode,
        answers=answers,
        body_hash=hash_answers(answers),
        visit_id=source.visit_id,
        poster_id=source.poster_id,
        duration=duration,
        flags=_flags(post, source, duration),
        facts=source.facts,
        sample=source.sample,
    )


def _flags(post: Post, source: Source, duration: float | None) -> tuple[str, ...]:
    """Mark what looks odd; nothing is ever thrown away for it."""
    flags = []
    if source.poster_id and duration is not None and duration < links.QUICK:
        flags.append("quick")
    if post.fields.get(HONEYPOT):
        flags.append("honeypot")
    if post.sender is not None and post.sender.signed_in:
        flags.append("desk")
    return tuple(flags)


def hash_answers(answers: Mapping[str, Answer]) -> str:
    """Give SHA-256 over the answers: the same answers sent again are a repeat, in whichever language or order."""
    plain = {question: (answer.state, answer.value) for question, answer in answers.items()}
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _invitation(desk: Desk, code: str) -> Invitation | None:
    return desk.store.invitation(links.partition_of(code), links.invitation_id(code))


def _poster(desk: Desk, poster_id: str) -> Poster | None:
    return next((poster for poster in desk.store.posters() if poster.id == poster_id), None)


def _nonce(desk: Desk, poster: Poster) -> str:
    return links.new_nonce(desk.keys, desk.store.partition(poster.survey, desk.now.date()), poster.id, desk.now)


def _with(outcome: Outcome, kind: Kind) -> Outcome:
    return Outcome(kind, outcome.language, outcome.survey, outcome.form, outcome.facts, outcome.retry)


def _page(survey: Survey, facts: Mapping[str, str]) -> str:
    return page_path(survey.name, survey.language, combination(survey, facts))


def _latest(desk: Desk, name: str, language: str) -> Survey | None:
    return latest(desk.settings.workspace.versions, name, language)


def _version(desk: Desk, post: Post, current: Survey) -> Survey | None:
    """Give the version of the survey that a page names, mostly the current one; None where it was never published."""
    form_hash, text_hash = post.fields.get("form_hash") or "", post.fields.get("text_hash") or ""
    if (form_hash, text_hash) == (current.form_hash, current.text_hash):
        return current
    return load_version(desk.settings.workspace.versions, post.survey, form_hash, text_hash)
