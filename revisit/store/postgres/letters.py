"""Letters: what was sent and what may have been."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from revisit.records.letters import LETTER_STATES, Letter, LetterState
from revisit.store import codec
from revisit.store.postgres.base import among, put_new
from revisit.store.postgres.tables import letters, row_of, rows_of
from revisit.store.postgres.turns import Turns
from revisit.store.protocol import NotFound


class Letters(Turns):
    """The part of the store that knows what was sent and what may have been."""

    def add_letters(self, made: Sequence[Letter]) -> None:
        """See Store.add_letters."""
        self.work(lambda connection: put_new(connection, letters, rows_of(letters, made)))

    def letters(self, states: Iterable[LetterState] = LETTER_STATES) -> Iterator[Letter]:
        """See Store.letters."""
        wanted = among(letters.c.state, list(states))
        return self.give(select(letters.c.record).where(wanted).order_by(letters.c.made_at, letters.c.id), Letter)

    def claim_letter(self, letter_id: str, at: datetime) -> Letter | None:
        """See Store.claim_letter."""

        def apply(connection: Connection) -> Letter | None:
            mine = (letters.c.id == letter_id) & (letters.c.state == "queued")
            plain = connection.scalar(select(letters.c.record).where(mine).with_for_update())
            if plain is None:
                return None
            letter = codec.load(Letter, plain)
            claimed = replace(letter, state="sending", changed_at=at, tries=letter.tries + 1)
            _replace(connection, claimed)
            return claimed

        return self.work(apply)

    def settle_letter(self, letter: Letter) -> None:
        """See Store.settle_letter."""
        if not self.work(lambda connection: _replace(connection, letter)):
            raise NotFound("There is no such letter.")


def _replace(connection: Connection, letter: Letter) -> int:
    statement = update(letters).where(letters.c.id == letter.id).values(row_of(letters, letter))
    return connection.execute(statement).rowcount
