"""How a workspace comes to be: its settings, keys, surveys and folders."""

import difflib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from babel.core import get_global
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from revisit.records.organisation import Unit
from revisit.records.problems import CallError
from revisit.settings import FILE_NAME, Workspace, defaults, keys_path, load, new_keys, write_keys

# What may lie in a folder that is to become a workspace.
HARMLESS: frozenset[str] = frozenset({".git", ".gitignore", ".gitattributes"})

IGNORED = """\
/build/
/data/
/keys.toml
"""

# Which Chinese is read where; everywhere else English is the language that most readers of ours share.
LANGUAGES_OF: dict[str, str] = {"CN": "zh-Hans", "SG": "zh-Hans", "TW": "zh-Hant", "HK": "zh-Hant", "MO": "zh-Hant"}

# Who asks, in the front matter of a shipped survey.
WHO = re.compile(r"^(privacy:\s*\{?\s*who:\s*)[^,\n}]+", re.MULTILINE)

UNIT_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new workspace is to hold: the organisation's name, its timezone and its stations (kind, id and name)."""

    name: str
    timezone: str
    stations: tuple[Unit, ...] = ()

    @property
    def territory(self) -> str:
        """Give the country of the timezone, whose telephone numbers come without a country code."""
        territory: str = get_global("zone_territories").get(self.timezone, "CN")
        return territory

    @property
    def language(self) -> str:
        """Give the language of customers of whom none is known: that of the timezone's country, if we speak it."""
        return LANGUAGES_OF.get(self.territory, "en")


def station(text: str) -> Unit:
    """Read ``lakeside=Lakeside Station``. Raises CallError."""
    unit_id, _, name = (part.strip() for part in text.partition("="))
    if not UNIT_ID.fullmatch(unit_id):
        raise CallError(
            f'"{unit_id}" cannot be a station\'s id. Use small letters, digits, "-" and "_": '
            '--station "lakeside=Lakeside Station".'
        )
    return Unit(unit_id, unit_id, "station", name or unit_id.replace("-", " ").title())


def is_workspace(root: Path) -> bool:
    """Say whether a folder is a workspace."""
    return (root / FILE_NAME).is_file()


def check_free(root: Path) -> None:
    """Raise CallError unless a folder is new or holds nothing that a workspace could get in the way of."""
    if root.exists() and not root.is_dir():
        raise CallError(f'"{root}" is a file. Give the workspace another name.')
    inside = sorted(path.name for path in root.iterdir() if path.name not in HARMLESS) if root.is_dir() else []
    if inside:
        more = f" and {len(inside) - 3} more" if len(inside) > 3 else ""
        raise CallError(
            f'The folder "{root}" is not empty: it holds {", ".join(inside[:3])}{more}. '
            "Give the workspace a new or empty folder; nothing was changed."
        )


def check_timezone(name: str) -> None:
    """Raise CallError unless this is a timezone."""
    if name not in available_timezones():
        near = difflib.get_close_matches(name, available_timezones(), 1, cutoff=0.4)
        guess = f'Did you mean "{near[0]}"?' if near else 'Give one such as "Asia/Shanghai" or "Europe/Berlin".'
        raise CallError(f'"{name}" is no timezone. {guess}')


def make_workspace(root: Path, plan: Plan) -> list[str]:
    """Make a workspace in a free folder; gives what was made, one line each. CallError where it is not free."""
    check_free(root)
    check_timezone(plan.timezone)
    seen: set[str] = {"all"}
    for unit in plan.stations:
        if unit.id in seen:
            raise CallError(f'The station id "{unit.id}" is used twice (or is "all", the top\'s). Choose another one.')
        seen.add(unit.id)
    text = _settings_text(plan)
    try:
        root.mkdir(parents=True, exist_ok=True)
        write_whole(root / FILE_NAME, text)
    except OSError as error:
        raise CallError(f'"{root}" cannot be made: {error.strerror}. Choose another folder.') from None
    made = [f"{FILE_NAME}  the settings, with every one explained"]
    return made + complete_workspace(root)


def complete_workspace(root: Path, *, new_keys_wanted: bool = False) -> list[str]:
    """Make what a workspace lacks and touch nothing that it has; gives what was made, one line each.

    Raises CallError where the keys are gone while records made with them lie there, unless new ones are wanted.
    """
    load(root)
    workspace = Workspace(root)
    made = []
    keys = keys_path(root)
    if not keys.exists():
        if has_records(workspace) and not new_keys_wanted:
            raise CallError(
                f'The keys file "{keys}" is gone, but {workspace.data} holds records that were made with it. Put its '
                "copy back. If there is none, revisit init . --new-keys makes new keys: links that were sent still "
                "open, but cannot be shown again, and everybody signs in anew."
            )
        write_keys(keys, new_keys())
        made.append(f"{keys.name}  the keys; keep a copy apart from the data, and in no repository")
    if not workspace.surveys.is_dir() or not any(workspace.surveys.glob("*.md")):
        _copy_surveys(workspace.surveys, load(root).organisation.root.name)
        made.append("surveys/  the surveys, to be changed")
    if not (root / ".gitignore").exists():
        write_whole(root / ".gitignore", IGNORED)
        made.append(".gitignore  keeps keys and data out of git")
    for folder in (workspace.data, workspace.root / "build"):
        if not folder.is_dir():
            folder.mkdir(mode=0o750)
            made.append(f"{folder.name}/")
    return made


def has_records(workspace: Workspace) -> bool:
    """Say whether the store of a workspace was ever used."""
    return any(
        path.is_file() and not path.name.endswith(".lock") and not path.is_relative_to(workspace.versions)
        for path in workspace.data.rglob("*")
    )


def _settings_text(plan: Plan) -> str:
    made = Environment(
        loader=FileSystemLoader(defaults() / "site_templates" / "workspace"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # TOML is no HTML; every value goes through the toml filter
    )
    made.filters["toml"] = _quoted
    return made.get_template(FILE_NAME).render(id="all", plan=plan)


def _copy_surveys(target: Path, name: str) -> None:
    """Copy the shipped surveys, with the organisation's name in their privacy notices."""
    target.mkdir(exist_ok=True)
    for source in sorted((defaults() / "surveys").glob("*.md")):
        write_whole(target / source.name, with_name(source.read_text(encoding="utf-8"), name))


def with_name(survey: str, name: str) -> str:
    """Give the text of a shipped survey with an organisation's name in its privacy notice."""
    return WHO.sub(lambda found: found[1] + _quoted(name), survey, count=1)


def _quoted(text: str) -> str:
    """Give a text as TOML and YAML both read it: a JSON string is one in either."""
    return json.dumps(text, ensure_ascii=False)


def write_whole(path: Path, text: str) -> None:
    """Write a text file, so that it is there whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
