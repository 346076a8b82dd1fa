"""What one person answered."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

ItemState = Literal["answered", "na", "blank", "not_asked", "invalid"]
Mode = Literal["web", "qr", "phone", "interview", "paper", "kiosk"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. ``value``: an int for scales and 0-10, else a code or text; None unless answered."""

    state: ItemState
    value: int | str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One person's answers, stored once and never edited.

    ``id`` is the invitation's id, or the poster's nonce, or the id an import gave: the store keeps one response per id,
    so its existence is the spending of the link. ``day`` is the local day it counts in: the order's for a visit, the
    day of arrival for a poster. ``body_hash`` tells a repeat of the same answers from other answers. ``duration`` is in
    seconds. ``customer`` is a keyed hash of another tool's customer number: it tells that two answers are of one
    person, not whose they are.
    """

    id: str
    partition: str
    survey: str
    language: str
    form_hash: str
    text_hash: str
    unit: str
    day: date
    received_at: datetime
    mode: Mode
    answers: dict[str, Answer]
    body_hash: str
    visit_id: str | None = None
    poster_id: str | None = None
    duration: float | None = None
    flags: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    batch_id: str = ""
    customer: str = ""
    sample: bool = False
