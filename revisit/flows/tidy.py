"""What a running server does between requests: file answers that were set aside, end sessions that nobody uses."""

from datetime import datetime, timedelta

from revisit.store.protocol import Store

FORGOTTEN = timedelta(hours=12)  # a session lives no longer, however busy it is


def tidy(store: Store, now: datetime) -> int:
    """Do one round; gives how many answers were filed."""
    store.end_sessions(before=now - FORGOTTEN)
    return store.file_set_aside()
