"""Users, their sessions, and the audit trail (append-only lines, a file for each month)."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import orjson

from revisit.records.people import AuditLine, Session, User
from revisit.store import codec
from revisit.store.folder.base import Part
from revisit.store.folder.files import Book, append_line, read_lines
from revisit.store.protocol import Conflict, NotFound


class People(Part):
    """The part of the store that knows who may come in."""

    def users(self) -> list[User]:
        """See Store.users."""
        return sorted(self.records(self._users_file, "users", User), key=lambda user: user.name)

    def user(self, name: str) -> User | None:
        """See Store.user."""
        return self.find(self._users_file, "users", name, User)

    def add_user(self, user: User) -> None:
        """See Store.add_user."""

        def apply(book: Book) -> None:
            if book.get("users", user.name) is not None:
                raise Conflict(f'There is a user "{user.name}" already. Choose another name.')
            book.put("users", user.name, codec.dump(user))

        self.shelf.commit(self._users_file, apply)

    def change_user(self, name: str, change: Callable[[User], User]) -> User:
        """See Store.change_user."""

        def apply(book: Book) -> User:
            row = book.get("users", name)
            if row is None:
                raise NotFound(f'There is no user "{name}". List them with: revisit users list')
            changed = change(codec.load(User, row))
            book.put("users", name, codec.dump(changed))
            return changed

        return self.shelf.commit(self._users_file, apply)

    def add_session(self, session: Session) -> None:
        """See Store.add_session."""
        self.shelf.commit(self._sessions_file, lambda book: book.put("sessions", session.id, codec.dump(session)))

    def session(self, session_id: str) -> Session | None:
        """See Store.session."""
        return self.find(self._sessions_file, "sessions", session_id, Session)

    def touch_session(self, session_id: str, at: datetime) -> None:
        """See Store.touch_session."""

        def apply(book: Book) -> None:
            row = book.get("sessions", session_id)
            if row is not None:
                book.put("sessions", session_id, {**row, "seen_at": at.isoformat()})

        self.shelf.commit(self._sessions_file, apply)

    def end_sessions(self, *, session_id: str = "", user: str = "", before: datetime | None = None) -> int:
        """See Store.end_sessions."""

        def ends(session: Session) -> bool:
            named = session.id == session_id or session.user == user
            return named or (before is not None and session.seen_at < before)

        def apply(book: Book) -> int:
            held = [codec.load(Session, row) for row in book.rows("sessions").values()]
            return book.drop("sessions", [session.id for session in held if ends(session)])

        return self.shelf.commit(self._sessions_file, apply)

    def audit(self, line: AuditLine) -> None:
        """See Store.audit."""
        with self.shelf.lock:
            append_line(self.folder / "audit" / f"{line.at:%y%m}.jsonl", orjson.dumps(codec.dump(line)))

    def audit_lines(self) -> Iterator[AuditLine]:
        """See Store.audit_lines."""
        for path in self.files("audit", "*.jsonl"):
            yield from (codec.load(AuditLine, row) for row in read_lines(path, path.read_bytes()))

    @property
    def _users_file(self) -> Path:
        return self.folder / "users.json"

    @property
    def _sessions_file(self) -> Path:
        return self.folder / "sessions.json"
