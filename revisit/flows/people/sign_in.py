"""Signing in and out: joins the rules of people to the store."""

from dataclasses import replace
from datetime import datetime

from revisit.people import passwords, sessions, sign_in, tickets
from revisit.people.audit import NOBODY, line
from revisit.records.people import User
from revisit.store.protocol import Store


def open_session(store: Store, name: str, password: str, now: datetime) -> str | None:
    """Check a name and a password; gives the code of a new session, or None without saying what was wrong.

    Unknown names, wrong passwords, disabled and resting accounts take the same time and look the same.
    """
    user = store.user(name)
    fits = passwords.verify(user.password if user else "", password)
    if user is None or not fits or user.disabled or sign_in.is_resting(user, now):
        if user is not None and not fits:
            store.change_user(name, lambda newest: sign_in.failed(newest, now))
        store.audit(line(now, NOBODY, "sign-in-refused"))
        return None
    if user.failures or passwords.is_outdated(user.password):
        store.change_user(name, lambda newest: sign_in.succeeded(newest, password))
    return _begin(store, name, now)


def current_user(store: Store, code: str, seen_at: datetime, now: datetime) -> User | None:
    """Give whose living session a code is. Changes nothing."""
    session = store.session(sessions.digest(code))
    if session is None or not sessions.is_alive(session, seen_at, now):
        return None
    user = store.user(session.user)
    return user if user is not None and not user.disabled else None


def close_session(store: Store, code: str, who: str, now: datetime) -> None:
    """Sign out: the session's code opens nothing any more."""
    store.end_sessions(session_id=sessions.digest(code))
    store.audit(line(now, who, "signed-out"))


def ticket_holder(store: Store, code: str, now: datetime) -> User | None:
    """Give whose living one-time address a code is. Changes nothing."""
    return next((user for user in store.users() if tickets.opens(user, code, now)), None)


def spend_ticket(store: Store, code: str, password: str, now: datetime) -> str:
    """Set the password of a ticket's holder, end their other sessions, and give the code of a new one.

    Raises TicketSpent. The caller has checked the password's strength.
    """
    holder = ticket_holder(store, code, now)
    if holder is None:
        raise tickets.TicketSpent
    stored = passwords.hash_password(password)
    store.change_user(holder.name, lambda newest: tickets.spend(newest, code, stored, now))
    store.end_sessions(user=holder.name)
    store.audit(line(now, holder.name, "password-set"))
    return _begin(store, holder.name, now)


def confirm(store: Store, user: User, password: str, now: datetime) -> bool:
    """Say whether it is the user who sits there, by their password.

    Wrong tries count as they do at the door, so a browser left open cannot be used to guess.
    """
    if passwords.verify(user.password, password) and not sign_in.is_resting(user, now):
        return True
    store.change_user(user.name, lambda newest: sign_in.failed(newest, now))
    store.audit(line(now, user.name, "sign-in-refused"))
    return False


def change_password(store: Store, user: User, old: str, new: str, now: datetime) -> str | None:
    """Change one's own password, end all one's sessions, and give the code of a new one; None when the old is wrong."""
    if not confirm(store, user, old, now):
        return None
    stored = passwords.hash_password(new)
    store.change_user(
        user.name,
        lambda newest: replace(newest, password=stored, ticket="", ticket_until=None, failures=0, failed_at=None),
    )
    store.end_sessions(user=user.name)
    store.audit(line(now, user.name, "password-changed"))
    return _begin(store, user.name, now)


def _begin(store: Store, name: str, now: datetime) -> str:
    """Start a session and sweep out those that are too old for anybody."""
    store.end_sessions(before=now - sessions.LONGEST)
    code, session = sessions.new_session(name, now)
    store.add_session(session)
    store.audit(line(now, name, "signed-in"))
    return code
