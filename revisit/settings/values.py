"""What the settings hold once they are read."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from revisit.records.languages import LANGUAGES
from revisit.records.organisation import Organisation
from revisit.settings.workspace import Workspace

# The kinds of report there are.
REPORT_KINDS: tuple[str, ...] = ("branch", "network", "engineer", "weekly")


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
class Schedule:
    """Which reports ``revisit tick`` issues when a week, month or quarter is over, and who is written to.

    ``weekly``, ``monthly`` and ``quarterly`` name kinds of report. ``units`` are ids; empty: every unit that a kind is
    about. ``languages`` empty: the default one. ``recipients`` gives e-mail addresses by unit id.
    """

    weekly: tuple[str, ...] = ()
    monthly: tuple[str, ...] = ()
    quarterly: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    recipients: dict[str, tuple[str, ...]] = field(default_factory=dict)


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
    reports: Schedule = field(default_factory=Schedule)

    @property
    def own_languages(self) -> tuple[str, ...]:
        """Give those of its languages in which Revisit itself speaks, for reports and the desk."""
        found = tuple(language for language in self.languages if language in LANGUAGES)
        return found or (self.default_language,)

    @property
    def secure(self) -> bool:
        """Say whether customers and staff reach this installation by https."""
        return self.public_url.startswith("https://")

    def zone(self, unit_path: str) -> ZoneInfo:
        """Give the timezone that turns moments into local days at a unit."""
        return ZoneInfo(self.organisation.of_path(unit_path).timezone)
