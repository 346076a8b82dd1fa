"""The folder's whole contents: read as of one moment while answers go on arriving, and filed into an empty folder."""

import base64
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson

from revisit.records.ids import month_of
from revisit.records.people import AuditLine
from revisit.records.responses import Response
from revisit.store import codec
from revisit.store.contents import TABLES, Row
from revisit.store.folder.answers import Answers
from revisit.store.folder.files import FORMAT, append_line, parse, read_lines, sealed, write_whole
from revisit.store.protocol import StoreDamaged

# Where rows of a table lie.
PLACES: dict[str, str] = {
    "batches": "batches.json", "contacts": "contacts/*.json", "orders": "orders/*.json", "visits": "orders/*.json",
    "partitions": "answers/*.json", "invitations": "answers/*.json", "responses": "answers/*.json",
    "posters": "posters.json", "letters": "letters/*.json", "users": "users.json", "sessions": "sessions.json",
    "audit": "audit/*.jsonl", "reports": "reports.json", "aside": "aside/*.json", "seconds": "second/*.json",
    "verdicts": "verdicts.json",
}  # fmt: skip
PAPERS = "reports/*.pdf"
FROZEN = ".frozen-"


class Contents(Answers):
    """The part of the store that hands everything over."""

    def copy_out(self) -> Generator[tuple[str, Row], None, None]:
        """See Store.copy_out."""
        with self._frozen() as frozen:
            for table in TABLES:
                for path in sorted(frozen.glob(PLACES[table])):
                    for row in self._rows_of(frozen, path, table):
                        yield table, row

    @contextmanager
    def _frozen(self) -> Iterator[Path]:
        """Give a folder that shows every data file as it is now: a second name keeps what is replaced."""
        with tempfile.TemporaryDirectory(prefix=FROZEN, dir=self.folder) as name:
            frozen = Path(name)
            with self.bulk, self.shelf.lock:  # no import is half done, no file is being replaced
                for place in {*PLACES.values(), PAPERS}:
                    for path in self.folder.glob(place):
                        _second_name(path, frozen / path.relative_to(self.folder))
            yield frozen

    def _rows_of(self, frozen: Path, path: Path, table: str) -> Iterator[Row]:
        content = path.read_bytes()
        true_path = self.folder / path.relative_to(frozen)  # what a message names
        if table == "audit":
            yield from read_lines(true_path, content)
        elif table in {"aside", "seconds"}:
            yield _read_json(true_path, content)
        elif table == "partitions":
            parse(true_path, content)
            survey, month, number = path.stem[4:].rsplit("-", 2)
            yield {"name": path.stem[:3], "survey": survey, "month": month, "number": int(number)}
        else:
            for row in parse(true_path, content).get(table, {}).values():
                yield _with_paper(frozen, row) if table == "reports" else row

    def copy_in(self, table: str, rows: Sequence[Row]) -> None:
        """See Store.copy_in."""
        places: dict[Path, list[Row]] = defaultdict(list)
        for row in rows:
            places[self._place(table, row)].append(row)
        for path, group in places.items():
            self._file(table, path, group)

    def _place(self, table: str, row: Row) -> Path:
        if table == "partitions":
            return self.folder / "answers" / f"{row['name']}-{row['survey']}-{row['month']}-{row['number']}.json"
        if table in {"invitations", "responses"}:
            return self._existing(row["partition"])
        if table == "audit":
            return self.folder / "audit" / f"{codec.load(AuditLine, row).at:%y%m}.jsonl"
        if table == "seconds":
            return self.folder / "second" / f"{row['id']}-{row['body_hash'][:16]}.json"
        return self.folder / PLACES[table].replace("*", month_of(row.get("id", "")))

    def _file(self, table: str, path: Path, rows: list[Row]) -> None:
        if table == "partitions":
            write_whole(path, sealed({"file": {"about": {"format": FORMAT, "survey": rows[0]["survey"]}}}))
        elif table == "audit":
            with self.shelf.lock:
                append_line(path, b"\n".join(orjson.dumps(row) for row in rows))
        elif table == "aside":
            for row in rows:
                self.set_aside(codec.load(Response, row))
        elif table == "seconds":
            write_whole(path, orjson.dumps(rows[0]))
        else:
            key = "name" if table == "users" else "id"
            for row in rows:
                if "pdf" in row:
                    write_whole(self.folder / "reports" / f"{row['id']}.pdf", base64.b64decode(row["pdf"]))
            bare = ({name: value for name, value in row.items() if name != "pdf"} for row in rows)
            self.put_all_new(path, table, {row[key]: row for row in bare})


def _second_name(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    if path.suffix == ".jsonl":  # grows in place
        shutil.copyfile(path, target)
        return
    try:
        os.link(path, target)
    except PermissionError:
        shutil.copyfile(path, target)  # a file system that knows no second name


def _with_paper(frozen: Path, row: Row) -> Row:
    paper = frozen / "reports" / f"{row['id']}.pdf"
    return {**row, "pdf": base64.b64encode(paper.read_bytes()).decode()} if paper.exists() else row


def _read_json(path: Path, content: bytes) -> Row:
    try:
        row: Row = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise StoreDamaged(f'"{path}" is damaged at byte {error.pos} of {len(content)}.') from error
    return row
