"""Reading ``revisit.toml``: every fault at once, in words that say what to do."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from revisit.records.languages import LANGUAGES, is_language
from revisit.records.organisation import UNIT_KINDS, Organisation, Unit
from revisit.records.problems import CallError, ContentError, Problem
from revisit.settings.disk import read_text
from revisit.settings.units import read_more
from revisit.settings.values import REPORT_KINDS, Mail, OrdersMapping, Schedule, Settings
from revisit.settings.workspace import FILE_NAME, UNITS_NAME, Workspace

# One plain address: neither a name before it nor a second one after it.
ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)*")

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
        "reports",
    ),
    "organisation": ("id", "name", "names", "timezone"),
    "units": ("id", "name", "names", "kind", "parent", "timezone"),
    "mail": ("host", "port", "sender", "user", "security"),
    "orders": ("columns", "values", "phone_region", "survey", "dates"),
    "brand": ("name", "colour", "logo"),
    "reports": ("weekly", "monthly", "quarterly", "units", "languages", "recipients"),
}


def load(root: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read a workspace's settings.

    Raises CallError where there is no workspace, and ContentError with every fault of ``revisit.toml`` at once.
    """
    path = root / FILE_NAME
    try:
        table = tomllib.loads(read_text(path))
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
        self.file = FILE_NAME  # the one that is being read

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
            reports=self._schedule(organisation),
            brand={name: str(value) for name, value in self._section("brand").items()},
        )
        if self.problems:
            raise ContentError(self.problems)
        return settings

    def _schedule(self, organisation: Organisation) -> Schedule:
        """Read which reports are issued by themselves; kinds, units and languages must be known."""
        table = self._section("reports")
        known = {
            **dict.fromkeys(("weekly", "monthly", "quarterly"), REPORT_KINDS),
            "units": tuple(unit.id for unit in organisation.units),
            "languages": LANGUAGES,
        }
        lists = {name: self._words(f"reports.{name}", table.get(name, [])) for name in known}
        recipients = {
            unit: self._words(f"reports.recipients.{unit}", addresses)
            for unit, addresses in self._table("reports.recipients", table.get("recipients", {})).items()
        }
        for name, words in (*lists.items(), ("recipients", tuple(recipients))):
            for word in words:
                self._one_of(f"reports.{name}", word, known["units" if name == "recipients" else name])
        for unit, addresses in recipients.items():
            for address in addresses:
                self._address(f"reports.recipients.{unit}", address)
        return Schedule(**lists, recipients=recipients)

    def _address(self, name: str, value: str) -> None:
        if not ADDRESS.fullmatch(value):
            cure = f'Write an e-mail address such as {name.rpartition(".")[2]} = ["manager@example.com"].'
            self._fault(f'"{name}" has "{value}", which is no e-mail address', cure)

    def _fault(self, what: str, cure: str) -> None:
        self.problems.append(Problem(self.file, 0, 0, "W002", what, cure))

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
        for language in chosen:
            if not is_language(language):
                cure = f"Choose of {', '.join(LANGUAGES)}, or write the tag of another language, such as de or ar."
                self._fault(f'"languages" is "{language}"', cure)
        return chosen or LANGUAGES

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
        self.file = UNITS_NAME
        for number, row in enumerate(read_more(self.workspace), 1):
            unit = self._unit(number, row, units)
            if unit is not None:
                units.append(unit)
        self.file = FILE_NAME
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
