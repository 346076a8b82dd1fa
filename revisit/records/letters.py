"""Letters: messages to customers and staff, kept as rows with a state before anything is sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

LetterState = Literal["queued", "sending", "sent", "failed", "unknown"]
LETTER_STATES: tuple[LetterState, ...] = get_args(LetterState)
Channel = Literal["email", "sms"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. The link is put in when it is sent, from the visit, so no stored letter opens a form.

    ``state`` unknown: the program ended between handing the letter over and noting it; staff decide, it is never sent
    twice.
    """

    id: str
    visit_id: str
    channel: Channel
    language: str
    state: LetterState
    made_at: datetime
    changed_at: datetime
    tries: int = 0
    error: str = ""
    sample: bool = False
