"""A customer's link is closed for good."""

from datetime import datetime

from revisit.records.problems import CallError
from revisit.records.visits import Invitation
from revisit.store.protocol import NotFound, Store
from revisit.visits.links import invitation_id, partition_of, read_code


def void_link(store: Store, text: str, now: datetime) -> Invitation:
    """Close the link with this code or address. CallError for what is no code, NotFound, AlreadyAnswered."""
    code = read_code(text.rstrip("/").rpartition("/")[2])
    if code is None:
        raise CallError("This is no link. A code has 16 letters and digits, such as 7q2m4x9k3w5r8t0c.")
    invitation = store.invitation(partition_of(code), invitation_id(code))
    if invitation is None:
        raise NotFound("No link with this code was issued here, or it was removed.")
    return store.void(invitation, now)
