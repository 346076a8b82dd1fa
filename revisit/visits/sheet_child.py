"""The child that reads one spreadsheet: bytes on stdin, JSON on stdout; it limits its own memory and time first.

It is started as a script by its path, so it imports nothing of this project.
"""

import io
import resource
import sys
import zipfile
from datetime import date, datetime, time
from typing import Any

import orjson
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 30
MOST_COLUMNS = 1000
MOST_ROWS = 300_000
# Excel keeps 15 digits of a number: a longer order number has lost its end and must not pass for a good one.
EXACT_BELOW = 10**15
EXIT_DTD, EXIT_PASSWORD, EXIT_UNREADABLE, EXIT_LARGE = 11, 12, 13, 14
DOCTYPES: tuple[bytes, ...] = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))
_BLOCK = 1024 * 1024


def as_text(value: Any) -> str:
    """Give a cell as text: days and times in ISO form, whole numbers without a point, shortened ones as they show."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= EXACT_BELOW:
            return f"{value:.5E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def has_doctype(content: bytes) -> bool:
    """Say whether a part of a packed spreadsheet declares a document type (entities that grow, outside files)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            tail = b""
            with archive.open(entry) as part:
                while block := part.read(_BLOCK):
                    if any(mark in tail + block for mark in DOCTYPES):
                        return True
                    tail = block[-32:]
    return False


def read(content: bytes) -> list[list[list[str]]]:
    """Give every sheet's rows; exits with EXIT_LARGE where there are too many."""
    sheets = []
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            last_row, last_column = sheet.end or (0, 0)
            if last_row >= MOST_ROWS or last_column >= MOST_COLUMNS:
                sys.exit(EXIT_LARGE)
            sheets.append([[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)])
    return sheets


def main() -> None:
    """Limit this process, read, write."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        if content.startswith(b"PK") and has_doctype(content):
            sys.exit(EXIT_DTD)
        sys.stdout.buffer.write(orjson.dumps(read(content)))
    except PasswordError:
        sys.exit(EXIT_PASSWORD)
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, KeyError):
        sys.exit(EXIT_UNREADABLE)


if __name__ == "__main__":
    main()
