"""A workspace and its settings: ``revisit.toml``, the environment, the keys, the clock and where defaults lie."""

import difflib
import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from revisit.records.organisation import UNIT_KINDS, Organisation, Unit
from revisit.records.problems import CallError, ContentError, Problem
from revisit.records.survey import LANGUAGES

FILE_NAME = "revisit.toml"
KEYS_NAME = "keys.toml"
KEY_USES: tuple[str, ...] = ("links", "sessions", "stamps", "optout", "audit")

Clock = Callable[[], datetime]


def clock(environ: Mapping[str, str] = os.environ) -> Clock:
    """Give the one clock of the program: aware UTC; ``REVISIT_NOW`` (ISO 8601) stops it for tests and the demo."""
    fixed = environ.get("REVISIT_NOW")
    if not fixed:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError:
        raise CallError(f'REVISIT_NOW is "{fixed}". Give it a time such as 2026-11-02T09:00:00+00:00.') from None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return lambda: moment


def defaults() -> Path:
    """Give the folder with the shipped ``surveys/`` and ``site_templates/``: in the wheel, or beside the package."""
    package = Path(__file__).resolve().parent
    packed = package / "defaults"
    return packed if packed.is_dir() else package.parent


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders and files of one installation."""

    root: Path

    @property
    def surveys(self) -> Path:
        """Where the survey author's Markdown lies."""
        return self.root / "surveys"

    @property
    def templates(self) -> Path:
        """Where templates lie that override the shipped ones."""
        return self.root / "site_templates"

    @property
    def data(self) -> Path:
        """Where records are kept."""
        return self.root / "data"

    @property
    def versions(self) -> Path:
        """Where each published version of a survey is kept."""
        return self.data / "versions"

    @property
    def site(self) -> Path:
        """Where the static forms are built."""
        return self.root / "build" / "site"

    @property
    def reports(self) -> Path:
        """Where reports land that were asked for without ``-o``."""
        return self.root / "build" / "reports"


@dataclass(frozen=True, slots=True)
class Mail:
    """How e-mail leaves. The password comes from ``REVISIT_SMTP_PASSWORD`` alone."""

    host: str = ""
    port: int = 587
    sender: str = ""
    user: str = ""
    security: str = "starttls"
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OrdersMapping:
    """How a dealer's export is read: for each field the headers it may have, for each fact the words for its values.

    ``dates`` says what 03/04/2026 means: "dmy", "mdy", or "" for a fault that asks.
    """

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    phone_region: str = "CN"
    survey: str = "repair"
    dates: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that ``revisit.toml`` and ``REVISIT_*`` say."""

    workspace: Workspace
    organisation: Organisation
    timezone: ZoneInfo
    public_url: str = "http://127.0.0.1:8000"
    languages: tuple[str, ...] = LANGUAGES
    default_language: str = "en"
    trusted_proxies: int = 0
    mail: Mail = field(default_factory=Mail)
    orders: OrdersMapping = field(default_factory=OrdersMapping)
    brand: dict[str, str] = field(default_factory=dict)

    @property
    def secure(self) -> bool:
        """Say whether customers and staff reach this installation by https."""
        return self.public_url.startswith("https://")

    def zone(self, unit_path: str) -> ZoneInfo:
        """Give the timezone that turns moments into local days at a unit."""
        return ZoneInfo(self.organisation.of_path(unit_path).timezone)


KNOWN: dict[str, tuple[str, ...]] = {
    "": (
        "public_url",
        "timezone",
        "languages",
        "default_language",
        "trusted_proxies",
        "organisation",
        "units",
        "mail",
        "orders",
        "brand",
    ),
    "organisation": ("id", "name", "names", "timezone"),
    "units": ("id", "name", "names", "kind", "parent", "timezone"),
    "mail": ("host", "port", "sender", "user", "security"),
    "orders": ("columns", "values", "phone_region", "survey", "dates"),
    "brand": ("name", "colour", "logo"),
}


def load(root: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read a workspace's settings.

    Raises CallError where there is no workspace, and ContentError with every fault of ``revisit.toml`` at once.
    """
    path = root / FILE_NAME
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CallError(
            f'There is no {FILE_NAME} in "{root}". Go to a workspace, or make one with: revisit init NAME'
        ) from None
    except UnicodeDecodeError as error:
        raise ContentError(
            [Problem(FILE_NAME, 0, 0, "W001", f"The file is not UTF-8 (byte {error.start})", "Save it as UTF-8.")]
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ContentError(
            [Problem(FILE_NAME, 0, 0, "W001", f"This is not TOML: {error}", "Mend the line that the message names.")]
        ) from None
    return _Reader(Workspace(root), table, environ).settings()


class _Reader:
    """Turns the TOML table into settings and gathers what is wrong with it."""

    def __init__(self, workspace: Workspace, table: dict[str, Any], environ: Mapping[str, str]) -> None:
        self.workspace = workspace
        self.table = table
        self.environ = environ
        self.problems: list[Problem] = []

    def settings(self) -> Settings:
        self._check_names("", self.table)
        zone = self._zone(self.table.get("timezone", "UTC"), "timezone")
        organisation = self._organisation(zone.key)
        orders = self._section("orders")
        settings = Settings(
            workspace=self.workspace,
            organisation=organisation,
            timezone=zone,
            public_url=self._public_url(),
            languages=self._languages(),
            default_language=self._one_of("default_language", self.table.get("default_language", "en"), LANGUAGES),
            trusted_proxies=self._number("trusted_proxies", self.table.get("trusted_proxies", 0)),
            mail=self._mail(),
            orders=OrdersMapping(
                columns={
                    name: self._words(f"orders.columns.{name}", words)
                    for name, words in self._table("orders.columns", orders.get("columns", {})).items()
                },
                values={
                    fact: {
                        value: self._words(f"orders.values.{fact}.{value}", words)
                        for value, words in self._table(f"orders.values.{fact}", table).items()
                    }
                    for fact, table in self._table("orders.values", orders.get("values", {})).items()
                },
                phone_region=str(orders.get("phone_region", "CN")),
                survey=str(orders.get("survey", "repair")),
                dates=self._one_of("orders.dates", orders.get("dates", ""), ("", "dmy", "mdy")),
            ),
            brand={name: str(value) for name, value in self._section("brand").items()},
        )
        if self.problems:
            raise ContentError(self.problems)
        return settings

    def _fault(self, what: str, cure: str) -> None:
        self.problems.append(Problem(FILE_NAME, 0, 0, "W002", what, cure))

    def _check_names(self, section: str, table: Mapping[str, Any]) -> None:
        for name in table:
            if name not in KNOWN[section]:
                near = difflib.get_close_matches(name, KNOWN[section], 1)
                place = f"[{section}] " if section else ""
                guess = f'Did you mean "{near[0]}"?' if near else f"Known are: {', '.join(KNOWN[section])}."
                self._fault(f'{place}"{name}" is not a setting', guess)

    def _table(self, name: str, value: object) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self._fault(f'"{name}" must be a table', f"Write it as [{name}].")
        return {}

    def _section(self, name: str) -> dict[str, Any]:
        table = self._table(name, self.table.get(name, {}))
        self._check_names(name, table)
        return table

    def _words(self, name: str, value: object) -> tuple[str, ...]:
        words = [value] if isinstance(value, str) else value
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            return tuple(words)
        self._fault(
            f'"{name}" must be a text or a list of texts',
            f'Write for example {name.rpartition(".")[2]} = ["one", "another"].',
        )
        return ()

    def _number(self, name: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._fault(f'"{name}" must be a whole number, 0 or more', f"Write for example {name} = 1.")
        return 0

    def _one_of(self, name: str, value: object, allowed: tuple[str, ...]) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        self._fault(f'"{name}" is "{value}"', f"Choose one of: {', '.join(allowed)}.")
        return allowed[0]

    def _zone(self, value: object, name: str) -> ZoneInfo:
        try:
            return ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._fault(
                f'"{name}" is "{value}", which is no timezone', 'Write one such as "Asia/Shanghai" or "Europe/Berlin".'
            )
            return ZoneInfo("UTC")

    def _languages(self) -> tuple[str, ...]:
        chosen = self._words("languages", self.table.get("languages", list(LANGUAGES)))
        return tuple(self._one_of("languages", language, LANGUAGES) for language in chosen) or LANGUAGES

    def _public_url(self) -> str:
        url = str(
            self.environ.get("REVISIT_PUBLIC_URL") or self.table.get("public_url", "http://127.0.0.1:8000")
        ).rstrip("/")
        host = url.partition("://")[2]
        if not url.startswith(("http://", "https://")) or not host or any(mark in host for mark in "/?#@ "):
            self._fault(
                f'"public_url" is "{url}"',
                'Write the address customers see, scheme and host only: "https://visit.example.com".',
            )
        return url

    def _mail(self) -> Mail:
        table = self._section("mail")
        security = self._one_of("mail.security", table.get("security", "starttls"), ("starttls", "tls", "none"))
        return Mail(
            host=str(table.get("host", "")),
            port=self._number("mail.port", table.get("port", 587)),
            sender=str(table.get("sender", "")),
            user=str(table.get("user", "")),
            security=security,
            password=self.environ.get("REVISIT_SMTP_PASSWORD", ""),
        )

    def _organisation(self, zone: str) -> Organisation:
        table = self._section("organisation")
        root_id = str(table.get("id", "all"))
        root_zone = self._zone(table.get("timezone", zone), "organisation.timezone").key
        name = str(table.get("name", root_id))
        units = [Unit(root_id, root_id, "headquarters", name, self._names("organisation", table), root_zone)]
        rows = self.table.get("units", [])
        if not isinstance(rows, list):
            self._fault('"units" must be a list of tables', "Write each unit under a line [[units]].")
            rows = []
        for number, row in enumerate(rows, 1):
            unit = self._unit(number, row, units)
            if unit is not None:
                units.append(unit)
        return Organisation(tuple(units))

    def _names(self, place: str, table: Mapping[str, Any]) -> dict[str, str]:
        return {language: str(name) for language, name in self._table(f"{place}.names", table.get("names", {})).items()}

    def _unit(self, number: int, row: object, units: list[Unit]) -> Unit | None:
        place = f"units {number}"
        if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"] or "/" in row["id"]:
            self._fault(f"Unit {number} has no usable id", 'Give it one such as id = "lakeside" (no "/").')
            return None
        self._check_names("units", row)
        if any(unit.id == row["id"] for unit in units):
            self._fault(f'The unit id "{row["id"]}" is used twice', "Give one of them another id.")
            return None
        parent_id = str(row.get("parent", units[0].id))
        parent = next((unit for unit in units if unit.id == parent_id), None)
        if parent is None:
            self._fault(
                f'The parent "{parent_id}" of unit "{row["id"]}" is not known',
                "Write the parent above it, or correct its id.",
            )
            return None
        return Unit(
            id=row["id"],
            path=f"{parent.path}/{row['id']}",
            kind=self._one_of(f"{place}.kind", row.get("kind", "station"), UNIT_KINDS),
            name=str(row.get("name", row["id"])),
            names=self._names(place, row),
            timezone=self._zone(row.get("timezone", parent.timezone), f"{place}.timezone").key,
        )


@dataclass(frozen=True, slots=True)
class Key:
    """One secret with the id that records store beside what it signed."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an installation: for each use the current one first, then those that still verify."""

    held: dict[str, tuple[Key, ...]] = field(repr=False)

    def current(self, use: str) -> Key:
        """Give the key that signs."""
        return self.held[use][0]

    def all(self, use: str) -> tuple[Key, ...]:
        """Give every key that verifies, the current one first."""
        return self.held[use]

    def get(self, use: str, key_id: str) -> Key | None:
        """Find a key by its id; None once it was pruned."""
        return next((key for key in self.held[use] if key.id == key_id), None)


def new_keys() -> Keys:
    """Make one fresh key for each use."""
    return Keys({use: (Key(secrets.token_hex(4), secrets.token_bytes(32)),) for use in KEY_USES})


def keys_path(root: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Give the file that holds the keys: beside the workspace's settings, or where ``REVISIT_KEYS_FILE`` says."""
    moved = environ.get("REVISIT_KEYS_FILE")
    return Path(moved) if moved else root / KEYS_NAME


def rotated(keys: Keys, use: str) -> Keys:
    """Give the keys with a fresh one for a use in front of those that go on verifying."""
    return Keys({**keys.held, use: (Key(secrets.token_hex(4), secrets.token_bytes(32)), *keys.held[use])})


def replace_keys(path: Path, keys: Keys) -> None:
    """Put new keys in place of a keys file, in one step: a crash leaves the old file or the new one."""
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    write_keys(aside, keys)
    aside.replace(path)


def write_keys(path: Path, keys: Keys) -> None:
    """Write a new keys file, readable by its owner alone; an existing one is never overwritten."""
    lines = [
        "# The keys of this installation. Keep a copy apart from the data; without them no link can be shown again.",
        "",
    ]
    for use, held in keys.held.items():
        lines.append(f"[{use}]")
        lines += [f'"{key.id}" = "{key.secret.hex()}"' for key in held]
        lines.append("")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
        file.flush()
        os.fsync(file.fileno())


def load_keys(root: Path, environ: Mapping[str, str] = os.environ) -> Keys:
    """Read the keys. Raises CallError where they are missing, short, or readable by others."""
    path = keys_path(root, environ)
    try:
        mode = path.stat().st_mode
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CallError(
            f'The keys file "{path}" is missing. Put its copy back; for a new installation run: revisit init .'
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallError(f'The keys file "{path}" cannot be read ({error}). Put its copy back.') from None
    if mode & 0o077:
        raise CallError(f'The keys file "{path}" can be read by others. Run: chmod 600 {path}')
    held: dict[str, tuple[Key, ...]] = {}
    for use in KEY_USES:
        try:
            held[use] = tuple(Key(key_id, bytes.fromhex(secret)) for key_id, secret in table[use].items())
        except (KeyError, ValueError, AttributeError, TypeError):
            raise CallError(f'The keys file "{path}" has no usable [{use}]. Put its copy back.') from None
        if not held[use] or any(len(key.secret) < 32 for key in held[use]):
            raise CallError(f'The keys file "{path}" has an empty or short key under [{use}]. Put its copy back.')
    return Keys(held)
