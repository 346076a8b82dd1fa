"""Series: from which day on the dimensions of a survey have which weights; other weights begin a new series."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import orjson

from revisit.forms.files import replace_file
from revisit.forms.versions import latest
from revisit.records.problems import RevisitError
from revisit.records.survey import Survey

NAME = "weights.json"

# From a day on these weights; the first holds for whatever lies before, too.
Series = tuple[tuple[date, dict[str, float]], ...]


class DamagedSeriesError(RevisitError):
    """The notes on the surveys' weights cannot be read."""


def note_weights(folder: Path, surveys: Iterable[Survey], today: date) -> None:
    """Note new weights of surveys that are about to be published, before their versions are kept.

    A survey that has no note yet gets one of its published weights first, for they held until now. One file holds
    the notes of all surveys: a file for each would cost a thousand surveys a fifth of their first build.
    """
    noted = _noted(folder)
    wanted = dict(noted)
    for survey in surveys:
        if survey.language == survey.source_language:
            wanted[survey.name] = _with(folder, noted.get(survey.name, ()), survey, today)
    if wanted == noted:
        return
    rows = {
        name: [{"from": day.isoformat(), "weights": weights} for day, weights in series]
        for name, series in wanted.items()
    }
    replace_file(folder / NAME, orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _with(folder: Path, held: Series, survey: Survey, today: date) -> Series:
    before = None if held else latest(folder, survey.name, survey.source_language)
    noted = held if before is None else ((date.min, before.weights),)
    if noted and noted[-1][1] == survey.weights:
        return noted
    return (*(one for one in noted if one[0] != today), (today if noted else date.min, survey.weights))


def weights_since(folder: Path, name: str) -> Series:
    """Give the weights a survey had, each with the first local day on which they held, oldest first."""
    return _noted(folder).get(name, ())


def _noted(folder: Path) -> dict[str, Series]:
    path = folder / NAME
    try:
        return {
            name: tuple((date.fromisoformat(row["from"]), dict(row["weights"])) for row in rows)
            for name, rows in orjson.loads(path.read_bytes()).items()
        }
    except FileNotFoundError:
        return {}
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        raise DamagedSeriesError(
            f'The file "{path}" is damaged. Put it back from a backup, or remove it: the weights of now then count for '
            "all months."
        ) from None
