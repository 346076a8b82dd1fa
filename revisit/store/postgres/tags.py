"""The tags of answers and the secrets that made them; both go when their month is settled."""

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects.postgresql import insert

from revisit.records.tags import Tag, Verdicts
from revisit.store.postgres.answers import Answers
from revisit.store.postgres.base import put, put_new
from revisit.store.postgres.tables import rows_of, tag_secrets, tags, verdicts
from revisit.store.protocol import TAG_SECRET


class Tags(Answers):
    """The part of the store that forgets."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._secret = "", b""

    def tag_secret(self, month: str) -> bytes:
        """See Store.tag_secret."""
        held = self._secret  # of the month in which answers arrive, so that none of them asks for it anew
        if held[0] != month:
            held = self._secret = month, self.work(lambda connection: _make_secret(connection, month))
        return held[1]

    def tag(self, tag: Tag) -> None:
        """See Store.tag. It goes in with the next answers: no answer takes longer for its tag."""
        self.gathering.leave(tag)

    def tags(self, month: str) -> list[Tag]:
        """See Store.tags."""
        self.gathering.settle()
        found = select(tags.c.record).where(tags.c.month == month)
        return sorted(self.give(found, Tag), key=lambda tag: (tag.at, tag.id))

    def tag_months(self) -> list[str]:
        """See Store.tag_months."""
        kept = select(tag_secrets.c.month).order_by(tag_secrets.c.month)
        return self.read(lambda connection: list(connection.scalars(kept)))

    def take_tags(self, month: str, secret: bytes, taken: Sequence[Tag]) -> None:
        """See Store.take_tags."""

        def apply(connection: Connection) -> None:
            connection.execute(insert(tag_secrets).values(month=month, secret=secret))
            put_new(connection, tags, rows_of(tags, taken))

        self.work(apply)
        self._secret = "", b""

    def settle_tags(self, settled: Verdicts) -> None:
        """See Store.settle_tags."""

        def apply(connection: Connection) -> None:
            put(connection, verdicts, settled)
            connection.execute(delete(tags).where(tags.c.month == settled.id))
            connection.execute(delete(tag_secrets).where(tag_secrets.c.month == settled.id))

        self.gathering.settle()
        self.work(apply)
        self._secret = "", b""

    def verdicts(self) -> list[Verdicts]:
        """See Store.verdicts."""
        return list(self.give(select(verdicts.c.record).order_by(verdicts.c.id), Verdicts))


def _make_secret(connection: Connection, month: str) -> bytes:
    """Make a month's secret, unless another collector just did; gives the one that counts."""
    new = {"month": month, "secret": secrets.token_bytes(TAG_SECRET)}
    connection.execute(insert(tag_secrets).values(new).on_conflict_do_nothing())
    return bytes(connection.scalar(select(tag_secrets.c.secret).where(tag_secrets.c.month == month)) or b"")
