"""Tags: short-lived marks of where an answer came from, and what was concluded from them for good."""

from dataclasses import dataclass, field
from datetime import datetime

from revisit.records.responses import Mode

# What a tag can lead to; kept with the answer's id when the tags are gone.
SAME_DEVICE, SAME_NETWORK = "same_device", "same_network"


@dataclass(frozen=True, slots=True)
class Tag:
    """The tags of one answer, by its id: HMACs under the month's own secret, never an address or a browser's name.

    ``device`` stands for the browser and its languages, ``network`` for the IPv4 address or the IPv6 /64. Another month
    has another secret, so no tag meets itself there. ``at`` is when the answer arrived (aware UTC).
    """

    id: str
    unit: str
    at: datetime
    mode: Mode
    device: str = field(repr=False)
    network: str = field(repr=False)
    visit_id: str | None = None

    @property
    def month(self) -> str:
        """Give the month of arrival, as yymm in UTC: the one whose secret made the tags."""
        return f"{self.at:%y%m}"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the tags of a month (yymm) led to before they were destroyed: the marks of answers, by their ids."""

    id: str
    settled_at: datetime
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
