"""Passwords: which ones are taken, and how they are hashed and checked (argon2id)."""

import secrets
import unicodedata
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from revisit.people.common import is_common

Weakness = Literal["short", "long", "common", "name"]

MIN_LENGTH = 8
# Long enough for any phrase; a bound at all, so that nobody makes the server hash a megabyte.
MAX_LENGTH = 256

# OWASP's second choice of parameters (19 MiB, two passes, one lane): about 30 ms, and a dozen at once stay small.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def weakness(password: str, name: str = "") -> Weakness | None:
    """Say why a password is not taken, or None. There are no rules about kinds of characters: length is what counts."""
    normal = _normal(password)
    if len(normal) < MIN_LENGTH:
        return "short"
    if len(normal) > MAX_LENGTH:
        return "long"
    if name and len(name) >= 3 and name.casefold() in normal.casefold() and len(normal) < len(name) + MIN_LENGTH:
        return "name"
    return "common" if is_common(normal) else None


def hash_password(password: str) -> str:
    """Give the argon2id hash that is stored."""
    return HASHER.hash(_normal(password))


def verify(stored: str, password: str) -> bool:
    """Say whether a password fits a stored hash.

    With an empty hash (no such user, or none set yet) a hash of nothing is checked, so that both cases take as long.
    """
    try:
        return HASHER.verify(stored or _nobody(), _normal(password)[: MAX_LENGTH + 1]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Say whether a hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def _normal(password: str) -> str:
    """Give one form to what keyboards write differently: a full-width letter is the letter."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_hex(16))
