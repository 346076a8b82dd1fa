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


def write_notice(language: str, what: str, about: tuple[str, str], link: str) -> Notice:
    """Write a notice in a language; ``what`` is what ``kind_name`` gives, ``about`` the unit and the period."""
    _ = words(language).gettext
    unit, period = about
    ready = _("A new report is ready: %(what)s, %(unit)s, %(period)s.", what=what, unit=unit, period=period)
    sign_in = _("You are asked to sign in first.")
    address = escape(link)
    html = f'<p>{escape(ready)}</p><p><a href="{address}">{address}</a></p><p>{escape(sign_in)}</p>'
    subject = _("%(what)s: %(unit)s, %(period)s", what=what, unit=unit, period=period)
    return Notice(subject, f"{ready}\n\n{link}\n\n{sign_in}\n", html)


def kind_name(language: str, kind: str, mark: str = "", *, week: bool = True) -> str:
    """Name a kind of report; ``mark`` tells reports apart that are about one unit and must not name whom they mean.

    ``week`` says whether the days are a week: a note for others is none of a week.
    """
    _ = words(language).gettext
    names = {
        "branch": _("Branch report"),
        "network": _("Network report"),
        "engineer": _("Engineer sheet"),
        "weekly": _("Weekly note") if week else _("One-page note"),
    }
    return f"{names[kind]} {mark}" if mark else names[kind]
