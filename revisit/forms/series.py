"""Series: from which day on the dimensions of a survey have which weights; other weights begin a new series."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import orjson

from revisit.forms.files import replace_files, sync_all
from revisit.forms.versions import latest
from revisit.records.problems import RevisitError
from revisit.records.survey import Survey

NAME = "weights.json"

# From a day on these weights; the first holds for whatever lies before, too.
Series = tuple[tuple[date, dict[str, float]], ...]


class DamagedSeriesError(RevisitError):
    """The note on a survey's weights cannot be read."""


def note_weights(folder: Path, surveys: Iterable[Survey], today: date) -> None:
    """Note new weights of surveys that are about to be published, before their versions are kept.

    A survey that has no note yet gets one of its published weights first, for they held until now.
    """
    contents: dict[Path, bytes] = {}
    for survey in surveys:
        if survey.language != survey.source_language:
            continue
        path = folder / survey.name / NAME
        held = weights_since(folder, survey.name)
        before = None if held else latest(folder, survey.name, survey.source_language)
        noted = [*held] if before is None else [(date.min, before.weights)]
        if noted and noted[-1][1] == survey.weights:
            if held:
                continue
        else:
            noted = [one for one in noted if one[0] != today]
            noted.append((today if noted else date.min, survey.weights))
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [{"from": day.isoformat(), "weights": weights} for day, weights in noted]
        contents[path] = orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    replace_files(contents)
    sync_all([folder] if contents else [])


def weights_since(folder: Path, name: str) -> Series:
    """Give the weights a survey had, each with the first local day on which they held, oldest first."""
    path = folder / name / NAME
    try:
        rows = orjson.loads(path.read_bytes())
        return tuple((date.fromisoformat(row["from"]), dict(row["weights"])) for row in rows)
    except FileNotFoundError:
        return ()
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise DamagedSeriesError(
            f'The file "{path}" is damaged. Put it back from a backup, or remove it: the weights of now then count for '
            "all months."
        ) from None
