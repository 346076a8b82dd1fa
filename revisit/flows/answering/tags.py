"""Where answers came from: tags that last two months, and the marks on answers that stay when the tags are gone."""

import hmac
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from revisit.findings.trust.tagging import candidates, shared
from revisit.records.responses import Response
from revisit.records.tags import Tag, Verdicts
from revisit.settings import Keys, Settings
from revisit.store.protocol import NotFound, Store, StoreError

log = logging.getLogger(__name__)

KEPT = timedelta(days=60)  # after the end of the month in which an answer arrived
TAG_DIGITS = 16  # of the HMAC, in hex: 64 bits
# The flag, put on rows and never stored, that says that an answer's device and network were compared.
COMPARED = "compared"

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """What a request says of where it came from. It is never stored, and shows itself nowhere.

    ``address`` is the customer's, as trusted as the count of proxies in the settings; an IPv6 one is its /64.
    ``signed_in``: the browser holds a session of the desk.
    """

    address: str = field(repr=False)
    browser: str = field(repr=False)
    languages: str = field(repr=False)
    signed_in: bool = False


def keep_tag(store: Store, settings: Settings, keys: Keys, sender: Sender, response: Response) -> None:
    """Keep the tags of an answer that is on disk. A fault here never costs the answer."""
    month = f"{response.received_at.astimezone(UTC):%y%m}"
    try:
        secret = _month_key(keys, store.tag_secret(month), month)
        store.tag(
            Tag(
                id=response.id,
                unit=settings.organisation.of_path(response.unit).path,
                at=response.received_at.astimezone(UTC),
                mode=response.mode,
                device=_sign(secret, "device", sender.browser, sender.languages),
                network=_sign(secret, "network", sender.address),
                visit_id=response.visit_id,
            )
        )
    except StoreError as error:
        log.warning("An answer's tags were not kept: %s", type(error).__name__)


def _month_key(keys: Keys, secret: bytes, month: str) -> bytes:
    """Give the key of a month: neither the store nor the keys file alone is enough to make a tag again."""
    key = keys.current("audit").secret
    return hmac.digest(key, b"tags\x1f" + month.encode() + b"\x1f" + secret, "sha256")


def _sign(key: bytes, *parts: str) -> str:
    return hmac.digest(key, "\x1f".join(parts).encode(), "sha256").hex()[:TAG_DIGITS]


def with_marks(store: Store, rows: Iterable[Plain], cutoff: datetime) -> Iterator[Plain]:
    """Give answers, as plain rows, with the marks that tags led to among their flags.

    A settled month keeps the marks of its settling; of another, the tags that had come in by the cut-off are compared.
    """
    settled = {one.id: one.marks for one in store.verdicts()}
    live: dict[str, tuple[str, ...]] = {}
    for month in store.tag_months():
        if month not in settled:
            tags = [tag for tag in store.tags(month) if tag.at <= cutoff]
            live |= {tag.id: () for tag in tags} | shared(tags, _customers(store, candidates(tags)))
    for row in rows:
        marks = _marks(row, settled, live)
        yield row if marks is None else {**row, "flags": [*row.get("flags", ()), COMPARED, *marks]}


def _marks(
    row: Plain, settled: Mapping[str, Mapping[str, tuple[str, ...]]], live: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    """Give an answer's marks; None where it was not compared: not given to a link, or before there were tags."""
    if row["mode"] != "web" or row.get("batch_id"):
        return None
    if row["id"] in live:
        return live[row["id"]]
    moment: str = row["received_at"]
    month = settled.get(moment[2:4] + moment[5:7])
    return None if month is None else tuple(month.get(row["id"], ()))


def _customers(store: Store, visits: set[str]) -> dict[str, str]:
    """Say which visits are of one customer, by telephone or e-mail address; those without are left out."""
    contacts: dict[str, str] = {}
    for name in sorted(visits):
        try:
            contacts[name] = store.order(store.visit(name).order_id).contact_id
        except NotFound:
            continue
    known = store.contacts(contacts.values())
    found = {name: known[contact] for name, contact in contacts.items() if contact in known}
    return {name: who.phone or who.email for name, who in found.items() if who.phone or who.email}


def settle_tags(store: Store, now: datetime) -> int:
    """Keep what the tags of each month led to that ended sixty days ago, and destroy them; gives how many months."""
    due = [month for month in store.tag_months() if now >= _end(month) + KEPT]
    for month in due:
        tags = store.tags(month)
        store.settle_tags(Verdicts(month, now, shared(tags, _customers(store, candidates(tags)))))
    return len(due)


def _end(month: str) -> datetime:
    year, number = 2000 + int(month[:2]), int(month[2:])
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
