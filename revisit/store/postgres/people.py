"""Users, their sessions, and the audit trail."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, false, or_, select
from sqlalchemy.dialects.postgresql import insert

from revisit.records.people import AuditLine, Session, User
from revisit.store import codec
from revisit.store.postgres.base import Part, drop, put
from revisit.store.postgres.tables import audit, row_of, sessions, users
from revisit.store.protocol import Conflict, NotFound


class People(Part):
    """The part of the store that knows who may come in."""

    def users(self) -> list[User]:
        """See Store.users."""
        return list(self.give(select(users.c.record).order_by(users.c.name), User))

    def user(self, name: str) -> User | None:
        """See Store.user."""
        return self.find(select(users.c.record).where(users.c.name == name), User)

    def add_user(self, user: User) -> None:
        """See Store.add_user."""
        new = insert(users).values(row_of(users, user)).on_conflict_do_nothing().returning(users.c.name)
        if self.work(lambda connection: connection.scalar(new)) is None:
            raise Conflict(f'There is a user "{user.name}" already. Choose another name.')

    def change_user(self, name: str, change: Callable[[User], User]) -> User:
        """See Store.change_user."""

        def apply(connection: Connection) -> User:
            plain = connection.scalar(select(users.c.record).where(users.c.name == name).with_for_update())
            if plain is None:
                raise NotFound(f'There is no user "{name}". List them with: revisit users list')
            changed = change(codec.load(User, plain))
            put(connection, users, changed)
            return changed

        return self.work(apply)

    def add_session(self, session: Session) -> None:
        """See Store.add_session."""
        self.work(lambda connection: put(connection, sessions, session))

    def session(self, session_id: str) -> Session | None:
        """See Store.session."""
        return self.find(select(sessions.c.record).where(sessions.c.id == session_id), Session)

    def touch_session(self, session_id: str, at: datetime) -> None:
        """See Store.touch_session."""

        def apply(connection: Connection) -> None:
            mine = sessions.c.id == session_id
            plain = connection.scalar(select(sessions.c.record).where(mine).with_for_update())
            if plain is not None:
                put(connection, sessions, replace(codec.load(Session, plain), seen_at=at))

        self.work(apply)

    def end_sessions(self, *, session_id: str = "", user: str = "", before: datetime | None = None) -> int:
        """See Store.end_sessions."""
        old = false() if before is None else sessions.c.seen_at < before
        ends = or_(sessions.c.id == session_id, sessions.c.user == user, old)
        return self.work(lambda connection: drop(connection, sessions, ends))

    def audit(self, line: AuditLine) -> None:
        """See Store.audit."""
        self.work(lambda connection: connection.execute(insert(audit).values(row_of(audit, line))))

    def audit_lines(self) -> Iterator[AuditLine]:
        """See Store.audit_lines."""
        return self.give(select(audit.c.record).order_by(audit.c.number), AuditLine)
