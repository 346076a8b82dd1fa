"""Versions: every published form is kept, so that an answer is checked against the form that was answered."""

import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

import cattrs
import orjson

from revisit.forms.files import replace_file, replace_files, sync_all
from revisit.forms.hashes import DIGITS
from revisit.records.languages import in_order
from revisit.records.problems import RevisitError
from revisit.records.survey import Survey
from revisit.store.codec import dump, load

LATEST = "latest.json"

_HASH = re.compile(rf"[0-9a-f]{{{DIGITS}}}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class DamagedVersionError(RevisitError):
    """A kept version cannot be read."""


def keep(folder: Path, *surveys: Survey) -> None:
    """Keep versions under ``folder/<name>/`` and note each as the latest of its language, every file whole.

    What is kept already is not written again. A version gets its name before it is noted as the latest, and the disk
    has the contents of both before either gets one.
    """
    homes = {survey.name: folder / survey.name for survey in surveys}
    made = {name for name, home in homes.items() if not home.is_dir()}
    for name in made:
        homes[name].mkdir(parents=True, exist_ok=True)
    noted = {name: {} if name in made else _latest(home) for name, home in homes.items()}
    wanted = {name: dict(latest) for name, latest in noted.items()}
    contents: dict[Path, bytes] = {}
    for survey in surveys:
        path, content = homes[survey.name] / _file_name(survey.form_hash, survey.text_hash), _packed(dump(survey))
        if survey.name in made or not _holds(path, content):
            contents[path] = content
        wanted[survey.name][survey.language] = [survey.form_hash, survey.text_hash]
        wanted[survey.name]["source"] = survey.source_language
    latest = {homes[name] / LATEST: _packed(new) for name, new in wanted.items() if new != noted[name]}
    replace_files({**contents, **latest})
    sync_all([folder] if made else [])


def _packed(content: object) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def settle(folder: Path, name: str, languages: Collection[str]) -> None:
    """Note that a survey is now published in these languages alone; all versions stay."""
    home = folder / name
    noted = _latest(home)
    left = {key: value for key, value in noted.items() if key in languages or key == "source"}
    if left != noted:
        replace_file(home / LATEST, _packed(left))


def load_version(folder: Path, name: str, form_hash: str, text_hash: str) -> Survey | None:
    """Find a kept version. The arguments come from a browser: what is no name or no hash finds nothing."""
    if not _NAME.fullmatch(name) or not _HASH.fullmatch(form_hash) or not _HASH.fullmatch(text_hash):
        return None
    path = folder / name / _file_name(form_hash, text_hash)
    try:
        found = path.stat()
        return _read(path, found.st_mtime_ns, found.st_size)
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, cattrs.BaseValidationError):
        raise _damaged(path) from None


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, _size: int) -> Survey:
    """Read a version once: each answer needs it, and it never changes unless it is damaged and put back."""
    return load(Survey, orjson.loads(path.read_bytes()))


def latest(folder: Path, name: str, language: str) -> Survey | None:
    """Give the published version in a language, or else in the source language; None if never published."""
    if not _NAME.fullmatch(name):
        return None
    noted = _latest(folder / name)
    hashes = noted.get(language) or noted.get(str(noted.get("source", "")))
    return load_version(folder, name, *hashes) if isinstance(hashes, list) and len(hashes) == 2 else None


def versions(folder: Path, name: str) -> tuple[Survey, ...]:
    """Give every kept version of a survey, in every language."""
    if not _NAME.fullmatch(name):
        return ()
    stems = sorted(path.stem for path in (folder / name).glob("*-*.json"))
    found = (load_version(folder, name, *stem.split("-", 1)) for stem in stems)
    return tuple(survey for survey in found if survey is not None)


def published(folder: Path) -> tuple[str, ...]:
    """Give the names of all surveys that were ever published."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{LATEST}")))


def published_languages(folder: Path, name: str) -> tuple[str, ...]:
    """Give the languages in which a survey was published."""
    return in_order(_latest(folder / name)) if _NAME.fullmatch(name) else ()


@lru_cache(maxsize=64)
def _note(path: Path, _signature: tuple[int, int, int]) -> Any:
    """Read which versions are the latest once: each replacement of the file gives it another signature."""
    return orjson.loads(path.read_bytes())


def _latest(home: Path) -> dict[str, Any]:
    path = home / LATEST
    try:
        found = path.stat()
        noted = _note(path, (found.st_ino, found.st_mtime_ns, found.st_size))
    except FileNotFoundError:
        return {}
    except orjson.JSONDecodeError:
        raise _damaged(path) from None
    if not isinstance(noted, dict):
        raise _damaged(path)
    return noted


def _file_name(form_hash: str, text_hash: str) -> str:
    return f"{form_hash}-{text_hash}.json"


def _damaged(path: Path) -> DamagedVersionError:
    return DamagedVersionError(
        f'The kept survey version "{path}" is damaged. Put it back from a backup, then run: revisit build'
    )
