"""The cast of the desk's tests: Mei and Ming at Lakeside, Harald at Harbour, Ada over all; each with a browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector import access
from revisit.people.passwords import hash_password
from revisit.records.ids import new_id
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.people import AuditLine, Role, User
from revisit.records.visits import Poster, Visit
from revisit.store.protocol import OrderEntry
from revisit.visits.links import code_of, new_invitation
from tests.collector.world import DAY, TOML, World, make_world

TWO_STATIONS = (
    TOML
    + """
names = {zh-Hans = "湖滨服务站", zh-Hant = "湖濱服務站"}

[[units]]
id = "harbour"
name = "Harbour"
"""
)
PASSWORD = "kettle window fern"
HASH = hash_password(PASSWORD)
CAST: dict[str, tuple[Role, str]] = {
    "mei": ("staff", "demo/lakeside"),
    "ming": ("manager", "demo/lakeside"),
    "harald": ("staff", "demo/harbour"),
    "hanna": ("manager", "demo/harbour"),
    "ada": ("admin", "demo"),
}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ORIGIN = "https://visit.example.com"


@dataclass
class Browser:
    """One browser at the desk, by https unless told; ``post`` sends the page's token and a Referer as browsers do."""

    client: FlaskClient
    origin: str = ORIGIN
    token: str = ""
    address: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        response = self.client.get(
            path,
            base_url=self.origin,
            headers={**self.headers, **headers},
            environ_base={"REMOTE_ADDR": self.address},
            buffered=True,
        )
        found = TOKEN.search(response.text) if response.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return response

    def post(
        self, path: str, data: Mapping[str, str | list[str]] | None = None, *, token: str | None = None
    ) -> TestResponse:
        return self.client.post(
            path,
            base_url=self.origin,
            data={"csrf_token": self.token if token is None else token, **(data or {})},
            headers={"Referer": f"{self.origin}/desk/", **self.headers},
            environ_base={"REMOTE_ADDR": self.address},
        )

    def sign_in(self, name: str, password: str = PASSWORD, after: str = "") -> TestResponse:
        self.get("/desk/sign-in")
        response = self.post("/desk/sign-in", {"name": name, "password": password, "after": after})
        if response.status_code == 303:
            self.get("/desk/account")
        return response


@dataclass
class Desk:
    """A workspace with two stations, their people, and some visits."""

    world: World
    app: Flask

    def browser(self, name: str = "", *, origin: str = ORIGIN) -> Browser:
        made = Browser(self.app.test_client(), origin)
        if name:
            assert made.sign_in(name).status_code == 303
        return made

    def visit(
        self, unit: str = "demo/lakeside", *, link: bool = True, due_in: timedelta = timedelta(0), **order: str
    ) -> Visit:
        """File an order with its visit, which is due (by default now) and expires 15 days later."""
        self.world.count += 1
        contact = Contact(
            new_id(DAY),
            order.pop("name", "Test Customer"),
            order.pop("phone", "+8613000000012"),
            order.pop("email", ""),
        )
        number = order.pop("number", f"WO-{self.world.count:03}")
        made = RepairOrder(new_id(DAY), number, unit, DAY, contact.id, facts={"payer": "customer"}, **order)  # type: ignore[arg-type]
        due = self.world.now + due_in
        visit = Visit(new_id(DAY), made.id, "repair", made.earned_by, DAY, due, due + timedelta(days=15))
        self.world.store.add_orders(
            Batch(f"d{self.world.count}", "orders.csv", self.world.now, 1), [OrderEntry(made, contact, visit)]
        )
        if link:
            partition = self.world.store.partition("repair", self.world.now.date())
            facts = {"payer": "customer"}
            self.world.store.issue(
                [new_invitation(self.world.keys, partition, visit, language="en", facts=facts, at=self.world.now)]
            )
        return visit

    def code(self, visit: Visit) -> str:
        """Give the code of a visit's newest link."""
        return code_of(self.world.keys, list(self.world.store.invitations([visit.id]))[-1]) or ""

    def audit(self, what: str = "") -> list[AuditLine]:
        return [line for line in self.world.store.audit_lines() if not what or line.what == what]

    def poster(self, unit: str = "demo/lakeside") -> Poster:
        made = Poster(f"p0ster{len(self.world.store.posters()):02}", unit, "repair", self.world.now)
        self.world.store.add_poster(made)
        return made


def make_desk(root: Path, *, secure: bool = True, store_url: str = "") -> Desk:
    toml = TWO_STATIONS if secure else TWO_STATIONS.replace(ORIGIN, "http://127.0.0.1:8000")
    world = make_world(root, toml, store_url)
    world.settings = replace(world.settings, languages=("en", "zh-Hans", "zh-Hant"))
    for name, (role, unit) in CAST.items():
        world.store.add_user(User(name, role, unit, password=HASH))
    app = world.app()
    access.limiter.reset()
    return Desk(world, app)
