"""Spreadsheets, read in a child process under limits: a bad file never fills the memory of the program itself."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import orjson

from revisit.records.problems import CallError
from revisit.visits import sheet_child

MAGIC_ZIP = b"PK\x03\x04"
MAGIC_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 128 * 1024 * 1024
MOST_ENTRIES = 200
SECONDS = 30

_WHY: dict[int, str] = {
    sheet_child.EXIT_DTD: "holds a document type definition, which no spreadsheet needs. "
    "Save it again from a spreadsheet program, or as CSV.",
    sheet_child.EXIT_PASSWORD: "is protected by a password. Remove the protection and save it again.",
    sheet_child.EXIT_UNREADABLE: "is damaged or not a spreadsheet. "
    "Open it, save it again as .xlsx or CSV, and import that.",
    sheet_child.EXIT_LARGE: f"has more than {sheet_child.MOST_ROWS} rows or {sheet_child.MOST_COLUMNS} columns. "
    "Export a shorter time, or as CSV.",
}
_TOO_BIG = "needs more memory than is given to it. Export a shorter time, or as CSV."


def read_workbook(path: Path, content: bytes) -> list[list[list[str]]]:
    """Give the rows of every sheet of an .xlsx or .xls file, every cell as text.

    Raises CallError for what is encrypted, renamed, too big unpacked, holds a DTD, or cannot be read within the limits.
    """
    if path.suffix.casefold() == ".xls":
        _check_is_xls(path, content)
    else:
        _check_is_xlsx(path, content)
    command = [sys.executable, "-I", sheet_child.__file__]
    try:
        child = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise CallError(f'"{path.name}" could not be read within {SECONDS} seconds. Export it as CSV.') from None
    if child.returncode != 0:
        raise CallError(f'"{path.name}" {_WHY.get(child.returncode, _TOO_BIG)}')
    sheets: list[list[list[str]]] = orjson.loads(child.stdout)
    return sheets


def _check_is_xls(path: Path, content: bytes) -> None:
    if content.startswith(MAGIC_OLE):
        return
    if content.startswith(MAGIC_ZIP):
        raise CallError(f'"{path.name}" is called .xls but is an .xlsx file. Rename it to .xlsx.')
    if b"<html" in content[:2048].lower() or b"<table" in content[:2048].lower():
        raise CallError(f'"{path.name}" is called .xls but is a web page. Open it and save it as .xlsx or CSV.')
    raise CallError(f'"{path.name}" is called .xls but is no spreadsheet. If it is text, rename it to .csv.')


def _check_is_xlsx(path: Path, content: bytes) -> None:
    """Look at the file's table of contents alone: nothing is unpacked here."""
    if content.startswith(MAGIC_OLE):
        raise CallError(
            f'"{path.name}" is protected by a password, or is an old .xls file. '
            "Remove the password, or rename it to .xls."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise CallError(
            f'"{path.name}" is no .xlsx file, or a damaged one. If it is text, rename it to .csv.'
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
        raise CallError(
            f'"{path.name}" would unpack to {unpacked // 2**20} MiB in {len(entries)} parts; at most '
            f"{MOST_UNPACKED // 2**20} MiB in {MOST_ENTRIES} parts are read. Export a shorter time, or as CSV."
        )
