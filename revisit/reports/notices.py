"""Notices: the e-mail that says a report is ready. It carries a link that opens after signing in, and no figure."""

from dataclasses import dataclass
from html import escape

from revisit.reports.words import words


@dataclass(frozen=True, slots=True)
class Notice:
    """The words of a notice."""

    subject: str
    text: str
    html: str


def write_notice(language: str, unit: str, period: str, link: str) -> Notice:
    """Write a notice in a language."""
    _ = words(language).gettext
    ready = _("A new report is ready: %(unit)s, %(period)s.", unit=unit, period=period)
    sign_in = _("You are asked to sign in first.")
    address = escape(link)
    html = f'<p>{escape(ready)}</p><p><a href="{address}">{address}</a></p><p>{escape(sign_in)}</p>'
    subject = _("Report: %(unit)s, %(period)s", unit=unit, period=period)
    return Notice(subject, f"{ready}\n\n{link}\n\n{sign_in}\n", html)
