"""Units beside those of ``revisit.toml``: an import appends them to ``units.toml``."""

import json
import os
import tomllib
from collections.abc import Iterable
from typing import Any

from revisit.records.organisation import Unit
from revisit.records.problems import CallError, ContentError, Problem
from revisit.settings.disk import read_text
from revisit.settings.workspace import UNITS_NAME, Workspace

HEAD = """# Units that imports brought in. They stand below those of revisit.toml and are written the same way.
# Correct them here by hand, but keep an id once answers are filed under it.
"""


def read_more(workspace: Workspace) -> list[Any]:
    """Give the rows of ``units.toml``, none where there is no such file. Raises ContentError where it is no TOML."""
    try:
        table = tomllib.loads(read_text(workspace.root / UNITS_NAME))
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(
            [Problem(UNITS_NAME, 0, 0, "W001", f"This is not TOML: {error}", "Mend the line that the message names.")]
        ) from None
    rows = table.get("units", [])
    if not isinstance(rows, list) or set(table) - {"units"}:
        what = "Only units can stand here"
        raise ContentError([Problem(UNITS_NAME, 0, 0, "W002", what, "Write each unit under a line [[units]].")])
    return rows


def append_units(workspace: Workspace, units: Iterable[Unit]) -> None:
    """Add units to ``units.toml``, parents first; the file is replaced whole. Raises CallError."""
    path = workspace.root / UNITS_NAME
    aside = path.with_name(f".{UNITS_NAME}.{os.getpid()}.part")
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else HEAD
        with aside.open("w", encoding="utf-8") as file:
            file.write(before + "".join(map(_written, units)))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise CallError(f'"{path}" cannot be written: {error.strerror}. Nothing was imported.') from None


def _written(unit: Unit) -> str:
    parent = unit.path.split("/")[-2]
    lines = ["", "[[units]]"]
    pairs = {"id": unit.id, "name": unit.name, "kind": unit.kind, "parent": parent, "timezone": unit.timezone}
    lines += [f"{name} = {_quoted(value)}" for name, value in pairs.items()]
    if unit.names:
        lines.append("names = {" + ", ".join(f"{name} = {_quoted(text)}" for name, text in unit.names.items()) + "}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Give a text as a basic string of TOML: JSON writes the same escapes, but leaves DEL as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
