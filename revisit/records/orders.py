"""Repair orders as a dealer's system exports them, their customers' contacts, and the batches they came in."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a customer; kept apart from orders and answers and joined by a random id.

    ``phone`` is in E.164 form. ``language`` is the one the customer prefers, empty when it is not known.
    """

    id: str
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class RepairOrder:
    """A repair order (工单). ``(unit, number)`` is unique; ``unit`` is the outlet's path, ``closed_on`` its local day.

    ``facts`` holds the order facts that conditions may name (see ``survey.FACTS``); a fact that is not known is absent.
    """

    id: str
    number: str
    unit: str
    closed_on: date
    contact_id: str
    asset: str = ""
    plate: str = ""
    engineer: str = ""
    adviser: str = ""
    symptom: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    batch_id: str = ""
    sample: bool = False

    @property
    def earned_by(self) -> str:
        """Give the unit path to which this order's answers count: the engineer's, where one is known."""
        return f"{self.unit}/{self.engineer.replace('/', ' ')}" if self.engineer else self.unit


@dataclass(frozen=True, slots=True)
class Batch:
    """One import: the rows that went in together and can be taken back together. ``kind`` is orders or responses."""

    id: str
    file_name: str
    imported_at: datetime
    rows: int
    kind: str = "orders"
    undone_at: datetime | None = None
    sample: bool = False
