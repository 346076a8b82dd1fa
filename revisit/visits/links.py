"""Links: the codes of invitations, the signed times and nonces in addresses, and what can be read back from them.

A code is 16 characters of Crockford's base32 in lower case: 3 name the partition, 13 carry 65 bits of HMAC-SHA-256
under the links key. It can be made again from the invitation, so a link can be shown again while only SHA-256(code) is
stored.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from revisit.records.visits import Invitation, Poster, Visit
from revisit.settings import Key, Keys, Settings

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PARTITION = 3
SIGNED = 13
LENGTH = PARTITION + SIGNED
KIND_READING = str.maketrans("ilo", "110", " -\t")
NONCE_BYTES = 10
QUICK = 3.0  # seconds: no person reads and answers the form faster
STALE = timedelta(hours=24)


def _base32(bits: bytes, characters: int) -> str:
    """Give the first characters x 5 bits of a digest in Crockford's alphabet."""
    number = int.from_bytes(bits, "big") >> (len(bits) * 8 - characters * 5)
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(characters)))


def _sign(key: Key, *parts: object) -> bytes:
    # A separator that no part can hold: "a" + "bc" must not sign like "ab" + "c".
    message = "\x1f".join(str(part) for part in parts)
    return hmac.digest(key.secret, message.encode(), "sha256")


def sign_code(key: Key, partition: str, visit_id: str, issue: int) -> str:
    """Give the code of a visit's link number ``issue``."""
    return partition + _base32(_sign(key, "code", partition, visit_id, issue), SIGNED)


def read_code(text: str) -> str | None:
    """Read a code as people type it: any case, i and l for 1, o for 0, spaces and hyphens; None if it is none."""
    code = text.strip().lower().translate(KIND_READING)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def invitation_id(code: str) -> str:
    """Give the id under which a code's invitation is stored: SHA-256 of the code, in hex."""
    return hashlib.sha256(code.encode()).hexdigest()


def partition_of(code: str) -> str:
    """Give the partition that a code names."""
    return code[:PARTITION]


def new_invitation(  # noqa: PLR0913  each one is a fact of the link
    keys: Keys, partition: str, visit: Visit, *, language: str, facts: dict[str, str], at: datetime, issue: int = 1
) -> Invitation:
    """Make the invitation of a visit under the current links key."""
    key = keys.current("links")
    return Invitation(
        id=invitation_id(sign_code(key, partition, visit.id, issue)),
        partition=partition,
        visit_id=visit.id,
        survey=visit.survey,
        language=language,
        unit=visit.unit,
        day=visit.day,
        issued_at=at,
        expires_at=visit.expires_at,
        key_id=key.id,
        issue=issue,
        facts=dict(facts),
        sample=visit.sample,
    )


def code_of(keys: Keys, invitation: Invitation) -> str | None:
    """Give an invitation's code again; None when the key that signed it was pruned or is not the one that signed."""
    key = keys.get("links", invitation.key_id)
    if key is None:
        return None
    code = sign_code(key, invitation.partition, invitation.visit_id, invitation.issue)
    return code if invitation_id(code) == invitation.id else None


def link(settings: Settings, code: str) -> str:
    """Give the address a customer gets. Its base comes from the settings alone, never from a request."""
    return f"{settings.public_url}/v/{code}"


def poster_link(settings: Settings, poster: Poster) -> str:
    """Give the address a poster's QR code holds."""
    return f"{settings.public_url}/q/{poster.id}"


def new_poster_id() -> str:
    """Give a short random id for a poster: it is public and only has to be its own."""
    return _base32(secrets.token_bytes(8), 8)


def stamp(keys: Keys, subject: str, at: datetime) -> str:
    """Sign the moment a form was opened, for one subject (a code's invitation, a poster)."""
    seconds = int(at.timestamp())
    return f"{seconds:x}.{_base32(_sign(keys.current('stamps'), 'stamp', subject, seconds), SIGNED)}"


def read_stamp(keys: Keys, subject: str, text: str) -> datetime | None:
    """Give the moment in a stamp; None where its signature is not ours or for another subject."""
    moment, _, signature = text.partition(".")
    try:
        seconds = int(moment, 16)
        opened = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    for key in keys.all("stamps"):
        expected = _base32(_sign(key, "stamp", subject, seconds), SIGNED)
        if hmac.compare_digest(expected.encode(), signature.encode()):
            return opened
    return None


@dataclass(frozen=True, slots=True)
class Nonce:
    """An opening of a poster's form: signed, not stored. ``id`` names the response, ``partition`` its file."""

    id: str
    partition: str
    poster_id: str
    opened_at: datetime


def new_nonce(keys: Keys, partition: str, poster_id: str, at: datetime) -> str:
    """Give the text that a poster's form carries in its address."""
    nonce = partition + _base32(secrets.token_bytes(NONCE_BYTES), LENGTH)
    return f"{poster_id}.{nonce}.{stamp(keys, f'{poster_id}.{nonce}', at)}"


def read_nonce(keys: Keys, text: str) -> Nonce | None:
    """Read a poster's nonce back; None where it is not ours."""
    poster_id, _, rest = text.partition(".")
    nonce, _, signed = rest.partition(".")
    opened = read_stamp(keys, f"{poster_id}.{nonce}", signed)
    if opened is None or len(nonce) != PARTITION + LENGTH:
        return None
    return Nonce(hashlib.sha256(nonce.encode()).hexdigest(), nonce[:PARTITION], poster_id, opened)
