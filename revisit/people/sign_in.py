"""Signing in: after how many wrong passwords an account rests, for how long, and what a success changes.

A resting account answers as a wrong password does, so nobody learns from it which accounts exist.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from revisit.people import passwords
from revisit.records.people import User

FREE_TRIES = 5
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)
# Wrong passwords older than this no longer count.
FORGOTTEN_AFTER = timedelta(hours=24)


def rest(failures: int) -> timedelta:
    """Give how long an account rests after so many wrong passwords in a row: none, then 30 s doubling up to 15 min."""
    if failures < FREE_TRIES:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, 16)
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


def is_resting(user: User, now: datetime) -> bool:
    """Say whether no password is looked at for now, not even the right one."""
    return user.failed_at is not None and now < user.failed_at + rest(user.failures)


def failed(user: User, now: datetime) -> User:
    """Count a wrong password. Tries while the account rests do not count, or a stranger could keep it shut for good."""
    if is_resting(user, now):
        return user
    stale = user.failed_at is None or now - user.failed_at > FORGOTTEN_AFTER
    return replace(user, failures=1 if stale else user.failures + 1, failed_at=now)


def succeeded(user: User, password: str) -> User:
    """Forget the wrong tries, and hash the password anew when the parameters have risen since."""
    stored = passwords.hash_password(password) if passwords.is_outdated(user.password) else user.password
    return replace(user, failures=0, failed_at=None, password=stored)
