"""Links looked up together: what is asked for at one moment is read with one statement.

What is not found in this way (a link that does not exist, a server that fails) is left to the one who asked, who asks
by itself and learns what it is.
"""

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from revisit.store.group import Group, Waiting
from revisit.store.protocol import StoreError

log = logging.getLogger(__name__)

Key = tuple[str, str]  # of a link: its id and its partition
Read = Callable[[Callable[[Connection], Any]], Any]

_TOGETHER = """
SELECT id, partition, record::text FROM invitations WHERE id = ANY(%(ids)s::text[] COLLATE "C")
"""


class Links:
    """Reads the links that the threads of one moment ask for."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._group: Group[Key] = Group(self._look_up)

    def find(self, key: Key) -> str | None:
        """Give a link's record as JSON; None where it was not found in this way. StoreBusy when too many ask."""
        found: str | None = self._group.ask(key)
        return found

    def close(self) -> None:
        """Finish what waits."""
        self._group.close()

    def _look_up(self, waiting: list[Waiting[Key]]) -> None:
        ids = {"ids": sorted({one.job[0] for one in waiting})}
        found: dict[Key, str] = {}
        try:
            rows = self._read(lambda connection: connection.exec_driver_sql(_TOGETHER, ids).all())
            found = {(row[0], row[1]): row[2] for row in rows}
        except StoreError as error:
            log.warning("Links at once: %s; each is asked for by itself.", type(error).__name__)
        finally:
            for one in waiting:
                one.outcome.set_result(found.get(one.job))
