"""Letters on their way: queued for visits that are due, handed over one at a time, and never sent twice."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from revisit.flows.office import Office
from revisit.flows.visiting.asking import published
from revisit.flows.visiting.visits import DueVisit, due_visits, link_of, plan_visits, reissue, void, with_links
from revisit.records.ids import new_id
from revisit.records.letters import Channel, Letter, LetterState
from revisit.records.orders import Contact
from revisit.records.visits import Attempt, Outcome, Visit
from revisit.settings import Keys, Settings
from revisit.settings.disk import told
from revisit.store.protocol import Conflict, NotFound, Store
from revisit.visits import outbox
from revisit.visits.letters import Message, Occasion, Unwritable, sender_name, write
from revisit.visits.mailer import Delivery, Mailer
from revisit.visits.policy import into_hours

__all__ = [
    "DueVisit",
    "Office",
    "Round",
    "WrittenLately",
    "channel_for",
    "due_visits",
    "is_asleep",
    "left_over",
    "letters_to_queue",
    "link_of",
    "message_of",
    "plan_visits",
    "queue_letters",
    "reissue",
    "send_letters",
    "send_one",
    "void",
    "with_links",
]

# A letter that a server would not take now is tried again with the next sending, so often and no oftener.
MOST_TRIES = 5
LONGEST_WAIT = 10.0  # seconds that another sender may be at work: whoever is knows that nobody else is sending
TWICE_WITHIN = timedelta(hours=1)  # a second click is a mistake, a second letter on another day a decision
MEANS: dict[Channel, str] = {"email": "email", "sms": "message"}


class WrittenLately(Conflict):
    """The customer was written to by this channel less than an hour ago."""


@dataclass(slots=True)
class Round:
    """What one sending did: how many letters came to which end, and the different errors there were.

    The ends are those of ``mailer.Fate`` and: asleep (waits for the opening hours), withdrawn (the visit is over). Of
    those that were sent, ``filed`` counts by channel the ones that only lie in the outbox.
    """

    ends: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    filed: Counter[Channel] = field(default_factory=Counter)


def channel_for(contact: Contact, wished: Channel | None = None) -> Channel | None:
    """Give the channel a customer can be written by: e-mail before text message, or only the one that is wished."""
    held: list[Channel] = []
    if contact.email:
        held.append("email")
    if contact.phone:
        held.append("sms")
    if wished is not None:
        return wished if wished in held else None
    return held[0] if held else None


def letters_to_queue(
    store: Store, due: Sequence[DueVisit], at: datetime, wished: Channel | None = None, *, sample: bool = False
) -> list[Letter]:
    """Give the letters that visits lack: one for each that is open, has a link and an address, and was not written to.

    After a letter that failed by one channel, the other channel is tried. The sample's customers are made up and their
    addresses may be somebody's: they get none unless ``sample``.
    """
    written = {(letter.visit_id, letter.channel): letter for letter in store.letters()}
    made = []
    for one in due:
        held = [written[key] for channel in MEANS if (key := (one.visit.id, channel)) in written]
        failed = {letter.channel for letter in held if letter.state == "failed"}
        asked = any(attempt.outcome == "sent" for attempt in one.visit.attempts)
        if asked or not one.link or len(failed) < len(held) or one.state != "open" or (one.visit.sample and not sample):
            continue
        contact = replace(
            one.contact,
            email="" if "email" in failed else one.contact.email,
            phone="" if "sms" in failed else one.contact.phone,
        )
        channel = channel_for(contact, wished)
        if channel is not None:
            made.append(_letter(one, channel, at))
    return made


def _letter(due: DueVisit, channel: Channel, at: datetime) -> Letter:
    return Letter(new_id(at.date()), due.visit.id, channel, due.language, "queued", at, at, sample=due.visit.sample)


def queue_letters(
    store: Store, due: Sequence[DueVisit], at: datetime, wished: Channel | None = None, *, sample: bool = False
) -> list[Letter]:
    """Queue the letters that visits lack (see ``letters_to_queue``); doing it again queues none twice."""
    made = letters_to_queue(store, due, at, wished, sample=sample)
    if made:
        store.add_letters(made)
    return made


def message_of(office: Office, letter: Letter, due: DueVisit) -> Message:
    """Write a letter. Raises Unwritable without address or link, CallError when the survey was not built."""
    survey = published(office.settings, due.visit.survey, letter.language)
    occasion = Occasion(due.order, due.contact, due.link, due.visit.expires_at, survey.privacy.contact)
    return write(office.settings, letter, occasion)


def left_over(office: Office) -> list[Letter]:
    """Note letters that a sender left in its hands when it ended as unknown; gives all that are unknown, oldest first.

    They may have gone out or not, so they are never sent again by themselves.
    """
    with office.store.alone("letters", LONGEST_WAIT):
        for letter in list(office.store.letters(("sending",))):
            error = "The program ended while it sent this letter; it may have gone out."
            office.store.settle_letter(replace(letter, state="unknown", changed_at=office.clock(), error=error))
    return list(office.store.letters(("unknown",)))


def send_letters(
    office: Office,
    *,
    anyway: bool = False,
    visit_id: str = "",
    progress: Callable[[int], None] = lambda _done: None,
) -> Round:
    """Hand over what is queued (of one visit, if named), each letter at most once.

    Outside the opening hours of its unit a letter waits, unless ``anyway``. When the mail server cannot be reached,
    e-mails wait for the next sending and text messages still go to the outbox.
    """
    done = Round()
    left_over(office)
    with _mailer(office.settings) as mailer:
        for letter in list(office.store.letters(("queued",))):
            if visit_id and letter.visit_id != visit_id:
                continue
            if mailer is not None and letter.channel == "email" and done.ends["unreachable"]:
                done.ends["later"] += 1
                continue
            delivery = _send(office, letter, mailer, anyway=anyway)
            done.ends[delivery.fate if isinstance(delivery, Delivery) else delivery] += 1
            if isinstance(delivery, Delivery) and delivery.filed:
                done.filed[letter.channel] += 1
            if isinstance(delivery, Delivery) and delivery.error:
                done.errors[delivery.error] += 1
                done.ends["unreachable"] += delivery.unreachable
            progress(1)
    return done


@contextmanager
def _mailer(settings: Settings) -> Iterator[Mailer | None]:
    if not settings.mail.host:
        yield None
        return
    with Mailer(settings.mail) as mailer:
        yield mailer


def _send(office: Office, letter: Letter, mailer: Mailer | None, *, anyway: bool) -> Delivery | str:
    """Send one queued letter unless it must wait or its visit is over; gives its fate, or the word for why not."""
    now = office.clock()
    due = _due(office, letter, now)
    if due is None or due.state not in ("open", "waiting"):
        over = "The visit was answered or closed before the letter was sent."
        office.store.settle_letter(replace(letter, state="failed", changed_at=now, error=over))
        return "withdrawn"
    if not anyway and is_asleep(office.settings, due.visit, now):
        return "asleep"
    delivery = _post(office, letter, due, mailer)
    return delivery if delivery is not None else "taken"


def is_asleep(settings: Settings, visit: Visit, now: datetime) -> bool:
    """Say whether a visit's station is outside the hours in which customers are written to."""
    return into_hours(now, settings.zone(visit.unit)) > now


def _due(office: Office, letter: Letter, now: datetime) -> DueVisit | None:
    with suppress(NotFound):
        visit = office.store.visit(letter.visit_id)
        due = with_links(office.store, office.settings, office.keys, [visit], now)[0]
        link = due.invitation
        if link is None or office.store.response(link.partition, link.id) is None:
            return due
    return None


def _post(office: Office, letter: Letter, due: DueVisit, mailer: Mailer | None) -> Delivery | None:
    """Write, claim, hand over, note. None when another sender was first."""
    try:
        message = message_of(office, letter, due)
        content = _content(office, letter, message)
    except (Unwritable, ValueError) as error:
        delivery = Delivery("failed", str(error))
        _note(office, letter, due.visit, delivery)
        return delivery
    with office.store.alone("letters", LONGEST_WAIT):
        claimed = office.store.claim_letter(letter.id, office.clock())
        if claimed is None:
            return None
        delivery = content(mailer)
        _note(office, claimed, due.visit, delivery)
    return delivery


def _content(office: Office, letter: Letter, message: Message) -> Callable[[Mailer | None], Delivery]:
    """Make everything that can fail before a letter is claimed; gives the last step, which hands it over."""
    folder = office.settings.workspace.data / "outbox"

    def file(content: bytes) -> Delivery:
        try:
            outbox.put(folder, letter, content)
        except OSError as error:
            return Delivery("later", told(error, folder), unreachable=True)
        return Delivery("sent", filed=True)

    if letter.channel == "sms":
        text = outbox.text_message(message)
        return lambda _mailer: file(text)
    email = outbox.compose(office.settings.mail, letter, message, sender_name(office.settings, letter.language))
    return lambda mailer: mailer.deliver(email) if mailer is not None else file(email.as_bytes())


def _note(office: Office, letter: Letter, visit: Visit, delivery: Delivery) -> None:
    """Note what became of a letter: at the visit first, so that no sent letter lacks its attempt."""
    now = office.clock()
    outcomes: dict[str, Outcome] = {"sent": "sent", "bounced": "bounced"}
    outcome = outcomes.get(delivery.fate)
    if outcome is not None:
        attempt = Attempt(now, MEANS[letter.channel], outcome, office.by)
        office.store.change_visit(visit.id, lambda held: replace(held, attempts=(*held.attempts, attempt)))
    tries = letter.tries - 1 if delivery.unreachable else letter.tries
    office.store.settle_letter(
        replace(letter, state=_state(delivery, tries), changed_at=now, tries=tries, error=delivery.error)
    )


def _state(delivery: Delivery, tries: int) -> LetterState:
    if delivery.fate == "later":
        return "queued" if tries < MOST_TRIES else "failed"
    if delivery.fate == "bounced":
        return "failed"
    return delivery.fate


def send_one(  # noqa: PLR0913 -- one visit's letter: the three things sending needs, and four facts of this letter
    store: Store, settings: Settings, keys: Keys, visit: Visit, *, channel: Channel, by: str, at: datetime
) -> Letter:
    """Write to one customer now, whatever the hour; gives the letter with its state and error.

    Raises Unwritable without address or link, Conflict when the visit is answered, settled or expired, and
    WrittenLately when the customer was written to by this channel within the last hour. A letter the server would not
    take now is failed: the person who asked for it decides whether to try again.
    """
    office = Office(store, settings, keys, lambda: at, by)
    due = with_links(store, settings, keys, [visit], at)[0]
    if due.state not in ("open", "waiting") or visit.id in store.answered_visits():
        raise Conflict("This visit is answered or closed; there is nothing to ask.")
    for before in store.letters():
        is_same = before.visit_id == visit.id and before.channel == channel and before.state != "failed"
        if is_same and at - before.changed_at < TWICE_WITHIN:
            raise WrittenLately("This customer was written to less than an hour ago.")
    letter = _letter(due, channel, at)
    message_of(office, letter, due)
    store.add_letters([letter])
    with _mailer(settings) as mailer:
        _post(office, letter, due, mailer if channel == "email" else None)
    settled = next(held for held in store.letters() if held.id == letter.id)
    if settled.state == "queued":
        settled = replace(settled, state="failed")
        store.settle_letter(settled)
    return settled
