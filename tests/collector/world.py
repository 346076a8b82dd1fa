"""A workspace with a published survey, orders, links and a poster, for the tests of the collector."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from collector.app import create_app
from revisit.flows.publishing.publish import publish
from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.visits import Invitation, Poster, Visit
from revisit.settings import Keys, Settings, load, new_keys
from revisit.store import open_store
from revisit.store.protocol import OrderEntry, Store
from revisit.visits.links import code_of, new_invitation

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([0-9a-f]+)"')
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 10, 30)

TOML = """
public_url = "https://visit.example.com"
timezone = "Asia/Shanghai"

[organisation]
id = "demo"
name = "Demo Motors"

[[units]]
id = "lakeside"
name = "Lakeside"
"""

SURVEY = """---
title: {title}
language: {language}
privacy: {{who: Demo Motors, contact: privacy@example.com, purpose: {purpose}, kept: {kept}}}
---
{intro}

## {quality} {{: dimension=quality }}

### {fixed_well} {{: #fixed_well .satisfaction required }}

## {price} {{: dimension=price show-if="order.payer = customer" }}

### {price_fair} {{: #price_fair .satisfaction na }}

## {more}

### {comment} {{: #comment .text show-if="fixed_well <= 3" }}
"""

WORDS = {
    "en": {
        "title": "How was your repair?", "language": "en", "purpose": "to improve our repairs", "kept": "24 months",
        "intro": "Three questions.", "quality": "Quality", "fixed_well": "The fault is gone.", "price": "Price",
        "price_fair": "The price was fair.", "more": "And", "comment": "What should we have done better?",
    },
    "zh-Hans": {
        "title": "这次维修怎么样？", "language": "zh-Hans", "purpose": "改进维修服务", "kept": "24 个月",
        "intro": "三个问题。", "quality": "质量", "fixed_well": "故障已经排除。", "price": "价格",
        "price_fair": "价格合理。", "more": "还有", "comment": "我们哪里可以做得更好？",
    },
}  # fmt: skip


@dataclass
class World:
    """One workspace and what is in it; ``now`` may be moved."""

    root: Path
    settings: Settings
    keys: Keys
    store: Store
    now: datetime = NOW
    count: int = 0
    ids: dict[str, str] = field(default_factory=dict)

    def app(self) -> Flask:
        app = create_app(self.settings, self.keys, self.store, lambda: self.now)
        app.testing = True
        return app

    def client(self) -> FlaskClient:
        client = self.app().test_client()
        client.environ_base["HTTP_HOST"] = "visit.example.com"
        client.environ_base["wsgi.url_scheme"] = "https"
        return client

    def invite(self, *, payer: str = "customer", language: str = "en") -> tuple[str, Invitation]:
        """Give the code and the invitation of a new order's visit."""
        (made,) = self._invite([payer], language)
        return made

    def invite_many(self, number: int, language: str = "en") -> list[str]:
        """Give the codes of as many new orders' visits."""
        made = self._invite(["customer"] * number, language)
        self.ids.update({code: invitation.id for code, invitation in made})
        return [code for code, _ in made]

    def opened(self, client: FlaskClient, code: str) -> tuple[str, dict[str, str]]:
        """Give the path of a link's form and the form's hidden fields."""
        address = client.get(f"/v/{code}").headers["Location"]
        page = client.get(address)
        return urlsplit(address).path, dict(HIDDEN.findall(page.text))

    def _invite(self, payers: list[str], language: str) -> list[tuple[str, Invitation]]:
        entries = [self._entry(payer) for payer in payers]
        self.store.add_orders(Batch(f"b{self.count}", "orders.csv", self.now, 1), entries)
        partition = self.store.partition("repair", self.now.date())
        invitations = [
            new_invitation(self.keys, partition, entry.visit, language=language, facts=entry.order.facts, at=self.now)
            for entry in entries
        ]
        self.store.issue(invitations)
        return [(code_of(self.keys, invitation) or "", invitation) for invitation in invitations]

    def _entry(self, payer: str) -> OrderEntry:
        self.count += 1
        order = RepairOrder(new_id(DAY), f"RO-{self.count}", "demo/lakeside", DAY, new_id(DAY), facts={"payer": payer})
        visit = Visit(new_id(DAY), order.id, "repair", order.unit, DAY, self.now, self.now + timedelta(days=15))
        return OrderEntry(order, Contact(order.contact_id), visit)

    def poster(self) -> Poster:
        made = Poster("p0ster00", "demo/lakeside", "repair", self.now)
        self.store.add_poster(made)
        return made

    def write_survey(self, **changes: str) -> None:
        """Write the survey in both languages and publish it."""
        for language, words in WORDS.items():
            name = "repair.md" if language == "en" else f"repair.{language}.md"
            text = SURVEY.format(**{**words, **(changes if language == "en" else {})})
            (self.root / "surveys" / name).write_text(text, encoding="utf-8")
        publish(self.settings)


def make_world(root: Path, toml: str = TOML, store_url: str = "") -> World:
    (root / "surveys").mkdir(parents=True)
    (root / "revisit.toml").write_text(toml, encoding="utf-8")
    settings = replace(load(root, {}), languages=("en", "zh-Hans"))
    world = World(root, settings, new_keys(), open_store(settings.workspace, store_url))
    world.write_survey()
    return world
