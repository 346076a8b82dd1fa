"""The words of a letter: what a customer reads, by e-mail or text message, in their own language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date, format_skeleton

from revisit.records.languages import house_language
from revisit.records.letters import Letter
from revisit.records.orders import Contact, RepairOrder
from revisit.records.problems import RevisitError
from revisit.settings import Settings
from revisit.texts import environment, locale
from revisit.visits.policy import last_day
from revisit.visits.sms import Length, length


class Unwritable(RevisitError):
    """A letter cannot be written to this customer; the message says why."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is about: the order, whom it goes to, the link and its last moment, whom to ask about data."""

    order: RepairOrder
    contact: Contact
    link: str
    expires_at: datetime
    data_contact: str


@dataclass(frozen=True, slots=True)
class Message:
    """A letter as it leaves. ``to`` is an e-mail address or a phone number in E.164 form; an SMS has ``text`` alone."""

    to: str
    language: str
    text: str
    subject: str = ""
    html: str = ""

    @property
    def length(self) -> Length:
        """Give the length of the text as a text message."""
        return length(self.text)


def sender_name(settings: Settings, language: str) -> str:
    """Give the name customers know the business by."""
    return settings.brand.get("name") or settings.organisation.root.called(language)


def write(settings: Settings, letter: Letter, occasion: Occasion) -> Message:
    """Write a letter. Raises Unwritable where the customer has no address for its channel or the visit has no link."""
    to = occasion.contact.email if letter.channel == "email" else occasion.contact.phone
    if not to:
        what = "e-mail address" if letter.channel == "email" else "phone number"
        raise Unwritable(f"The customer has no {what}.")
    if not occasion.link:
        raise Unwritable("The visit has no open link. Issue a new one first.")
    language = house_language(letter.language, settings.default_language)
    pages = environment("letters", language, settings.workspace)
    facts = _facts(settings, language, occasion)
    if letter.channel == "sms":
        return Message(to, language, _one_line(pages.get_template("letters/invitation.sms.txt").render(facts)))
    subject = _one_line(pages.get_template("letters/invitation.subject.txt").render(facts))
    text = pages.get_template("letters/invitation.txt").render(facts)
    html = pages.get_template("letters/invitation.html").render(facts, subject=subject)
    return Message(to, language, text, subject, html)


def _facts(settings: Settings, language: str, occasion: Occasion) -> dict[str, Any]:
    """Give what a template may say: nothing of the order but what the customer needs to recognise it."""
    order, words = occasion.order, locale(language)
    until = last_day(occasion.expires_at, settings.zone(order.unit))
    short_day = format_skeleton("MMMd", order.closed_on, locale=words)
    return {
        "who": sender_name(settings, language),
        "station": _apart(settings.organisation.of_path(order.unit).called(language), language).lstrip(),
        "asset": _apart(order.asset, language),
        "day": short_day,
        "short_day": short_day,
        "long_day": format_date(order.closed_on, "long", locale=words),
        "until": format_date(until, "long", locale=words),
        "link": occasion.link,
        "contact": occasion.data_contact,
    }


def _apart(words: str, language: str) -> str:
    """Put a space where Latin letters or figures would touch the Chinese words around them."""
    if not language.startswith("zh"):
        return words
    before, after = (" " if sign.isascii() and sign.isalnum() else "" for sign in (words[:1], words[-1:]))
    return f"{before}{words}{after}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
