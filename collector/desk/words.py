"""The desk's words: which language a page is in, its texts, and how dates and names are written there."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from flask import Flask, g, request, session

from collector.house import house
from collector.respond import language_of
from revisit import texts
from revisit.people.masks import mask_phone, show_phone
from revisit.records.languages import house_language
from revisit.records.periods import Period
from revisit.records.reports import IssuedReport
from revisit.visits.policy import last_day

# Each language called by its own name, as those who look for it read it.
NAMES: dict[str, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def language() -> str:
    """Give the page's language: the user's own, the one chosen in this browser, else what the browser asks for."""
    user = getattr(g, "user", None)
    chosen = (user.language if user is not None else "") or session.get("language", "")
    return house_language(chosen or language_of(request), house().settings.default_language)


def gettext(message: str, **values: object) -> str:
    """Translate a text of the desk; ``%(name)s`` in it is filled with the value."""
    words = texts.translations("desk", language()).gettext(message)
    return words % values if values else words


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Translate a text with a number in it, ``%(num)s``."""
    words = texts.translations("desk", language()).ngettext(one, many, count)
    return words % {"num": count, **values}


def day(value: date) -> str:
    """Write a day."""
    return format_date(value, "medium", texts.locale(language()))


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Write a moment as the clock at a unit shows it, without the year where it is this one."""
    local = value.astimezone(zone)
    skeleton = "MMMd" if local.year == house().clock().astimezone(zone).year else "yMMMd"
    written = format_skeleton(skeleton, local, tzinfo=zone, locale=texts.locale(language()))
    return f"{written} {local:%H:%M}"


def until(value: datetime, zone: ZoneInfo) -> str:
    """Write the last day on which a link works that stops at a moment, without the year where it is this one."""
    final = last_day(value, zone)
    skeleton = "MMMd" if final.year == house().clock().astimezone(zone).year else "yMMMd"
    return format_skeleton(skeleton, final, locale=texts.locale(language()))


def duration(value: timedelta) -> str:
    """Write how long something lasts in whole days, below one in hours, below that in minutes (at least one)."""
    minutes = max(1, int(value.total_seconds() // 60))
    if minutes >= 24 * 60:
        return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))
    if minutes >= 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def period_of(report: IssuedReport) -> Period:
    """Give the period of an issued report under its calendar name."""
    return Period.between(report.first, report.last)


def unit_name(path: str) -> str:
    """Give the name of the unit that holds a path."""
    return house().settings.organisation.of_path(path).called(language())


def install(app: Flask) -> None:
    """Give the desk's templates their words."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: texts.translations("desk", language()).gettext(text),
        lambda one, many, count: texts.translations("desk", language()).ngettext(one, many, count),
        newstyle=True,
    )
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        day=day,
        moment=moment,
        until=until,
        duration=duration,
        unit_name=unit_name,
        period_of=period_of,
        mask_phone=mask_phone,
        show_phone=show_phone,
    )
