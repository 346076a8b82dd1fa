"""The opening: the day on which a survey opens or was closed, in words."""

from datetime import datetime, timedelta, tzinfo

from babel.dates import format_date

from revisit.records.survey import Survey
from revisit.texts import locale


def opening(survey: Survey, now: datetime, zone: tzinfo) -> dict[str, str]:
    """Give the day on which a survey that is not open opens or was closed, in the words of its language."""
    if survey.is_open(now):
        return {}
    early = survey.open_from is not None and now < survey.open_from
    # Its last moment lies before the bound: a survey that is open until midnight was closed at the end of the day.
    moment = survey.open_from if early else survey.open_until and survey.open_until - timedelta(seconds=1)
    assert moment is not None  # noqa: S101 - a survey without bounds is open
    day = format_date(moment.astimezone(zone).date(), "long", locale(survey.language))
    return {"opens" if early else "closed": day}
