"""What a running server does between requests: keep copies, file answers set aside, end old sessions, forget tags."""

from datetime import datetime, timedelta

from revisit.flows.answering.tags import settle_tags
from revisit.store.protocol import Store

FORGOTTEN = timedelta(hours=12)  # a session lives no longer, however busy it is


def tidy(store: Store, now: datetime) -> int:
    """Do one round; gives how many answers were filed."""
    store.upkeep(now)
    store.end_sessions(before=now - FORGOTTEN)
    settle_tags(store, now)
    return store.file_set_aside()
