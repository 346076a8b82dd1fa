"""Series: from which day on a survey weighs dimensions and the parts of composites how, and asks which outlets."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import orjson

from revisit.forms.files import replace_file
from revisit.forms.versions import latest
from revisit.records.problems import RevisitError
from revisit.records.survey import Survey

NAME = "weights.json"
# Which outlets are asked is noted as if they were weighed: all of them, or a sample. No id has a colon.
OUTLETS, ALL, SAMPLE = ":outlets", {"all": 1.0}, {"sample": 1.0}

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
            for name, weights in _weighed(survey).items():
                if weights == ALL and name.endswith(OUTLETS) and name not in noted:
                    continue  # nobody ever asked a sample: nothing to note
                held = noted.get(name, ()) or _published(folder, survey, name)
                wanted[name] = _with(held, weights, today)
    if wanted == noted:
        return
    rows = {
        name: [{"from": day.isoformat(), "weights": weights} for day, weights in series]
        for name, series in wanted.items()
    }
    replace_file(folder / NAME, orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _weighed(survey: Survey) -> dict[str, dict[str, float]]:
    """Give all weights of a survey by the names of their notes: its own, and with a dot behind it a composite's id."""
    composites = {f"{survey.name}.{one.id}": one.weights for one in survey.composites}
    return {survey.name: survey.weights, survey.name + OUTLETS: SAMPLE if survey.sampled else ALL} | composites


def _published(folder: Path, survey: Survey, name: str) -> Series:
    """Give the weights that held until now though nobody noted them."""
    before = latest(folder, survey.name, survey.source_language)
    weights = None if before is None else _weighed(before).get(name)
    return () if weights is None else ((date.min, weights),)


def _with(noted: Series, weights: dict[str, float], today: date) -> Series:
    if noted and noted[-1][1] == weights:
        return noted
    return (*(one for one in noted if one[0] != today), (today if noted else date.min, weights))


def weights_since(folder: Path, name: str) -> Series:
    """Give the weights a survey had, each with the first local day on which they held, oldest first."""
    return _noted(folder).get(name, ())


def composites_since(folder: Path, survey: Survey) -> dict[str, Series]:
    """Give the same for the parts of each of its composites, by their ids; one without a note is left out."""
    noted = _noted(folder)
    found = {one.id: noted.get(f"{survey.name}.{one.id}", ()) for one in survey.composites}
    return {name: series for name, series in found.items() if series}


def sampled_since(folder: Path, name: str) -> tuple[tuple[date, bool], ...]:
    """Give the same for whether only some outlets were asked; empty where it never was so."""
    return tuple((day, asked == SAMPLE) for day, asked in _noted(folder).get(name + OUTLETS, ()))


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
