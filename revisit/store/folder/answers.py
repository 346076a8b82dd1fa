"""Invitations and the responses under them: one partition file for each survey, month of issue and sequel."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import orjson

from revisit.records.orders import Batch
from revisit.records.responses import Response
from revisit.records.visits import Invitation, Poster
from revisit.store import codec
from revisit.store.aside import as_second, completed
from revisit.store.contents import Row
from revisit.store.folder.base import Part, quiet
from revisit.store.folder.files import COPIES, FORMAT, Book, sealed, write_whole
from revisit.store.folder.runs import by_day, in_order
from revisit.store.partitions import FULL, free_name, is_name, month_of_issue
from revisit.store.protocol import EVERYTHING, AlreadyAnswered, LinkClosed, NotFound, Scope, StoreDamaged


class Answers(Part):
    """The part of the store that keeps one answer for each link."""

    def __init__(self, folder: Path, *, lean: bool = False) -> None:
        super().__init__(folder, lean=lean)
        self._paths: dict[str, Path] = {}  # of partitions: a partition's file is never renamed

    def partition(self, survey: str, issued: date) -> str:
        """See Store.partition."""
        month = f"{survey}-{month_of_issue(issued)}"
        with self.shelf.lock:
            present = self.files("answers", f"???-{month}-*.json")
            newest = max(present, key=lambda path: int(path.stem.rpartition("-")[2]), default=None)
            if newest is not None and self._rows(newest) < FULL:
                return newest.name[:3]
            taken = {path.name[:3] for path in self.files("answers")}
            name = free_name(taken, len(taken))
            path = self.folder / "answers" / f"{name}-{month}-{len(present) + 1}.json"
            write_whole(path, sealed({"file": {"about": {"format": FORMAT, "survey": survey}}}))
        return name

    def issue(self, invitations: Sequence[Invitation]) -> None:
        """See Store.issue."""
        partitions: dict[str, list[Invitation]] = defaultdict(list)
        for invitation in invitations:
            partitions[invitation.partition].append(invitation)
        for partition, group in partitions.items():
            path = self._partition_file(partition)
            if path is None:
                raise NotFound(f'There is no partition "{partition}".')
            rows = {invitation.id: codec.dump(invitation) for invitation in group}
            self.put_in_slices(path, "invitations", rows)

    def invitation(self, partition: str, invitation_id: str) -> Invitation | None:
        """See Store.invitation."""
        path = self._partition_file(partition)
        return None if path is None else self.find(path, "invitations", invitation_id, Invitation)

    def invitations(self, visit_ids: Iterable[str] | None = None) -> Iterator[Invitation]:
        """See Store.invitations."""
        wanted = None if visit_ids is None else set(visit_ids)
        found = [
            codec.load(Invitation, row)
            for path in self.files("answers")
            for row in self.shelf.tables(path).get("invitations", {}).values()
            if wanted is None or row["visit_id"] in wanted
        ]
        yield from sorted(found, key=lambda invitation: (invitation.visit_id, invitation.issue))

    def void(self, invitation: Invitation, at: datetime) -> Invitation:
        """See Store.void."""

        def apply(book: Book) -> Invitation:
            row = book.get("invitations", invitation.id)
            if row is None:
                raise NotFound("There is no such link.")
            answer = book.get("responses", invitation.id)
            if answer is not None:
                raise AlreadyAnswered(codec.load(Response, answer))
            now = codec.load(Invitation, row)
            if now.voided_at is None:
                now = replace(now, voided_at=at)
                book.put("invitations", invitation.id, codec.dump(now))
            return now

        return self.shelf.commit(self._existing(invitation.partition), apply)

    def add_poster(self, poster: Poster) -> None:
        """See Store.add_poster."""
        self.shelf.commit(self._posters_file, lambda book: book.put("posters", poster.id, codec.dump(poster)))

    def posters(self) -> list[Poster]:
        """See Store.posters."""
        return sorted(self.records(self._posters_file, "posters", Poster), key=lambda poster: (poster.unit, poster.id))

    def record(self, response: Response) -> Literal["stored", "repeat"]:
        """See Store.record."""
        return self.shelf.commit(self._existing(response.partition), lambda book: _record(book, response))

    def response(self, partition: str, response_id: str) -> Response | None:
        """See Store.response."""
        path = self._partition_file(partition)
        return None if path is None else self.find(path, "responses", response_id, Response)

    def responses(self, survey: str, scope: Scope = EVERYTHING) -> Iterator[Response]:
        """See Store.responses."""
        return (codec.load(Response, row) for row in self.response_rows(survey, scope))

    def response_rows(self, survey: str, scope: Scope = EVERYTHING) -> Iterator[Row]:
        """See Store.response_rows."""
        inside = self.rows_within(self._survey_files(survey), scope)
        return in_order(inside, self.folder) if self.lean else iter(sorted(inside, key=by_day))

    def rows_within(self, paths: Iterable[Path], scope: Scope) -> Iterator[Row]:
        """Give the responses of partition files by unit and day, as plain rows in no order."""
        for path in paths:
            for row in self.shelf.tables(path).get("responses", {}).values():
                if scope.holds(row["unit"], date.fromisoformat(row["day"])):
                    yield row

    def answered_visits(self) -> set[str]:
        """See Store.answered_visits."""
        return {
            row["visit_id"]
            for path in self.files("answers")
            for row in self.shelf.tables(path).get("responses", {}).values()
            if row.get("visit_id")
        }

    def add_responses(
        self, batch: Batch, responses: Sequence[Response], progress: Callable[[int], None] = quiet
    ) -> int:
        """See Store.add_responses."""
        with self.bulk:
            rows = [codec.dump(one) for one in responses]
            intent = self.note(batch.id, {"kind": "responses", "batch": codec.dump(batch), "responses": rows})
            before = self._count()
            self.apply_responses(responses, progress)
            new = self._count() - before
            if new:
                self.add_batch(replace(batch, rows=new))
            intent.unlink()
            return new

    def finish_responses(self, intent: dict[str, Any]) -> None:
        """Finish an import that a crash cut off."""
        responses = [codec.load(Response, row) for row in intent["responses"]]
        self.apply_responses(responses)
        self.add_batch(replace(codec.load(Batch, intent["batch"]), rows=len(responses)))

    def apply_responses(self, responses: Sequence[Response], progress: Callable[[int], None] = quiet) -> None:
        """File responses that are not there yet."""
        partitions: dict[str, list[Response]] = defaultdict(list)
        for response in responses:
            partitions[response.partition].append(response)
        for partition, group in partitions.items():
            rows = {response.id: codec.dump(response) for response in group}
            self.put_in_slices(self._existing(partition), "responses", rows, progress)

    def remove_responses(self, batch_id: str) -> int:
        """Take the responses of an import out; gives how many."""
        return sum(self.shelf.commit(path, lambda book: _drop_batch(book, batch_id)) for path in self.files("answers"))

    def remove_open_invitations(self, visit_ids: set[str]) -> set[str]:
        """Take the links of visits out unless they were answered; gives the visits that were."""
        answered: set[str] = set()
        for path in self.files("answers"):
            answered |= self.shelf.commit(path, lambda book: _drop_open(book, visit_ids))
        return answered

    def set_aside(self, response: Response) -> None:
        """See Store.set_aside."""
        name = f"{time.time_ns():020}-{response.id}-{response.body_hash[:16]}.json"
        write_whole(self.folder / "aside" / name, orjson.dumps(codec.dump(response)))

    def file_set_aside(self) -> int:
        """See Store.file_set_aside."""
        filed = 0
        for path in self.files("aside"):
            try:
                response = codec.load(Response, orjson.loads(path.read_bytes()))
                self._file_one(response)
            except FileNotFoundError:
                continue  # another process filed it
            except StoreDamaged:
                continue  # its file is not back yet
            path.unlink(missing_ok=True)
            filed += 1
        return filed

    def _file_one(self, response: Response) -> None:
        invitation = self.invitation(response.partition, response.id)
        response = completed(response, invitation)
        if invitation is None and response.poster_id is None:
            self._keep_second(response)
            return
        try:
            self.record(response)
        except (AlreadyAnswered, LinkClosed, NotFound):
            self._keep_second(response)

    def _keep_second(self, response: Response) -> None:
        name = f"{response.id}-{response.body_hash[:16]}.json"
        write_whole(self.folder / "second" / name, orjson.dumps(codec.dump(as_second(response))))

    def _rows(self, path: Path) -> int:
        tables = self.shelf.tables(path)
        # A response under its invitation is one link; a poster's or an imported one stands alone.
        alone = (1 for key in tables.get("responses", {}) if key not in tables.get("invitations", {}))
        return len(tables.get("invitations", {})) + sum(alone)

    def _count(self) -> int:
        return sum(len(self.shelf.tables(path).get("responses", {})) for path in self.files("answers"))

    def _survey_files(self, survey: str) -> list[Path]:
        # rsplit: a survey's name may hold a hyphen itself
        return [path for path in self.files("answers") if path.stem[4:].rsplit("-", 2)[0] == survey]

    def _partition_file(self, partition: str) -> Path | None:
        if not is_name(partition):
            return None
        path = self._paths.get(partition)
        if path is None:
            path = next((self.folder / "answers").glob(f"{partition}-*.json"), None)
            if path is None:
                self._check_missing(partition)
            else:
                self._paths[partition] = path
        return path

    def _check_missing(self, partition: str) -> None:
        for copies in (self.folder / COPIES / "answers").glob(f"{partition}-*"):
            self.shelf.tables(self.folder / "answers" / f"{copies.name}.json")

    def _existing(self, partition: str) -> Path:
        path = self._partition_file(partition)
        if path is None:
            raise NotFound("There is no such link.")
        return path

    @property
    def _posters_file(self) -> Path:
        return self.folder / "posters.json"


def _record(book: Book, response: Response) -> Literal["stored", "repeat"]:
    present = book.get("responses", response.id)
    if present is not None:
        if present["body_hash"] == response.body_hash:
            return "repeat"
        raise AlreadyAnswered(codec.load(Response, present))
    if response.visit_id is not None:
        invitation = book.get("invitations", response.id)
        if invitation is None:
            raise NotFound("There is no such link.")
        if invitation.get("voided_at"):
            raise LinkClosed("This link was replaced or withdrawn.")
    book.put("responses", response.id, codec.dump(response))
    return "stored"


def _drop_batch(book: Book, batch_id: str) -> int:
    gone = [row_id for row_id, row in book.rows("responses").items() if row.get("batch_id") == batch_id]
    return book.drop("responses", gone)


def _drop_open(book: Book, visit_ids: set[str]) -> set[str]:
    answered = {row["visit_id"] for row in book.rows("responses").values() if row.get("visit_id") in visit_ids}
    links = book.rows("invitations").items()
    book.drop("invitations", [row_id for row_id, row in links if row["visit_id"] in visit_ids - answered])
    return answered
